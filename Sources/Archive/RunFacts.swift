public import Bytes
public import Codec
public import Engine

/// What a run is evidence of: all that its manifest says, but for parts and quarantine.
public struct RunFacts: Sendable {
  /// The definition's file.
  public var definition: FileFacts
  /// Digest of framing, dialect and stages.
  public var plan: Digest256
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

  /// The facts of a run.
  public init(
    definition: FileFacts, plan: Digest256, since: Timestamp? = nil, until: Timestamp? = nil,
    inputs: [InputFacts], tables: [FileFacts] = [], counts: RunCounts, clock: RunClock,
    tool: String
  ) {
    self.definition = definition
    self.plan = plan
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
  /// Its path, or a name for standard input.
  public var name: String
  /// Bytes as stored (of a gzip file: compressed) that were read.
  public var bytes: Int64
  /// Digest of those bytes.
  public var sha256: Digest256?
  /// Records in it.
  public var records: Int
  /// What is wrong with its gzip, and at which byte, where records before that were taken.
  public var damage: String?
  /// Bytes of an incomplete last line, not read yet.
  public var pending: Int64?

  /// The facts of an input.
  public init(
    name: String, bytes: Int64, sha256: Digest256?, records: Int,
    damage: String? = nil, pending: Int64? = nil
  ) {
    self.name = name
    self.bytes = bytes
    self.sha256 = sha256
    self.records = records
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

/// The quarantine's file, written at `StagedRun.quarantinePath`.
public struct StagedQuarantine: Equatable, Sendable {
  /// Bytes as stored.
  public var bytes: Int64
  /// Digest of those bytes.
  public var sha256: Digest256
  /// Records in it.
  public var records: Int

  /// A staged quarantine.
  public init(bytes: Int64, sha256: Digest256, records: Int) {
    self.bytes = bytes
    self.sha256 = sha256
    self.records = records
  }
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

  /// How many parts it has.
  public var parts: Int { paths.count }
}
