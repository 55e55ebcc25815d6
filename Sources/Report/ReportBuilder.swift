public import Bytes
internal import Codec
internal import JSONText
public import Trail

/// Which events a report is about.
public struct ReportFilter: Sendable {
  /// From this time on.
  public var since: Timestamp?
  /// Before this time.
  public var until: Timestamp?
  /// Of accounts that match.
  public var account: Glob?

  /// All events.
  public init() {}

  /// How it was asked for, for people; empty if it is about all.
  var description: String {
    var words: [String] = []
    if let since { words.append("since \(ReportText.time(since.microseconds))") }
    if let until { words.append("until \(ReportText.time(until.microseconds))") }
    if let account { words.append("account \(account.description)") }
    return words.joined(separator: ", ")
  }
}

/// What is known of a key from the last event that told.
struct KeyFacts {
  var name = ""
  var type = ""
  var owner = ""
  /// A JSON value.
  var scopes = ""
}

/// Makes the figures of a report from events, one at a time, in bounded memory.
public final class ReportBuilder {
  /// The kinds of actors, by number; 0 is none.
  static let kinds = ["", "internal", "external", "automation", "unknown"]

  let limits: ReportLimits
  let filter: ReportFilter
  private(set) var tables: [Dimension: NameTable] = [:]
  private(set) var cube = EventCube()
  private(set) var details: EventDetails
  private(set) var keys: [UInt16: KeyFacts] = [:]
  /// Parts that events came from.
  private(set) var parts: [String] = []
  private(set) var events = 0
  /// Events that the filter left out.
  private(set) var filtered = 0
  /// Lines that are no events.
  private(set) var unreadable = 0
  private(set) var first: Int64?
  private(set) var last: Int64?

  private let actors, keyNames, actions, accounts, resources, addresses: NameTable
  private let froms, matches, flags, signals: NameTable

  /// A builder for the events that the filter lets through.
  public init(limits: ReportLimits = ReportLimits(), filter: ReportFilter = ReportFilter()) {
    self.limits = limits
    self.filter = filter
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
    tables = [
      .actor: actors, .key: keyNames, .action: actions, .account: accounts,
      .resource: resources, .address: addresses, .from: froms, .match: matches, .flags: flags,
      .signals: signals,
    ]
  }

  /// The number of a part, for the events that come from it.
  public func part(_ path: String) -> Int {
    parts.append(path)
    return parts.count - 1
  }

  /// Takes in an event. `line` is as archived, without its line feed; `number` that of the line, from 1 on.
  public func add(line: ByteView, _ event: ArchivedEvent, part: Int, number: Int) {
    guard event.read(line) else {
      unreadable += 1
      return
    }
    let time = event.time.flatMap { Timestamp(microseconds: $0) }
    let account = accounts.number(event.value(.account) ?? ByteView(start: nil, count: 0))
    guard isAsked(time, account) else {
      filtered += 1
      return
    }
    events += 1
    let micros = time?.microseconds
    if let micros {
      first = min(first ?? micros, micros)
      last = max(last ?? micros, micros)
    }
    let codes = codes(event, time, account)
    count(codes, micros)
    cube.add(codes)
    if cube.cells.count > limits.cells { coarsen(to: limits.cells / 2) }
    details.add(codes, time: micros, part: part, line: number, text: line)
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
  }

  private func isAsked(_ time: Timestamp?, _ account: UInt16) -> Bool {
    if filter.since != nil || filter.until != nil {
      guard let time else { return false }
      if let since = filter.since, time < since { return false }
      if let until = filter.until, time >= until { return false }
    }
    guard let glob = filter.account else { return true }
    var name = accounts.name(account)
    return name.withUTF8 { glob.matches($0) }
  }

  private func codes(
    _ event: ArchivedEvent, _ time: Timestamp?, _ account: UInt16
  ) -> EventCodes {
    func number(_ table: NameTable, _ text: ByteView?) -> UInt16 {
      text.map(table.number) ?? NameTable.nothing
    }
    var actor = number(actors, event.displayActor)
    if actor == NameTable.nothing { actor = number(actors, event.value(.actor)) }
    var key = number(keyNames, event.keyID)
    if key == NameTable.nothing { key = number(keyNames, event.value(.key)) }
    if key > NameTable.others { learn(key, event) }
    return EventCodes(
      bucket: time.map { cube.bucket($0.seconds) } ?? EventCodes.noTime,
      actor: actor, key: key,
      action: number(actions, event.value(.action)), account: account,
      resource: number(resources, event.value(.resource)),
      address: number(addresses, event.value(.address)),
      from: number(froms, event.from),
      match: number(matches, event.match),
      kind: kind(event.kind),
      flags: number(flags, event.raw(.flags)),
      signals: number(signals, event.raw(.signals)))
  }

  private func kind(_ text: ByteView?) -> UInt16 {
    guard let text else { return 0 }
    for (number, kind) in ReportBuilder.kinds.enumerated() where text.elementsEqual(kind.utf8) {
      return UInt16(number)
    }
    return 4
  }

  /// Keeps what an event says of its key.
  private func learn(_ key: UInt16, _ event: ArchivedEvent) {
    func update(_ path: WritableKeyPath<KeyFacts, String>, _ text: ByteView?) {
      guard let text, text.count <= limits.nameBytes,
        !(keys[key]?[keyPath: path].utf8.elementsEqual(text) ?? false)
      else { return }
      keys[key, default: KeyFacts()][keyPath: path] = String(decoding: text, as: UTF8.self)
    }
    update(\.name, event.keyName)
    update(\.type, event.text(.keyType))
    update(\.owner, event.text(.keyOwner))
    update(\.scopes, event.raw(.keyScopes))
  }

  private func coarsen(to limit: Int) {
    cube.coarsen(to: limit) { tables[$0]?.ranked() ?? [] }
  }

  /// The finished figures.
  public func finish(_ archive: ArchiveFacts) -> ReportFigures {
    for (dimension, table) in tables where table.count > limits.listedNames + 2 {
      cube.keep(dimension, Set(table.ranked().prefix(limits.listedNames)))
    }
    coarsen(to: limits.finishedCells)
    cube.fit(Int64(Int32.max))
    return ReportFigures(self, archive)
  }
}
