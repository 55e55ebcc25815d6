public import Bytes
public import Engine
package import JSONText
package import Settings

/// Something that holds for an event or does not.
public indirect enum Condition: Sendable {
  /// All of them hold.
  case all([Condition])
  /// One of them holds.
  case any([Condition])
  /// It does not hold.
  case not(Condition)
  /// The value in a slot compares so.
  case compare(slot: Int, Comparison)

  /// What a value is compared with.
  public enum Comparison: Sendable {
    /// It is one of these.
    case equalsAny([Literal])
    /// It is another.
    case differs(Literal)
    /// One of the globs matches all of it.
    case matchesAny([Glob])
    /// It is there, and not null; or not.
    case exists(Bool)
    /// It is a number in such a relation to this one.
    case less([UInt8]), atMost([UInt8]), greater([UInt8]), atLeast([UInt8])
  }

  /// A scalar as a definition writes it.
  public struct Literal: Sendable {
    let kind: ValueKind
    let text: [UInt8]
  }

  /// Reads a condition of a definition.
  package init(
    _ settings: Settings, _ pointers: inout PointerTable
  ) throws(SettingsError) {
    var parts: [Condition] = []
    if settings.has("all") {
      let conditions = try Condition.list(settings, "all", &pointers)
      // An empty list holds for nobody, this one too.
      parts.append(conditions.isEmpty ? .any([]) : .all(conditions))
    }
    if settings.has("any") {
      parts.append(.any(try Condition.list(settings, "any", &pointers)))
    }
    if let negated = try settings.object("not") {
      parts.append(.not(try Condition(negated, &pointers)))
    }
    if let text = try settings.optionalString("pointer") {
      let slot = pointers.slot(try settings.pointer(text, of: "pointer"))
      let comparisons = try Condition.comparisons(settings)
      guard !comparisons.isEmpty else {
        try settings.finish()
        throw settings.error(
          "pointer", "is compared with nothing: add \"equals\", \"in\", \"matches\" or \"exists\"")
      }
      parts += comparisons.map { .compare(slot: slot, $0) }
    }
    guard let first = parts.first else {
      // A wrong key is likelier than none: `finish` names it, once all the others were asked for.
      _ = try Condition.comparisons(settings)
      try settings.finish()
      throw settings.position.error(
        "a condition needs \"pointer\", \"all\", \"any\" or \"not\"")
    }
    self = parts.count == 1 ? first : .all(parts)
  }

  private static func list(
    _ settings: Settings, _ key: String, _ pointers: inout PointerTable
  ) throws(SettingsError) -> [Condition] {
    var conditions: [Condition] = []
    for entry in try settings.objects(key) {
      conditions.append(try Condition(entry, &pointers))
    }
    return conditions
  }

  private static func comparisons(_ settings: Settings) throws(SettingsError) -> [Comparison] {
    var comparisons: [Comparison] = []
    if let value = settings.written("equals") {
      comparisons.append(.equalsAny([try literal(value, "equals")]))
    }
    if let value = settings.written("not_equals") {
      comparisons.append(.differs(try literal(value, "not_equals")))
    }
    if let value = settings.value("in") {
      guard case .array(let elements) = value.content else {
        throw value.position.error("\"in\" must be an array, found \(value.kind)")
      }
      var literals: [Literal] = []
      for element in elements { literals.append(try literal(element, "in")) }
      comparisons.append(.equalsAny(literals))
    }
    if settings.has("matches") {
      comparisons.append(.matchesAny(try settings.strings("matches").map { Glob($0) }))
    }
    if settings.has("exists") { comparisons.append(.exists(try settings.bool("exists"))) }
    if let bound = try number(settings, "less") { comparisons.append(.less(bound)) }
    if let bound = try number(settings, "at_most") { comparisons.append(.atMost(bound)) }
    if let bound = try number(settings, "greater") { comparisons.append(.greater(bound)) }
    if let bound = try number(settings, "at_least") { comparisons.append(.atLeast(bound)) }
    return comparisons
  }

  private static func literal(
    _ value: JSON5Value, _ key: String
  ) throws(SettingsError) -> Literal {
    switch value.content {
    case .string(let text): return Literal(kind: .string, text: Array(text.utf8))
    case .bool(let value):
      return Literal(kind: value ? .true : .false, text: [])
    case .null: return Literal(kind: .null, text: [])
    case .number(let number):
      return Literal(kind: .number, text: try text(of: number, value, key))
    case .array, .object:
      throw value.position.error(
        "\"\(key)\" compares strings, numbers, booleans and null, found \(value.kind)")
    }
  }

  private static func number(
    _ settings: Settings, _ key: String
  ) throws(SettingsError) -> [UInt8]? {
    guard let value = settings.value(key) else { return nil }
    guard case .number(let number) = value.content else {
      throw settings.error(key, "must be a number, found \(value.kind)")
    }
    return try text(of: number, value, key)
  }

  /// A number as an event could write it.
  private static func text(
    of number: JSON5Number, _ value: JSON5Value, _ key: String
  ) throws(SettingsError) -> [UInt8] {
    guard let json = number.json else {
      throw value.position.error("\"\(key)\" cannot be \(number.text): no event has such a number")
    }
    return Array(json.utf8)
  }
}

extension Condition {
  /// Whether the condition holds for record `index`.
  public func holds(_ batch: Batch, _ index: Int) -> Bool {
    switch self {
    case .all(let conditions): return conditions.allSatisfy { $0.holds(batch, index) }
    case .any(let conditions): return conditions.contains { $0.holds(batch, index) }
    case .not(let condition): return !condition.holds(batch, index)
    case .compare(let slot, let comparison):
      return comparison.holds(Value(batch, index, slot))
    }
  }

  /// A value of an event.
  struct Value {
    let kind: ValueKind
    let batch: Batch
    /// Of a scalar what it stands for.
    let span: Span32

    init(_ batch: Batch, _ index: Int, _ slot: Int) {
      kind = batch.field(slot, of: index).kind
      self.batch = batch
      span = batch.scalar(slot, of: index) ?? .empty
    }

    var text: ByteView { batch.bytes[span] }

    /// How the value compares with a number; nil if it is none.
    func order(_ bound: [UInt8]) -> Int? {
      guard kind == .number else { return nil }
      return bound.withUnsafeBufferPointer { JSONNumbers.compare(text, $0) }
    }
  }
}

extension Condition.Comparison {
  func holds(_ value: Condition.Value) -> Bool {
    switch self {
    case .equalsAny(let literals): literals.contains { $0.equals(value) }
    case .differs(let literal): !literal.equals(value)
    case .matchesAny(let globs):
      [.string, .number, .true, .false].contains(value.kind)
        && globs.contains { $0.matches(value.text) }
    case .exists(let isWanted): (value.kind != .missing && value.kind != .null) == isWanted
    case .less(let bound): value.order(bound).map { $0 < 0 } ?? false
    case .atMost(let bound): value.order(bound).map { $0 <= 0 } ?? false
    case .greater(let bound): value.order(bound).map { $0 > 0 } ?? false
    case .atLeast(let bound): value.order(bound).map { $0 >= 0 } ?? false
    }
  }
}

extension Condition.Literal {
  /// Numbers are equal if their values are, however they are written.
  func equals(_ value: Condition.Value) -> Bool {
    guard kind == value.kind else { return false }
    switch kind {
    case .string: return value.text.elementsEqual(text)
    case .number: return value.order(text) == 0
    default: return true
    }
  }
}
