public import Bytes
internal import JSONText

// Looked up once for nearly every event, and so laid out for one hash, a few bytes compared, and
// one copy: what is written about a key is rendered when the directory loads. The text for `full`
// begins with that for `summary`, which begins with that for `id`, so a version keeps one text and
// three lengths.
//
//   {"id":"01J…","name":"ci","type":"oidc","owner":"jane","scopes":[…],"roles":[…]
//                ^ id        (a closing brace   ^ summary                         ^ full
//                             is added)
//
// An id can have several rows, each a version with the time from which and until which it holds.
// They lie side by side, by time, and the id leads to the first and their number; which of them counts when
// is worked out when the directory loads (`KeyStretches`), and so who bears which name when (`KeyNames`).

/// How much of a key's metadata an event gets.
public enum KeyDetail: String, CaseIterable, Sendable {
  /// `id`.
  case id
  /// `id`, `name`, `type`, `owner`.
  case summary
  /// Also `scopes`, `allow_list`, `effective_scope`, `roles`.
  case full
  /// `id`, `name` and the digest of what `full` writes, which `KeyReferences` adds.
  case reference
}

/// The API keys that are known, with what holds about each at which time. Immutable, and so shared
/// by every worker.
public final class KeyDirectory: @unchecked Sendable {
  // Sendable because all storage is written by the loader alone, before anyone else sees it.

  /// What was found about a key.
  public struct Found: Sendable, BitwiseCopyable {
    fileprivate let version: Int32
    fileprivate let id: Int32
    /// What the event's time says about the key: `keyExpired`, `keyDeleted`, `keyVersionOutside`.
    public let flags: UInt32

    /// True if a version of the key holds at the event's time, and so its name is known.
    public var hasVersion: Bool { version >= 0 }
    /// The version's place among all; nil if none holds at the event's time.
    var versionIndex: Int? { hasVersion ? Int(version) : nil }
  }

  struct Version: BitwiseCopyable {
    var id: UInt32
    /// The line on which its row begins.
    var line: Int
    var validFrom = Int64.min
    var validTo = Int64.max
    var expiresAt = Int64.max
    var deletedAt = Int64.max
    var text = 0
    var idCount: UInt32 = 0
    var summaryCount: UInt32 = 0
    var fullCount: UInt32 = 0
    /// The name as a JSON string within the text; no bytes if the row has none.
    var nameStart: UInt32 = 0
    var nameCount: UInt32 = 0
  }

  struct Key: BitwiseCopyable {
    var text: Int
    var count: UInt32
    var firstVersion: Int32 = 0
    var versionCount: Int32 = 0
    var firstStretch: Int32 = 0
    var stretchCount: Int32 = 0
    /// The version that counts at all times, as most keys have one; -1 if there is none such.
    var onlyVersion: Int32 = -1
  }

  /// Two versions of a key that hold at the same time.
  public struct Overlap: Equatable, Sendable {
    /// The key's id.
    public let key: String
    /// The lines of their rows, the first one first.
    public let lines: (first: Int, second: Int)

    /// True if both speak of the same rows.
    public static func == (left: Overlap, right: Overlap) -> Bool {
      left.key.utf8.elementsEqual(right.key.utf8) && left.lines == right.lines
    }
  }

  /// Overlaps that are told: 20.
  public static let mostOverlaps = 20
  /// Versions that hold while another one of the same key does, by key; at most `mostOverlaps`.
  public let overlaps: [Overlap]
  /// How many there are.
  public let overlapCount: Int

  /// Number of rows.
  public var versionCount: Int { versions.count }
  /// Number of keys.
  public var count: Int { keys.count }

  private let ids: ByteTable<UInt32>
  private let names: KeyNames
  private let keys: FlatArray<Key>
  let versions: FlatArray<Version>
  private let stretches: KeyStretches
  private let text: ByteBuffer

  init(
    ids: consuming ByteTable<UInt32>, names: consuming KeyNames,
    keys: consuming FlatArray<Key>, versions: consuming FlatArray<Version>,
    stretches: consuming KeyStretches, text: consuming ByteBuffer,
    overlaps: [Overlap], overlapCount: Int
  ) {
    self.overlaps = overlaps
    self.overlapCount = overlapCount
    self.ids = ids
    self.names = names
    self.keys = keys
    self.versions = versions
    self.stretches = stretches
    self.text = text
  }

  /// The key with this id and the version that holds at `time` (microseconds since 1970, or `Record.noTime`).
  /// Where `name` is given the id may be shortened: it then has to be the beginning of the id of exactly one
  /// key that bears that name at that time. Nil if no key fits.
  public func find(_ id: ByteView, name: ByteView, at time: Int64) -> Found? {
    if let exact = ids.find(id) { return found(Int(exact), at: time) }
    guard case .key(let number) = answer(id, name, at: time) else { return nil }
    return found(number, at: time)
  }

