internal import Bytes
internal import Crypto
internal import Disk
internal import History

/// Rows as they lie there, right or wrong. They are read a piece at a time, and no further than they can be
/// rows: not behind a line of more than 1 MiB, nor behind more lines than are wanted.
struct RowsText {
  /// Lines that are read of a file of which nobody knows how many it has: 4 million.
  private static let most: UInt64 = 4 << 20
  /// Bytes of the longest line, and bytes that are read at a time.
  private static let longestLine = 1 << 20

  /// Empty if a line is no row.
  private(set) var rows: [ManifestRow] = []
  /// Lines, as far as it was read.
  var count: UInt64 { tree.count }
  /// Lines with a line feed that are rows, up to the first that is none.
  private(set) var complete: UInt64 = 0
  /// RFC 6962 root over the lines, as far as it was read.
  var root: Digest256 { tree.root }
  /// SHA-256 of the file; nil if it was not read to its end.
  private(set) var digest: Digest256?
  /// True if every line is a row and ends with a line feed.
  private(set) var isWhole = true
  /// True if the text seems to end too early.
  private(set) var isCutShort = true
  private var tree = MerkleAccumulator()

  /// Reads a file, which is of use only if it has `wanted` rows; nil if there is none, or this user may not
  /// read it.
  init?(_ reader: ArchiveReader, _ place: String, wanted: UInt64?) throws {
    let file: File
    do { file = try reader.disk.open(reader.root + "/" + place) } catch {
      if error.isMissing || error.isNoFile || error.isForbidden { return nil }
      throw error
    }
    let most = wanted ?? RowsText.most
    var text = LineBuffer(capacity: 2 * RowsText.longestLine)
    var hasher = SHA256Hasher()
    var parser = ManifestRowReader()
    var isRead = true
    while isRead, try file.read(into: &text.bytes, upTo: RowsText.longestLine) > 0 {
      hasher.update(ByteView(rebasing: text.bytes.view[text.searchedCount...]))
      text.takeLines { take($0, &parser, most) }
      isRead = text.count <= RowsText.longestLine && count <= most
    }
    try file.close()
    if text.count > 0 {
      tree.append(leaf: text.bytes.view)
      isWhole = false
      isCutShort = isCutShort && isRead && JSONEnding(text.bytes.view) == .cutShort
    }
    if !isWhole { rows = [] }
    if isRead { digest = hasher.finalize() }
  }

  /// Takes a line that has ended.
  private mutating func take(
    _ line: ByteView, _ parser: inout ManifestRowReader, _ most: UInt64
  ) {
    guard count <= most else { return }
    tree.append(leaf: line)
    if isWhole, count <= most, let row = parser.read(line) {
      rows.append(row)
      complete += 1
    } else {
      isWhole = false
      isCutShort = false
    }
  }

  /// True if these are the rows that a header speaks of.
  func fits(_ count: UInt64, _ root: Digest256) -> Bool {
    isWhole && count == self.count && root == self.root
  }
}
