internal import History

/// Sums that every commit has to satisfy: what its header counts, and what its rows list.
struct CommitInvariants {
  private let header: ManifestHeader
  private let rows: [ManifestRow]

  init(_ header: ManifestHeader, _ rows: [ManifestRow]) {
    self.header = header
    self.rows = rows
  }

  /// The first sum that does not hold; nil if all do.
  var contradiction: (expected: String, found: String)? {
    let counts = header.counts
    let sums: [(String, Int?, Int?)] = [
      (
        "written + duplicates + filtered + quarantined",
        sum([counts.written, counts.duplicates, counts.filtered, header.quarantined]), counts.read
      ),
      ("unreadable + refused", sum([counts.unreadable, counts.refused]), header.quarantined),
      ("the records of its parts", records(.file(.part)), counts.written),
      ("the records of its quarantine", records(.file(.quarantine)), header.quarantined),
      ("the parts that retire", retired.count, header.retiredParts),
      ("the records of the parts that retire", sum(retired.map(\.records)), header.retiredRecords),
      ("the records that it read, copied or read again", sources.map(split), counts.read),
    ]
    for (what, value, said) in sums where value == nil || value != said {
      return (
        "\(what): \(value.map(String.init) ?? "too many")", "\(said.map(String.init) ?? "nothing")"
      )
    }
    return kindContradiction ?? accountContradiction ?? daysContradiction ?? pathContradiction
  }

  /// A file that two rows publish: who goes by the rows has it twice.
  private var pathContradiction: (expected: String, found: String)? {
    var published: Set<String> = []
    for row in rows where row.kind.file != nil && !published.insert(row.path).inserted {
      return ("files that are published once", "\(row.path) is published twice")
    }
    return nil
  }

  /// What the rows of digests say of days, which decides where a delivery is looked for.
  private var daysContradiction: (expected: String, found: String)? {
    rows.first { $0.daysClaim == .malformed }.map {
      ("days in their order, and a time_rule, of \($0.path)", "what nobody goes by")
    }
  }

  /// What an input's row says of its bytes: every one is in one of the sums.
  private var accountContradiction: (expected: String, found: String)? {
    for row in rows {
      guard let input = row.input, let account = input.account else { continue }
      let end = input.text ?? input.bytes
      guard account.isBalanced, account.to == end,
        input.text != nil || account.from == input.continued?.offset ?? 0
      else {
        return (
          "every byte of \(input.name) in one of its sums, up to byte \(end)",
          account.figures.map(String.init).joined(separator: ", ")
        )
      }
    }
    return nil
  }

  private var kindContradiction: (expected: String, found: String)? {
    switch header.kind {
    case .compact where header.copied != header.retiredRecords:
      ("all retired records copied: \(header.retiredRecords)", "\(header.copied)")
    case .expire, .hold, .release:
      header.counts.read == 0 ? nil : ("no records", "\(header.counts.read) records read")
    default: nil
    }
  }

  /// Where records came from: from inputs, from what retires in favour of copies, from quarantines.
  private var sources: Int? {
    let inputs = records(.input)
    let again = sum(
      rows.filter { $0.kind == .retired && $0.reason == RetiredFile.Reason.retried.rawValue }
        .map(\.records))
    guard let inputs, let again else { return nil }
    return sum([inputs, again, header.copied])
  }

  /// Rows of a quarantine may hold several records each.
  private func split(_ sources: Int) -> Int {
    header.kind == .retry ? max(sources, header.counts.read) : sources
  }

  private var retired: [ManifestRow] {
    rows.filter { $0.kind == .retired && FileKind.isPart($0.path) }
  }

  private func records(_ kind: ManifestRow.Kind) -> Int? {
    sum(rows.filter { $0.kind == kind }.map(\.records))
  }

  /// The sum; nil if it is too large, or something is negative: no run counts so.
  private func sum(_ numbers: [Int]) -> Int? {
    var total = 0
    for number in numbers {
      let (next, overflow) = total.addingReportingOverflow(number)
      guard !overflow, number >= 0 else { return nil }
      total = next
    }
    return total
  }
}
