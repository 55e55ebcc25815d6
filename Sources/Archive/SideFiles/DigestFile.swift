internal import History
internal import Bytes
internal import Disk

// A file of digests is what a run remembers of the deliveries that it wrote, for all runs after it.
//
//   bytes 0..<8     "TMDIGEST"
//         8..<16    number of digests, little-endian like all numbers here
//        16..<24    b, the number of bits that choose a bucket
//        24..<32    0
//        32..<32 + 4·(2^b + 1), rounded up to a multiple of 32
//                   for each bucket the number of digests in those before it
//        then       the digests, SHA-256 in full, 32 bytes each, sorted, no two alike
//        then       hashes of what is before: see `HashedBlocks`
//
// A bucket holds the digests whose first b bits are its number: 4 to 8 of them, so that a look-up
// touches one cache line or two of the table and two to four of the digests, whatever the size of the
// file. It is read block by block, each of which is checked: see `CheckedFile`.
//
// Runs are many, and a look-up in each one's file would cost more with every night. So a run whose file
// would be the fourth of its size class merges the four (a class is a factor of four in the number of
// digests), and with N digests in all there are at most 3·log4(N) files; each digest is written
// again log4(N) times at most. Beyond 2^26 digests (2 GiB) files are left alone. And rows of files know the
// days of their events, so that an event is looked for where its day is: see `DigestSharing`.

/// How digests lie in a file.
enum DigestFileFormat {
  static let magic: [UInt8] = Array("TMDIGEST".utf8)
  static let headerSize = 32
  static let digestSize = 32

  static func bits(_ count: Int) -> Int {
    max(0, Int.bitWidth - 1 - max(count / 4, 1).leadingZeroBitCount)
  }

  static func tableSize(_ bits: Int) -> Int { (((1 << bits) + 1) * 4 + 31) / 32 * 32 }

  static func size(_ count: Int) -> Int {
    headerSize + tableSize(bits(count)) + count * digestSize
  }

  static func bucket(_ digest: Digest256, _ bits: Int) -> Int {
    bits == 0 ? 0 : Int(digest.words.0 >> UInt64(64 - bits))
  }
}

/// A file of digests that earlier runs published.
final class DigestFile: Sendable {
  private let file: CheckedFile
  let count: Int
  private let bits: Int
  private let digestsStart: Int

  /// Reads how a file begins; nil if it is none.
  init?(_ file: CheckedFile) throws {
    self.file = file
    guard file.count >= DigestFileFormat.headerSize else { return nil }
    let bytes = try file.bytes(0, DigestFileFormat.headerSize)
    guard bytes.starts(with: DigestFileFormat.magic) else { return nil }
    let raw = UnsafeRawBufferPointer(bytes)
    let count = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    let bits = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    guard count <= UInt64(UInt32.max), bits == UInt64(DigestFileFormat.bits(Int(count))),
      file.count == DigestFileFormat.size(Int(count))
    else { return nil }
    self.count = Int(count)
    self.bits = Int(bits)
    digestsStart = DigestFileFormat.headerSize + DigestFileFormat.tableSize(Int(bits))
  }

  /// The digest at a place in their order.
  func digest(_ index: Int) throws -> Digest256 {
    let start = digestsStart + index * DigestFileFormat.digestSize
    return Digest256(try file.bytes(start, DigestFileFormat.digestSize)) ?? Digest256(0, 0, 0, 0)
  }

  /// True if the digest is there. Safe on any thread. Throws, with the kind `damaged`, where what it looks at
  /// is not what was committed.
  func contains(_ digest: Digest256) throws -> Bool {
    let bucket = DigestFileFormat.bucket(digest, bits)
    var (low, high) = try bounds(bucket)
    while low < high {
      let middle = low + (high - low) / 2
      let found = try self.digest(middle)
      if found == digest { return true }
      if found < digest { low = middle + 1 } else { high = middle }
    }
    return false
  }

  /// Where the digests of a bucket begin and end.
  private func bounds(_ bucket: Int) throws -> (Int, Int) {
    let raw = UnsafeRawBufferPointer(try file.bytes(DigestFileFormat.headerSize + bucket * 4, 8))
    let low = UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self))
    let high = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    return (min(Int(low), count), min(Int(high), count))
  }
}

/// Writes a file of digests that come in their order. How many there will be has to be known.
struct DigestFileWriter: ~Copyable {
  private let total: Int
  private var writer: StagedFileWriter

  /// A writer to an empty file.
  init(_ file: File, total: Int) {
    self.total = total
    writer = StagedFileWriter(file, isReadInPlaces: true)
  }

  /// Writes what comes before the digests; `counts` tells how many each bucket holds.
  mutating func begin(_ counts: borrowing FlatArray<UInt32>) throws {
    let bits = DigestFileFormat.bits(total)
    writer.buffer.append(DigestFileFormat.magic)
    writer.buffer.append(little: UInt64(total))
    writer.buffer.append(little: UInt64(bits))
    writer.buffer.append(little: UInt64(0))
    var before: UInt32 = 0
    for bucket in 0...counts.count {
      writer.buffer.append(little: before)
      if bucket < counts.count { before += counts[bucket] }
      try writer.flushIfLarge()
    }
    writer.buffer.append(
      zeros: DigestFileFormat.tableSize(bits) - (counts.count + 1) * 4)
  }

  /// Appends the next digest.
  mutating func append(_ digest: Digest256) throws {
    digest.withBytes { writer.buffer.append($0) }
    try writer.flushIfLarge()
  }

  /// Closes the file.
  mutating func finish() throws -> StagedFile {
    precondition(
      writer.count == DigestFileFormat.size(total), "more or fewer digests than were announced")
    return try writer.finish(records: total)
  }
}
