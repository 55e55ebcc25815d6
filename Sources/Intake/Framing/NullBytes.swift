internal import Bytes

/// Bytes of zero before a line: a file has such a hole where it was cut to nothing while somebody went on
/// writing behind.
enum NullBytes {
  static let reason = "bytes of zero: a hole that cutting the file has left"

  /// How far they reach from the beginning of a text on.
  static func reach(_ text: ByteView, isEnd: Bool) -> Reach {
    var at = 0
    while at < text.count && text[at] == 0 { at += 1 }
    return Reach(count: at, isEnd: isEnd || at < text.count)
  }
}
