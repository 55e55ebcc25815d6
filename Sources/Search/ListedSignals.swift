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
  /// Lists that are missing or not those that were committed, as far as they were asked: nothing of them
  /// counts.
  package private(set) var unusable: [String] = []

  /// The lists of the archive that `files` are of.
  package init(_ history: ArchiveHistory, _ files: LiveFiles) {
    self.history = history
    self.files = files
  }

  /// Signals that belong to no event (a forged delivery, an account that is silent) and answer a question, by
  /// name, the most frequent first.
  package mutating func ofNoEvent(_ query: SearchQuery) -> [(name: String, count: Int)] {
    var counts: [String: Int] = [:]
    forEach { row in
      if SignalNames.ofNoEvent.contains(row.name), query.matches(row) {
        counts[row.name, default: 0] += 1
      }
    }
    return counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .map { ($0.key, $0.value) }
  }

  /// The names of all that are listed.
  package mutating func names() -> Set<String> {
    var names: Set<String> = []
    forEach { names.insert($0.name) }
    return names
  }

  private mutating func forEach(_ body: (Row) -> Void) {
    unusable = []
    for file in files.all(.signals) {
      // What was altered is found at its end: so nothing counts before that.
      do { try rows(of: file).forEach(body) } catch { unusable.append(file.row.path) }
    }
  }

  /// The different rows of a list that can matter, each as often as it is there.
  private func rows(of file: LiveFile) throws -> [Row] {
    var reader = DocumentReader(Self.members)
    let (signal, account, time) = (
      Self.members.place("/signal"), Self.members.place("/account"), Self.members.place("/time")
    )
    let found = files.finished[file.sequence]?.microseconds
    var rows: [Row] = []
    var names: Set<String> = []
    try history.forEachLine(of: file) { line in
      guard let document = try? reader.read(line), let name = document.string(signal) else {
        return
      }
      // Of those that events have, the name is enough.
      guard SignalNames.ofNoEvent.contains(name) || names.insert(name).inserted else { return }
      rows.append(
        Row(
          name: name, account: document.bytes(account),
          time: document.time(time)?.microseconds ?? found))
    }
    return rows
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
