extension Timestamp {
  /// A number as JSON writes it, with or without fraction and exponent. Its size tells its unit: below 1e11
  /// seconds, below 1e14 milliseconds, below 1e17 microseconds, else nanoseconds (of 64 bits); for a number
  /// below zero, its absolute value does. Digits finer than a microsecond are dropped.
  ///
  /// One whose digits are a date and a time of day, `20240131235959` perhaps with a fraction or with the
  /// thousandths and what is finer as further digits, is that time in `zone`; without a zone it is none.
  public init?(number text: ByteView, zone: UTCOffset? = nil) {
    if let microseconds = Timestamp.microseconds(digits: text) {
      self.init(microseconds: microseconds)
      return
    }
    guard let digits = LeadingDigits(text) else { return nil }
    if !digits.isNegative, let written = digits.calendar {
      guard let zone, let time = written.time(at: zone) else { return nil }
      self = time
      return
    }
    guard let magnitude = digits.microseconds else { return nil }
    self.init(microseconds: digits.isNegative ? -magnitude : magnitude)
  }
}

extension Timestamp {
  /// What most numbers are: at most 18 digits and nothing else, and not as many as a date and a time of day
  /// have. Nil for others.
  @inline(__always)
  private static func microseconds(digits text: ByteView) -> Int64? {
    let count = text.count
    guard count > 0, count < 19, count != 14, count != 17, text[0] != UInt8(ascii: "0") else {
      return nil
    }
    var value: Int64 = 0
    for byte in text {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int64(digit)
    }
    return switch count {
    case ...11: value * 1_000_000
    case ...14: value * 1000
    case ...17: value
    default: value / 1000
    }
  }
}

extension Timestamp {
  /// A time as a string says it: what `WrittenTime` reads, in `zone` if it names none (without either it is
  /// no time), or a number in digits, as `init(number:zone:)` reads it.
  public init?(text: ByteView, zone: UTCOffset? = nil) {
    if let time = Timestamp(rfc3339: text) {
      self = time
      return
    }
    guard let written = WrittenTime(text) else {
      self.init(number: text, zone: zone)
      return
    }
    guard let offset = written.offset ?? zone, let time = written.time(at: offset) else {
      return nil
    }
    self = time
  }
}

/// A bound of a validity as tables of keys and tokens write it.
public enum WrittenBound: Equatable, Sendable {
  /// The number 0: how programs write that there is none.
  case zero
  /// A time in the year 1, which is nobody's zone's business: what other programs have for zero.
  case firstYear
  /// A time in the year 9999: for ever.
  case lastYear
  /// A number that is a time before the year 2000 if it counts milliseconds, as its size tells, and lies
  /// beyond the calendar if it counts seconds.
  case timeOrBeyond(Timestamp)
  /// A time.
  case time(Timestamp)

  /// The bound that a number says; nil if it is none.
  public init?(number text: ByteView) {
    guard let digits = LeadingDigits(text) else { return nil }
    if digits.isZero {
      self = .zero
    } else if digits.isLastYear || digits.calendar?.year == 9999 {
      self = .lastYear
    } else if let time = Timestamp(number: text) {
      self = digits.isBeforeMillennium ? .timeOrBeyond(time) : WrittenBound(time)
    } else {
      return nil
    }
  }

  /// The bound that a string says, a date too; nil if it is none.
  public init?(text: ByteView) {
    if let bound = WrittenBound(number: text) {
      self = bound
    } else if let written = WrittenTime(text), written.year == 1 || written.year == 9999 {
      self = written.year == 1 ? .firstYear : .lastYear
    } else if let time = Timestamp(text: text) ?? Timestamp(date: text) {
      self = WrittenBound(time)
    } else {
      return nil
    }
  }

  private init(_ time: Timestamp) {
    switch time.civil.year {
    case 1: self = .firstYear
    case 9999: self = .lastYear
    default: self = .time(time)
    }
  }
}
