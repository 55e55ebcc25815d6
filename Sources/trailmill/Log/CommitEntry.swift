internal import Bytes
internal import History
internal import JSONText

/// A commit as `trailmill log` tells it.
struct CommitEntry {
  static let columns = [
    "commit", "time", "kind", "read", "written", "duplicates", "filtered", "quarantined", "signals",
    "retired",
    "what", "reason", "head",
  ]

  private let header: ManifestHeader
  private let rows: [ManifestRow]

  init(_ header: ManifestHeader, _ rows: [ManifestRow]) {
    self.header = header
    self.rows = rows
  }

  private var inputs: [RecordedInput] { rows.compactMap(\.input) }
  private var signals: Int { records(.signals) }

  private func records(_ kind: FileKind) -> Int {
    Figures.sum(rows.lazy.filter { $0.kind.file == kind }.map(\.records))
  }

  /// A text for each column. `retired` is how many records the commit took out.
  var row: [String] {
    let counts = header.counts
    let numbers = [
      counts.read, counts.written, counts.duplicates, counts.filtered, header.quarantined, signals,
      header.retiredRecords,
    ]
    let second = header.finished.flatMap { Timestamp(seconds: $0.seconds) }
    return ["\(header.sequence)", second?.rfc3339 ?? "", header.kind.rawValue]
      + numbers.map(Figures.grouped) + [what, header.reason ?? "", header.head.hex]
  }

  /// What it is about: the inputs that it read, or the name of a hold.
  private var what: String {
    let names =
      inputs.map(\.name) + rows.filter { $0.kind == .hold || $0.kind == .release }.map(\.path)
    guard let first = names.first else { return "" }
    return names.count == 1 ? first : "\(first) and \(Figures.grouped(names.count - 1)) more"
  }

  /// One object and a line feed. The members are a contract with scripts.
  var json: String {
    let parts = rows.filter { $0.kind.file == .part }
    var line = JSONWriter()
    line.member("commit", Int64(header.sequence))
    line.member("run", header.runName)
    line.member("kind", header.kind.rawValue)
    line.member("time", header.finished)
    line.member("reason", header.reason)
    let counts = header.counts
    let numbers: [(StaticString, Int)] = [
      ("read", counts.read), ("written", counts.written), ("duplicates", counts.duplicates),
      ("filtered", counts.filtered), ("unreadable", counts.unreadable),
      ("refused", counts.refused), ("quarantined", header.quarantined), ("signals", signals),
      ("parts", parts.count), ("bytes", Figures.sum(parts.lazy.map { Int(clamping: $0.bytes) })),
    ]
    for (name, number) in numbers { line.member(name, Int64(number)) }
    line.member("retired") { retired in
      retired.member("parts", Int64(header.retiredParts))
      retired.member("records", Int64(header.retiredRecords))
      retired.member("copied", Int64(header.copied))
    }
    let inputs = inputs
    line.member("inputs", objects: inputs.count) { number, input in
      input.member("name", inputs[number].name)
      input.member("bytes", inputs[number].bytes)
      input.member("sha256", inputs[number].sha256)
      input.member("records", Int64(inputs[number].records))
    }
    line.member("window") { window in
      window.member("since", header.window.since)
      window.member("until", header.window.until)
    }
    line.member("hold", rows.first { $0.kind == .hold || $0.kind == .release }?.path)
    line.member("plan", header.plan)
    line.member("signing_key", header.signingKey)
    line.member("head", header.head)
    return line.finishLine()
  }
}
