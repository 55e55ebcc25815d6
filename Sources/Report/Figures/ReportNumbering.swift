internal import Search

extension ReportBuilder {
  /// The finished figures. No event may follow.
  package func finish(_ archive: ArchiveFacts) -> ReportFigures {
    close()
    let numbering = ReportNumbering(self)
    return ReportFigures(
      archive: archive, limits: limits, events: events, timeless: timeless,
      unreadable: unreadable, signalsOfNoEvent: signalsOfNoEvent, first: first, last: last,
      filter: query.description, width: cube.seconds, names: numbering.names,
      keys: numbering.order[.key, default: []].map { keys[$0] ?? KeyFacts() },
      cells: numbering.cells(), details: numbering.details(), parts: parts,
      distinct: Dictionary(
        uniqueKeysWithValues: tables.all.map { ($0.dimension, $0.table.count - 2) }))
  }
}

/// Gives names new numbers: only those that are used, the most frequent first.
private struct ReportNumbering {
  private let builder: ReportBuilder
  private let newest: [EventDetail]
  /// By dimension, by new number, the old one.
  private(set) var order: [Dimension: [UInt16]] = [:]
  private(set) var names: [Dimension: [ReportFigures.Named]] = [:]
  private var numbers = Renumbering()

  init(_ builder: ReportBuilder) {
    self.builder = builder
    newest = builder.details.newestFirst()
    for (dimension, table) in builder.tables.all { number(dimension, table) }
    names[.kind] = ReportChunk.kinds.map { ReportFigures.Named(name: $0, count: 0) }
    for (codes, count) in builder.cube.cells { names[.kind]?[Int(codes.kind)].count += count }
  }

  private mutating func number(_ dimension: Dimension, _ table: NameTable) {
    let counted = Set(builder.cube.cells.keys.lazy.map { $0[dimension] })
    let shown = Set(newest.lazy.map { $0.codes[dimension] })
    let all = table.ranked()
    let top = Set(all.prefix(builder.limits.alwaysListed))
    let ranked = all.filter { counted.contains($0) || shown.contains($0) || top.contains($0) }
    let order = [NameTable.nothing, NameTable.others] + ranked
    self.order[dimension] = order
    var new = [UInt16](repeating: NameTable.others, count: table.count)
    for (number, old) in order.enumerated() { new[Int(old)] = UInt16(number) }
    numbers.set(dimension, new)
    names[dimension] = order.map { old in
      let number = Int(old)
      let (first, last) = (table.first[number], table.last[number])
      return ReportFigures.Named(
        name: table.name(old), count: table.counts[number],
        first: first == .max ? nil : first, last: last == .min ? nil : last,
        isFolded: old > NameTable.others && !counted.contains(old))
    }
    var others = 0
    for (codes, count) in builder.cube.cells
    where codes[dimension] == NameTable.others {
      others += count
    }
    names[dimension]?[1].count = others
  }

  func cells() -> [ReportFigures.Cell] {
    let cells = builder.cube.cells.map {
      ReportFigures.Cell(codes: numbers.renumbered($0.key), count: $0.value)
    }
    return cells.sorted { $0.codes.precedes($1.codes) }
  }

  func details() -> [EventDetail] {
    newest.map { detail in
      var detail = detail
      detail.codes = numbers.renumbered(detail.codes)
      return detail
    }
  }
}

extension EventCodes {
  /// Orders by time, then as the members stand. Written out: a report sorts a million of them.
  fileprivate func precedes(_ other: EventCodes) -> Bool {
    if bucket != other.bucket { return bucket < other.bucket }
    let left = (actor, key, action, account, resource, address)
    let right = (other.actor, other.key, other.action, other.account, other.resource, other.address)
    if left != right { return left < right }
    return (from, match, kind, flags, signals, candidates)
      < (other.from, other.match, other.kind, other.flags, other.signals, other.candidates)
  }
}
