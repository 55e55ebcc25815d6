package import Bytes
package import JSONText
package import Trail

/// What somebody looks for: conditions, all of which must hold.
package struct SearchQuery: Sendable, CustomStringConvertible {
  /// A condition.
  package enum Condition: Sendable {
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

  /// Adds a condition about a field; an address may be a block such as `10.0.0.0/8`.
  package mutating func add(_ field: SearchField, _ text: String) {
    let glob = Glob(text)
    if field == .address, var literal = glob.literal,
      let block = literal.withUTF8({ AddressBlock($0) })
    {
      conditions.append(.address(block, asked: text))
    } else {
      conditions.append(.field(field, glob))
    }
  }

  /// The question for people, such as `actor jane, since 2026-11-20T00:00:00Z`; empty if everything answers.
  package var description: String {
    var words = conditions.map { condition in
      switch condition {
      case .field(let field, let glob): "\(field.rawValue) \(glob.description)"
      case .address(_, let asked): "\(SearchField.address.rawValue) \(asked)"
      case .identity(let glob): "actor or key \(glob.description)"
      case .pointer(let pointer, let glob): "where \(pointer.description)=\(glob.description)"
      case .text(let pointer, let text): "where \(pointer.description)=\(text)"
      }
    }
    for (word, time) in [("since", window.since), ("until", window.until)] {
      guard let time else { continue }
      var text = ByteBuffer(capacity: 32)
      time.append(rfc3339To: &text)
      words.append("\(word) \(String(decoding: text.view, as: UTF8.self))")
    }
    return words.joined(separator: ", ")
  }

  /// Pointers that an event is asked for, in their order: those of the conditions, then the counted one.
  package var pointers: [JSONPointer] {
    conditions.compactMap(\.pointer) + [counted].compactMap { $0 }
  }

  /// True if whether an event answers depends on what was added to it.
  package var believesAdded: Bool {
    conditions.contains { condition in
      switch condition {
      case .identity, .field(.actor, _), .field(.key, _), .field(.signal, _): true
      case .field, .address, .pointer, .text: false
      }
    }
  }

  // MARK: What an event says

  /// Whether an event answers. The first of its other places have to be `pointers`.
  package func matches(_ event: ArchivedEvent) -> Bool {
    if window.isBounded {
      guard let time = event.time, window.contains(time) else { return false }
    }
    var pointer = 0
    for condition in conditions {
      switch condition {
      case .field(let field, let glob):
        guard SearchQuery.matches(event, field, glob) else { return false }
      case .identity(let glob):
        guard
          SearchQuery.matches(event, .actor, glob) || SearchQuery.matches(event, .key, glob)
        else { return false }
      case .address(let block, _):
        guard let text = event.value(.address), let address = AddressBlock.Address(text),
          block.contains(address)
        else { return false }
      case .pointer(_, let glob):
        guard let text = event.other(pointer), glob.matches(text) else { return false }
        pointer += 1
      case .text(_, let text):
        guard event.other(pointer, is: text) else { return false }
        pointer += 1
      }
    }
    return true
  }

  private static func matches(
    _ event: ArchivedEvent, _ field: SearchField, _ glob: Glob
  ) -> Bool {
    func holds(_ text: ByteView?) -> Bool { text.map { glob.matches($0) } ?? false }
    switch field {
    case .actor:
      return holds(event.displayActor) || holds(event.value(.actor))
        || event.anyClaim { glob.matches($0) }
    case .key: return holds(event.keyID) || holds(event.keyName)
    case .action: return holds(event.value(.action))
    case .resource: return holds(event.value(.resource))
    case .address: return holds(event.value(.address))
    case .account: return holds(event.value(.account))
    case .signal: return event.anySignal { glob.matches($0) }
    }
  }
}

extension SearchQuery.Condition {
  /// The pointer that it is about; nil if it is about a field.
  var pointer: JSONPointer? {
    switch self {
    case .pointer(let pointer, _), .text(let pointer, _): pointer
    case .field, .address, .identity: nil
    }
  }

  /// The only text that meets it; nil if others do.
  var literal: String? {
    switch self {
    case .field(_, let glob), .pointer(_, let glob), .identity(let glob): glob.literal
    case .text(_, let text): text
    case .address: nil
    }
  }
}
