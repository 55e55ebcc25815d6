internal import Bytes
internal import JSONText
internal import Search
internal import Trail

/// Events that follow one another in a part, read for a report: under numbers of their own, so that any
/// worker can do it. What depends on the events before them is `ReportBuilder`'s to say.
///
/// Unchecked: one worker has it, until it is handed on.
final class ReportChunk: @unchecked Sendable {
  /// Events, and bytes of text, that end a chunk: what it is made of depends on the events alone.
  private static let fullEvents = 8192
  private static let fullText = 4 << 20

  /// The kinds of actors, by number; 0 is none.
  static let kinds = ["", "internal", "external", "automation", "unknown"]

  private let limits: ReportLimits
  private let query: SearchQuery
  /// What the events are counted under; in place of a stretch the second of the event, counted from 1970.
  private(set) var events: [EventCodes] = []
  private(set) var details: EventDetails
  /// What the last event with a key of that number told of it.
  private(set) var keys: [UInt16: KeyFacts] = [:]
  /// Events without a usable time.
  private(set) var timeless = 0
  /// Lines that are no events.
  private(set) var unreadable = 0
  /// Events that do not answer, and might if they named all of their candidates.
  private(set) var unnamedCandidates = 0
  private(set) var first: Int64?
  private(set) var last: Int64?
  let tables: NameTables
  private var candidateSet = CandidateSet()
  private let asksForCandidates: Bool
  private var text = 0

  /// An empty chunk of the events that answer the query. Of those worth no more than `floor` none is
  /// embedded.
  init(_ limits: ReportLimits, _ query: SearchQuery, floor: EventDetail.Worth?) {
    self.limits = limits
    self.query = query
    tables = NameTables(limits, ofChunk: true)
    asksForCandidates = query.asksForCandidates
    details = EventDetails(
      budget: limits.detailBudget, longest: limits.detailBytes, floor: floor)
  }

  /// True if no event belongs to it any more.
  var isFull: Bool { events.count >= Self.fullEvents || text >= Self.fullText }

  /// Takes in an event. `line` is as archived, without its line feed; `number` that of the line, from 1 on.
  func add(line: ByteView, _ event: ReportedEvent, part: Int, number: Int) {
    text += line.count
    guard event.event.read(line) else {
      unreadable += 1
      return
    }
    guard query.matches(event.event) else {
      if asksForCandidates, query.mayMatch(event.event) { unnamedCandidates += 1 }
      return
    }
    let time = event.event.time
    if let time {
      first = min(first ?? time, time)
      last = max(last ?? time, time)
    } else {
      timeless += 1
    }
    let codes = codes(event, time)
    tables.count(codes, at: time)
    events.append(codes)
    details.add(codes, time: time, part: part, line: number, text: line)
  }

  private func codes(_ reported: ReportedEvent, _ time: Int64?) -> EventCodes {
    func number(_ table: NameTable, _ text: ByteView?) -> UInt16 {
      text.map(table.number) ?? NameTable.nothing
    }
    let event = reported.event
    let key = number(tables.keys, event.shownKeyID)
    if key > NameTable.others { learn(key, reported) }
    let (isByKey, imitates) = (event.isShownByKey, event.imitatesByKey)
    return EventCodes(
      bucket: time.map { EventCube.floored($0, by: 1_000_000) } ?? EventCodes.noTime,
      actor: isByKey
        ? event.shownActor.map { tables.actors.number(ofKey: $0, imitates: imitates) }
          ?? NameTable.nothing
        : number(tables.actors, event.shownActor), key: key,
      action: number(tables.actions, event.value(.action)),
      account: number(tables.accounts, event.value(.account)),
      resource: number(tables.resources, event.value(.resource)),
      address: number(tables.addresses, event.value(.address)),
      from: number(tables.froms, event.from),
      match: number(tables.matches, event.match),
      kind: kind(event.kind),
      flags: number(tables.flags, reported.raw(.flags)),
      signals: number(tables.signals, reported.raw(.signals)),
      candidates: number(tables.candidates, candidateSet.text(of: event)))
  }

  private func kind(_ text: ByteView?) -> UInt16 {
    guard let text else { return 0 }
    for (number, kind) in ReportChunk.kinds.enumerated() where text.elementsEqual(kind.utf8) {
      return UInt16(number)
    }
    return 4
  }

  /// Keeps what an event says of its key.
  private func learn(_ key: UInt16, _ reported: ReportedEvent) {
    func update(_ path: WritableKeyPath<KeyFacts, String>, _ text: ByteView?) {
      guard let text, !text.isEmpty, text.count <= limits.nameBytes,
        !(keys[key]?[keyPath: path].utf8.elementsEqual(text) ?? false)
      else { return }
      keys[key, default: KeyFacts()][keyPath: path] = String(decoding: text, as: UTF8.self)
    }
    update(\.name, reported.event.keyName)
    update(\.type, reported.text(.keyType))
    update(\.owner, reported.text(.keyOwner))
    update(\.scopes, reported.raw(.keyScopes))
  }
}
