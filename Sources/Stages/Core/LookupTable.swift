package import Bytes

/// A lookup table that was read, for the manifest.
package struct LookupTable: Equatable, Sendable {
  /// As the definition names it.
  package let path: String
  /// Its size.
  package let bytes: Int
  /// SHA-256 of its bytes as stored.
  package let sha256: Digest256
  /// Rows in it.
  package let rows: Int
  /// What stands in it, for messages, without a value.
  let sketch: String

  package init(path: String, bytes: Int, sha256: Digest256, rows: Int, sketch: String = "") {
    self.sketch = sketch
    self.path = path
    self.bytes = bytes
    self.sha256 = sha256
    self.rows = rows
  }
}
