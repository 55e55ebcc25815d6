public import Bytes

/// Compares numbers as JSON writes them by their values, exactly: whole ones, with fractions and exponents,
/// of any size.
public enum JSONNumbers {
  /// Below zero if the first is the smaller one, above zero if it is the larger one, else 0. Both have to be
  /// numbers, as a scanner has found them.
  public static func compare(_ left: ByteView, _ right: ByteView) -> Int {
    let (left, right) = (Decimal(left), Decimal(right))
    if left.sign != right.sign { return left.sign < right.sign ? -1 : 1 }
    return left.sign * left.compareMagnitude(right)
  }

  /// A number as digits without leading zeros and the place of the point among them.
  private struct Decimal {
    /// -1, 0 or 1.
    let sign: Int
    private let text: ByteView
    /// Where the first digit is that is not 0, and where the digits end.
    private let start, end: Int
    /// How many digits stand before the point, counted from the first; below zero for zeros behind it.
    private let point: Int

    /// No exponent that a document has room for can be told from this one by its digits.
    private static let mostExponent = 1 << 48

    init(_ text: ByteView) {
      self.text = text
      let first = text.first == UInt8(ascii: "-") ? 1 : 0
      var at = first
      var leading: Int?
      var dot: Int?
      while at < text.count {
        let byte = text[at]
        if byte == UInt8(ascii: ".") {
          dot = at
        } else if byte &- 0x30 >= 10 {
          break
        } else if byte != UInt8(ascii: "0"), leading == nil {
          leading = at
        }
        at += 1
      }
      end = at
      guard let leading else {
        (sign, start, point) = (0, at, 0)
        return
      }
      let unit = dot ?? at
      sign = first == 1 ? -1 : 1
      start = leading
      point = (leading < unit ? unit - leading : unit - leading + 1) + Decimal.exponent(text, at)
    }

    private static func exponent(_ text: ByteView, _ start: Int) -> Int {
      var at = start + 1
      guard at < text.count else { return 0 }
      let isNegative = text[at] == UInt8(ascii: "-")
      if isNegative || text[at] == UInt8(ascii: "+") { at += 1 }
      var exponent = 0
      while at < text.count {
        exponent = min(exponent * 10 + Int(text[at] &- 0x30), mostExponent)
        at += 1
      }
      return isNegative ? -exponent : exponent
    }

    func compareMagnitude(_ other: Decimal) -> Int {
      if point != other.point { return point < other.point ? -1 : 1 }
      var (at, otherAt) = (start, other.start)
      while at < end || otherAt < other.end {
        let (digit, otherDigit) = (digit(&at), other.digit(&otherAt))
        if digit != otherDigit { return digit < otherDigit ? -1 : 1 }
      }
      return 0
    }

    /// The digit at a place, or "0" behind the last, and moves on.
    private func digit(_ at: inout Int) -> UInt8 {
      if at < end, text[at] == UInt8(ascii: ".") { at += 1 }
      guard at < end else { return UInt8(ascii: "0") }
      defer { at += 1 }
      return text[at]
    }
  }
}
