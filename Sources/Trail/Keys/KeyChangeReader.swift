internal import Bytes
public import Engine
internal import JSONText

/// Finds the events that change a key. Any worker may ask.
public struct KeyChangeFinder: Sendable {
  /// For which events each rule is.
  public let conditions: [Condition]
  private let kinds: [KeyChangeKind]

  /// For `rules`.
  public init(_ rules: KeyChangeRules) {
    conditions = rules.rules.map(\.condition)
    kinds = rules.rules.map(\.kind)
  }

  /// What became of the key, by the number of a rule.
  public func kind(ofRule number: Int) -> KeyChangeKind { kinds[number] }

  /// The number of the first rule that holds for record `index`; nil if none does.
  public func rule(_ batch: Batch, _ index: Int) -> Int? {
    conditions.firstIndex { $0.holds(batch, index) }
  }
}

/// Reads what the events that change a key tell about it.
public final class KeyChangeReader {
  private let rules: KeyChangeRules
  private let finder: KeyChangeFinder
  private let dialect: BoundDialect
  private let times: LearnedTime
  private let event: EventValues
  private var problems: [LearningProblem] = []
  private var tokens = TokenText()

  /// A reader for events that a dialect and rules have reserved slots for.
  public init(_ rules: KeyChangeRules, _ dialect: BoundDialect) {
    self.rules = rules
    self.dialect = dialect
    finder = KeyChangeFinder(rules)
    times = LearnedTime(dialect: dialect, vendorTimes: rules.vendorTimes)
    event = EventValues(
      rules.rules.flatMap { rule in
        rule.id + [rule.values, rule.old].flatMap { $0.values.flatMap { $0 } }
      })
  }

  /// Reads record `index`, number `record` of the input `file`; nil if it changes no key.
  public func read(_ batch: Batch, _ index: Int, file: String, record: Int) -> KeyChangeReading? {
    guard let number = finder.rule(batch, index) else { return nil }
    let rule = rules.rules[number]
    problems = []
    load(batch.bytes[batch.records[index].body])
    guard let id = id(rule) else { return KeyChangeReading(change: nil, problems: problems) }
    guard batch.records[index].time != Record.noTime else {
      note("it has no usable time")
      return KeyChangeReading(change: nil, problems: problems)
    }
    let action = dialect.scalar(.action, batch, index).map { Array(batch.bytes[$0]) } ?? []
    let source = KeyChange.Source(
      file: file, record: record,
      offset: batch.inputOffset + Int(batch.records[index].raw.start), action: action,
      time: batch.records[index].time)
    var change = KeyChange(kind: rule.kind, id: id, values: [:], old: [:], source: source)
    for field in KeyChangeRule.fields { read(field, rule, &change) }
    return KeyChangeReading(change: change, problems: problems)
  }

  /// Takes in an event, without tokens: what is learned is kept.
  private func load(_ body: ByteView) {
    guard tokens.find(in: body, isJSON: true) else { return event.load(body: body) }
    var rest = ByteBuffer(capacity: body.count)
    tokens.append(body, to: &rest)
    event.load(body: rest.view)
  }

  private func note(_ reason: String, isPartial: Bool = false) {
    problems.append(LearningProblem(reason: reason, isPartial: isPartial))
  }

  private func id(_ rule: KeyChangeRule) -> [UInt8]? {
    for pointer in rule.id {
      guard let found = event.value(pointer) else { continue }
      let id = difference(found).map { $0.new ?? $0.old } ?? found
      guard let id = id?.scalar, !id.isEmpty else { continue }
      guard id.count <= KeyChangeLimits.longestID else {
        note("the key's id is longer than \(KeyChangeLimits.longestID) bytes (longest_id)")
        return nil
      }
      return id
    }
    note("it does not say which key")
    return nil
  }

  private func read(_ field: KeyField, _ rule: KeyChangeRule, _ change: inout KeyChange) {
    for pointer in rule.values[field] ?? [] {
      guard let found = event.value(pointer) else { continue }
      if let (new, old, isSecret) = difference(found) {
        guard !isSecret, new != nil || old != nil else { continue }
        change.values[field] = new.flatMap { value($0, field) } ?? .gone
        change.old[field] = old.flatMap { value($0, field) }
        break
      }
      guard let value = value(found, field) else { continue }
      change.values[field] = value
      break
    }
    for pointer in rule.old[field] ?? [] where change.old[field] == nil {
      change.old[field] = event.value(pointer).flatMap { value($0, field) }
    }
  }

  private typealias Difference = (
    new: EventValues.Found?, old: EventValues.Found?, isSecret: Bool
  )

  /// What an object with members `old` and `new` says; nil if it is none.
  private func difference(_ found: EventValues.Found) -> Difference? {
    guard found.kind == .object else { return nil }
    let members = EventValues.members(["new", "old", "secret"], of: found.text)
    guard members[0] != nil || members[1] != nil else { return nil }
    let present = members.map { $0.flatMap { $0.isNothing ? nil : $0 } }
    return (present[0], present[1], present[2].map { $0.kind != .false } ?? false)
  }

  /// What is learned of a value; nil where it is nothing that the field can hold. One that is too
  /// long is gone: what held before does not hold any more.
  private func value(_ found: EventValues.Found, _ field: KeyField) -> KeyChange.Value? {
    var text = ByteBuffer()
    switch field {
    case .expiresAt:
      let bound: Timestamp
      switch times.bound(found) {
      case .timeOrBeyond(let time): bound = time
      case .time(let time) where time.microseconds > 0: bound = time
      // How programs write that there is none.
      case .time, .zero, .firstYear, .lastYear: return nil
      case nil:
        note(
          "its \(field.rawValue) is no time that can be read, and left out: \(found.shown)",
          isPartial: true)
        return .gone
      }
      text.append(UInt8(ascii: "\""))
      bound.append(rfc3339To: &text)
      text.append(UInt8(ascii: "\""))
    case .name, .type, .owner:
      guard let scalar = found.scalar else {
        note("its \(field.rawValue) is no text, and left out", isPartial: true)
        return nil
      }
      scalar.withUnsafeBufferPointer { JSONString.append(quoting: $0, to: &text) }
    default:
      let isSecret = found.text.withUnsafeBufferPointer { text in
        CompactJSON.hasMember(text) { KeyFields.mentionsSecret($0) }
      }
      guard !isSecret else { return nil }
      if let scalar = found.scalar, found.kind == .string {
        scalar.withUnsafeBufferPointer { JSONString.append(quoting: $0, to: &text) }
      } else {
        found.text.withUnsafeBufferPointer { CompactJSON.append($0, to: &text) }
      }
    }
    guard text.count <= KeyChangeLimits.longestValue else {
      note(
        "its \(field.rawValue) is longer than \(KeyChangeLimits.longestValue) bytes (longest_value)"
          + ", and left out", isPartial: true)
      return .gone
    }
    return .text(text.bytes)
  }
}
