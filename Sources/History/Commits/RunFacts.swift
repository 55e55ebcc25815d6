package import Bytes
package import Trail

/// All that a commit's manifest says, but for the files that it publishes.
package struct RunFacts: Sendable {
  /// What the commit does to the archive.
  package var kind: CommitKind
  /// The reason that the command line gave.
  package var reason: String?
  /// The definition's file; nil where none was used.
  package var definition: FileFacts?
  /// Digest of framing, dialect and stages; nil where there were none.
  package var plan: Digest256?
  /// The pointers to account, actor, time and so on in the events; nil where no events were read.
  package var dialect: Dialect?
  /// The members that were added to the events; nil where no events were written, or only such of an archive
  /// that did not note them.
  package var added: AddedMembers?
  /// The template of the layout by which runs choose folders from here on; nil where the commit chose none.
  package var layout: String?
  /// Events outside of it were filtered.
  package var window: TimeWindow
  /// The inputs, in the order of reading.
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
    plan: Digest256? = nil, dialect: Dialect? = nil, added: AddedMembers? = nil,
    layout: String? = nil,
    window: TimeWindow = TimeWindow(), inputs: [RecordedInput] = [], tables: [FileFacts] = [],
    counts: RunCounts = RunCounts(), clock: RunClock, tool: String
  ) {
    self.kind = kind
    self.reason = reason
    self.definition = definition
    self.plan = plan
    self.dialect = dialect
    self.added = added
    self.layout = layout
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
