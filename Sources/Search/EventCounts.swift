internal import Bytes
package import JSONText
package import Trail

/// The field that events are counted by.
package enum CountedField: Equatable, Sendable {
  case field(SearchField)
  case kind, from, match
  /// The day or the hour of the event's time, in UTC.
  case day, hour
  case pointer(JSONPointer)

  private static let attributes: [(name: String, field: CountedField)] = [
    ("kind", .kind), ("from", .from), ("match", .match),
    ("day", .day), ("hour", .hour),
  ]

  /// What a field can be called, beside a pointer.
  package static let names = SearchField.allCases.map(\.rawValue) + attributes.map(\.name)

  /// The field with a name, or at a JSON Pointer; nil if it is neither.
  package init?(_ name: String) throws(PointerError) {
    if let field = SearchField(rawValue: name) {
      self = .field(field)
    } else if name.unicodeScalars.first == "/" {
      self = .pointer(try JSONPointer(name))
    } else if let attribute = Self.attributes.first(where: { $0.name == name }) {
      self = attribute.field
    } else {
      return nil
    }
  }

  /// The pointer, if it is one.
  package var pointer: JSONPointer? {
    if case .pointer(let pointer) = self { pointer } else { nil }
  }
}

/// Counts events by a field.
package struct EventCounts {
  private let field: CountedField?
  /// Where the counted pointer stands among the other places of an event.
  private let place: Int
  /// How many events there are.
  package private(set) var total = 0
  private var counts = NamedCounts(mostNames: 1_000_000, mostBytes: 256 << 20)

  /// Counts the events that answer `query`, whose counted pointer is that of `field`.
  package init(_ field: CountedField?, _ query: SearchQuery) {
    self.field = field
    place = query.pointers.count - 1
  }

  /// The names, the most frequent first, but days and hours in their order; an event without one counts for
  /// the empty name, which comes last of days and hours.
  package var ranked: [(name: String, count: Int)] {
    guard field == .day || field == .hour else { return counts.ranked }
    let dated = counts.ranked.filter { !$0.name.isEmpty }.sorted { $0.name < $1.name }
    return dated + counts.ranked.filter(\.name.isEmpty)
  }
  /// How many names are told apart.
  package var names: Int { counts.count }
  /// Events with other names, which were too many to be told apart.
  package var others: Int { counts.others }

  /// Counts an event: once for each of its signals, where these are counted.
  package mutating func add(_ event: ArchivedEvent) {
    total += 1
    switch field {
    case nil: return
    case .field(.signal):
      let names = event.signals
      for name in names.isEmpty ? [[]] : names { counts.add(name) }
    case .field(.actor): count(event.shownActor)
    case .field(.key): count(event.shownKey)
    case .field(.action): count(event.value(.action))
    case .field(.resource): count(event.value(.resource))
    case .field(.address): count(event.value(.address))
    case .field(.account): count(event.value(.account))
    case .kind: count(event.kind)
    case .from: count(event.from)
    case .match: count(event.match)
    case .day: counts.add(EventCounts.stretch(event.time, isHour: false))
    case .hour: counts.add(EventCounts.stretch(event.time, isHour: true))
    case .pointer: count(event.other(place))
    }
  }

  /// The day of a time, `2026-11-20`, or its hour, `2026-11-20T13:00Z`; empty without a time.
  private static func stretch(_ time: Int64?, isHour: Bool) -> [UInt8] {
    guard let time = time.flatMap({ Timestamp(microseconds: $0) }) else { return [] }
    var text = ByteBuffer(capacity: 32)
    time.append(dateTo: &text)
    if isHour {
      text.append(UInt8(ascii: "T"))
      time.append(hourTo: &text)
      text.append(utf8: ":00Z")
    }
    return text.bytes
  }

  private mutating func count(_ text: ByteView?) { counts.add(text.map { Array($0) } ?? []) }
}

extension ArchivedEvent {
  /// The names of its signals.
  var signals: [[UInt8]] {
    var names: [[UInt8]] = []
    _ = anySignal {
      names.append(Array($0))
      return false
    }
    return names
  }

  /// The texts of its retained claims.
  var claims: [[UInt8]] {
    var texts: [[UInt8]] = []
    _ = anyClaim {
      texts.append(Array($0))
      return false
    }
    return texts
  }
}
