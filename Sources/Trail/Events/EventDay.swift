public import Bytes
internal import Engine

/// The day in UTC on which an event says that it happened, or that it says no time that can be read.
public struct EventDay: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// Days since 1970-01-01; the least number for an event without a time.
  public let number: Int32

  private init(unchecked number: Int32) { self.number = number }

  /// Stands for events without a usable time.
  public static let withoutTime = EventDay(unchecked: .min)

  /// The day of `Record.time`; nil outside of the calendar.
  @inline(__always) public init?(time: Int64) {
    guard time != Record.noTime else {
      self = .withoutTime
      return
    }
    let day = EventDay.day(microseconds: time)
    guard EventDay.calendar.contains(day) else { return nil }
    number = Int32(truncatingIfNeeded: day)
  }

  /// The day with a number that was `number` of another; nil for what is none's.
  public init?(number: Int32) {
    self.number = number
    guard number == .min || EventDay.calendar.contains(Int64(number)) else { return nil }
  }

  /// The day that a date is, `2026-03-02`; nil for what is no date.
  public init?(date text: ByteView) {
    guard let midnight = Timestamp(date: text) else { return nil }
    self.init(time: midnight.microseconds)
  }

  /// Its date, `2026-03-02`; nil for no time.
  public var date: String? {
    guard self != .withoutTime, let midnight = Timestamp(seconds: Int64(number) * 86_400) else {
      return nil
    }
    var text = ByteBuffer(capacity: 16)
    midnight.append(dateTo: &text)
    return String(decoding: text.view, as: UTF8.self)
  }

  /// The earlier one comes first; no time comes before all.
  public static func < (left: EventDay, right: EventDay) -> Bool { left.number < right.number }

  /// Those of the years 1 to 9999.
  private static var calendar: ClosedRange<Int64> { -719_162...2_932_896 }

  @inline(__always) private static func day(microseconds: Int64) -> Int64 {
    let length: Int64 = 86_400_000_000
    let day = microseconds / length
    return microseconds % length < 0 ? day - 1 : day
  }
}
