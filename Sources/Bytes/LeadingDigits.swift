/// The first digits of a decimal number that are not leading zeros, as many as a time can need, and where the
/// point stands. However long the number and whatever its exponent: nothing can overflow.
struct LeadingDigits {
  let isNegative: Bool
  /// The first 14, as a number; zeros follow where there are fewer.
  private(set) var first: Int64 = 0
  /// The 9 behind these.
  private(set) var next: Int64 = 0
  /// How many digits stand before the point; below zero for zeros behind it.
  private(set) var point = 0

  private static let mostExponent = 1_000_000

  /// The digits of `text`; nil if it is no JSON number.
  init?(_ text: ByteView) {
    isNegative = text.first == UInt8(ascii: "-")
    var at = isNegative ? 1 : 0
    let start = at
    var taken = 0
    while at < text.count, let digit = Timestamp.digit(text[at]) {
      take(digit, &taken)
      if taken > 0 { point += 1 }
      at += 1
    }
    guard at > start, at == start + 1 || text[start] != UInt8(ascii: "0") else { return nil }
    if at < text.count, text[at] == UInt8(ascii: ".") {
      let fraction = at + 1
      at = fraction
      while at < text.count, let digit = Timestamp.digit(text[at]) {
        take(digit, &taken)
        if taken == 0 { point -= 1 }
        at += 1
      }
      guard at > fraction else { return nil }
    }
    if at < text.count {
      guard let exponent = LeadingDigits.exponent(text, at) else { return nil }
      point += exponent
    }
    while taken < 14 {
      first *= 10
      taken += 1
    }
    while taken < 23 {
      next *= 10
      taken += 1
    }
  }

  @inline(__always)
  private mutating func take(_ digit: Int64, _ taken: inout Int) {
    if taken == 0 && digit == 0 { return }
    if taken < 14 { first = first * 10 + digit } else if taken < 23 { next = next * 10 + digit }
    taken += 1
  }

  /// What follows an `e` at `start`, up to the end; beyond a million it makes no difference.
  private static func exponent(_ text: ByteView, _ start: Int) -> Int? {
    guard text[start] | 0x20 == UInt8(ascii: "e") else { return nil }
    var at = start + 1
    let isNegative = at < text.count && text[at] == UInt8(ascii: "-")
    if isNegative || (at < text.count && text[at] == UInt8(ascii: "+")) { at += 1 }
    guard at < text.count else { return nil }
    var exponent = 0
    while at < text.count {
      guard let digit = Timestamp.digit(text[at]) else { return nil }
      exponent = min(exponent * 10 + Int(digit), mostExponent)
      at += 1
    }
    return isNegative ? -exponent : exponent
  }

  var isZero: Bool { first == 0 }

  /// True if the number is so many seconds, milliseconds, microseconds or nanoseconds since 1970 that this is
  /// in the year 9999, or the moment behind it: how programs write "never", whatever the size tells.
  var isLastYear: Bool {
    !isNegative && [12, 15, 18, 21].contains(point)
      && (253_370_764_800...253_402_300_800).contains(first / 100)
  }

  /// True if the number is, in milliseconds, a time from 1973 to 1999, and in seconds one beyond the
  /// calendar.
  var isBeforeMillennium: Bool { !isNegative && point == 12 && first / 100 < 946_684_800_000 }

  /// The magnitude by the unit that the size tells; nil beyond 64 bits.
  var microseconds: Int64? {
    if isZero { return 0 }
    // Digits before the point once the unit is a microsecond.
    let whole: Int
    switch point {
    case ...11: whole = point + 6
    case ...14: whole = point + 3
    case ...17: whole = point
    case 18: whole = 15
    case 19 where (first, next / 10_000) <= (92_233_720_368_547, 75_807): whole = 16
    default: return nil
    }
    guard whole > 0 else { return 0 }
    var value = first * 10_000 + next / 100_000
    for _ in whole..<18 { value /= 10 }
    return value
  }

  /// The date and time of day that the digits before the point are; nil if they are none.
  var calendar: WrittenTime? {
    guard [14, 17, 20, 23].contains(point) else { return nil }
    let (date, clock) = (first / 1_000_000, first % 1_000_000)
    return WrittenTime(
      year: date / 10_000, month: date / 100 % 100, day: date % 100, hour: clock / 10_000,
      minute: clock / 100 % 100, second: clock % 100, microsecond: next / 1000, offset: nil)
  }
}
