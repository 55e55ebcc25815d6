package import Archive
package import Bytes
package import Codec
package import Intake
package import Settings
package import Stages
package import Trail

/// A pipeline definition: what `pipelines/*.json5` says, checked for form.
package struct PipelineDefinition: Sendable {
  /// Where input comes from if the command line names none, and how it is read.
  package struct Input: Sendable {
    /// Files, folders, patterns or `-`.
    package var paths: [String]
    /// How they are read.
    package var settings: InputSettings
    /// Where events keep what we need.
    package var dialect: Dialect
  }

  /// A stage as it was written.
  package struct Stage: Sendable {
    /// Its name.
    package var name: String
    /// All of it, variables filled in.
    package var value: JSON5Value
  }

  /// Where records go.
  package enum Output: Sendable {
    /// Partitions with a manifest.
    case archive(ArchiveOutput)
    /// One file.
    case file(path: String, StreamOutput)
    /// Standard output.
    case standardOutput(StreamOutput)
  }

  /// Settings of an archive.
  package struct ArchiveOutput: Sendable {
    /// The archive's folder.
    package var path: String
    /// Its folders.
    package var layout: Layout
    /// Compressed bytes after which a new part is begun.
    package var partSize: Int
    /// How parts are compressed.
    package var compression: Compression
    /// Whether a run without records leaves a manifest as evidence that it ran.
    package var heartbeat: Bool
    /// The private key (Ed25519, PEM) that signs manifests; nil if they are not signed.
    package var signingKey: SecretSource?
    /// The one that signed before, to endorse the new one.
    package var previousSigningKey: SecretSource?
    /// The head of the newest commit that is rightly not signed: signing begins behind it. Nil where it
    /// begins with the first.
    package var signingFrom: Digest256?
    /// The folder that gets one small file a commit, as evidence of the newest ones; nil for none.
    package var witness: String?
  }

  /// Settings of a stream.
  package struct StreamOutput: Sendable {
    /// How it is compressed.
    package var compression: Compression
    /// Where refused records go; standard error if nil.
    package var quarantine: String?

    /// Settings as given.
    package init(compression: Compression, quarantine: String?) {
      self.compression = compression
      self.quarantine = quarantine
    }
  }

  /// What becomes of signals.
  package struct Signals: Sendable {
    /// Signals of this severity or above make the exit code 7; nil if none do.
    package var failOn: Severity?
    /// Where they are listed beside the archive, a path or `fd:N`; nil for nowhere.
    package var place: String?
  }

  /// How many records may end in the quarantine, and into how many partitions the others may go.
  package struct Limits: Sendable {
    /// Partitions of a run where nothing is said: 100,000.
    package static let defaultPartitions = 100_000

    /// Items that are no records.
    package var unreadable: Limit
    /// Records that a stage turned away.
    package var refused: Limit
    /// Partitions of a run; nil for no bound.
    package var partitions: Int?

    /// Bounds; those of a definition that says nothing.
    package init(
      unreadable: Limit = .share(.onePercent), refused: Limit = .none,
      partitions: Int? = defaultPartitions
    ) {
      self.unreadable = unreadable
      self.refused = refused
      self.partitions = partitions
    }
  }

  /// The file it was read from.
  package let file: String
  /// Length of that file in bytes.
  package let size: Int
  /// SHA-256 of that file.
  package let digest: Digest256
  /// SHA-256 of what decides how a given input is read and changed: framing, dialect and stages,
  /// without the contents of lookup tables and without the place of the output.
  package let planDigest: Digest256
  /// The section `input`.
  package let input: Input
  /// The section `stages`.
  package let stages: [Stage]
  /// The section `output`; nil if there is none and `--output` has to name one.
  package let output: Output?
  /// What the members are called that are added to events.
  package let names: AddedNames
  /// What the section `output` says of signals.
  package let signals: Signals
  /// The section `limits`.
  package let limits: Limits
  /// The section `tests`.
  package let tests: [DefinitionTest]

  /// Whether records go to an archive, where an incomplete last line can wait for the next run.
  package var isArchived: Bool {
    if case .archive = output { true } else { false }
  }

  /// Whether a stage drops what was written before.
  package var deduplicates: Bool {
    stages.contains { AllStages.named($0.name)?.remembersWritten ?? false }
  }

  /// Whether a stage asks for the signatures of deliveries.
  package var judgesSignatures: Bool {
    stages.contains { AllStages.named($0.name)?.judgesSignatures ?? false }
  }

  /// Whether a stage looks for signals.
  package var flagsSignals: Bool {
    stages.contains { AllStages.named($0.name)?.findsSignals ?? false }
  }
}
