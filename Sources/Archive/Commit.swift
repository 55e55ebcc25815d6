public import Codec

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
