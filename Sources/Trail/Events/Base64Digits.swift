/// Base64 and base64url digit by digit, as an event has it: it may begin and end anywhere.
struct Base64Digits {
  private var bits: UInt32 = 0
  private var count: UInt32 = 0

  /// The value of a digit; nil for anything else.
  static func value(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit &- UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit &- UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit &- UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }

  /// The byte that the next digit completes, whose value is given; nil if it completes none.
  mutating func take(_ value: UInt32) -> UInt8? {
    bits = bits << 6 | value
    count += 6
    guard count >= 8 else { return nil }
    count -= 8
    return UInt8(truncatingIfNeeded: bits >> count)
  }
}
