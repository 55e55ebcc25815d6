public import Bytes
public import Codec
public import Disk
internal import Intake
public import JSONText
public import Settings
public import Trail

/// A lookup table that was read, for the manifest.
public struct LookupTable: Equatable, Sendable {
  /// As the definition names it.
  public let path: String
  /// Its size.
  public let bytes: Int
  /// SHA-256 of its bytes as stored.
  public let sha256: Digest256
  /// Rows in it.
  public let rows: Int

  /// A table.
  public init(path: String, bytes: Int, sha256: Digest256, rows: Int) {
    self.path = path
    self.bytes = bytes
    self.sha256 = sha256
    self.rows = rows
  }
}

/// What stages are made from, and what they register while they are made.
public struct StageContext {
  /// Reads a table and hands out each row, a JSON object, with the line on which it begins. Rows may lie in
  /// larger documents, at a pointer.
  public typealias TableLoader = (
    _ path: String, _ records: JSONPointer?, _ row: (_ object: ByteView, _ line: Int) throws -> Void
  ) throws -> LookupTable

  /// What is located in each record.
  public var pointers: PointerTable
  /// Where the events keep what we need.
  public let dialect: Dialect
  /// The same, by slot.
  public let boundDialect: BoundDialect
  /// The file system.
  public let disk: Disk
  /// The environment, for secrets.
  public let environment: [String: String]
  /// What earlier runs have written; nil where there is no archive.
  public let seenBefore: (any SeenBefore)?
  /// Names of the claims that a stage before keeps as they are.
  public internal(set) var retainedClaims: Set<String> = []
  /// What stages have registered so far.
  public private(set) var registry = StageRegistry()
  private let readTable: TableLoader

  /// A context in which nothing is registered yet. `readTable` stands in for the files of lookup
  /// tables where there are none.
  public init(
    dialect: Dialect, pointers: PointerTable = PointerTable(), disk: Disk = Disk(),
    environment: [String: String] = [:], seenBefore: (any SeenBefore)? = nil,
    readTable: TableLoader? = nil
  ) {
    self.seenBefore = seenBefore
    var pointers = pointers
    self.dialect = dialect
    boundDialect = dialect.bind(&pointers)
    self.pointers = pointers
    self.disk = disk
    self.environment = environment
    self.readTable =
      readTable ?? { path, records, row in
        let facts = try TableReader(disk: disk, path: path, records: records).forEachRow(row)
        return LookupTable(
          path: path, bytes: facts.bytes, sha256: facts.digest ?? Digest256(0, 0, 0, 0),
          rows: facts.rows)
      }
  }

  /// The number of the counter `name`, a new one if it is new.
  public mutating func counter(named name: String, listsNames: Bool = false) -> Int {
    registry.counter(StageRegistry.Counter(name: name, listsNames: listsNames))
  }

  /// The number of a new label, whose classes count from 1. The summary says how many records each
  /// class has or, with `unused`, which classes have none.
  public mutating func label(
    named name: String, classes: [String], unused: String? = nil
  ) -> Int {
    registry.label(StageRegistry.Label(name: name, classes: classes, unused: unused))
  }

  /// Has `trailmill check` say what may be wrong about the setting `key`.
  public mutating func warn(_ message: String, about key: String, _ settings: Settings) {
    registry.warnings.append(
      StageWarning(position: settings.position(of: key), message: "\"\(key)\" \(message)"))
  }

  /// Has the summary ask `stage` when the run has ended.
  public mutating func report(_ stage: any Reporting) { registry.reports.append(stage) }

  /// Has the run put the keys that `references` names at its end into the archive's key table.
  public mutating func register(_ references: KeyReferences) {
    registry.keyReferences.append(references)
  }

  /// Reads the table that the setting `key` names, row by row. What is wrong with the file or a
  /// row becomes an error at that setting.
  public mutating func read(
    _ path: String, of key: String, _ settings: Settings, records: JSONPointer? = nil,
    _ row: (_ object: ByteView, _ line: Int) throws -> Void
  ) throws(SettingsError) {
    do {
      registry.tables.append(try readTable(path, records, row))
    } catch let error as SettingsError {
      throw error
    } catch let error as LookupError {
      throw settings.error(key, "names a table that cannot be used: \(path): \(error)")
    } catch {
      throw settings.error(key, "names a table that cannot be read: \(error)")
    }
  }

  /// The bytes of the secret that an object `{ env: "NAME" }` or `{ file: "PATH" }` names. Of a
  /// file one line end is cut off. An unset variable, an unreadable file and an empty secret are
  /// errors; so is a secret in the definition itself.
  public func secret(_ settings: Settings) throws(SettingsError) -> [UInt8] {
    if settings.has("value") {
      throw settings.error(
        "value", "would put a secret into the definition: use { env: \"NAME\" }")
    }
    let variable = try settings.optionalString("env")
    let path = try settings.optionalString("file")
    switch (variable, path) {
    case (let name?, nil):
      guard !name.isEmpty else { throw settings.error("env", "is empty: name a variable") }
      guard let value = environment[name] else {
        throw settings.error(
          "env",
          StageContext.isPlainName(name)
            ? "names \(name), which is not set: set it to the secret"
            : "names a variable that is not set: give the variable's name, not the secret")
      }
      guard !value.isEmpty else {
        throw settings.error("env", "names \(name), which is empty: set it to the secret")
      }
      return Array(value.utf8)
    case (nil, let path?): return try secret(file: path, settings)
    default:
      throw settings.position.error(
        "\(settings.what) needs one of \"env\" and \"file\": { env: \"NAME\" }")
    }
  }

  /// True for `AUDIT_SECRET`. Anything else may be the secret itself, written where its variable's name
  /// belongs, or filled in there with `${env:…}`; that is not for the log.
  private static func isPlainName(_ name: String) -> Bool {
    name.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
  }

  private func secret(file path: String, _ settings: Settings) throws(SettingsError) -> [UInt8] {
    var content = ByteBuffer()
    do {
      let file = try disk.open(path)
      while content.count <= 1 << 16, try file.read(into: &content, upTo: 1 << 12) > 0 {}
      try file.close()
    } catch {
      throw settings.error("file", "names a secret that cannot be read: \(error)")
    }
    guard content.count <= 1 << 16 else {
      throw settings.error("file", "names \(path), which is no secret: it exceeds 64 KiB")
    }
    var secret = content.bytes
    if secret.last == 0x0A { secret.removeLast() }
    if secret.last == 0x0D { secret.removeLast() }
    guard !secret.isEmpty else {
      throw settings.error("file", "names \(path), which is empty: put the secret there")
    }
    return secret
  }
}

extension Settings {
  /// The time at `key`, RFC 3339 or a date; nil if it is left out.
  func time(_ key: String) throws(SettingsError) -> Timestamp? {
    guard var text = try optionalString(key) else { return nil }
    let time = text.withUTF8 { Timestamp(rfc3339: $0) ?? Timestamp(date: $0) }
    guard let time else {
      throw error(key, "is no time: write 2026-01-31 or 2026-01-31T12:00:00Z")
    }
    return time
  }
}
