internal import Bytes
public import Engine
internal import JSONText

/// What a record will say, once it is archived, of that which it is found by: told by the fields that its
/// scan has located and the values that stages have put into its slots, as `ArchivedEvent` would tell of the
/// line.
public final class RecordEvent: SearchedEvent {
  private let roles: RoleSlots
  private let times: EventTimeReader
  private let hasAttribution: Bool
  private let hasSignals: Bool
  /// Looks into an attribution that an earlier run has made.
  private let attribution: Scanner
  private let key: Scanner
  private let elements = ElementTexts()
  private var fields = FlatArray<Field>(capacity: RecordEvent.members.count)
  private var keyFields = FlatArray<Field>(capacity: 2)
  private var scratch = ByteBuffer(capacity: 4096)

  /// The record's fields, by the slots of their pointers, counted from the first byte of `event`.
  private var located = UnsafeMutableBufferPointer<Field>(start: nil, count: 0)
  /// Its time as it was read, and whether it may be another one since.
  private var knownTime = Record.noTime
  private var isAltered = false
  /// The event, from its first byte on.
  private var event = ByteView(start: nil, count: 0)
  /// JSON of what was added; empty where nothing was.
  private var displayActorJSON = ByteView(start: nil, count: 0)
  private var keyJSON = ByteView(start: nil, count: 0)
  private var claimsJSON = ByteView(start: nil, count: 0)
  private var candidatesJSON = ByteView(start: nil, count: 0)
  private var totalJSON = ByteView(start: nil, count: 0)
  private var signalsJSON = ByteView(start: nil, count: 0)

  private static let members: [AddedSlot] = [
    .displayActor, .apiKey, .claims, .candidates, .candidatesTotal,
  ]

  /// A reader of records that were located by `dialect`, to which `added` can be added; nil if the dialect
  /// looks for something inside of what is added, which only the line shows.
  public init?(_ dialect: Dialect, _ bound: BoundDialect, _ added: AddedMembers) {
    let names = Set(AddedRole.allCases.map { added.names[$0] })
    let looksInside = dialect.pointers.values.joined().contains { pointer in
      pointer.tokens.first.map { names.contains($0) } ?? false
    }
    if looksInside { return nil }
    roles = bound.slots
    times = EventTimeReader(dialect.times)
    hasAttribution = added.roles.contains(.attribution)
    hasSignals = added.roles.contains(.signals)
    let pointers = AddedMember.ofAttribution.filter { RecordEvent.members.contains($0.slot) }
      .map { JSONPointer(member: $0.name) }
    attribution = Scanner(PointerSet(pointers))
    fields.append(repeating: .missing, count: pointers.count)
    key = Scanner(PointerSet([JSONPointer(member: "id"), JSONPointer(member: "name")]))
    keyFields.append(repeating: .missing, count: 2)
  }

  /// Goes on to record `index` of `batch`, the bytes of which have to stay where they are.
  public func read(_ batch: Batch, _ index: Int) {
    let record = batch.records[index]
    let width = batch.pointers.count
    located = UnsafeMutableBufferPointer(
      rebasing: batch.fieldElements[index * width..<(index + 1) * width])
    knownTime = record.time
    isAltered = !batch[.altered, index].isEmpty
    event = ByteView(rebasing: batch.bytes.view[Int(record.body.start)...])
    if hasAttribution { readAttribution(batch, index) }
    signalsJSON = hasSignals ? batch.bytes[batch[.signals, index]] : ByteView(start: nil, count: 0)
    for at in 0..<2 { keyFields[at] = .missing }
    guard keyJSON.count > 0, let start = keyFields.elements.baseAddress else { return }
    _ = key.scanWhole(keyJSON, fields: start)
  }

  private func readAttribution(_ batch: Batch, _ index: Int) {
    if Added.isAttributed(batch, index) {
      displayActorJSON = batch.bytes[batch[.displayActor, index]]
      keyJSON = batch.bytes[batch[.apiKey, index]]
      claimsJSON = batch.bytes[batch[.claims, index]]
      candidatesJSON = batch.bytes[batch[.candidates, index]]
      totalJSON = batch.bytes[batch[.candidatesTotal, index]]
      return
    }
    let earlier = batch.bytes[batch[.earlierAttribution, index]]
    for at in 0..<fields.count { fields[at] = .missing }
    if earlier.count > 0, let start = fields.elements.baseAddress {
      _ = attribution.scanWhole(earlier, fields: start)
    }
    displayActorJSON = part(0, of: earlier)
    keyJSON = part(1, of: earlier)
    claimsJSON = part(2, of: earlier)
    candidatesJSON = part(3, of: earlier)
    totalJSON = part(4, of: earlier)
  }

  /// A member of an attribution, by its number among `members`.
  private func part(_ number: Int, of attribution: ByteView) -> ByteView {
    let span = fields[number].span
    return ByteView(rebasing: attribution[Int(span.start)..<span.end])
  }

  // MARK: What it will say

  func value(_ role: Role) -> ByteView? {
    for place in roles.places(role) {
      let field = located[roles[place]]
      if field.kind == .missing { continue }
      if !field.isNothing(ByteView(rebasing: event[Int(field.start)..<field.span.end])) {
        return field.text(in: event, scratch: &scratch)
      }
    }
    return nil
  }

  var displayActor: ByteView? { text(of: displayActorJSON) }
  var keyID: ByteView? { keyFields[0].text(in: keyJSON, scratch: &scratch) }
  var keyName: ByteView? { keyFields[1].text(in: keyJSON, scratch: &scratch) }

  func anyClaim(_ body: (ByteView) -> Bool) -> Bool { elements.any(of: claimsJSON, body) }
  func anySignal(_ body: (ByteView) -> Bool) -> Bool { elements.any(of: signalsJSON, body) }
  func anyCandidate(_ body: (ByteView) -> Bool) -> Bool { elements.any(of: candidatesJSON, body) }

  var candidatesTotal: Int? {
    guard candidatesJSON.first == UInt8(ascii: "["), let text = text(of: totalJSON)
    else { return nil }
    return Int(String(decoding: text, as: UTF8.self))
  }

  /// When it was, in microseconds since 1970; nil if nobody knows. It was read with the record, unless a
  /// stage has altered the event since.
  public var time: Int64? {
    if !isAltered { return knownTime == Record.noTime ? nil : knownTime }
    for place in roles.places(.time) {
      let field = located[roles[place]]
      if let text = field.text(in: event, scratch: &scratch),
        let time = times.time(field.kind, text)
      {
        return time.microseconds
      }
    }
    return nil
  }

  /// The text that a JSON value is; nil for null, objects, arrays and nothing.
  private func text(of json: ByteView) -> ByteView? {
    guard let first = json.first else { return nil }
    switch first {
    case UInt8(ascii: "\""):
      let field = Field(
        start: 0, count: UInt32(json.count), kind: .string,
        isEscaped: json.contains(UInt8(ascii: "\\")))
      return field.text(in: json, scratch: &scratch)
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"): return nil
    default: return json
    }
  }
}
