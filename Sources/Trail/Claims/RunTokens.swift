internal import Bytes

/// The runs of workflows and pipelines that rows of a claim store are about: their rows, grouped by key.
final class RunTokens: @unchecked Sendable {
  // Sendable because the loader alone adds to them, before anyone else sees them.

  private struct Entry: BitwiseCopyable {
    var row: UInt32
    /// The entry before of the same run; -1 if there is none.
    var previous: Int32
  }

  private var runs = ByteKeys()
  /// By run, its newest entry.
  private var newest = FlatArray<Int32>()
  private var entries = FlatArray<Entry>()
  private var sharing = SharedTokens()

  var isEmpty: Bool { runs.count == 0 }

  var memoryBytes: Int { runs.memoryBytes + newest.memoryBytes + entries.memoryBytes }

  /// A row is about a run.
  func add(_ run: ByteView, row: Int) {
    let entry = Int32(entries.count)
    let number = runs.insert(run)
    if number == newest.count { newest.append(-1) }
    entries.append(Entry(row: UInt32(row), previous: newest[number]))
    newest[number] = entry
  }

  /// Puts the rows of each run together, once all are there: see `SharedTokens`.
  func group(key: (UInt32) -> UInt32, isBefore: (UInt32, UInt32) -> Bool) {
    for run in 0..<runs.count {
      var rows: [UInt32] = []
      var entry = newest[run]
      while entry >= 0 {
        rows.append(entries[Int(entry)].row)
        entry = entries[Int(entry)].previous
      }
      _ = sharing.add(rows, key: key, isBefore: isBefore)
    }
  }

  /// How many groups there are.
  var groups: Int { sharing.groups }

  /// The group of a run whose rows are of a key; without one (nil) the run has to be of one key only.
  func group(ofRun run: Int, key: Int?) -> Int? {
    guard let key else { return sharing.onlyGroup(token: run) }
    return sharing.group(of: key, token: run)
  }

  /// Numbers of the rows of a group.
  func rows(ofGroup number: Int) -> UnsafeBufferPointer<UInt32> { sharing.rows(ofGroup: number) }

  /// The number of a run; nil if no row is about it.
  func find(_ run: ByteView) -> Int? { runs.find(run) }
}
