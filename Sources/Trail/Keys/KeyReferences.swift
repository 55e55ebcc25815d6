internal import Crypto
public import Bytes
internal import Synchronization

/// A version of a key as the key table of an archive holds it.
public struct ReferencedKey: Equatable, Sendable {
  /// SHA-256 of `text`. An event names its first half.
  public let digest: Digest256
  /// All that is known of the version: the object that the detail `full` writes into events.
  public let text: [UInt8]

  /// The row of a version. `text` is a JSON object with at least one member.
  public init(text: [UInt8]) {
    self.text = text
    digest = text.withUnsafeBufferPointer { SHA256.digest($0) }
  }
}

/// Writes short references to the versions of keys, and remembers which were written.
///
/// A reference names the first 128 of the 256 bits of the version's digest. By chance two of a billion
/// versions share them once in some 10^20 archives. Someone who chooses what is said of keys could make
/// two of his own that do, at the cost of 2^64 digests; so rows are told apart by all 256 bits, and the
/// table then holds both.
public final class KeyReferences: @unchecked Sendable {
  // Sendable because digests never change, and marks are atomic.

  /// Hexadecimal digits of a digest in an event.
  public static let digits = 32

  private struct Half: BitwiseCopyable {
    var first: UInt64
    var second: UInt64
  }

  private let directory: KeyDirectory
  private let count: Int
  private let digests: UnsafeMutablePointer<Half>
  private let marks: UnsafeMutablePointer<Atomic<Bool>>

  /// References to the versions in `directory`, none of them written yet.
  public init(_ directory: KeyDirectory) {
    self.directory = directory
    count = directory.versionCount
    digests = .allocate(capacity: max(count, 1))
    marks = .allocate(capacity: max(count, 1))
    var text = ByteBuffer()
    for version in 0..<count {
      text.removeAll()
      directory.append(version: version, to: &text)
      let words = SHA256.digest(text.view).words
      (digests + version).initialize(to: Half(first: words.0, second: words.1))
      (marks + version).initialize(to: Atomic(false))
    }
  }

  deinit {
    marks.deinitialize(count: count)
    marks.deallocate()
    digests.deallocate()
  }

  /// Appends `{"id":…,"name":…,"digest":"…"}` and remembers the version; of a key without a version at
  /// the event's time `{"id":…}`.
  public func append(_ found: KeyDirectory.Found, to buffer: inout ByteBuffer) {
    directory.appendOpen(found, .reference, to: &buffer)
    if let version = found.versionIndex {
      buffer.append(",\"digest\":\"")
      appendDigest(version, to: &buffer)
      buffer.append(UInt8(ascii: "\""))
      // Most events name a version that is marked already: a load leaves its cache line shared.
      if !marks[version].load(ordering: .relaxed) { marks[version].store(true, ordering: .relaxed) }
    }
    buffer.append(UInt8(ascii: "}"))
  }

  private func appendDigest(_ version: Int, to buffer: inout ByteBuffer) {
    let stored = (digests[version].first.bigEndian, digests[version].second.bigEndian)
    withUnsafeBytes(of: stored) { bytes in
      Hex.append(bytes.assumingMemoryBound(to: UInt8.self), to: &buffer)
    }
  }

  /// The digest that an event gets for what was found; nil if no version holds at its time.
  public func digest(_ found: KeyDirectory.Found) -> String? {
    guard let version = found.versionIndex else { return nil }
    var text = ByteBuffer()
    appendDigest(version, to: &text)
    return String(decoding: text.view, as: UTF8.self)
  }

  /// The versions to which references were written, by their digests and each once. To be asked when no
  /// stage runs any more.
  public var used: [ReferencedKey] {
    var rows: [ReferencedKey] = []
    var text = ByteBuffer()
    for version in 0..<count where marks[version].load(ordering: .relaxed) {
      text.removeAll()
      directory.append(version: version, to: &text)
      rows.append(ReferencedKey(text: text.bytes))
    }
    return KeyReferences.ordered(rows)
  }

  /// Sorted by digest, without repetitions.
  public static func ordered(_ rows: [ReferencedKey]) -> [ReferencedKey] {
    var ordered: [ReferencedKey] = []
    for row in rows.sorted(by: { $0.digest < $1.digest }) where row.digest != ordered.last?.digest {
      ordered.append(row)
    }
    return ordered
  }
}
