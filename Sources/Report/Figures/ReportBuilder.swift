package import Bytes
internal import JSONText
package import Search
internal import Trail

/// Makes the figures of a report from events, one at a time, in bounded memory.
package final class ReportBuilder {
  /// The kinds of actors, by number; 0 is none.
  static let kinds = ["", "internal", "external", "automation", "unknown"]

  let limits: ReportLimits
  let query: SearchQuery
  private(set) var tables: [Dimension: NameTable] = [:]
  private(set) var cube = EventCube()
  private(set) var details: EventDetails
  private(set) var keys: [UInt16: KeyFacts] = [:]
  /// Parts that events came from.
  private(set) var parts: [ReportedPart] = []
  private(set) var events = 0
  /// Events without a usable time.
  private(set) var timeless = 0
  /// Lines that are no events.
  private(set) var unreadable = 0
  /// Events that do not answer, and might if they named all of their candidates.
  package private(set) var unnamedCandidates = 0
  /// Signals that belong to no event, the most frequent first.
  package var signalsOfNoEvent: [(name: String, count: Int)] = []
  private(set) var first: Int64?
  private(set) var last: Int64?

  private let actors, keyNames, actions, accounts, resources, addresses: NameTable
  private let froms, matches, flags, signals, candidates: NameTable
  private var candidateSet = CandidateSet()
  private let asksForCandidates: Bool

  /// A builder for the events that answer the query.
  package init(limits: ReportLimits = ReportLimits(), query: SearchQuery = SearchQuery()) {
    self.limits = limits
    self.query = query
    asksForCandidates = query.asksForCandidates
    details = EventDetails(budget: limits.detailBudget, longest: limits.detailBytes)
    func table(_ limit: Int) -> NameTable { NameTable(limit: limit, longest: limits.nameBytes) }
    actors = table(limits.names)
    keyNames = table(limits.names)
    actions = table(limits.names)
    accounts = table(limits.names)
    resources = table(limits.names)
    addresses = table(limits.names)
    froms = table(limits.sets)
    matches = table(limits.sets)
    flags = table(limits.sets)
    signals = table(limits.sets)
    candidates = NameTable(limit: limits.candidateSets, longest: limits.candidateBytes)
    tables = [
      .actor: actors, .key: keyNames, .action: actions, .account: accounts,
      .resource: resources, .address: addresses, .from: froms, .match: matches, .flags: flags,
      .signals: signals, .candidates: candidates,
    ]
  }

  /// The number of a part, for the events that come from it; `attribution` is what their attribution is
  /// called, nil if they cannot have one.
  package func part(_ path: String, attribution: String?) -> Int {
    parts.append(ReportedPart(path: path, attribution: attribution))
    return parts.count - 1
  }

  /// Takes in an event. `line` is as archived, without its line feed; `number` that of the line, from 1 on.
  package func add(line: ByteView, _ event: ReportedEvent, part: Int, number: Int) {
    guard event.event.read(line) else {
      unreadable += 1
      return
    }
    guard query.matches(event.event) else {
      if asksForCandidates, query.mayMatch(event.event) { unnamedCandidates += 1 }
      return
    }
    events += 1
    let time = event.event.time
    if let time {
      first = min(first ?? time, time)
      last = max(last ?? time, time)
    } else {
      timeless += 1
    }
    let codes = codes(event, time)
    count(codes, time)
    cube.add(codes)
    if cube.cells.count > limits.cells { coarsen(to: limits.cells / 2) }
    details.add(codes, time: time, part: part, line: number, text: line)
  }

  private func count(_ codes: EventCodes, _ time: Int64?) {
    actors.count(codes.actor, at: time)
    keyNames.count(codes.key, at: time)
    actions.count(codes.action, at: time)
    accounts.count(codes.account, at: time)
    resources.count(codes.resource, at: time)
    addresses.count(codes.address, at: time)
    froms.count(codes.from, at: time)
    matches.count(codes.match, at: time)
    flags.count(codes.flags, at: time)
    signals.count(codes.signals, at: time)
    candidates.count(codes.candidates, at: time)
  }

  private func codes(_ reported: ReportedEvent, _ time: Int64?) -> EventCodes {
    func number(_ table: NameTable, _ text: ByteView?) -> UInt16 {
      text.map(table.number) ?? NameTable.nothing
    }
    let event = reported.event
    let key = number(keyNames, event.shownKeyID)
    if key > NameTable.others { learn(key, reported) }
    let (isByKey, imitates) = (event.isShownByKey, event.imitatesByKey)
    return EventCodes(
      bucket: time.map { cube.bucket(EventCube.floored($0, by: 1_000_000)) } ?? EventCodes.noTime,
      actor: isByKey
        ? event.shownActor.map { actors.number(ofKey: $0, imitates: imitates) } ?? NameTable.nothing
        : number(actors, event.shownActor), key: key,
      action: number(actions, event.value(.action)),
      account: number(accounts, event.value(.account)),
      resource: number(resources, event.value(.resource)),
      address: number(addresses, event.value(.address)),
      from: number(froms, event.from),
      match: number(matches, event.match),
      kind: kind(event.kind),
      flags: number(flags, reported.raw(.flags)),
      signals: number(signals, reported.raw(.signals)),
      candidates: number(candidates, candidateSet.text(of: event)))
  }

  private func kind(_ text: ByteView?) -> UInt16 {
    guard let text else { return 0 }
    for (number, kind) in ReportBuilder.kinds.enumerated() where text.elementsEqual(kind.utf8) {
      return UInt16(number)
    }
    return 4
  }

  /// Keeps what an event says of its key.
  private func learn(_ key: UInt16, _ reported: ReportedEvent) {
    func update(_ path: WritableKeyPath<KeyFacts, String>, _ text: ByteView?) {
      guard let text, text.count <= limits.nameBytes,
        !(keys[key]?[keyPath: path].utf8.elementsEqual(text) ?? false)
      else { return }
      keys[key, default: KeyFacts()][keyPath: path] = String(decoding: text, as: UTF8.self)
    }
    update(\.name, reported.event.keyName)
    update(\.type, reported.text(.keyType))
    update(\.owner, reported.text(.keyOwner))
    update(\.scopes, reported.raw(.keyScopes))
  }

  /// Makes what is counted coarser, until there are at most so many counts.
  private func coarsen(to limit: Int) {
    cube.coarsen(to: limit) { tables[$0]?.ranked() ?? [] }
  }

  /// Makes what is counted as coarse as a report may be. No event may follow.
  func close() {
    for (dimension, table) in tables where table.count > limits.listedNames + 2 {
      cube.keep(dimension, Set(table.ranked().prefix(limits.listedNames)))
    }
    coarsen(to: limits.finishedCells)
    cube.fit(Int64(Int32.max))
  }
}
