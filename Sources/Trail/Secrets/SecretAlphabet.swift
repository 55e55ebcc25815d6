/// The characters that secrets are made of.
enum SecretAlphabet: Sendable {
  case hexadecimal
  case alphanumeric
  /// Letters, digits and `_`.
  case word
  /// Letters, digits and `-`.
  case kebab
  /// Letters, digits, `_` and `-`.
  case base64URL
  /// Base64url and dots.
  case dotted
  /// Letters, digits, `+`, `/` and `=`.
  case base64
  /// Letters, digits and `/`.
  case path

  @inline(__always) static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
  }

  func contains(_ byte: UInt8) -> Bool {
    if byte &- 0x30 < 10 { return true }
    if (byte | 0x20) &- 0x61 < 26 { return self != .hexadecimal || (byte | 0x20) < 0x67 }
    switch byte {
    case UInt8(ascii: "_"): return self == .word || self == .base64URL || self == .dotted
    case UInt8(ascii: "-"): return self == .kebab || self == .base64URL || self == .dotted
    case UInt8(ascii: "."): return self == .dotted
    case UInt8(ascii: "+"), UInt8(ascii: "="): return self == .base64
    case UInt8(ascii: "/"): return self == .base64 || self == .path
    default: return false
    }
  }
}
