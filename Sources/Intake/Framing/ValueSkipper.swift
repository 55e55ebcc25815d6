internal import Bytes

/// Finds where a JSON value ends without holding it: bytes come in pieces.
///
/// It knows brackets and strings and nothing else of the grammar, so what it says about a text that
/// is no JSON means nothing; about a value that a `Scanner` accepts both say the same.
struct ValueSkipper {
  private enum State { case start, container, string, scalar }

  private var state = State.start
  private var depth = 0
  private var isEscape = false

  /// Looks at the next piece, which for the first time starts with the value's first byte. The
  /// offset just past the value's last byte if it is in there; nil if the value goes on.
  mutating func skip(_ bytes: ByteView, from: Int = 0) -> Int? {
    var at = from
    while at < bytes.count {
      switch state {
      case .string:
        guard let end = endOfString(bytes, at) else { return nil }
        at = end
        state = .container
        if depth == 0 { return at }
      case .scalar:
        if bytes[at].endsScalar { return at }
        at += 1
      case .start, .container:
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "\""): state = .string
        case UInt8(ascii: "{"), UInt8(ascii: "["):
          state = .container
          depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          depth -= 1
          if depth <= 0 { return at }
        default:
          if state == .start { state = .scalar }
        }
      }
    }
    return nil
  }

  private mutating func endOfString(_ bytes: ByteView, _ from: Int) -> Int? {
    var at = from
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if isEscape {
        isEscape = false
      } else if byte == UInt8(ascii: "\\") {
        isEscape = true
      } else if byte == UInt8(ascii: "\"") {
        return at
      }
    }
    return nil
  }
}
