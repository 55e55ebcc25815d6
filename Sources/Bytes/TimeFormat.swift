/// A form of times of one's own, written as for `strptime`: `%d/%b/%Y:%H:%M:%S %z`.
public struct TimeFormat: Hashable, Sendable {
  /// What is wrong with a pattern, and what to do.
  public struct PatternError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String
  }

  /// One thing that a text has to have next.
  fileprivate struct Item: Hashable, Sendable, BitwiseCopyable {
    /// The letter of a directive; 0 for a byte that has to be there as it is.
    let directive: UInt8
    let byte: UInt8
  }

  /// Longest pattern: 256 bytes.
  public static let longestPattern = 256
  /// The directives there are, with what they stand for.
  public static let directives = """
    %Y %m %d %H %M %S, %y (two digits), %b (Jan), %a (Mon), %I and %p (AM), %f (fraction), \
    %z (+02:00 or UTC), %s (seconds since 1970), %F, %T, %%
    """

  /// As it is written.
  public let pattern: String
  fileprivate let items: [Item]

  /// Reads a pattern, which has to have a date and an hour, or `%s`.
  public init(_ pattern: String) throws(PatternError) {
    self.pattern = pattern
    let bytes = Array(pattern.utf8)
    guard bytes.count <= TimeFormat.longestPattern else {
      throw PatternError(
        description: "is longer than \(TimeFormat.longestPattern) bytes (longest_pattern)")
    }
    var items: [Item] = []
    var at = 0
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      guard byte == UInt8(ascii: "%") else {
        items.append(Item(directive: 0, byte: byte))
        continue
      }
      guard at < bytes.count, let expanded = TimeFormat.items(bytes[at]) else {
        let unknown = at < bytes.count ? "%" + String(decoding: [bytes[at]], as: UTF8.self) : "%"
        throw PatternError(
          description:
            "has the unknown directive \"\(unknown)\": there are \(TimeFormat.directives)")
      }
      items += expanded
      at += 1
    }
    self.items = items
    let isWhole =
      has("s") || (has("Y", "y") && has("m", "b") && has("d") && (has("H") || has("I") && has("p")))
    guard isWhole else {
      throw PatternError(
        description: "says no whole time: it needs %Y, %m or %b, %d, and %H or %I with %p; or %s")
    }
  }

  /// Whether a time of this form says in which zone it is.
  public var namesZone: Bool { has("z", "s") }

  private func has(_ letters: UnicodeScalar...) -> Bool {
    items.contains { item in letters.contains { item.directive == UInt8(ascii: $0) } }
  }

  private static func items(_ letter: UInt8) -> [Item]? {
    switch letter {
    case UInt8(ascii: "Y"), UInt8(ascii: "m"), UInt8(ascii: "d"), UInt8(ascii: "H"),
      UInt8(ascii: "M"), UInt8(ascii: "S"), UInt8(ascii: "y"), UInt8(ascii: "b"),
      UInt8(ascii: "a"), UInt8(ascii: "I"), UInt8(ascii: "p"), UInt8(ascii: "f"),
      UInt8(ascii: "z"), UInt8(ascii: "s"):
      [Item(directive: letter, byte: 0)]
    case UInt8(ascii: "e"): [Item(directive: UInt8(ascii: "d"), byte: 0)]
    case UInt8(ascii: "Z"): [Item(directive: UInt8(ascii: "z"), byte: 0)]
    case UInt8(ascii: "F"): list("Y-m-d")
    case UInt8(ascii: "T"): list("H:M:S")
    case UInt8(ascii: "%"): [Item(directive: 0, byte: letter)]
    default: nil
    }
  }

  private static func list(_ text: StaticString) -> [Item] {
    ByteView(start: text.utf8Start, count: text.utf8CodeUnitCount).map {
      $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A
        ? Item(directive: $0, byte: 0) : Item(directive: 0, byte: $0)
    }
  }
}

/// Formats, and the zone of what names none, as every event asks for them. Plain memory: arrays would count
/// references.
public final class TimeFormats: @unchecked Sendable {
  // Sendable because `init` alone writes.

  private let items: UnsafeMutableBufferPointer<TimeFormat.Item>
  private let ends: UnsafeMutableBufferPointer<Int>
  private let zone: UTCOffset?

  /// Formats to try in their order.
  public init(_ formats: [TimeFormat], zone: UTCOffset?) {
    let flat = formats.flatMap(\.items)
    var ends: [Int] = []
    for format in formats { ends.append((ends.last ?? 0) + format.items.count) }
    items = .allocate(capacity: max(flat.count, 1))
    _ = items.initialize(from: flat)
    self.ends = .allocate(capacity: max(ends.count, 1))
    _ = self.ends.initialize(from: ends)
    count = ends.count
    self.zone = zone
  }

  private let count: Int

  deinit {
    items.deallocate()
    ends.deallocate()
  }

  /// The time that all of `text` is by the first format that fits.
  public func time(_ text: ByteView) -> Timestamp? {
    var start = 0
    for number in 0..<count {
      let end = ends[number]
      var reading = TimeFormatReading(text)
      if reading.follow(items, start, end), let time = reading.time(zone) { return time }
      start = end
    }
    return nil
  }
}

