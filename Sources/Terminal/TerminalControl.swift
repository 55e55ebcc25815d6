/// Characters that a terminal obeys instead of showing them. All of them are in the Basic Multilingual Plane.
enum TerminalControl {
  /// True for control characters, line and paragraph separators, and marks that turn the direction of text.
  static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
