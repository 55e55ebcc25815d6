public import Codec
internal import Synchronization

/// Where a compressed input turned bad.
public struct InputDamage: Equatable, Sendable {
  /// What is wrong.
  public let reason: String
  /// Uncompressed bytes that were had before it.
  public let offset: Int
  /// Compressed bytes before the place where it showed.
  public let compressedOffset: Int
}

/// What is known about one input, complete when the run has ended.
public struct InputFacts: Equatable, Sendable {
  /// The path; `-` for standard input.
  public let name: String
  /// Bytes read, as stored.
  public internal(set) var bytes = 0
  /// Bytes read, uncompressed.
  public internal(set) var textBytes = 0
  /// SHA-256 of the bytes as stored, where that was asked for and the input was read to its end.
  public internal(set) var digest: Digest256?
  /// True if it was compressed.
  public internal(set) var isGzip = false
  /// Where it is damaged, if it is and the run went on.
  public internal(set) var damage: InputDamage?
  /// Uncompressed bytes of an incomplete last line, which were left for the next run.
  public internal(set) var pendingBytes = 0
  /// Documents in which there was nothing where records should be.
  public internal(set) var documentsWithoutRecords = 0

  init(name: String) { self.name = name }
}

/// How far the reading is; any thread may look.
public final class InputProgress: Sendable {
  private let read = Atomic<Int>(0)
  private let stop = Atomic<Bool>(false)

  init() {}

  /// Bytes read so far, as stored, of all inputs.
  public var bytesRead: Int { read.load(ordering: .relaxed) }

  func add(_ count: Int) { read.add(count, ordering: .relaxed) }

  var isCancelled: Bool { stop.load(ordering: .relaxed) }

  func cancel() { stop.store(true, ordering: .relaxed) }
}
