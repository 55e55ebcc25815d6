package import Bytes
package import Crypto

/// The text of a manifest's rows.
package struct ManifestText {
  package var rows: [ManifestRow] = []
  package var tree = MerkleAccumulator()
  /// Bytes.
  package var size: Int

  /// Reads the rows; nil if a line is none.
  package init?(_ text: ByteView) {
    size = text.count
    var reader = ManifestRowReader()
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let line = ByteView(rebasing: line)
      tree.append(leaf: line)
      guard let row = reader.read(line) else { return nil }
      rows.append(row)
    }
  }
}
