package import Bytes
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

  /// How it is called, or the pointer.
  package var name: String {
    switch self {
    case .field(let field): field.rawValue
    case .pointer(let pointer): "\(pointer)"
    default: Self.attributes.first { $0.field == self }?.name ?? ""
    }
  }

  /// The pointer, if it is one.
  package var pointer: JSONPointer? {
    if case .pointer(let pointer) = self { pointer } else { nil }
  }
}

/// Counts events by a field.
package struct EventCounts {
  /// Values that are told apart, and bytes of all of them: 64 MiB.
  package static let mostValues = 1_000_000
  package static let mostBytes = 64 << 20

  private let field: CountedField?
  /// Where the counted pointer stands among the other places of an event.
  private let place: Int
  /// How many events there are.
  package private(set) var total = 0
  private let counts = NamedCounts(mostNames: mostValues, mostBytes: mostBytes)

  /// Counts the events that answer `query`, whose counted pointer is that of `field`.
  package init(_ field: CountedField?, _ query: SearchQuery) {
    self.field = field
    place = query.pointers.count - 1
  }

  /// Calls `body` with the values, the most frequent first, but days and hours in their order, until it
  /// returns false; events without a value count for the empty one, which comes last of days and hours. Of
  /// actors `isKey` is true for what a key is called, where that could pass for somebody.
  package func forEach(
    isReversed: Bool = false,
    _ body: (_ value: ByteView, _ isKey: Bool, _ count: Int) throws -> Bool
  ) rethrows {
    let isDated = field == .day || field == .hour
    var order = counts.order(byName: isDated)
    // Nothing sorts before all else.
    if isDated, let first = order.first, counts.entry(first).name.isEmpty {
      order.append(order.removeFirst())
    }
    if isReversed { order.reverse() }
    for number in order {
      let (value, isKey, count) = counts.entry(number)
      guard try body(value, isKey, count) else { return }
    }
  }

  /// How many values are told apart.
  package var values: Int { counts.count }
  /// Events with other values, which were too many to be told apart.
  package var others: Int { counts.others }

  /// Counts an event: once for each of its signals or candidates, where these are counted.
  package mutating func add(_ event: ArchivedEvent) {
    total += 1
    switch field {
    case nil: return
    case .field(.signal):
      let names = event.signals
      for name in names.isEmpty ? [[]] : names { counts.add(name) }
    case .field(.candidate):
      let names = event.candidates
      for name in names.isEmpty ? [[]] : names { counts.add(name) }
    case .field(.actor): counts.addActor(of: event)
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

  private func count(_ text: ByteView?) { counts.add(text ?? ByteView(start: nil, count: 0)) }
}

extension ArchivedEvent {
  /// Those who it could have been, where nobody is named.
  var candidates: [[UInt8]] {
    var names: [[UInt8]] = []
    _ = anyCandidate {
      names.append(Array($0))
      return false
    }
    return names
  }

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
