internal import Bytes
internal import Crypto
internal import History

/// Rows as they lie there, right or wrong.
struct RowsText {
  /// Empty if a line is no row.
  var rows: [ManifestRow] = []
  /// Lines.
  var count: UInt64
  /// Lines with a line feed that are rows, up to the first that is none.
  var complete: UInt64 = 0
  var root: Digest256
  var digest: Digest256
  /// True if every line is a row and ends with a line feed.
  var isWhole = true
  /// True if the text seems to end too early.
  var isCutShort = false

  init(_ text: [UInt8]) {
    digest = text.withUnsafeBufferPointer { SHA256.digest($0) }
    var reader = ManifestRowReader()
    var tree = MerkleAccumulator()
    var rows: [ManifestRow] = []
    var isWhole = true
    var isCutShort = true
    var complete: UInt64 = 0
    text.withUnsafeBufferPointer { text in
      var start = 0
      while start < text.count {
        let end = text[start...].firstIndex(of: UInt8(ascii: "\n"))
        let line = ByteView(rebasing: text[start..<(end ?? text.count)])
        tree.append(leaf: line)
        if let end {
          start = end + 1
          if let row = reader.read(line) { rows.append(row) } else { isWhole = false }
          if isWhole { complete += 1 } else { isCutShort = false }
        } else {
          isWhole = false
          isCutShort = isCutShort && JSONEnding(line) == .cutShort
          start = text.count
        }
      }
    }
    count = tree.count
    root = tree.root
    self.complete = complete
    self.isWhole = isWhole
    self.isCutShort = isCutShort
    self.rows = isWhole ? rows : []
  }

  /// True if these are the rows that a header speaks of.
  func fits(_ count: UInt64, _ root: Digest256) -> Bool {
    isWhole && count == self.count && root == self.root
  }
}
