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
  }

  /// The conditions.
  package var conditions: [Condition] = []
  /// When events were. If it has a bound, those without a time do not answer.
  package var window = TimeWindow()

  /// A place that somebody counts by: `ArchivedEvent.other` has it behind those of the conditions.
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
    conditions.compactMap { if case .pointer(let pointer, _) = $0 { pointer } else { nil } }
      + [counted].compactMap { $0 }
  }

  // MARK: What the index can say

  /// False if the index rules nothing out: every event is looked at then.
  package var canUseIndex: Bool { window.isBounded || !terms.isEmpty }

  /// A term that an event has to have.
  struct Term: Sendable {
    var value: UInt64
    var isBlock: Bool
  }

  /// Terms of each of which every event that answers has one. A pattern has none, nor has an empty text.
  var terms: [[Term]] {
    conditions.flatMap { condition -> [[Term]] in
      switch condition {
      case .field(let field, let glob): return SearchQuery.terms([field], glob)
      case .identity(let glob): return SearchQuery.terms([.actor, .key], glob)
      case .address(let block, _):
        // A block is inside of those that are larger. IPv4 has its own, and one of IPv6 that all of it lies
        // in has none that all of its addresses have.
        if block.length < 96, block.contains(AddressBlock.firstIPv4) { return [] }
        return SearchTerm.blockLengths.filter {
          $0 <= block.length && ($0 > 96) == block.first.isIPv4
        }.map {
          [
            Term(
              value: SearchTerm.term(AddressBlock(of: block.first, length: $0)), isBlock: true)
          ]
        }
      case .pointer: return []
      }
    }
  }

  private static func terms(_ fields: [SearchField], _ glob: Glob) -> [[Term]] {
    guard var text = glob.literal, !text.isEmpty else { return [] }
    return [
      fields.map { field in
        Term(value: text.withUTF8 { SearchTerm.term(field, $0) }, isBlock: false)
      }
    ]
  }

  /// False if no event between two times can answer; `nil` if no event there has a time.
  func mayHold(_ times: (earliest: Int64, latest: Int64)?) -> Bool {
    guard window.isBounded else { return true }
    return times.map { window.mayMeet($0.earliest, $0.latest) } ?? false
  }

  /// The longest text that every answer has among its strings; nil if there is none.
  var needle: JSONNeedle? {
    let literals = conditions.compactMap { condition -> String? in
      switch condition {
      case .field(_, let glob), .pointer(_, let glob), .identity(let glob): glob.literal
      case .address: nil
      }
    }
    let longest = literals.max { $0.utf8.count < $1.utf8.count }
    return longest.flatMap { $0.utf8.count >= 3 ? JSONNeedle(Array($0.utf8)) : nil }
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
