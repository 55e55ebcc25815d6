package import Bytes
package import Engine
package import Trail

/// What a commit does to an archive.
package enum CommitKind: String, CaseIterable, Sendable {
  /// Adds what inputs hold.
  case run
  /// Reads a window of time again, and retires what the archive held of it.
  case replace
  /// Reads the quarantine again.
  case retry
  /// Merges small parts.
  case compact
  /// Retires what is older than it has to be.
  case expire
  /// Protects a window of time from being retired.
  case hold
  /// Ends such a protection.
  case release
  /// Makes what a search goes by anew.
  case index
}

/// What a commit is evidence of: all that its manifest says, but for the files that it publishes.
package struct RunFacts: Sendable {
  /// What it does.
  package var kind: CommitKind
  /// Why, in the words of whoever did it.
  package var reason: String?
  /// The definition's file; nil where none was used.
  package var definition: FileFacts?
  /// Digest of framing, dialect and stages; nil where there were none.
  package var plan: Digest256?
  /// Where the events keep what we need; nil where none were read.
  package var dialect: Dialect?
  /// Events outside of it were filtered.
  package var window: TimeWindow
  /// What was read, in that order.
  package var inputs: [RecordedInput]
  /// Lookup tables that stages used.
  package var tables: [FileFacts]
  /// What became of the records.
  package var counts: RunCounts
  /// The environment's clock, the only thing that differs between equal runs.
  package var clock: RunClock
  /// Version of trailmill.
  package var tool: String

  /// The facts of a commit.
  package init(
    kind: CommitKind = .run, reason: String? = nil, definition: FileFacts? = nil,
    plan: Digest256? = nil, dialect: Dialect? = nil,
    window: TimeWindow = TimeWindow(), inputs: [RecordedInput] = [], tables: [FileFacts] = [],
    counts: RunCounts = RunCounts(), clock: RunClock, tool: String
  ) {
    self.kind = kind
    self.reason = reason
    self.definition = definition
    self.plan = plan
    self.dialect = dialect
    self.window = window
    self.inputs = inputs
    self.tables = tables
    self.counts = counts
    self.clock = clock
    self.tool = tool
  }
}

/// A file that a run depended on.
package struct FileFacts: Equatable, Sendable {
  /// Its path, as it was given.
  package var path: String
  /// Its length.
  package var bytes: Int64
  /// The digest of its bytes.
  package var sha256: Digest256

  /// The facts of a file.
  package init(path: String, bytes: Int64, sha256: Digest256) {
    self.path = path
    self.bytes = bytes
    self.sha256 = sha256
  }
}

/// What became of the records: read = written + duplicates + filtered + quarantined.
package struct RunCounts: Equatable, Sendable {
  /// Records read.
  package var read: Int
  /// In the archive's parts.
  package var written: Int
  /// Re-deliveries.
  package var duplicates: Int
  /// Not wanted.
  package var filtered: Int
  /// In the quarantine: no records.
  package var unreadable: Int
  /// In the quarantine: turned away by a stage.
  package var refused: Int

  /// In the quarantine.
  package var quarantined: Int { unreadable + refused }

  /// The counts of a run.
  package init(_ tally: Tally) {
    read = tally.read
    written = tally.written
    duplicates = tally.duplicates
    filtered = tally.filtered
    unreadable = tally.unreadable
    refused = tally.refused
  }

  /// Counts, 0 where nothing is given.
  package init(
    read: Int = 0, written: Int = 0, duplicates: Int = 0, filtered: Int = 0, unreadable: Int = 0,
    refused: Int = 0
  ) {
    self.read = read
    self.written = written
    self.duplicates = duplicates
    self.filtered = filtered
    self.unreadable = unreadable
    self.refused = refused
  }
}

/// When a run was.
package struct RunClock: Equatable, Sendable {
  /// When it began.
  package var started: Timestamp
  /// When all was staged.
  package var finished: Timestamp

  /// The clock of a run.
  package init(started: Timestamp, finished: Timestamp) {
    self.started = started
    self.finished = finished
  }
}