  /// Calls `body` with each name that a key has at some time.
  func forEachName(_ body: (ByteView) -> Void) { names.forEachName(body) }

  /// Why `find` finds no key.
  public enum Miss: Sendable {
    /// The directory knows none of that id.
    case unknown
    /// Several keys fit a shortened id and bear the name at that time.
    case several
    /// Keys that fit a shortened id bore the name, or will, but not at that time.
    case otherTime
  }

  /// Why `find` finds nothing for the same id, name and time.
  public func miss(_ id: ByteView, name: ByteView, at time: Int64) -> Miss {
    switch answer(id, name, at: time) {
    case .several: .several
    case .otherTime: .otherTime
    case .key, .nobody: .unknown
    }
  }

  private func answer(_ id: ByteView, _ name: ByteView, at time: Int64) -> KeyNames.Answer {
    name.isEmpty || id.isEmpty ? .nobody : names.find(id, name, at: time) { self.id($0) }
  }

  /// Of the versions that hold at `time` the one that begins last, of these the one that ends first, and then
  /// what its content decides: never the order of the rows. For an event without a time one without any
  /// bound.
  private func found(_ id: Int, at time: Int64) -> Found {
    guard let index = stretches.version(of: keys[id], at: time) else {
      return Found(
        version: -1, id: Int32(id), flags: AttributionFlags.keyVersionOutside.rawValue)
    }
    let version = versions[index]
    var flags: AttributionFlags = []
    if version.expiresAt <= time { flags.insert(.keyExpired) }
    if version.deletedAt <= time { flags.insert(.keyDeleted) }
    return Found(version: Int32(index), id: Int32(id), flags: flags.rawValue)
  }

  /// Appends what is written about the key, a JSON object. For `reference` it lacks the digest.
  public func append(_ found: Found, _ detail: KeyDetail, to buffer: inout ByteBuffer) {
    appendOpen(found, detail, to: &buffer)
    buffer.append(UInt8(ascii: "}"))
  }

  /// Appends what `append` does but for the closing brace.
  func appendOpen(_ found: Found, _ detail: KeyDetail, to buffer: inout ByteBuffer) {
    let index = found.hasVersion ? Int(found.version) : Int(keys[Int(found.id)].firstVersion)
    let version = versions[index]
    let count: UInt32
    switch detail {
    case _ where !found.hasVersion: count = version.idCount
    case .id: count = version.idCount
    case .summary: count = version.summaryCount
    case .full: count = version.fullCount
    // The name follows the id at once.
    case .reference:
      count = version.nameCount > 0 ? version.nameStart + version.nameCount : version.idCount
    }
    buffer.append(UnsafePointer(text.base + version.text), count: Int(count))
  }

  /// Appends what `full` writes about a version, by its place among all.
  func append(version index: Int, to buffer: inout ByteBuffer) {
    let version = versions[index]
    buffer.append(UnsafePointer(text.base + version.text), count: Int(version.fullCount))
    buffer.append(UInt8(ascii: "}"))
  }

  /// Where the key's name stands, as a JSON string, in what `append` writes for `summary`, `full`
  /// and `reference`; empty if it has none.
  public func nameWithin(_ found: Found) -> Span32 {
    guard found.hasVersion else { return .empty }
    let version = versions[Int(found.version)]
    return Span32(start: version.nameStart, count: version.nameCount)
  }

  /// The key's name as a JSON string; empty if it has none. Valid as long as the directory.
  public func name(_ found: Found) -> ByteView {
    guard found.hasVersion else { return ByteView(start: nil, count: 0) }
    let version = versions[Int(found.version)]
    return ByteView(
      start: text.base + version.text + Int(version.nameStart), count: Int(version.nameCount))
  }

  /// The version that was found: which it is, from 1 in the order of time, of how many, and from when
  /// (inclusive) and until when it holds, in microseconds since 1970; nil where there is no bound.
  public func version(
    _ found: Found
  ) -> (number: Int, of: Int, from: Int64?, to: Int64?)? {
    guard found.hasVersion else { return nil }
    let key = keys[Int(found.id)]
    let version = versions[Int(found.version)]
    return (
      number: Int(found.version - key.firstVersion) + 1, of: Int(key.versionCount),
      from: version.validFrom == .min ? nil : version.validFrom,
      to: version.validTo == .max ? nil : version.validTo
    )
  }

  /// The key's id, as the directory has it. Valid as long as the directory.
  public func id(_ found: Found) -> ByteView { id(Int(found.id)) }

  /// The id of the key of a version, by the version's place among all. Valid as long as the directory.
  func id(ofVersion index: Int) -> ByteView { id(Int(versions[index].id)) }

  private func id(_ number: Int) -> ByteView {
    let key = keys[number]
    return ByteView(start: text.base + key.text, count: Int(key.count))
  }
}
