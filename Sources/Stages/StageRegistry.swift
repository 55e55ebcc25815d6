public import Engine

/// What the stages of a plan have to tell beside the records.
public struct StageRegistry {
  /// Something that the summary counts.
  public struct Counter: Equatable, Sendable {
    /// What is counted, as the summary says it.
    public let name: String
    /// True if it is counted by name, and the most frequent names are listed.
    public let listsNames: Bool
  }

  /// Names that the summary lists of a counter: 5.
  public static let listedNames = 5

  /// Lookup tables read, in the order of reading.
  public internal(set) var tables: [LookupTable] = []
  /// Counters, by number.
  public private(set) var counters: [Counter] = []
  /// Stages with something to say at the end.
  public internal(set) var reports: [any Reporting] = []

  mutating func counter(_ counter: Counter) -> Int {
    if let known = counters.firstIndex(of: counter) { return known }
    counters.append(counter)
    return counters.count - 1
  }

  /// Lines for the summary: what was counted, then what stages report.
  public func findings(_ tally: Tally) -> [(key: String, value: String)] {
    var findings: [(key: String, value: String)] = []
    for (number, counter) in counters.enumerated() {
      guard let count = tally.counts[number], count > 0 else { continue }
      var value = "\(count)"
      if counter.listsNames, let names = tally.names[number] { value += StageRegistry.list(names) }
      findings.append((key: counter.name, value: value))
    }
    for stage in reports { findings += stage.report.map { (key: $0.key, value: $0.value) } }
    return findings
  }

  /// ` (3 different; A 12, B 7, C 1)`
  private static func list(_ names: NameCounts) -> String {
    let top = names.top(listedNames).map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    let distinct = names.others > 0 ? "more than \(names.distinct)" : "\(names.distinct)"
    let isComplete = names.distinct <= listedNames && names.others == 0
    return " (\(distinct) different; \(isComplete ? "" : "most often ")\(top))"
  }
}
