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

/// An input that a run read.
public struct InputFacts: Equatable, Sendable {
  /// Where an earlier run had stopped.
  public struct Continuation: Equatable, Sendable {
    /// Bytes as stored before it.
    public var offset: Int64
    /// Records before it.
    public var records: Int

    /// A place in an input.
    public init(offset: Int64, records: Int) {
      self.offset = offset
      self.records = records
    }
  }

  /// Its path, or a name for standard input.
  public var name: String
  /// Bytes as stored, from the first one on, that were read by this run or those that it continues.
  /// An incomplete last line of a plain file is not among them.
  public var bytes: Int64
  /// Digest of those bytes.
  public var sha256: Digest256?
  /// How those bytes begin: see `ContentMark`.
  public var beginning: ContentMark?
  /// Records in it that this run read.
  public var records: Int
  /// Where this run began; nil at its first byte.
  public var continued: Continuation?
  /// Of a compressed input: bytes of its text that were read; nil for a plain one.
  public var text: Int64?
  /// How its records stood in it.
  public var format: String?
  /// What is wrong with its gzip, and at which byte, where records before that were taken.
  public var damage: String?
  /// Bytes of an incomplete last line, not read yet.
  public var pending: Int64?

  /// The facts of an input.
  public init(
    name: String, bytes: Int64, sha256: Digest256?, beginning: ContentMark? = nil, records: Int,
    continued: Continuation? = nil, text: Int64? = nil, format: String? = nil,
    damage: String? = nil, pending: Int64? = nil
  ) {
    self.name = name
    self.bytes = bytes
    self.sha256 = sha256
    self.beginning = beginning
    self.records = records
    self.continued = continued
    self.text = text
    self.format = format
    self.damage = damage
    self.pending = pending
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

/// A part that is written and waits to be published.
public struct StagedPart: Equatable, Sendable {
  /// The number that `StagedRun.partPath` was asked for; given out in order, so that it depends on
  /// the input alone.
  public var index: Int
  /// The partition's folder, relative to the archive.
  public var folder: String
  /// What follows its name: `.ndjson.gz`.
  public var fileExtension: String
  /// Bytes as stored.
  public var bytes: Int64
  /// Digest of those bytes.
  public var sha256: Digest256
  /// RFC 6962 root over its records (lines without line feed).
  public var merkleRoot: Digest256
  /// Records in it.
  public var records: Int
  /// The earliest event in it that has a time.
  public var firstTime: Timestamp?
  /// The latest one.
  public var lastTime: Timestamp?

  /// A staged part.
  public init(
    index: Int, folder: String, fileExtension: String = ".ndjson.gz", bytes: Int64,
    sha256: Digest256, merkleRoot: Digest256, records: Int, firstTime: Timestamp? = nil,
    lastTime: Timestamp? = nil
  ) {
    self.index = index
    self.folder = folder
    self.fileExtension = fileExtension
    self.bytes = bytes
    self.sha256 = sha256
    self.merkleRoot = merkleRoot
    self.records = records
    self.firstTime = firstTime
    self.lastTime = lastTime
  }
}

/// A file beside the parts that is written and waits to be published.
public struct StagedFile: Equatable, Sendable {
  /// Bytes as stored.
  public var bytes: Int64
  /// Digest of those bytes.
  public var sha256: Digest256
  /// Records, rows or digests in it.
  public var records: Int

  /// A staged file.
  public init(bytes: Int64, sha256: Digest256, records: Int) {
    self.bytes = bytes
    self.sha256 = sha256
    self.records = records
  }
}

/// A published file that a commit takes out of the archive's exact set.
public struct RetiredFile: Equatable, Sendable {
  /// Why.
  public enum Reason: String, CaseIterable, Sendable {
    /// Its records are in a larger part.
    case compacted
    /// Its records were made again.
    case replaced
    /// It is older than it has to be.
    case expired
    /// Its records were read again.
    case retried
    /// Its digests are in a larger file.
    case merged
    /// A newer one stands for it.
    case superseded
  }

  /// Relative to the archive.
  public var path: String
  /// Bytes as stored.
  public var bytes: Int64
  /// Digest of those bytes.
  public var sha256: Digest256
  /// Records, rows or digests in it.
  public var records: Int
  /// Why.
  public var reason: Reason
  /// True for a part, whose records leave with it.
  public var isPart: Bool { !path.hasPrefix("_trailmill/") }

  /// A file that retires.
  public init(
    path: String, bytes: Int64, sha256: Digest256, records: Int, reason: Reason
  ) {
    self.path = path
    self.bytes = bytes
    self.sha256 = sha256
    self.records = records
    self.reason = reason
  }
}

/// A window of time that is protected from being retired.
public struct Hold: Equatable, Sendable {
  /// What it is called.
  public var name: String
  /// From this time on; nil from the beginning.
  public var since: Timestamp?
  /// Before this time; nil to the end.
  public var until: Timestamp?
  /// Why.
  public var reason: String

  /// A hold.
  public init(name: String, since: Timestamp?, until: Timestamp?, reason: String) {
    self.name = name
    self.since = since
    self.until = until
    self.reason = reason
  }

  /// True if it protects some time of the window from `since` up to, not including, `until`; nil is no
  /// bound.
  public func intersects(_ since: Timestamp?, _ until: Timestamp?) -> Bool {
    if let end = self.until, let since, since >= end { return false }
    if let start = self.since, let until, until <= start { return false }
    return true
  }

  /// True if a file with events from `first` to `last` may hold a protected one. Nobody knows when
  /// events without a time were: those are protected by every hold.
  public func protects(_ first: Timestamp?, _ last: Timestamp?) -> Bool {
    guard let first, let last else { return true }
    if let since, last < since { return false }
    if let until, first >= until { return false }
    return true
  }
}

/// All that a commit publishes, takes out and says.
public struct Commit: Sendable {
  /// What it is evidence of.
  public var facts: RunFacts
  /// Parts, written and closed.
  public var parts: [StagedPart] = []
  /// An addition to the key table.
  public var keys: StagedFile?
  /// What tells a search where to look.
  public var index: StagedFile?
  /// De-duplication digests.
  public var digests: StagedFile?
  /// What was turned away.
  public var quarantine: StagedFile?
  /// The list of signals.
  public var signals: StagedFile?
  /// What the next run has to know to find signals.
  public var watch: StagedFile?
  /// What it takes out.
  public var retired: [RetiredFile] = []
  /// Records of what it takes out that are in its own parts, byte for byte. They count as read and as
  /// written.
  public var copied = 0
  /// The hold that it sets.
  public var hold: Hold?
  /// The name of the hold that it ends.
  public var releasedHold: String?

  /// A commit with nothing but its facts.
  public init(_ facts: RunFacts) { self.facts = facts }
}

/// What a run put into the archive.
public struct PublishedRun: Equatable, Sendable {
  /// The number of its manifest.
  public let sequence: Int
  /// SHA-256 of its header.
  public let head: Digest256
  /// What its parts are called by.
  public let runName: String
  /// Its parts, relative to the archive, in the order of the manifest.
  public let paths: [String]

  /// Where its list of signals is, if it has one, relative to the archive.
  public var signalsPath: String { SideNames.signals(runName) }

  /// How many parts it has.
  public var parts: Int { paths.count }
}
