internal import Bytes

/// Between which times events are, in microseconds since 1970.
struct EventTimes: BitwiseCopyable {
  /// The earliest; later than the latest if no event has a time.
  var earliest = Int64.max
  /// The latest.
  var latest = Int64.min
  /// True if an event has no time.
  var hasTimeless = false

  /// Takes in an event; nil if it has no time.
  @inline(__always) mutating func add(_ time: Int64?) {
    guard let time else {
      hasTimeless = true
      return
    }
    earliest = min(earliest, time)
    latest = max(latest, time)
  }

  /// Takes in other events.
  mutating func add(_ other: EventTimes) {
    earliest = min(earliest, other.earliest)
    latest = max(latest, other.latest)
    hasTimeless = hasTimeless || other.hasTimeless
  }

  /// The earliest and the latest as times; nil if no event has one.
  var first: Timestamp? { earliest <= latest ? Timestamp(microseconds: earliest) : nil }
  var last: Timestamp? { earliest <= latest ? Timestamp(microseconds: latest) : nil }
}
