package import Bytes
package import Disk
internal import Intake
package import JSONText
package import Settings
package import Trail

/// A lookup table that was read, for the manifest.
package struct LookupTable: Equatable, Sendable {
  /// As the definition names it.
  package let path: String
  /// Its size.
  package let bytes: Int
  /// SHA-256 of its bytes as stored.
  package let sha256: Digest256
  /// Rows in it.
  package let rows: Int

  /// A table.
  package init(path: String, bytes: Int, sha256: Digest256, rows: Int) {
    self.path = path
    self.bytes = bytes
    self.sha256 = sha256
    self.rows = rows
  }
}

/// What stages are made from, and what they register while they are made.
package struct StageContext {
  /// Reads a table and hands out each row, a JSON object, with the line on which it begins. Rows may lie in
  /// larger documents, at a pointer.
  package typealias TableLoader = (
    _ path: String, _ records: JSONPointer?, _ row: (_ object: ByteView, _ line: Int) throws -> Void
  ) throws -> LookupTable

  /// What is located in each record.
  package var pointers: PointerTable
  /// Where the events keep what we need.
  package let dialect: Dialect
  /// The same, by slot.
  package let boundDialect: BoundDialect
  /// The file system.
  package let disk: Disk
  /// The environment, for secrets.
  package let environment: [String: String]
  /// What earlier runs have written; nil where there is no archive.
  package let seenBefore: (any SeenBefore)?
  /// What earlier runs have seen of keys and accounts; nil where there is no archive.
  package let signalMemory: (any SignalMemory)?
  /// Where signals are listed; nil where nobody reads them.
  package let signalList: (any SignalList)?
  /// The names of the steps that were made so far, by their numbers.
  package var stepNames: [String] = []
  /// The directory of keys that a stage before has loaded.
  package internal(set) var keyDirectory: KeyDirectory?
  /// Names of the claims that a stage before keeps as they are.
  package internal(set) var retainedClaims: Set<String> = []
  /// What stages have registered so far.
  package private(set) var registry = StageRegistry()
  private let readTable: TableLoader

  /// A context in which nothing is registered yet. `readTable` stands in for the files of lookup
  /// tables where there are none.
  package init(
    dialect: Dialect, pointers: PointerTable = PointerTable(), disk: Disk = Disk(),
    environment: [String: String] = [:], seenBefore: (any SeenBefore)? = nil,
    signalMemory: (any SignalMemory)? = nil, signalList: (any SignalList)? = nil,
    readTable: TableLoader? = nil
  ) {
    self.seenBefore = seenBefore
    self.signalMemory = signalMemory
    self.signalList = signalList
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
  package mutating func counter(named name: String, listsNames: Bool = false) -> Int {
    registry.counter(StageRegistry.Counter(name: name, listsNames: listsNames))
  }

  /// The number of a new label, whose classes count from 1. The summary says how many records each
  /// class has or, with `unused`, which classes have none.
  package mutating func label(
    named name: String, classes: [String], unused: String? = nil
  ) -> Int {
    registry.label(StageRegistry.Label(name: name, classes: classes, unused: unused))
  }

  /// Has `trailmill check` say what may be wrong about the setting `key`.
  package mutating func warn(_ message: String, about key: String, _ settings: Settings) {
    registry.warnings.append(
      StageWarning(position: settings.position(of: key), message: "\"\(key)\" \(message)"))
  }

  /// Has the summary ask `stage` when the run has ended.
  package mutating func report(_ stage: any Reporting) { registry.reports.append(stage) }

  /// Has the run ask `stage` for the signals.
  mutating func register(_ stage: SignalStage) {
    registry.signals = stage
    registry.reports.append(stage)
  }

  /// Has the run put the keys that `references` names at its end into the archive's key table.
  package mutating func register(_ references: KeyReferences) {
    registry.keyReferences.append(references)
  }

  /// Reads the table that the setting `key` names, row by row. What is wrong with the file or a
  /// row becomes an error at that setting.
  package mutating func read(
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

  /// The bytes of the secret that an object `{ env: "NAME" }` or `{ file: "PATH" }` names: see
  /// `SecretSource`.
  package func secret(_ settings: Settings) throws(SettingsError) -> [UInt8] {
    try SecretSource(settings).bytes(disk: disk, environment: environment)
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
