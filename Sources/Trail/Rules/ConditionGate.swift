internal import Bytes
public import Engine
internal import JSONText

/// Tells of most events, quickly, that none of a few conditions holds: because no place that they ask about
/// has one of the strings that they ask for.
///
/// Plain memory, which is looked at for every event: conditions count references.
public final class ConditionGate: @unchecked Sendable {
  // Sendable because `init` alone writes.

  /// Places where a condition can only hold if one of these strings stands there.
  typealias Needs = [(slot: Int, text: [UInt8])]

  private struct Place {
    var slot: Int
    /// Bit n is set if a string has n bytes, the last bit for all that are longer.
    var lengths: UInt64
    var first: Int
    var count: Int
  }

  private let places: UnsafeMutableBufferPointer<Place>
  private let strings: UnsafeMutableBufferPointer<Span32>
  private let text: ByteBuffer
  /// True if nothing can be refuted.
  private let isOpen: Bool

  /// For all of `conditions` together.
  public init(_ conditions: [Condition]) {
    var needs: Needs = []
    var isOpen = false
    for condition in conditions {
      if let own = condition.needs { needs += own } else { isOpen = true }
    }
    self.isOpen = isOpen
    var text = ByteBuffer()
    var strings: [Span32] = []
    var places: [Place] = []
    for slot in Set(needs.map(\.slot)).sorted() {
      var place = Place(slot: slot, lengths: 0, first: strings.count, count: 0)
      for need in needs where need.slot == slot {
        strings.append(Span32(text.count, count: need.text.count))
        text.append(need.text)
        place.lengths |= ConditionGate.bit(need.text.count)
        place.count += 1
      }
      places.append(place)
    }
    self.text = text
    self.strings = .allocate(capacity: max(strings.count, 1))
    _ = self.strings.initialize(from: strings)
    self.places = .allocate(capacity: max(places.count, 1))
    _ = self.places.initialize(from: places)
    count = places.count
  }

  private let count: Int

  deinit {
    strings.deallocate()
    places.deallocate()
  }

  private static func bit(_ length: Int) -> UInt64 { 1 << UInt64(min(length, 63)) }

  /// False only if none of the conditions holds for record `index`.
  public func admits(_ batch: Batch, _ index: Int) -> Bool {
    if isOpen { return true }
    for number in 0..<count {
      let place = places[number]
      let field = batch.field(place.slot, of: index)
      guard field.kind == .string else { continue }
      // What is escaped may be anything.
      if field.isEscaped { return true }
      let content = batch.absolute(field.content, of: index)
      guard place.lengths & ConditionGate.bit(Int(content.count)) != 0 else { continue }
      let value = batch.bytes[content]
      for string in place.first..<place.first + place.count
      where text[strings[string]].elementsEqual(value) {
        return true
      }
    }
    return false
  }
}

extension Condition {
  /// Strings of which one has to stand in its place for the condition to hold; nil if there are none such.
  var needs: ConditionGate.Needs? {
    switch self {
    case .all(let conditions): return conditions.lazy.compactMap(\.needs).first
    case .any(let conditions):
      var needs: ConditionGate.Needs = []
      for condition in conditions {
        guard let own = condition.needs else { return nil }
        needs += own
      }
      return needs
    case .not: return nil
    case .compare(let slot, .equalsAny(let literals)):
      guard literals.allSatisfy({ $0.kind == .string }) else { return nil }
      return literals.map { (slot, $0.text) }
    case .compare: return nil
    }
  }
}
