public import Archive
internal import Bytes
internal import JSONText
internal import Trail

/// Makes a report of a whole archive: goes through its history, then through its parts.
public struct ArchiveReport {
  private typealias Pointers = [Role: [JSONPointer]]

  private let history: ArchiveHistory
  private let limits: ReportLimits
  /// What the manifests say.
  public private(set) var facts = ArchiveFacts()

  /// Reads the history.
  public init(_ history: ArchiveHistory, limits: ReportLimits = ReportLimits()) throws {
    self.history = history
    self.limits = limits
    var facts = ArchiveFacts()
    try history.forEach { header, _ in facts.add(header, keeping: limits.commits) }
    facts.trim(to: limits.commits)
    facts.name = history.path.split(separator: "/").last.map(String.init) ?? history.path
    self.facts = facts
  }

  /// Reads the events that the filter lets through.
  public func run(
    filter: ReportFilter = ReportFilter(), verification: ArchiveFacts.Verification = .none
  ) throws -> ReportFigures {
    let builder = ReportBuilder(limits: limits, filter: filter)
    let files = try LiveFiles(history)
    var readers: [Pointers: ArchivedEvent] = [:]
    var facts = facts
    facts.verification = verification
    for part in files.all(.part) {
      facts.parts += 1
      facts.bytes &+= part.row.bytes
      guard mayHold(part.row, filter) else { continue }
      let pointers = files.dialect(of: part).pointers
      let event = try readers[pointers] ?? ArchivedEvent(reported: pointers)
      readers[pointers] = event
      let number = builder.part(part.row.path)
      var line = 0
      try history.forEachLine(of: part) { text in
        line += 1
        builder.add(line: text, event, part: number, number: line)
      }
    }
    return builder.finish(facts)
  }

  private func mayHold(_ row: ManifestRow, _ filter: ReportFilter) -> Bool {
    if let since = filter.since, let last = row.lastTime, last < since { return false }
    if let until = filter.until, let first = row.firstTime, first >= until { return false }
    return true
  }
}