/// What a text has said so far.
private struct TimeFormatReading {
  private let text: ByteView
  private var at = 0
  private var year: Int64 = 0
  private var month: Int64 = 0
  private var day: Int64 = 0
  private var hour: Int64 = 0
  private var minute: Int64 = 0
  private var second: Int64 = 0
  private var microsecond: Int64 = 0
  private var isAfternoon: Bool?
  private var offset: UTCOffset?
  private var epoch: Int64?

  init(_ text: ByteView) { self.text = text }

  mutating func follow(
    _ items: UnsafeMutableBufferPointer<TimeFormat.Item>, _ start: Int, _ end: Int
  ) -> Bool {
    for number in start..<end {
      let item = items[number]
      guard item.directive == 0 ? skip(item.byte) : read(item.directive) else { return false }
    }
    return at == text.count
  }

  func time(_ zone: UTCOffset?) -> Timestamp? {
    if let epoch { return Timestamp(seconds: epoch, microseconds: microsecond) }
    var hour = hour
    if let isAfternoon {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    guard let zone = offset ?? zone else { return nil }
    return WrittenTime(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second,
      microsecond: microsecond, offset: nil)?.time(at: zone)
  }

  /// A blank stands for one or more.
  private mutating func skip(_ byte: UInt8) -> Bool {
    guard at < text.count, text[at] == byte else { return false }
    at += 1
    if byte == UInt8(ascii: " ") {
      while at < text.count, text[at] == byte { at += 1 }
    }
    return true
  }

  private mutating func read(_ directive: UInt8) -> Bool {
    switch directive {
    case UInt8(ascii: "Y"): return set(\.year, number(4...4))
    case UInt8(ascii: "y"): return set(\.year, number(2...2).map { $0 + ($0 < 69 ? 2000 : 1900) })
    case UInt8(ascii: "m"): return set(\.month, number(1...2))
    case UInt8(ascii: "d"): return set(\.day, number(1...2))
    case UInt8(ascii: "H"), UInt8(ascii: "I"): return set(\.hour, number(1...2))
    case UInt8(ascii: "M"): return set(\.minute, number(1...2))
    case UInt8(ascii: "S"): return set(\.second, number(1...2))
    case UInt8(ascii: "b"):
      guard let place = word("janfebmaraprmayjunjulaugsepoctnovdec") else { return false }
      month = Int64(place + 1)
      return true
    case UInt8(ascii: "a"): return word("montuewedthufrisatsun") != nil
    case UInt8(ascii: "p"): return readHalf()
    case UInt8(ascii: "f"):
      return set(\.microsecond, WrittenTime.fraction(text, &at))
    case UInt8(ascii: "z"): return readZone()
    default: return readEpoch()
    }
  }

  private mutating func set(
    _ place: WritableKeyPath<TimeFormatReading, Int64>, _ value: Int64?
  ) -> Bool {
    guard let value else { return false }
    self[keyPath: place] = value
    return true
  }

  /// As many digits as there are, in these bounds.
  private mutating func number(_ lengths: ClosedRange<Int>) -> Int64? {
    let start = at
    var value: Int64 = 0
    while at < text.count, at - start < lengths.upperBound, let digit = Timestamp.digit(text[at]) {
      value = value * 10 + digit
      at += 1
    }
    return at - start >= lengths.lowerBound ? value : nil
  }

  /// Which of the words of three letters is next; letters behind it belong to it (`June`).
  private mutating func word(_ words: StaticString) -> Int? {
    guard at + 3 <= text.count else { return nil }
    for place in 0..<words.utf8CodeUnitCount / 3 {
      let word = words.utf8Start + place * 3
      guard text[at] | 0x20 == word[0], text[at + 1] | 0x20 == word[1],
        text[at + 2] | 0x20 == word[2]
      else { continue }
      at += 3
      while at < text.count, (text[at] | 0x20) &- 0x61 < 26 { at += 1 }
      return place
    }
    return nil
  }

  private mutating func readHalf() -> Bool {
    guard at + 2 <= text.count, text[at + 1] | 0x20 == UInt8(ascii: "m") else { return false }
    let letter = text[at] | 0x20
    guard letter == UInt8(ascii: "a") || letter == UInt8(ascii: "p") else { return false }
    isAfternoon = letter == UInt8(ascii: "p")
    at += 2
    return true
  }

  /// The longest zone that is next.
  private mutating func readZone() -> Bool {
    for count in [6, 5, 3, 1] where at + count <= text.count {
      guard let zone = UTCOffset(ByteView(rebasing: text[at..<at + count])) else { continue }
      offset = zone
      at += count
      return true
    }
    return false
  }

  private mutating func readEpoch() -> Bool {
    epoch = number(1...12)
    return epoch != nil
  }
}

/// What a definition says of times that do not say all by themselves.
public struct TimeRules: Hashable, Sendable {
  /// Where events are written that name no zone; nil if nobody knows.
  public var zone: UTCOffset?
  /// Forms of times beside those that are always read; they come first.
  public var formats: [TimeFormat]

  /// Rules; without any, those that always hold.
  public init(zone: UTCOffset? = nil, formats: [TimeFormat] = []) {
    self.zone = zone
    self.formats = formats
  }
}
