package import Bytes
package import Codec
package import JSONText
internal import Synchronization

/// Where a compressed input turned bad.
package struct InputDamage: Equatable, Sendable {
  /// What is wrong.
  package let reason: String
  /// Uncompressed bytes that were had before it.
  package let offset: Int
  /// Compressed bytes before the place where it showed.
  package let compressedOffset: Int
}

/// What is known about one input, complete when the run has ended.
package struct InputFacts: Equatable, Sendable {
  /// First bytes of an input that are kept, at most: 4,096.
  package static let keptBeginning = 4096

  /// The path; `-` for standard input.
  package let name: String
  /// The number of the input in the order of reading.
  package internal(set) var number = 0
  /// Bytes as stored, from the input's first one on, that were read now or before. An incomplete last
  /// line of a plain input is not among them.
  package internal(set) var bytes = 0
  /// Uncompressed bytes that were read now or before, without an incomplete last line.
  package internal(set) var textBytes = 0
  /// SHA-256 of `bytes`, where that was asked for and the input was read to its end.
  package internal(set) var digest: Digest256?
  /// The first bytes as stored, where the digest was asked for.
  package internal(set) var first: [UInt8] = []
  /// SHA-256 of `textBytes` bytes of text, where digests were asked for, the input was read to its end and
  /// is not damaged. Of a plain input that is `digest`.
  package internal(set) var textDigest: Digest256?
  /// The first bytes of the text, where its digest is there.
  package internal(set) var textFirst: [UInt8] = []
  /// Digests of the beginning of the text, where it is long enough.
  package internal(set) var prefixes = PrefixDigests()
  /// Where this run began, if not at the first byte.
  package internal(set) var continued: InputContinuation?
  /// How its records stand in it.
  package internal(set) var format = InputFormat.auto
  /// How it was compressed.
  package internal(set) var compression = CompressionFormat.none
  /// Where it is damaged, if it is and the run went on.
  package internal(set) var damage: InputDamage?
  /// Uncompressed bytes of an incomplete last line, which were left for the next run.
  package internal(set) var pendingBytes = 0
  /// Documents in which there was nothing where records should be.
  package internal(set) var documentsWithoutRecords = 0
  /// Documents with a place for records, be it an empty one.
  package internal(set) var documentsWithRecords = 0
  /// Uncompressed bytes that hold records together, without those that the tally has counted.
  package internal(set) var syntaxBytes = 0
  /// Uncompressed bytes of members beside the records.
  package internal(set) var besideBytes = 0

  init(name: String) { self.name = name }

  /// True if it was compressed.
  package var isCompressed: Bool { compression != .none }
}

/// How far the reading is; any thread may look.
package final class InputProgress: Sendable {
  private let read = Atomic<Int>(0)
  private let stop = Atomic<Bool>(false)

  init() {}

  /// Bytes read so far, as stored, of all inputs.
  package var bytesRead: Int { read.load(ordering: .relaxed) }

  func add(_ count: Int) { read.add(count, ordering: .relaxed) }

  var isCancelled: Bool { stop.load(ordering: .relaxed) }

  func cancel() { stop.store(true, ordering: .relaxed) }
}

extension InputFacts {
  /// That a pointer to records found its place in none of the documents that were read; nil if it did, or if
  /// there were no documents.
  package static func recordsNowhere(_ records: JSONPointer, _ facts: [InputFacts]) -> String? {
    guard let first = facts.first(where: { $0.documentsWithoutRecords > 0 }),
      facts.allSatisfy({ $0.documentsWithRecords == 0 })
    else { return nil }
    let count = facts.reduce(0) { $0 + $1.documentsWithoutRecords }
    return
      "there is nothing at input.records (\(records)) in any of \(count) documents: the first is in "
      + "\(first.name): check the pointer"
  }
}
