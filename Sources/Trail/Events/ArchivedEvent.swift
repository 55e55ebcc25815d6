public import Bytes
public import JSONText

/// Looks into archived events, one line after the other: what an event is found by, counted by and shown
/// as. Where the vendor keeps things is the dialect's to say; what was added is at its own place.
///
/// Views that it gives are valid until the next line, or the next question that has to unescape.
public final class ArchivedEvent: SearchedEvent {
  /// Where something stands, once its pointers have slots.
  private struct Places {
    var displayActor = ArchivedEvent.nowhere
    var from = ArchivedEvent.nowhere
    var match = ArchivedEvent.nowhere
    var kind = ArchivedEvent.nowhere
    var keyID = ArchivedEvent.nowhere
    var keyName = ArchivedEvent.nowhere
    var claims = ArchivedEvent.nowhere
    var candidates = ArchivedEvent.nowhere
    var candidatesTotal = ArchivedEvent.nowhere
    var flags = ArchivedEvent.nowhere
    var signals = ArchivedEvent.nowhere
    var others: [Int] = []
  }

  /// The slot of what cannot be there.
  private static let nowhere = -1

  /// What somebody may ask for: each pointer costs a little with every event.
  private static let roles: Set<Role> = [
    .account, .action, .actor, .key, .time, .address, .resource,
  ]

  private let scanner: Scanner
  private let elements = ElementTexts()
  private let roles: RoleSlots
  private let times: EventTimeReader
  private var places = Places()
  private var fields: FlatArray<Field>
  private var line = ByteView(start: nil, count: 0)
  private var scratch = ByteBuffer(capacity: 4096)

  /// A reader of events of a dialect, to which `added` was added; `others` are places that somebody asks for
  /// beside its own.
  public convenience init(
    _ dialect: Dialect, _ added: AddedMembers, others: [JSONPointer?] = []
  ) {
    self.init(dialect.pointers, times: dialect.times, added, others: others)
  }

  /// A reader of events whose vendor keeps things at `pointers`, and to which `added` was added; `others` are
  /// places that somebody asks for beside those, nil for one that cannot be there.
  public init(
    _ pointers: [Role: [JSONPointer]], times: TimeRules = TimeRules(), _ added: AddedMembers,
    others: [JSONPointer?] = []
  ) {
    self.times = EventTimeReader(times)
    var table = PointerTable()
    roles = RoleSlots(pointers.filter { ArchivedEvent.roles.contains($0.key) }, in: &table)
    func slot(_ slot: AddedSlot, _ member: String? = nil) -> Int {
      guard let pointer = added.pointer(to: slot) else { return ArchivedEvent.nowhere }
      return table.slot(member.map { pointer.appending($0) } ?? pointer)
    }
    places.displayActor = slot(.displayActor)
    places.from = slot(.from)
    places.match = slot(.match)
    places.kind = slot(.kind)
    places.keyID = slot(.apiKey, "id")
    places.keyName = slot(.apiKey, "name")
    places.claims = slot(.claims)
    places.candidates = slot(.candidates)
    places.candidatesTotal = slot(.candidatesTotal)
    places.flags = added.flags.map { table.slot($0) } ?? ArchivedEvent.nowhere
    places.signals = slot(.signals)
    places.others = others.map { pointer in pointer.map { table.slot($0) } ?? ArchivedEvent.nowhere
    }
    scanner = Scanner(PointerSet(table.pointers))
    fields = FlatArray(capacity: table.pointers.count)
    fields.append(repeating: .missing, count: table.pointers.count)
  }

  /// Goes on to a line, which has to stay where it is; false if it is no JSON object.
  public func read(_ line: ByteView) -> Bool {
    self.line = line
    scratch.removeAll()
    guard let start = fields.elements.baseAddress else { return false }
    let scan = scanner.scanWhole(line, fields: start)
    return scan.fault == .none && scan.kind == .object
  }

  /// The whole line.
  public var text: ByteView { line }

  // MARK: What it says

  /// The first of a role's values that is there (null, "" and {} are not), as text; nil if it is none, an
  /// object or an array. Nil for region, token and claims.
  public func value(_ role: Role) -> ByteView? {
    for place in roles.places(role) {
      let field = fields[roles[place]]
      if !field.isNothing(raw(field)) { return scalar(field) }
    }
    return nil
  }

