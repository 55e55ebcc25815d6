package import Bytes
internal import Settings

/// A time as people write it, in UTC where they name no zone:
///
///     2024-01-31T12:00:00Z   and all that RFC 3339 allows
///     2024-01-31 12:00       a date and a clock time, with seconds and a zone if they are given
///     2024-01-31, 2024-01    where the day or the month begins
///     today, yesterday, tomorrow, and each with a clock time: yesterday 14:00
///     now, 7d, 90m, 1d12h, 2 weeks ago
enum TimeExpression {
  /// What a message demands where the text is none.
  static let demand =
    "must be a time such as 2024-01-31, \"2024-01-31 12:00\" (UTC), yesterday or 7d (ago)"

  private static let days: [(word: String, offset: Int64)] = [
    ("today", 0), ("yesterday", -1), ("tomorrow", 1),
  ]
  private static let units: [(names: [String], seconds: Int)] = [
    (["s", "sec", "second", "seconds"], 1), (["m", "min", "minute", "minutes"], 60),
    (["h", "hour", "hours"], 3600), (["d", "day", "days"], 86_400),
    (["w", "week", "weeks"], 604_800),
  ]

  /// The time that `text` means if it is `now`; nil if it means none.
  static func read(_ text: String, now: Timestamp) -> Timestamp? {
    let text = text.lowercased()
    return exact(text.uppercased()) ?? named(text, now) ?? ago(text, now)
  }

  /// A word that was perhaps meant.
  static func nearestWord(_ text: String) -> String? {
    nearest(String(text.prefix { $0 != " " }), in: days.map(\.word) + ["now"])
  }

  // MARK: Dates

  private static func exact(_ text: String) -> Timestamp? {
    if let time = rfc3339(text) ?? date(text) ?? date(text + "-01") { return time }
    guard text.utf8.count > 11, let parts = split(text, at: 10), "T ".contains(parts.separator)
    else { return nil }
    return clockTime(parts.rest, on: parts.first)
  }

  private static func split(
    _ text: String, at count: Int
  ) -> (first: String, separator: Character, rest: String)? {
    let first = text.prefix(count)
    let rest = text.dropFirst(count)
    guard let separator = rest.first else { return nil }
    return (String(first), separator, String(rest.dropFirst()))
  }

  /// `12:00`, `12:00:30.5` and a zone, perhaps behind a blank: `Z`, `UTC`, `+02:00`, `+0200`, `+02`.
  private static func clockTime(_ text: String, on date: String) -> Timestamp? {
    let clock = text.prefix { $0.isASCII && ($0.isNumber || $0 == ":" || $0 == ".") }
    var zone = text.dropFirst(clock.count)
    if zone.first == " " { zone.removeFirst() }
    let seconds = clock.utf8.count == 5 ? ":00" : ""
    return zoneText(zone).flatMap { rfc3339("\(date)T\(clock)\(seconds)\($0)") }
  }

  private static func zoneText(_ zone: Substring) -> String? {
    switch zone {
    case "", "Z", "UTC": return "Z"
    default:
      guard let sign = zone.first, "+-".contains(sign) else { return nil }
      let digits = zone.dropFirst().filter { $0 != ":" }
      guard digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
      switch digits.count {
      case 2: return "\(sign)\(digits):00"
      case 4: return "\(sign)\(digits.prefix(2)):\(digits.suffix(2))"
      default: return nil
      }
    }
  }

  private static func rfc3339(_ text: String) -> Timestamp? {
    var text = text
    return text.withUTF8 { Timestamp(rfc3339: $0) }
  }

  private static func date(_ text: String) -> Timestamp? {
    var text = text
    return text.withUTF8 { Timestamp(date: $0) }
  }

  // MARK: Times that depend on the clock

  private static func named(_ text: String, _ now: Timestamp) -> Timestamp? {
    if text == "now" { return now }
    guard let day = days.first(where: { text == $0.word || text.hasPrefix($0.word + " ") }),
      let time = Timestamp(microseconds: now.microseconds + day.offset * 86_400_000_000)
    else { return nil }
    let date = String(time.rfc3339.prefix(10))
    let rest = text.dropFirst(day.word.count + 1)
    return rest.isEmpty && text == day.word
      ? self.date(date) : clockTime(rest.uppercased(), on: date)
  }

  /// So long ago: `7d`, `-7d`, `1d 12h`, `2 weeks ago`.
  private static func ago(_ text: String, _ now: Timestamp) -> Timestamp? {
    var rest = Substring(text)
    if rest.hasSuffix(" ago") {
      rest = rest.dropLast(4)
    } else if rest.first == "-" {
      rest.removeFirst()
    }
    guard !rest.isEmpty else { return nil }
    var seconds = 0
    while !rest.isEmpty {
      guard let span = takeSpan(&rest) else { return nil }
      let (sum, overflow) = seconds.addingReportingOverflow(span)
      guard !overflow else { return nil }
      seconds = sum
    }
    let (microseconds, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000)
    let (time, isOut) = now.microseconds.subtractingReportingOverflow(microseconds)
    return overflow || isOut ? nil : Timestamp(microseconds: time)
  }

  /// Takes a number and its unit off the front; the seconds that they are.
  private static func takeSpan(_ text: inout Substring) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    text = text.dropFirst(digits.count).drop { $0 == " " }
    let name = text.prefix { $0.isASCII && $0.isLetter }
    text = text.dropFirst(name.count).drop { $0 == " " }
    guard let number = Int(digits),
      let unit = units.first(where: { $0.names.contains(String(name)) })
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit.seconds)
    return overflow ? nil : product
  }
}

extension OptionKind where Value == Timestamp {
  /// A time as `TimeExpression` reads it.
  package static var time: OptionKind<Timestamp> {
    Self("T", demand: TimeExpression.demand) { text, option in
      guard let now = CommandClock.now else {
        throw UsageError("--\(option): the clock of this machine cannot be read")
      }
      if let time = TimeExpression.read(text, now: now) { return time }
      guard let word = TimeExpression.nearestWord(text) else { return nil }
      throw UsageError("--\(option): \"\(text)\" is no time: did you mean \"\(word)\"?")
    }
  }
}

/// The clock as it was when it was first asked: two relative times of one command line have one beginning.
private enum CommandClock {
  static let now = Timestamp.now()
}
