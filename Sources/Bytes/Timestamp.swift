internal import Platform

/// A point in time, in microseconds since 1970-01-01T00:00:00Z, within the years 0001 to 9999 of
/// the proleptic Gregorian calendar. Finer digits are dropped.
public struct Timestamp: Comparable, Hashable, Sendable, BitwiseCopyable {
  /// Microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public let microseconds: Int64

  static let firstSecond: Int64 = -62_135_596_800  // 0001-01-01T00:00:00Z
  static let lastSecond: Int64 = 253_402_300_799  // 9999-12-31T23:59:59Z

  /// The beginning of the year 1.
  public static let first = Timestamp(unchecked: firstSecond * 1_000_000)
  /// The last second of the year 9999.
  public static let last = Timestamp(unchecked: lastSecond * 1_000_000)

  private init(unchecked microseconds: Int64) { self.microseconds = microseconds }

  /// Seconds since 1970; nil outside the years 0001 to 9999.
  public init?(seconds: Int64) {
    self.init(seconds: seconds, microseconds: 0)
  }

  /// Microseconds since 1970; nil outside the years 0001 to 9999.
  public init?(microseconds: Int64) {
    let (first, last) = (Self.firstSecond * 1_000_000, Self.lastSecond * 1_000_000 + 999_999)
    guard microseconds >= first, microseconds <= last else { return nil }
    self.microseconds = microseconds
  }

  @inline(__always)
  init?(seconds: Int64, microseconds: Int64) {
    guard seconds >= Self.firstSecond, seconds <= Self.lastSecond else { return nil }
    self.microseconds = seconds &* 1_000_000 &+ microseconds
  }

  /// What the system's clock says.
  public static func now() -> Timestamp? {
    var now = timespec()
    guard clock_gettime(CLOCK_REALTIME, &now) == 0 else { return nil }
    return Timestamp(seconds: Int64(now.tv_sec), microseconds: Int64(now.tv_nsec) / 1000)
  }

  /// Seconds since 1970, rounded down.
  public var seconds: Int64 { Self.floored(microseconds, by: 1_000_000) }

  /// Earlier comes first.
  @inlinable public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microseconds < right.microseconds
  }

  @inline(__always)
  static func floored(_ value: Int64, by divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}

// MARK: - Reading

extension Timestamp {
  /// A date and time as RFC 3339 writes it: `2023-07-10T11:42:36.5+02:00`. A fraction may have any
  /// number of digits; `t`, `z` and a space for the `T` are accepted, as the standard permits. The
  /// second 60 is accepted where a leap second can be, at 23:59 UTC, and stands for the second
  /// after.
  public init?(rfc3339 text: ByteView) {
    guard let base = text.baseAddress, text.count >= 20, let day = Self.day(base),
      base[10] | 0x20 == UInt8(ascii: "t") || base[10] == UInt8(ascii: " "),
      let clock = Self.clock(base + 11), let rest = Self.fractionAndOffset(text, from: 19)
    else { return nil }
    let local = day * 86400 + clock.hour * 3600 + clock.minute * 60
    guard clock.second == 60 else {
      self.init(seconds: local + clock.second - rest.offset, microseconds: rest.microseconds)
      return
    }
    let next = local + 60 - rest.offset
    guard Self.floored(next, by: 86400) * 86400 == next else { return nil }
    self.init(seconds: next, microseconds: 0)
  }

  /// A date, `2024-01-31`: its midnight in UTC.
  public init?(date text: ByteView) {
    guard text.count == 10, let base = text.baseAddress, let day = Self.day(base) else {
      return nil
    }
    self.init(seconds: day * 86400, microseconds: 0)
  }

  /// What is wrong with a time for which `isFiner` is true, and what to do.
  public static let tooFine =
    "is finer than a microsecond, to which times are kept: give at most six digits of a second"

  /// True if `text`, which says a time, has digits of a second that a time drops: any but zeros behind the
  /// sixth.
  public static func isFiner(_ text: ByteView) -> Bool {
    guard let point = text.firstIndex(of: UInt8(ascii: ".")) else { return false }
    let digits = text[(point + 1)...].prefix { digit($0) != nil }
    return digits.dropFirst(6).contains { $0 != UInt8(ascii: "0") }
  }

  /// Reads `.` and digits, and moves past them; the value in millionths.
  @inline(__always)
  private static func fraction(_ text: ByteView, at: inout Int) -> Int64? {
    guard at + 1 < text.count, text[at] == UInt8(ascii: "."), digit(text[at + 1]) != nil else {
      return nil
    }
    at += 1
    var value: Int64 = 0
    var unit: Int64 = 100_000
    while at < text.count, let digit = digit(text[at]) {
      value += digit * unit
      unit /= 10
      at += 1
    }
    return value
  }

