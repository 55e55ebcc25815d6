package import Bytes

/// Calls `body` with the UTF-8 of a text.
package func withBytes<Result>(
  _ text: String, _ body: (ByteView) throws -> Result
) rethrows -> Result {
  try Array(text.utf8).withUnsafeBufferPointer { try body($0) }
}

/// The bytes that hexadecimal digits stand for; none where the text is not hexadecimal.
package func bytes(hex: String) -> [UInt8] {
  withBytes(hex) { Hex.decode($0) } ?? []
}

/// The text that bytes stand for.
package func text(_ view: ByteView) -> String { String(decoding: view, as: UTF8.self) }

/// The time that a text says as RFC 3339 has it.
package func time(_ text: String) -> Timestamp? { withBytes(text) { Timestamp(rfc3339: $0) } }
