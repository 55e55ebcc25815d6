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
    /// How many digits stand before the point, counted from the first; below zero for zeros behind it. The
    /// exponent does not count.
    private let point: Int
    /// The exponent's digits, and whether a minus stands before them. It may be larger than any integer.
    private let exponent: ByteView
    private let isExponentNegative: Bool

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
      (exponent, isExponentNegative) = Decimal.exponent(text, at)
      guard let leading else {
        (sign, start, point) = (0, at, 0)
        return
      }
      let unit = dot ?? at
      sign = first == 1 ? -1 : 1
      start = leading
      point = leading < unit ? unit - leading : unit - leading + 1
    }

    private static func exponent(_ text: ByteView, _ start: Int) -> (ByteView, Bool) {
      var at = start + 1
      guard at < text.count else { return (ByteView(start: nil, count: 0), false) }
      let isNegative = text[at] == UInt8(ascii: "-")
      if isNegative || text[at] == UInt8(ascii: "+") { at += 1 }
      return (ByteView(rebasing: text[at...]), isNegative)
    }

    /// How the place of the point compares, the exponent included: both sums are taken apart into numbers
    /// below 10^18, from the last digits on, with what is carried.
    private func comparePoint(_ other: Decimal) -> Int {
      var (rest, otherRest) = (exponent.count, other.exponent.count)
      var (carry, otherCarry) = (point, other.point)
      var order = 0
      while rest > 0 || otherRest > 0 {
        let (piece, otherPiece) = (piece(&rest, &carry), other.piece(&otherRest, &otherCarry))
        if piece != otherPiece { order = piece < otherPiece ? -1 : 1 }
      }
      return carry == otherCarry ? order : carry < otherCarry ? -1 : 1
    }

    /// The number that the last 18 of the exponent's first `rest` digits and what is carried make, from 0 to
    /// below 10^18; what goes beyond that is carried on.
    private func piece(_ rest: inout Int, _ carry: inout Int) -> Int {
      let unit = 1_000_000_000_000_000_000
      let start = max(0, rest - 18)
      var digits = 0
      for byte in exponent[start..<rest] { digits = digits &* 10 &+ Int(byte &- 0x30) }
      rest = start
      let sum = carry &+ (isExponentNegative ? -digits : digits)
      let (quotient, remainder) = sum.quotientAndRemainder(dividingBy: unit)
      carry = remainder < 0 ? quotient - 1 : quotient
      return remainder < 0 ? remainder + unit : remainder
    }

    func compareMagnitude(_ other: Decimal) -> Int {
      let order = comparePoint(other)
      if order != 0 { return order }
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
