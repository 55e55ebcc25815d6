package import Engine
package import Settings
package import Trail

/// Something that may be wrong, and the setting that it is about.
package struct StageWarning: Equatable, Sendable {
  /// Where the setting is.
  package let position: SourcePosition
  /// What may be wrong.
  package let message: String
}

/// What the stages of a plan have to tell beside the records.
package struct StageResults {
  /// Something that the summary counts.
  package struct Counter: Equatable, Sendable {
    /// What is counted, as the summary says it.
    package let name: String
    /// True if it is counted by name, and the most frequent names are listed.
    package let listsNames: Bool
  }

  /// A label of records, whose classes the summary counts.
  package struct Label: Equatable, Sendable {
    /// What it says about a record, as the summary names it.
    package let name: String
    /// The classes, by their number less one.
    package let classes: [String]
    /// Nil if the summary is to say how many records each class has; else how it is to name those that
    /// have none.
    package let unused: String?
  }

  /// Names that the summary lists of a counter: 5.
  package static let listedNames = 5

  /// Lookup tables read, in the order of reading.
  package internal(set) var tables: [LookupTable] = []
  /// Counters, by number.
  package private(set) var counters: [Counter] = []
  /// What may be wrong with the definition or its tables, though both can be used.
  package internal(set) var warnings: [StageWarning] = []
  /// What settings cost with which nothing is wrong.
  package internal(set) var notes: [StageWarning] = []
  /// What messages about the input must not show; nil if no stage looks for secrets.
  package internal(set) var secrets: SecretPlan?
  /// Labels, by number.
  package private(set) var labels: [Label] = []
  private var results: [any StageResult] = []

  /// Ends what only the end of a run can tell. To be called once, behind the last record.
  package func finish() throws {
    for result in results { try result.finish() }
  }

  /// The signals of the run; nil if no stage looks for any.
  package var signals: SignalTally? {
    let tallies = results.compactMap(\.signals)
    guard var tally = tallies.first else { return nil }
    for other in tallies.dropFirst() {
      tally.total += other.total
      tally.found += other.found
    }
    return tally
  }

  /// The versions of keys that the records of the run refer to, by their digests and each once.
  package var usedKeys: [ReferencedKey] { KeyReferences.ordered(results.flatMap(\.usedKeys)) }

  mutating func add(_ result: any StageResult) { results.append(result) }

  mutating func counter(_ counter: Counter) -> Int {
    if let known = counters.firstIndex(of: counter) { return known }
    counters.append(counter)
    return counters.count - 1
  }

  mutating func label(_ label: Label) -> Int {
    labels.append(label)
    return labels.count - 1
  }

  /// How many kept records each class of label `number` has, those that have any.
  package func classes(_ number: Int, _ tally: Tally) -> [(name: String, count: Int)] {
    guard tally.labels.indices.contains(number) else { return [] }
    let counts = tally.labels[number]
    return labels[number].classes.enumerated().compactMap { index, name in
      let count = index + 1 < counts.count ? counts[index + 1] : 0
      return count > 0 ? (name: name, count: count) : nil
    }
  }

  /// How many kept records each class has of every label that the summary counts; of two labels of one name,
  /// the last.
  package func classes(
    _ tally: Tally
  ) -> [(label: String, counts: [(name: String, count: Int)])] {
    labels.indices.filter { number in
      labels[number].unused == nil
        && !labels[(number + 1)...].contains { $0.name == labels[number].name }
    }.map { (label: labels[$0].name, counts: classes($0, tally)) }
  }

  private func finding(_ number: Int, _ tally: Tally) -> (key: String, value: String)? {
    let label = labels[number]
    let used = classes(number, tally)
    guard let unused = label.unused else {
      let counts = used.map { "\($0.name) \($0.count)" }
      return counts.isEmpty ? nil : (key: label.name, value: counts.joined(separator: ", "))
    }
    let idle = label.classes.filter { name in !used.contains { $0.name == name } }
    return idle.isEmpty || tally.written == 0
      ? nil : (key: unused, value: idle.joined(separator: ", "))
  }

  /// Lines for the summary: what was counted, then what stages report.
  package func findings(_ tally: Tally) -> [(key: String, value: String)] {
    var findings: [(key: String, value: String)] = []
    for (number, counter) in counters.enumerated() {
      guard let count = tally.counts[number], count > 0 else { continue }
      var value = "\(count)"
      if counter.listsNames, let names = tally.names[number] { value += StageResults.list(names) }
      findings.append((key: counter.name, value: value))
    }
    findings += labels.indices.compactMap { finding($0, tally) }
    for result in results { findings += result.report.map { (key: $0.key, value: $0.value) } }
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
