public import Archive
internal import Bytes
internal import JSONText
internal import Trail

/// Makes a report of a whole archive: goes through its history, then through its parts.
public struct ArchiveReport {
  private typealias Pointers = [Role: [JSONPointer]]

  private let history: ArchiveHistory
  private let limits: ReportLimits
  /// Where events keep their values, by the commit that read them.
  private var dialects: [Int: Pointers] = [:]
  /// What the manifests say.
  public private(set) var facts = ArchiveFacts()

  /// Reads the history.
  public init(_ history: ArchiveHistory, limits: ReportLimits = ReportLimits()) throws {
    self.history = history
    self.limits = limits
    var facts = ArchiveFacts()
    var dialects: [Int: Pointers] = [:]
    try history.forEach { header, rows in
      facts.add(header, keeping: limits.commits)
      for row in rows { if let pointers = row.dialect { dialects[header.sequence] = pointers } }
    }
    facts.trim(to: limits.commits)
    facts.name = history.path.split(separator: "/").last.map(String.init) ?? history.path
    self.facts = facts
    self.dialects = dialects
  }

  /// Reads the events that the filter lets through.
  public func run(
    filter: ReportFilter = ReportFilter(), verification: ArchiveFacts.Verification = .none
  ) throws -> ReportFigures {
    let builder = ReportBuilder(limits: limits, filter: filter)
    var readers: [Pointers: EventReader] = [:]
    let anywhere = merged
    var facts = facts
    facts.verification = verification
    for part in try LiveFiles(history).all(.part) {
      facts.parts += 1
      facts.bytes &+= part.row.bytes
      guard mayHold(part.row, filter) else { continue }
      // Who merges parts reads no events, and names no dialect.
      let pointers = dialects[part.sequence] ?? anywhere
      let reader = try readers[pointers] ?? EventReader(dialect: pointers)
      readers[pointers] = reader
      let number = builder.part(part.row.path)
      var line = 0
      try history.forEachLine(of: part) { text in
        line += 1
        builder.add(line: text, reader, part: number, number: line)
      }
    }
    return builder.finish(facts)
  }

  private func mayHold(_ row: ManifestRow, _ filter: ReportFilter) -> Bool {
    if let since = filter.since, let last = row.lastTime, last < since { return false }
    if let until = filter.until, let first = row.firstTime, first >= until { return false }
    return true
  }

  /// All dialects together, those of newer commits first.
  private var merged: Pointers {
    var merged: Pointers = [:]
    for (_, pointers) in dialects.sorted(by: { $0.key > $1.key }) {
      for role in Role.allCases {
        for pointer in pointers[role] ?? [] where !(merged[role]?.contains(pointer) ?? false) {
          merged[role, default: []].append(pointer)
        }
      }
    }
    return merged
  }
}
