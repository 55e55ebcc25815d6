internal import Archive
package import Bytes
package import History
internal import JSONText
internal import Trail

/// What the lists of signals in an archive say that no event does.
package struct ListedSignals {
  /// A signal, as a list has it.
  struct Row {
    var name: String
    var account: [UInt8]?
    /// When, in microseconds since 1970: the signal's own time, or else that of the run that found it.
    var time: Int64?
  }

  private static let members = DocumentMembers(["/signal", "/account", "/time"])

  private let history: ArchiveHistory
  private let files: LiveFiles

  /// The lists of the archive that `files` are of.
  package init(_ history: ArchiveHistory, _ files: LiveFiles) {
    self.history = history
    self.files = files
  }

  /// Signals that belong to no event (a forged delivery, an account that is silent) and answer a question, by
  /// name, the most frequent first.
  package func ofNoEvent(_ query: SearchQuery) throws -> [(name: String, count: Int)] {
    var counts: [String: Int] = [:]
    try forEach { row in
      if SignalNames.ofNoEvent.contains(row.name), query.matches(row) {
        counts[row.name, default: 0] += 1
      }
    }
    return counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .map { ($0.key, $0.value) }
  }

  /// The names of all that are listed.
  package func names() throws -> Set<String> {
    var names: Set<String> = []
    try forEach { names.insert($0.name) }
    return names
  }

  private func forEach(_ body: (Row) -> Void) throws {
    var reader = DocumentReader(Self.members)
    func place(_ member: String) -> Int { Self.members.place(member) }
    for file in files.all(.signals) {
      let found = files.finished[file.sequence]?.microseconds
      try history.forEachLine(of: file) { line in
        guard let document = try? reader.read(line), let name = document.string(place("/signal"))
        else { return }
        body(
          Row(
            name: name, account: document.bytes(place("/account")),
            time: document.time(place("/time"))?.microseconds ?? found))
      }
    }
  }
}

extension SearchQuery {
  /// Whether a signal answers that belongs to no event: it has a name, perhaps an account, and a time.
  func matches(_ signal: ListedSignals.Row) -> Bool {
    if window.isBounded {
      guard let time = signal.time, window.contains(time) else { return false }
    }
    return conditions.allSatisfy { SearchQuery.holds($0, of: signal) }
  }

  private static func holds(_ condition: Condition, of signal: ListedSignals.Row) -> Bool {
    switch condition {
    case .not(let inner): !holds(inner, of: signal)
    case .field(.signal, let glob): Array(signal.name.utf8).withUnsafeBufferPointer(glob.matches)
    case .field(.account, let glob):
      signal.account?.withUnsafeBufferPointer { glob.matches($0) } ?? false
    case .field, .address, .identity, .pointer, .text: false
    }
  }

  /// What is asked of signals, whether they must be there or must not.
  package var signalPatterns: [Glob] {
    conditions.compactMap { condition in
      switch condition {
      case .field(.signal, let glob), .not(.field(.signal, let glob)): glob
      default: nil
      }
    }
  }

  /// True if somebody asks for signals: they are found by one, or counted.
  package var asksForSignals: Bool {
    conditions.contains { if case .field(.signal, _) = $0 { true } else { false } }
  }
}
