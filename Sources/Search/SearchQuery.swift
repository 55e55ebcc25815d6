package import Bytes
package import JSONText
package import Trail

/// What somebody looks for: conditions, all of which must hold.
package struct SearchQuery: Sendable, CustomStringConvertible {
  /// A condition.
  package indirect enum Condition: Sendable {
    /// Another condition does not hold.
    case not(Condition)
    /// A field is this text, or matches this pattern.
    case field(SearchField, Glob)
    /// The address lies in this block, which was asked for with this text.
    case address(AddressBlock, asked: String)
    /// The actor or the key is this text, or matches this pattern.
    case identity(Glob)
    /// The value at a pointer is this text, or matches this pattern.
    case pointer(JSONPointer, Glob)
    /// The value at a pointer is exactly this text, or a number or boolean that is written so.
    case text(JSONPointer, String)
  }

  /// The conditions.
  package var conditions: [Condition] = []
  /// When events were. If it has a bound, those without a time do not answer.
  package var window = TimeWindow()

  /// A place by which events are counted: `ArchivedEvent.other` has it behind those of the conditions.
  package var counted: JSONPointer?

  /// A question that everything answers.
  package init() {}

  /// Adds a condition about a field: a pattern, or for the address a block such as `10.0.0.0/8`.
  package mutating func add(_ field: SearchField, _ filter: FilterText) {
    if field == .address, let block = filter.addressBlock {
      add(.address(block, asked: filter.text), isNot: filter.isNot)
    } else {
      add(.field(field, filter.glob), isNot: filter.isNot)
    }
  }

  /// Adds a condition about the value at a pointer.
  package mutating func add(_ pointer: JSONPointer, _ filter: FilterText) {
    add(.pointer(pointer, filter.glob), isNot: filter.isNot)
  }

  private mutating func add(_ condition: Condition, isNot: Bool) {
    conditions.append(isNot ? .not(condition) : condition)
  }

  /// The question for people, such as `actor jane, since 2026-11-20T00:00:00Z`; empty if everything answers.
  package var description: String {
    var words = conditions.map(\.description)
    for (word, time) in [("since", window.since), ("until", window.until)] {
      if let time { words.append("\(word) \(time.rfc3339)") }
    }
    return words.joined(separator: ", ")
  }

  /// Pointers that an event is asked for, in their order: those of the conditions, then the counted one.
  package var pointers: [JSONPointer] {
    conditions.compactMap(\.pointer) + [counted].compactMap { $0 }
  }

  /// True if whether an event answers depends on what was added to it.
  package var believesAdded: Bool {
    conditions.contains(where: SearchQuery.believesAdded)
  }

  private static func believesAdded(_ condition: Condition) -> Bool {
    switch condition {
    case .not(let condition): believesAdded(condition)
    case .identity, .field(.actor, _), .field(.key, _), .field(.signal, _), .field(.candidate, _):
      true
    case .field, .address, .pointer, .text: false
    }
  }

  // MARK: What an event says

  /// Whether an event answers. The first of its other places have to be `pointers`.
  package func matches(_ event: ArchivedEvent) -> Bool {
    conditionsHold(event) { SearchQuery.holds($0, event, &$1) }
  }

  /// True if somebody is asked for whom an event could have been made by.
  package var asksForCandidates: Bool { conditions.contains(where: \.isAboutCandidates) }

  /// True if an event does not answer only because it could have been others than the candidates that it
  /// names.
  package func mayMatch(_ event: ArchivedEvent) -> Bool {
    guard event.hasUnnamedCandidates else { return false }
    return conditionsHold(event) { condition, place in
      condition.isAboutCandidates || SearchQuery.holds(condition, event, &place)
    }
  }

  private func conditionsHold(
    _ event: ArchivedEvent, _ holds: (Condition, inout Int) -> Bool
  ) -> Bool {
    if window.isBounded {
      guard let time = event.time, window.contains(time) else { return false }
    }
    var place = 0
    for condition in conditions where !holds(condition, &place) { return false }
    return true
  }

  /// Whether a condition holds of an event, whose next other place is `place`.
  private static func holds(
    _ condition: Condition, _ event: ArchivedEvent, _ place: inout Int
  ) -> Bool {
    switch condition {
    case .not(let inner): return !holds(inner, event, &place)
    case .field(let field, let glob): return matches(event, field, glob)
    case .identity(let glob): return matches(event, .actor, glob) || matches(event, .key, glob)
    case .address(let block, _):
      return event.value(.address).flatMap { AddressBlock.Address($0) }.map(block.contains) ?? false
    case .pointer(_, let glob):
      defer { place += 1 }
      return event.other(place).map(glob.matches) ?? false
    case .text(_, let text):
      defer { place += 1 }
      return event.other(place, is: text)
    }
  }

  /// Whether an event is one of somebody who is called as the identity that is asked for: a key of that name
  /// is nobody.
  package func isOfSomebody(_ event: ArchivedEvent) -> Bool {
    conditions.contains { condition in
      guard case .identity(let glob) = condition else { return false }
      return event.displayActor.map { glob.matches($0) } ?? false && !event.isShownByKey
        || event.value(.actor).map { glob.matches($0) } ?? false
        || event.anyBelievedClaim { glob.matches($0) }
    }
  }

  private static func matches(
    _ event: ArchivedEvent, _ field: SearchField, _ glob: Glob
  ) -> Bool {
    func holds(_ text: ByteView?) -> Bool { text.map { glob.matches($0) } ?? false }
    switch field {
    case .actor:
      return holds(event.displayActor) && !event.imitatesByKey || holds(event.value(.actor))
        || event.anyBelievedClaim { glob.matches($0) }
    case .key: return event.anyKey { glob.matches($0) }
    case .action: return holds(event.value(.action))
    case .resource: return holds(event.value(.resource))
    case .address: return holds(event.value(.address))
    case .account: return holds(event.value(.account))
    case .signal: return event.anySignal { glob.matches($0) }
    case .candidate: return event.anyCandidate { glob.matches($0) }
    }
  }
}

extension SearchQuery.Condition: CustomStringConvertible {
  /// The condition for people, such as `not actor bot*`.
  package var description: String {
    switch self {
    case .not(let condition): "not \(condition)"
    case .field(let field, let glob): "\(field.rawValue) \(glob)"
    case .address(_, let asked): "\(SearchField.address.rawValue) \(asked)"
    case .identity(let glob): "actor or key \(glob)"
    case .pointer(let pointer, let glob): "where \(pointer)=\(glob)"
    case .text(let pointer, let text): "where \(pointer)=\(text)"
    }
  }

  /// The pointer that it is about; nil if it is about a field.
  var pointer: JSONPointer? {
    switch self {
    case .not(let condition): condition.pointer
    case .pointer(let pointer, _), .text(let pointer, _): pointer
    case .field, .address, .identity: nil
    }
  }

  /// True if it asks for one of those who it could have been.
  var isAboutCandidates: Bool { if case .field(.candidate, _) = self { true } else { false } }

  /// The only text that meets it; nil if others do, and for a candidate, whom an event need not name.
  var literal: String? {
    switch self {
    case .field(.candidate, _): nil
    case .field(_, let glob), .pointer(_, let glob), .identity(let glob): glob.literal
    case .text(_, let text): text
    case .address, .not: nil
    }
  }
}
