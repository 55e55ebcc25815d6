internal import Bytes
internal import Terminal

extension TextReport {
  /// Adds the events in which nobody is named, by whom they may be of. They count for nobody else.
  mutating func appendCandidates() {
    let events = figures.cells.lazy.filter { $0.codes.candidates != NameTable.nothing }
      .reduce(0) { $0 + $1.count }
    guard events > 0 else { return }
    appendTitle("Could be several")
    append(row: "  \(count(events, "event")) in which nobody is named; they may be of")
    let candidates = members(.candidates)
    if let most = candidates.first?.count {
      for candidate in candidates.prefix(TextReport.rows) {
        appendBar(candidate.name, candidate.count, most, min(40, terminal.width / 2 - 4))
      }
    }
    appendRest(candidates.count)
    let sets = (figures.names[.candidates] ?? []).dropFirst(2)
    let open = sets.lazy.filter { ReportText.lastNumber($0.name) > 0 }.reduce(0) { $0 + $1.count }
    if open > 0 { append(row: "  of others, too, whom it does not name: \(count(open, "event"))") }
    let untold = events - sets.reduce(0) { $0 + $1.count }
    if untold > 0 {
      append(row: "  of candidates who are not told apart: \(count(untold, "event"))")
    }
  }
}
