public import Bytes
public import Codec
public import Engine
public import Trail

/// What a commit does to an archive.
public enum CommitKind: String, CaseIterable, Sendable {
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
public struct RunFacts: Sendable {
  /// What it does.
  public var kind: CommitKind
  /// Why, in the words of whoever did it.
  public var reason: String?
  /// The definition's file; nil where none was used.
  public var definition: FileFacts?
  /// Digest of framing, dialect and stages; nil where there were none.
  public var plan: Digest256?
  /// Where the events keep what we need; nil where none were read.
  public var dialect: Dialect?
  /// Events before it were filtered.
  public var since: Timestamp?
  /// Events from it on were filtered.
  public var until: Timestamp?
  /// What was read, in that order.
  public var inputs: [InputFacts]
  /// Lookup tables that stages used.
  public var tables: [FileFacts]
  /// What became of the records.
  public var counts: RunCounts
  /// The environment's clock, the only thing that differs between equal runs.
  public var clock: RunClock
  /// Version of trailmill.
  public var tool: String

  /// The facts of a commit.
  public init(
    kind: CommitKind = .run, reason: String? = nil, definition: FileFacts? = nil,
    plan: Digest256? = nil, dialect: Dialect? = nil, since: Timestamp? = nil,
    until: Timestamp? = nil,
    inputs: [InputFacts] = [], tables: [FileFacts] = [], counts: RunCounts = RunCounts(),
    clock: RunClock, tool: String
  ) {
    self.kind = kind
    self.reason = reason
    self.definition = definition
    self.plan = plan
    self.dialect = dialect
    self.since = since
    self.until = until
    self.inputs = inputs
    self.tables = tables
    self.counts = counts
    self.clock = clock
    self.tool = tool
  }
}

/// A file that a run depended on.
public struct FileFacts: Equatable, Sendable {
  /// Its path, as it was given.
  public var path: String
  /// Its length.
  public var bytes: Int64
  /// The digest of its bytes.
  public var sha256: Digest256

  /// The facts of a file.
  public init(path: String, bytes: Int64, sha256: Digest256) {
    self.path = path
    self.bytes = bytes
    self.sha256 = sha256
  }
}

/// What became of the records: read = written + duplicates + filtered + quarantined.
public struct RunCounts: Equatable, Sendable {
  /// Records read.
  public var read: Int
  /// In the archive's parts.
  public var written: Int
  /// Re-deliveries.
  public var duplicates: Int
  /// Not wanted.
  public var filtered: Int
  /// In the quarantine: no records.
  public var unreadable: Int
  /// In the quarantine: turned away by a stage.
  public var refused: Int

  /// In the quarantine.
  public var quarantined: Int { unreadable + refused }

  /// The counts of a run.
  public init(_ tally: Tally) {
    read = tally.read
    written = tally.written
    duplicates = tally.duplicates
    filtered = tally.filtered
    unreadable = tally.unreadable
    refused = tally.refused
  }

  /// Counts, 0 where nothing is given.
  public init(
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
public struct RunClock: Equatable, Sendable {
  /// When it began.
  public var started: Timestamp
  /// When all was staged.
  public var finished: Timestamp

  /// The clock of a run.
  public init(started: Timestamp, finished: Timestamp) {
    self.started = started
    self.finished = finished
  }
}
