package import Bytes

/// Calls `body` with the UTF-8 of a text.
package func withBytes<Result>(_ text: String, _ body: (ByteView) throws -> Result) rethrows
  -> Result
{
  try Array(text.utf8).withUnsafeBufferPointer { try body($0) }
}

/// The bytes that hexadecimal digits stand for; none where the text is not hexadecimal.
package func bytes(hex: String) -> [UInt8] {
  withBytes(hex) { Hex.decode($0) } ?? []
}
