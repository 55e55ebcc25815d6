package import Bytes
internal import Settings

/// A time as people write it, in UTC where they name no zone:
///
///     2024-01-31T12:00:00Z   and all that RFC 3339 allows
///     2024-01-31 12:00       a date and a clock time, with seconds and a zone if they are given
///     2024-01-31, 2024-01    where the day or the month begins
///     today, yesterday, tomorrow, and each with a clock time: yesterday 14:00
///     now, 7d, 90m, 1d12h, 2 weeks ago
///
/// Words may be written in any case, units of one letter in small ones alone: an `M` would be a month to
/// many.
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

  /// The time that `text` means if it is `now`; nil if it means none, or one that is finer than a
  /// microsecond.
  static func read(_ text: String, now: Timestamp) -> Timestamp? {
    guard !isFiner(text) else { return nil }
    let small = text.lowercased()
    return exact(text.uppercased()) ?? named(small, now) ?? ago(text, now)
  }

  /// What is wrong with a text that means no time, and what to do, if more can be said than `demand`.
  static func fault(_ text: String) -> String? {
    if isFiner(text) { return Timestamp.tooFine }
    if let unit = unknownUnit(text) {
      let hint =
        isUnit(unit.lowercased()) && unit != "M"
        ? "did you mean \"\(text.lowercased())\"?"
        : "for months and years give a date such as 2024-01, or days such as 30d"
      return "is no time: \"\(unit)\" is no unit (m are minutes): \(hint)"
    }
    return nearestWord(text).map { "is no time: did you mean \"\($0)\"?" }
  }

  private static func isFiner(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { Timestamp.isFiner($0) }
  }

  /// A word that was perhaps meant.
  private static func nearestWord(_ text: String) -> String? {
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
    var rest = span(of: text)
    guard !rest.isEmpty else { return nil }
    var seconds = 0
    while !rest.isEmpty {
      let (number, name) = takeSpan(&rest)
      guard let number, let unit = unit(name) else { return nil }
      let (product, isLarge) = number.multipliedReportingOverflow(by: unit)
      let (sum, overflow) = seconds.addingReportingOverflow(product)
      guard !isLarge, !overflow else { return nil }
      seconds = sum
    }
    let (microseconds, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000)
    let (time, isOut) = now.microseconds.subtractingReportingOverflow(microseconds)
    return overflow || isOut ? nil : Timestamp(microseconds: time)
  }

  /// The first unit of a length of time that there is not; nil if the text is no length of time.
  private static func unknownUnit(_ text: String) -> String? {
    var rest = span(of: text)
    var unknown: String?
    while !rest.isEmpty {
      let (number, name) = takeSpan(&rest)
      guard number != nil, !name.isEmpty else { return nil }
      if unknown == nil, unit(name) == nil { unknown = name }
    }
    return unknown
  }

  /// The text without what says that it is in the past.
  private static func span(of text: String) -> Substring {
    if text.suffix(4).lowercased() == " ago" { return text.dropLast(4) }
    return text.first == "-" ? text.dropFirst() : Substring(text)
  }

  /// Takes a number and the name of its unit off the front, or what stands there instead.
  private static func takeSpan(_ text: inout Substring) -> (number: Int?, unit: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    text = text.dropFirst(digits.count).drop { $0 == " " }
    let name = text.prefix { $0.isASCII && $0.isLetter }
    text = text.dropFirst(name.count).drop { $0 == " " }
    guard !digits.isEmpty, !name.isEmpty else {
      text = ""
      return (nil, "")
    }
    return (Int(digits), String(name))
  }

  /// The seconds of a unit; nil if there is none of that name.
  private static func unit(_ name: String) -> Int? {
    let name = name.utf8.count > 1 ? name.lowercased() : name
    return units.first { $0.names.contains(name) }?.seconds
  }

  private static func isUnit(_ name: String) -> Bool { unit(name) != nil }
}

extension OptionKind where Value == Timestamp {
  /// A time as `TimeExpression` reads it.
  package static var time: OptionKind<Timestamp> {
    Self("T", demand: TimeExpression.demand) { text, option in
      guard let now = CommandClock.now else {
        throw UsageError("--\(option): the clock of this machine cannot be read")
      }
      if let time = TimeExpression.read(text, now: now) { return time }
      guard let fault = TimeExpression.fault(text) else { return nil }
      throw UsageError("--\(option): \"\(text)\" \(fault)")
    }
  }
}

/// The clock as it was when it was first asked: two relative times of one command line have one beginning.
private enum CommandClock {
  static let now = Timestamp.now()
}