  @inline(__always)
  private static func fractionAndOffset(
    _ text: ByteView, from start: Int
  ) -> (microseconds: Int64, offset: Int64)? {
    var at = start
    var microseconds: Int64 = 0
    if text[at] == UInt8(ascii: ".") {
      guard let fraction = fraction(text, at: &at), at < text.count else { return nil }
      microseconds = fraction
    }
    let sign = text[at]
    if sign | 0x20 == UInt8(ascii: "z") {
      return at + 1 == text.count ? (microseconds, 0) : nil
    }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), at + 6 == text.count,
      let base = text.baseAddress, let hours = two(base + at + 1), hours < 24,
      base[at + 3] == UInt8(ascii: ":"), let minutes = two(base + at + 4), minutes < 60
    else { return nil }
    let offset = hours * 3600 + minutes * 60
    return (microseconds, sign == UInt8(ascii: "-") ? -offset : offset)
  }

  /// Reads `hh:mm:ss`; the second may be 60.
  @inline(__always)
  private static func clock(
    _ text: UnsafePointer<UInt8>
  ) -> (hour: Int64, minute: Int64, second: Int64)? {
    guard let hour = two(text), hour < 24, text[2] == UInt8(ascii: ":"),
      let minute = two(text + 3), minute < 60, text[5] == UInt8(ascii: ":"),
      let second = two(text + 6), second <= 60
    else { return nil }
    return (hour, minute, second)
  }

  /// Reads `YYYY-MM-DD`, a day that exists, as days since 1970.
  @inline(__always)
  static func day(_ text: UnsafePointer<UInt8>) -> Int64? {
    guard let century = two(text), let yearOfCentury = two(text + 2),
      text[4] == UInt8(ascii: "-"), let month = two(text + 5),
      text[7] == UInt8(ascii: "-"), let day = two(text + 8)
    else { return nil }
    return self.day(year: century * 100 + yearOfCentury, month: month, day: day)
  }

  /// Days since 1970 of a date; nil if there is no such day in the years 1 to 9999.
  @inline(__always)
  static func day(year: Int64, month: Int64, day: Int64) -> Int64? {
    guard year >= 1, year <= 9999, month >= 1, month <= 12, day >= 1,
      day <= length(ofMonth: month, year: year)
    else { return nil }
    return days(year: year, month: month, day: day)
  }

  @inline(__always)
  static func length(ofMonth month: Int64, year: Int64) -> Int64 {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
  }

  @inline(__always)
  static func two(_ text: UnsafePointer<UInt8>) -> Int64? {
    guard let tens = digit(text[0]), let ones = digit(text[1]) else { return nil }
    return tens * 10 + ones
  }

  @inline(__always)
  static func digit(_ byte: UInt8) -> Int64? {
    let value = byte &- UInt8(ascii: "0")
    return value < 10 ? Int64(value) : nil
  }

  /// Days since 1970 of a date: `days_from_civil` of Howard Hinnant, "chrono-Compatible Low-Level
  /// Date Algorithms", https://howardhinnant.github.io/date_algorithms.html, for years from 1 on.
  @inline(__always)
  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

// MARK: - Writing

extension Timestamp {
  /// A date and time of day in UTC.
  public struct Civil: Equatable, Sendable, BitwiseCopyable {
    /// 1 to 9999.
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to 31.
    public let day: Int
    /// 0 to 23.
    public let hour: Int
    /// 0 to 59.
    public let minute: Int
    /// 0 to 59.
    public let second: Int
    /// 0 to 999,999.
    public let microsecond: Int
  }

  /// The date and time of day in UTC: `civil_from_days` of Howard Hinnant, as above.
  public var civil: Civil {
    let seconds = seconds
    let days = Self.floored(seconds, by: 86400)
    let secondOfDay = Int(seconds - days * 86400)
    let shifted = Int(days) + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return Civil(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, hour: secondOfDay / 3600,
      minute: secondOfDay / 60 % 60, second: secondOfDay % 60,
      microsecond: Int(microseconds - seconds * 1_000_000))
  }

  /// Appends `2023-07-10T11:42:36Z`, with three or six digits of fraction if it has one.
  public func append(rfc3339To buffer: inout ByteBuffer) {
    let civil = civil
    Self.append(dateOf: civil, to: &buffer)
    buffer.append(UInt8(ascii: "T"))
    buffer.append(civil.hour, digits: 2)
    buffer.append(UInt8(ascii: ":"))
    buffer.append(civil.minute, digits: 2)
    buffer.append(UInt8(ascii: ":"))
    buffer.append(civil.second, digits: 2)
    if civil.microsecond > 0 {
      buffer.append(UInt8(ascii: "."))
      let isMillisecond = civil.microsecond % 1000 == 0
      buffer.append(
        isMillisecond ? civil.microsecond / 1000 : civil.microsecond, digits: isMillisecond ? 3 : 6)
    }
    buffer.append(UInt8(ascii: "Z"))
  }

  /// What `append(rfc3339To:)` appends.
  public var text: String {
    var buffer = ByteBuffer(capacity: 32)
    append(rfc3339To: &buffer)
    return String(decoding: buffer.view, as: UTF8.self)
  }

  /// The text of a time in microseconds since 1970; nil for none, and for one outside of the calendar.
  public static func text(microseconds: Int64?) -> String? {
    microseconds.flatMap { Timestamp(microseconds: $0)?.text }
  }

  /// Appends the date in UTC, `2023-07-10`.
  public func append(dateTo buffer: inout ByteBuffer) {
    Self.append(dateOf: civil, to: &buffer)
  }

  /// Appends the hour of the day in UTC, `00` to `23`.
  public func append(hourTo buffer: inout ByteBuffer) {
    buffer.append(civil.hour, digits: 2)
  }

  private static func append(dateOf civil: Civil, to buffer: inout ByteBuffer) {
    buffer.append(civil.year, digits: 4)
    buffer.append(UInt8(ascii: "-"))
    buffer.append(civil.month, digits: 2)
    buffer.append(UInt8(ascii: "-"))
    buffer.append(civil.day, digits: 2)
  }
}

extension ByteBuffer {
  /// Appends `value`, not negative, with leading zeros; it must fit `digits` digits.
  @inline(__always)
  fileprivate mutating func append(_ value: Int, digits: Int) {
    reserve(digits)
    var rest = value
    var at = digits
    while at > 0 {
      at -= 1
      base[count + at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    advance(by: digits)
  }
}
