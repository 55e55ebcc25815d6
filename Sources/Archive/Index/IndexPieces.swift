internal import Bytes
internal import Crypto
internal import Disk
internal import History

/// Reads places of a file of indexes: nothing is handed out that was not checked. For one worker at a time.
final class IndexPieces {
  /// Bytes of the longest file that is read whole, as those of version 0.1 are: 64 MiB. A longer one is as if
  /// it were damaged, and `index` makes it anew.
  private static let longestWhole = 64 << 20

  /// Bytes of its content.
  let count: Int
  /// Nil where the whole file is held.
  private let source: BlockReader?
  /// The whole content, or the block that was read last.
  private var held = ByteBuffer()
  /// The number of the block that is held.
  private var block: Int?

  /// The file of a row. Throws, with the kind `damaged`, if it is not the one that was committed, as far as
  /// that is known without reading it.
  init(_ history: ArchiveHistory, _ row: ManifestRow) throws {
    if let root = row.blocksRoot {
      let source = try BlockReader(history, row, root: root)
      self.source = source
      count = source.content
      return
    }
    source = nil
    let file = try history.openBeside(row)
    guard row.bytes <= Int64(IndexPieces.longestWhole) else {
      throw BlockReader.altered(history, row)
    }
    count = try file.pread(into: &held, upTo: Int(row.bytes), at: 0)
    guard count == row.bytes, SHA256.digest(held.view) == row.sha256 else {
      throw BlockReader.altered(history, row)
    }
  }

  /// A content that is all there.
  init(_ content: ByteView) {
    source = nil
    count = content.count
    held.append(content)
  }

  /// Appends what is in `range`, which must lie in the content.
  func read(_ range: Range<Int>, into bytes: inout ByteBuffer) throws {
    guard let source else {
      return bytes.append(ByteView(rebasing: held.view[range]))
    }
    var at = range.lowerBound
    while at < range.upperBound {
      let number = at / HashedBlocks.size
      try hold(number, source)
      let start = number * HashedBlocks.size
      let piece = held.view[(at - start)..<min(range.upperBound - start, held.count)]
      bytes.append(ByteView(rebasing: piece))
      at += piece.count
    }
  }

  private func hold(_ number: Int, _ source: BlockReader) throws {
    guard number != block else { return }
    block = nil
    held.removeAll()
    try source.read(number, into: &held)
    block = number
  }
}
