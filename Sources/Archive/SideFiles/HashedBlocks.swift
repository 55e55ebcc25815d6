internal import Bytes
internal import Crypto

// Files of which a run or a search looks at places (digests, indexes) can be large. So that what is read can
// be checked without the rest, they end with hashes of their blocks:
//
//   content   what files of the kind hold
//   hashes    for each 64 KiB of the content, the last of which may be shorter, 32 bytes: the hash of the
//             block as a leaf of an RFC 6962 tree, SHA-256 of a byte 0 and the block
//
// The row of the file has the root of that tree (`blocks_root`). Where the content ends follows from the
// length of the file, and that stands in the row too: nothing that the file says of itself is believed. Files
// of version 0.1 have no hashes, and their rows no root: they are read whole and compared with their SHA-256.

/// How the content of a file is divided into blocks.
enum HashedBlocks {
  /// Bytes of a block: 64 KiB.
  static let size = 1 << 16
  /// Bytes of a hash.
  static let hashSize = 32
  /// Bytes of the longest content: 256 GiB, of which the hashes come to 128 MiB.
  static let longest = 1 << 38

  /// Blocks of a content of so many bytes.
  static func count(_ content: Int) -> Int { content / size + (content % size > 0 ? 1 : 0) }

  /// Bytes of content in a file of `bytes` bytes; nil if there is no such file.
  static func content(ofFile bytes: Int) -> Int? {
    let (whole, rest) = bytes.quotientAndRemainder(dividingBy: size + hashSize)
    guard bytes >= 0, rest == 0 || rest > hashSize else { return nil }
    return whole * size + max(rest - hashSize, 0)
  }
}

/// Takes the hashes of the blocks of a content that comes piece by piece.
struct BlockHasher: ~Copyable {
  /// The block that is not full yet.
  private var block = ByteBuffer(capacity: HashedBlocks.size)
  /// Those of the blocks so far.
  private var hashes = ByteBuffer(capacity: 1 << 10)
  private var tree = MerkleAccumulator()

  init() {}

  /// Takes the next piece.
  mutating func update(_ piece: ByteView) {
    var at = 0
    while at < piece.count {
      let count = min(HashedBlocks.size - block.count, piece.count - at)
      let part = ByteView(rebasing: piece[at..<at + count])
      at += count
      if count == HashedBlocks.size {
        end(part)
      } else {
        block.append(part)
        if block.count == HashedBlocks.size { endBlock() }
      }
    }
  }

  /// The root over all blocks. Nothing may come after that.
  mutating func finish() -> Digest256 {
    if block.count > 0 { endBlock() }
    return tree.root
  }

  /// Appends the hashes of all blocks, end to end, to `bytes`.
  func appendHashes(to bytes: inout ByteBuffer) { bytes.append(hashes.view) }

  /// True if these are the hashes of all blocks, end to end.
  func areHashes(_ bytes: ByteView) -> Bool { bytes.elementsEqual(hashes.view) }

  private mutating func endBlock() {
    let hash = MerkleAccumulator.leafHash(block.view)
    block.removeAll()
    add(hash)
  }

  private mutating func end(_ whole: ByteView) { add(MerkleAccumulator.leafHash(whole)) }

  private mutating func add(_ hash: Digest256) {
    hash.withBytes { hashes.append($0) }
    tree.append(leafHash: hash)
  }
}
