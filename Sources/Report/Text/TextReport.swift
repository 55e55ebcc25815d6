internal import Bytes
internal import Terminal

/// The figures of a report as text for a terminal.
package struct TextReport {
  /// Rows of each list.
  static let rows = 8

  let figures: ReportFigures
  let terminal: TerminalText
  /// Columns that rows of lists may have.
  private let room: Int
  var lines: [String] = []

  /// The whole text, in lines of about `width` columns.
  package static func text(_ figures: ReportFigures, width: Int, isUnicode: Bool) -> String {
    let terminal = TerminalText(width: min(max(width, 40), 160), isUnicode: isUnicode)
    var report = TextReport(figures: figures, terminal: terminal, room: max(width, 1))
    report.appendAll()
    return report.lines.map { report.trimmed($0) + "\n" }.joined()
  }

  private init(figures: ReportFigures, terminal: TerminalText, room: Int) {
    self.figures = figures
    self.terminal = terminal
    self.room = room
  }

  /// Adds a row of a list, which is laid out for 40 columns at least, and cut where there are fewer.
  mutating func append(row: String) {
    lines.append(room < terminal.width ? TextWidth.cut(trimmed(row), to: room) : row)
  }

  private mutating func appendAll() {
    appendHead()
    appendActivity()
    appendList("Who", .actor, actorNote)
    appendCandidates()
    appendList("Keys", .key, keyNote)
    appendList("What", .action)
    appendList("To what", .resource)
    appendList("From where", .address)
    appendBlocks()
    appendList("Accounts", .account)
    appendList("How well do we know: match", .match)
    appendList("How well do we know: name taken from", .from)
    appendFlags()
    appendSignals()
    appendArchive()
  }

  private func date(_ time: Int64?) -> String { String(ReportText.time(time).prefix(10)) }

  func count(_ number: Int, _ one: String) -> String {
    "\(Figures.grouped(number)) \(number == 1 ? one : one + "s")"
  }

  private mutating func appendHead() {
    let name = terminal.harmless(figures.archive.name)
    lines.append("Activity in \(name)")
    var head = count(figures.events, "event")
    if figures.first != nil { head += " from \(date(figures.first)) to \(date(figures.last))" }
    let distinct = figures.distinct
    head +=
      ", by \(count(distinct[.actor] ?? 0, "actor")) with \(count(distinct[.key] ?? 0, "key"))"
    head += " in \(count(distinct[.account] ?? 0, "account"))"
    lines.append(head)
    if !figures.filter.isEmpty { lines.append("only events " + terminal.harmless(figures.filter)) }
    if figures.timeless > 0 {
      lines.append(
        "without a usable time: \(count(figures.timeless, "event")), which no date above covers")
    }
    if figures.unreadable > 0 {
      lines.append("lines that are no events: \(Figures.grouped(figures.unreadable))")
    }
  }

  mutating func appendTitle(_ title: String) {
    lines.append("")
    lines.append(title)
  }

  // MARK: Activity

  /// Events by column of the terminal, of the cells for which `isCounted` holds.
  private func series(_ size: Int, _ isCounted: (EventCodes) -> Bool) -> [Int] {
    let buckets = figures.cells.lazy.map(\.codes.bucket).filter { $0 != EventCodes.noTime }
    guard let first = buckets.min(), let last = buckets.max() else { return [] }
    let span = last - first + 1
    // Stretches are not stretched: few of them make a short line.
    let columns = min(Int64(size), span)
    var values = [Int](repeating: 0, count: Int(columns))
    for cell in figures.cells
    where cell.codes.bucket != EventCodes.noTime && isCounted(cell.codes) {
      values[Int((cell.codes.bucket - first) * columns / span)] += cell.count
    }
    return values
  }

  private mutating func appendActivity() {
    appendTitle("Activity")
    let size = terminal.width - 26
    for (number, kind) in ReportChunk.kinds.enumerated() where number > 0 {
      // Events that nobody classified are as unknown as those that a rule calls so.
      let isKind = { (codes: EventCodes) in
        codes.kind == number || number == 4 && codes.kind == 0
      }
      let total = figures.cells.lazy.filter { isKind($0.codes) }.reduce(0) { $0 + $1.count }
      guard total > 0 else { continue }
      append(row: row(kind, total, terminal.sparkline(series(size, isKind))))
    }
    append(row: row("all", figures.events, terminal.sparkline(series(size) { _ in true })))
  }

  private func row(_ name: String, _ count: Int, _ picture: String) -> String {
    let number = Figures.grouped(count)
    let padding = String(repeating: " ", count: max(0, 9 - number.count))
    return "  " + terminal.fitted(name, 12) + padding + number + "  " + picture
  }

  // MARK: Lists

  private mutating func appendList(
    _ title: String, _ dimension: Dimension, _ note: (Int) -> String = { _ in "" }
  ) {
    let names = figures.names[dimension] ?? []
    let shown = names.indices.dropFirst(2).prefix(TextReport.rows)
    guard let most = shown.map({ names[$0].count }).max() else { return }
    appendTitle(title)
    let size = min(40, terminal.width / 2 - 4)
    for index in shown {
      appendBar(names[index].name, names[index].count, most, size)
      let text = note(index)
      if !text.isEmpty {
        append(row: "    " + terminal.fitted(text, terminal.width - 5))
      }
    }
    appendRest(figures.distinct[dimension] ?? 0)
  }

  /// Says how many of `count` rows are not shown.
  mutating func appendRest(_ count: Int) {
    let rest = count - TextReport.rows
    if rest > 0 { lines.append("  and \(Figures.grouped(rest)) more") }
  }

  mutating func appendBar(_ name: String, _ count: Int, _ most: Int, _ size: Int) {
    let number = aligned(count)
    let bar = terminal.bar(count, of: most, terminal.width - size - 15)
    append(row: "  " + terminal.fitted(name, size) + number + "  " + bar)
  }

  private func aligned(_ count: Int) -> String {
    TextColumns.rightAligned(Figures.grouped(count), 10)
  }

  private func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// What comes with a name, the most frequent first.
  private func beside(_ dimension: Dimension, _ number: Int, _ other: Dimension) -> [UInt16] {
    var counts: [UInt16: Int] = [:]
    for cell in figures.cells where cell.codes[dimension] == number {
      counts[cell.codes[other], default: 0] += cell.count
    }
    return counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.map(\.key)
  }

  private func actorNote(_ number: Int) -> String {
    let keys = beside(.actor, number, .key).filter { $0 > NameTable.others }.map(keyName)
    let from = beside(.actor, number, .from).map {
      $0 == NameTable.nothing ? "the event" : figures.names[.from]?[Int($0)].name ?? ""
    }
    let named = figures.names[.actor]?[number]
    return (keys.isEmpty ? "" : "by key \(some(keys)), ") + "from \(some(from)), "
      + "\(date(named?.first)) to \(date(named?.last))"
  }

  private func keyName(_ number: UInt16) -> String {
    let name = figures.keys[Int(number)].name
    return name.isEmpty ? figures.names[.key]?[Int(number)].name ?? "" : name
  }

  private func keyNote(_ number: Int) -> String {
    let facts = figures.keys[number]
    let callers = beside(.key, number, .actor).map { figures.names[.actor]?[Int($0)].name ?? "" }
    let parts = [
      facts.name, facts.type, facts.owner.isEmpty ? "" : "owner \(facts.owner)",
      facts.scopes.isEmpty ? "" : "scopes \(facts.scopes)",
      "\(count(callers.count, "caller")): \(some(callers.filter { !$0.isEmpty }))",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private func some(_ names: [String]) -> String {
    names.prefix(2).joined(separator: ", ")
      + (names.count > 2 ? " and \(names.count - 2) more" : "")
  }

  private mutating func appendBlocks() {
    var counts: [String: Int] = [:]
    for named in (figures.names[.address] ?? []).dropFirst(2) {
      let block = ReportText.block(named.name)
      if !block.isEmpty { counts[block, default: 0] += named.count }
    }
    let ranked = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    guard ranked.count > 1, let most = ranked.first?.value else { return }
    appendTitle("Address blocks")
    for (block, count) in ranked.prefix(TextReport.rows) {
      appendBar(block, count, most, min(40, terminal.width / 2 - 4))
    }
    appendRest(ranked.count)
  }

  /// What the sets of a dimension have, how many events have it, and in which sets it is.
  func members(_ dimension: Dimension) -> [(name: String, count: Int, sets: Set<UInt16>)] {
    var counts: [String: (Int, Set<UInt16>)] = [:]
    for (number, named) in (figures.names[dimension] ?? []).enumerated() {
      for member in Set(ReportText.members(named.name)) {
        counts[member, default: (0, [])].0 += named.count
        counts[member, default: (0, [])].1.insert(UInt16(number))
      }
    }
    return counts.map { ($0.key, $0.value.0, $0.value.1) }.sorted {
      $0.count == $1.count ? $0.name < $1.name : $0.count > $1.count
    }
  }

  private mutating func appendFlags() {
    let flags = members(.flags)
    guard let most = flags.first?.count else { return }
    appendTitle("Flags")
    for flag in flags.prefix(TextReport.rows) {
      appendBar(flag.name, flag.count, most, min(40, terminal.width / 2 - 4))
    }
    appendRest(flags.count)
  }

  private mutating func appendSignals() {
    let signals = members(.signals)
    guard !signals.isEmpty || !figures.signalsOfNoEvent.isEmpty else { return }
    appendTitle("Signals")
    let size = min(36, terminal.width / 2 - 8)
    for signal in signals.prefix(TextReport.rows) {
      let values = series(terminal.width - size - 16) { signal.sets.contains($0.signals) }
      let line = terminal.fitted(signal.name, size) + aligned(signal.count)
      append(row: "  " + line + "  " + terminal.sparkline(values))
    }
    appendRest(signals.count)
    for (name, count) in figures.signalsOfNoEvent {
      append(row: "  " + terminal.fitted(name, size) + aligned(count) + "  of no event")
    }
  }

  // MARK: The archive

  private mutating func appendArchive() {
    let archive = figures.archive
    appendTitle("The archive")
    let total = archive.total
    for (name, number) in [
      ("read", total.read), ("archived", total.written), ("duplicates", total.duplicates),
      ("filtered", total.filtered), ("quarantined", total.quarantined),
    ] {
      let bar = terminal.bar(number, of: total.read, terminal.width - 26)
      append(row: row(name, number, bar))
    }
    let span =
      archive.firstCommit == nil
      ? ""
      : " from \(ReportText.time(archive.firstCommit)) to \(ReportText.time(archive.lastCommit))"
    lines.append("  \(count(archive.commits, "commit"))\(span)")
    lines.append("  head \(archive.head.isEmpty ? "none" : archive.head)")
    lines.append("  signed by \(archive.signedBy.map(terminal.harmless) ?? "nobody")")
    switch archive.verification {
    case .none:
      let head = archive.head.isEmpty ? "DIGEST" : archive.head
      lines.append(
        "  not verified in this report: run trailmill verify ARCHIVE --head \(head)")
    case .findings(0, isPinned: true):
      lines.append("  verified: every file is as it was committed, up to the head that was given")
    case .findings(0, isPinned: false):
      lines.append("  consistent: every file is as the manifests say; without a head that was kept")
      lines.append("  elsewhere (--head) an archive made anew, or cut at its end, looks the same")
    case .findings(let number, _):
      lines.append("  \(count(number, "finding")): run trailmill verify ARCHIVE")
    }
  }
}