  /// Who it was, for people.
  public var displayActor: ByteView? { scalar(field(places.displayActor)) }
  /// Where the display actor was taken from.
  public var from: ByteView? { scalar(field(places.from)) }
  /// How the claims were found.
  public var match: ByteView? { scalar(field(places.match)) }
  /// Of which kind the actor is.
  public var kind: ByteView? { scalar(field(places.kind)) }
  /// The id of the key that was used, if it was resolved.
  public var keyID: ByteView? { scalar(field(places.keyID)) }
  /// The name of that key.
  public var keyName: ByteView? { scalar(field(places.keyName)) }

  /// Who stands there for people: the display actor, or where there is none, or an empty one, the actor.
  public var shownActor: ByteView? {
    if let actor = displayActor, !actor.isEmpty { return actor }
    return value(.actor)
  }

  /// The value at one of the other places, as text; nil if it is none, null, an object or an array.
  public func other(_ number: Int) -> ByteView? { scalar(field(places.others[number])) }

  /// True if the value at one of the other places is exactly this text, or a number or boolean that is
  /// written so. Half of a surrogate pair is part of no text.
  public func other(_ number: Int, is text: String) -> Bool {
    let field = field(places.others[number])
    if field.kind == .string, field.isEscaped {
      let content = ByteView(rebasing: line[Int(field.content.start)..<field.content.end])
      scratch.removeAll()
      return JSONString.unescape(content, into: &scratch) && scratch.view.elementsEqual(text.utf8)
    }
    return scalar(field)?.elementsEqual(text.utf8) ?? false
  }

  /// The value at one of the other places as it stands in the line, whatever it is; nil if it is missing or
  /// null.
  public func rawOther(_ number: Int) -> ByteView? {
    let field = field(places.others[number])
    guard field.kind != .missing, field.kind != .null else { return nil }
    return raw(field)
  }

  /// When it was, in microseconds since 1970; nil if nobody knows.
  public var time: Int64? {
    for place in roles.places(.time) {
      let field = fields[roles[place]]
      if let text = scalar(field), let time = times.time(field.kind, text) {
        return time.microseconds
      }
    }
    return nil
  }

  /// Calls `body` with every retained claim, as text, until it returns true; whether it did.
  public func anyClaim(_ body: (ByteView) -> Bool) -> Bool {
    any(of: field(places.claims), body)
  }

  /// Calls `body` with every flag of the attribution until it returns true; whether it did.
  func anyFlag(_ body: (ByteView) -> Bool) -> Bool { any(of: field(places.flags), body) }

  /// Calls `body` with every signal until it returns true; whether it did.
  public func anySignal(_ body: (ByteView) -> Bool) -> Bool {
    any(of: field(places.signals), body)
  }

  /// Calls `body` with every one of those who it could have been, where nobody is named, until it returns
  /// true; whether it did.
  public func anyCandidate(_ body: (ByteView) -> Bool) -> Bool {
    any(of: field(places.candidates), body)
  }

  /// How many it could have been, where nobody is named; nil where that is not the case.
  public var candidatesTotal: Int? {
    guard field(places.candidates).kind == .array,
      let text = scalar(field(places.candidatesTotal))
    else { return nil }
    return Int(String(decoding: text, as: UTF8.self))
  }

  /// True if it could have been others than those who are named as candidates.
  public var hasUnnamedCandidates: Bool { couldBeUnnamed }

  private func any(of field: Field, _ body: (ByteView) -> Bool) -> Bool {
    elements.any(of: raw(field), body)
  }

  private func field(_ slot: Int) -> Field {
    slot == ArchivedEvent.nowhere ? .missing : fields[slot]
  }

  private func raw(_ field: Field) -> ByteView {
    ByteView(rebasing: line[Int(field.span.start)..<field.span.end])
  }

  private func scalar(_ field: Field) -> ByteView? { scalar(field, of: line) }

  private func scalar(_ field: Field, of text: ByteView) -> ByteView? {
    field.text(in: text, scratch: &scratch)
  }
}
