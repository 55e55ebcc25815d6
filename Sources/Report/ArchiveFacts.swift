internal import History
internal import Bytes

/// What a report says of the archive itself.
package struct ArchiveFacts: Sendable {
  /// Whether the archive was compared with its history.
  package enum Verification: Sendable, Equatable {
    /// It was not.
    case none
    /// It was, and so much was found; 0 if all is as it was committed. Pinned: against a head that was kept
    /// elsewhere, without which an archive that was made anew is as good as any.
    case findings(Int, isPinned: Bool)
  }

  /// A commit's own figures.
  struct CommitFigures: Equatable, Sendable {
    var sequence: Int
    var kind: String
    /// Microseconds since 1970.
    var time: Int64?
    var read: Int
    var written: Int
    var duplicates: Int
    var filtered: Int
    var quarantined: Int
  }

  /// What it is called: the name of its folder.
  package var name = ""
  /// SHA-256 of the newest header, in hexadecimal; empty if there is none.
  package var head = ""
  /// Commits.
  package var commits = 0
  /// The public key by which the newest is signed, in hexadecimal.
  package var signedBy: String?
  /// Whether it was compared with its history.
  package var verification = Verification.none
  /// Parts that are published.
  package var parts = 0
  /// Bytes of them, as stored.
  package var bytes: Int64 = 0
  /// When the first and the last commit were, in microseconds since 1970.
  var firstCommit: Int64?
  var lastCommit: Int64?
  /// All runs together: what came in, and what became of it by now.
  var total = CommitFigures(
    sequence: 0, kind: "", time: nil, read: 0, written: 0, duplicates: 0, filtered: 0,
    quarantined: 0)
  /// The newest commits, the oldest first.
  var newest: [CommitFigures] = []

  /// Nothing known yet.
  package init() {}

  /// Takes in the next commit.
  mutating func add(_ header: ManifestHeader, keeping limit: Int) {
    let counts = header.counts
    let figures = CommitFigures(
      sequence: header.sequence, kind: header.kind.rawValue, time: header.finished?.microseconds,
      read: counts.read, written: counts.written, duplicates: counts.duplicates,
      filtered: counts.filtered, quarantined: header.quarantined)
    commits += 1
    head = header.head.hex
    signedBy = header.signingKey
    firstCommit = firstCommit ?? figures.time
    lastCommit = figures.time ?? lastCommit
    add(figures, of: header.kind)
    newest.append(figures)
    if newest.count > 2 * limit { newest.removeFirst(newest.count - limit) }
  }

  /// Headers may say anything: sums wrap around rather than trap.
  private mutating func add(_ figures: CommitFigures, of kind: CommitKind) {
    switch kind {
    case .run, .replace: total.read &+= figures.read
    // What it reads came in before, and leaves the quarantine.
    case .retry: total.quarantined &-= figures.read
    // Compaction reads and writes what the archive had before; the others read nothing.
    case .compact, .expire, .hold, .release, .index: return
    }
    total.written &+= figures.written
    total.duplicates &+= figures.duplicates
    total.filtered &+= figures.filtered
    total.quarantined &+= figures.quarantined
  }

  /// Forgets all commits but the newest.
  mutating func trim(to limit: Int) {
    if newest.count > limit { newest.removeFirst(newest.count - limit) }
  }
}
