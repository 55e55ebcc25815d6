internal import Bytes

extension UInt8 {
  /// White space within a line: a space, a tab, a carriage return.
  @inline(__always) var isSpaceInLine: Bool { self == 0x20 || self == 0x0D || self == 0x09 }

  /// White space of JSON: that, or a line feed.
  @inline(__always) var isSpace: Bool { isSpaceInLine || self == 0x0A }

  /// What no number, literal or bare name goes on with, right or wrong.
  var endsScalar: Bool {
    switch self {
    case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "\""),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"):
      true
    default: false
    }
  }
}

extension UnsafeBufferPointer where Element == UInt8 {
  /// Where the line before `end` ends without the white space behind it, at or behind `start`.
  @inline(__always) func trimmedEnd(_ end: Int, from start: Int = 0) -> Int {
    var end = end
    while end > start && self[end - 1].isSpaceInLine { end -= 1 }
    return end
  }
}
