package import Bytes
package import Crypto

/// The text of a manifest's rows.
package struct ManifestText {
  package var rows: [ManifestRow] = []
  package var tree = MerkleAccumulator()
  /// Bytes.
  package var size: Int

  /// Reads the rows; nil if a line is none, or they are more than `most`.
  package init?(_ text: ByteView, most: UInt64 = .max) {
    size = text.count
    var reader = ManifestRowReader()
    var at = 0
    while at < text.count {
      let end = text.place(of: UInt8(ascii: "\n"), from: at) ?? text.count
      let line = ByteView(rebasing: text[at..<end])
      tree.append(leaf: line)
      guard tree.count <= most, let row = reader.read(line) else { return nil }
      rows.append(row)
      at = end + 1
    }
  }
}
