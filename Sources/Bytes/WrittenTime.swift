/// A date and a time of day as logs write them, which need not say in which zone.
///
/// Beside RFC 3339: `+0200` and `+02` for `+02:00`; a comma before the fraction; a space for the `T`; a space
/// before the zone; `UTC` and `GMT` as the zone, or none; and the same without signs between the numbers,
/// `20240131T235959Z`, `20240131235959.5`.
public struct WrittenTime: Sendable, BitwiseCopyable {
  /// The year as it is written, 1 to 9999.
  public let year: Int
  /// Seconds since 1970 as if the zone were UTC.
  private let seconds: Int64
  private let microsecond: Int64
  private let isLeapSecond: Bool
  /// Where it was that time of day; nil if that is not said.
  public let offset: UTCOffset?

  /// A date and a time of day; nil if there is none such.
  init?(
    year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64,
    microsecond: Int64, offset: UTCOffset?
  ) {
    guard let day = Timestamp.day(year: year, month: month, day: day), hour < 24, minute < 60,
      second <= 60
    else { return nil }
    self.year = Int(year)
    isLeapSecond = second == 60
    seconds = day * 86400 + hour * 3600 + minute * 60 + second
    self.microsecond = isLeapSecond ? 0 : microsecond
    self.offset = offset
  }

  /// Reads a text; nil if it is no date and time.
  public init?(_ text: ByteView) {
    guard text.count >= 14, let base = text.baseAddress, let century = Timestamp.two(base),
      let yearOfCentury = Timestamp.two(base + 2)
    else { return nil }
    let isSpaced = base[4] == UInt8(ascii: "-")
    var at = 4
    /// Two digits, behind a separator where there are any.
    func number(_ separator: UInt8) -> Int64? {
      if isSpaced {
        guard at < text.count, base[at] == separator else { return nil }
        at += 1
      }
      guard at + 2 <= text.count, let number = Timestamp.two(base + at) else { return nil }
      at += 2
      return number
    }
    guard let month = number(UInt8(ascii: "-")), let day = number(UInt8(ascii: "-")),
      at < text.count
    else { return nil }
    let isSeparated = base[at] | 0x20 == UInt8(ascii: "t") || base[at] == UInt8(ascii: " ")
    guard isSeparated || !isSpaced else { return nil }
    if isSeparated { at += 1 }
    guard at + 2 <= text.count, let hour = Timestamp.two(base + at) else { return nil }
    at += 2
    guard let minute = number(UInt8(ascii: ":")), let second = number(UInt8(ascii: ":")),
      let (microsecond, offset) = WrittenTime.fractionAndZone(text, at)
    else { return nil }
    self.init(
      year: century * 100 + yearOfCentury, month: month, day: day, hour: hour, minute: minute,
      second: second, microsecond: microsecond, offset: offset)
  }

  private static func fractionAndZone(
    _ text: ByteView, _ start: Int
  ) -> (microsecond: Int64, offset: UTCOffset?)? {
    var at = start
    var microsecond: Int64 = 0
    if at < text.count, text[at] == UInt8(ascii: ".") || text[at] == UInt8(ascii: ",") {
      at += 1
      guard let fraction = fraction(text, &at) else { return nil }
      microsecond = fraction
    }
    guard at < text.count else { return (microsecond, nil) }
    if text[at] == UInt8(ascii: " ") { at += 1 }
    guard let offset = UTCOffset(ByteView(rebasing: text[at...])) else { return nil }
    return (microsecond, offset)
  }

  /// Reads digits, and moves past them; as millionths. Nil if there are none.
  static func fraction(_ text: ByteView, _ at: inout Int) -> Int64? {
    let start = at
    var value: Int64 = 0
    var unit: Int64 = 100_000
    while at < text.count, let digit = Timestamp.digit(text[at]) {
      value += digit * unit
      unit /= 10
      at += 1
    }
    return at > start ? value : nil
  }

  /// The time, if that is the zone; nil outside of the calendar, and for a second 60 where no leap second can
  /// be: at 23:59 UTC.
  public func time(at offset: UTCOffset) -> Timestamp? {
    let utc = seconds - Int64(offset.seconds)
    if isLeapSecond, Timestamp.floored(utc, by: 86400) * 86400 != utc { return nil }
    return Timestamp(seconds: utc, microseconds: microsecond)
  }
}
