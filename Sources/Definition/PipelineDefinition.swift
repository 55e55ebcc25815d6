internal import Crypto
package import Archive
package import Bytes
package import Codec
package import Disk
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

  /// How many records may end in the quarantine.
  package struct Limits: Sendable {
    /// Items that are no records.
    package var unreadable: Limit
    /// Records that a stage turned away.
    package var refused: Limit

    /// Bounds; those of a definition that says nothing.
    package init(unreadable: Limit = .fraction(0.01), refused: Limit = .none) {
      self.unreadable = unreadable
      self.refused = refused
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
  /// What the section `output` says of signals.
  package let signals: Signals
  /// The section `limits`.
  package let limits: Limits
  /// The section `tests`.
  package let tests: [DefinitionTest]

  /// Reads and checks the definition in `file`; variables are filled in everywhere but in the tests.
  package static func load(
    _ file: String, disk: Disk, variables: Variables
  ) throws -> PipelineDefinition {
    var text = ByteBuffer()
    let source = try disk.open(file)
    while try source.read(into: &text, upTo: 1 << 16) > 0 {
      guard text.count <= JSON5.maxBytes else { break }
    }
    let document = try JSON5.parse(text.view, file: file)
    return try PipelineDefinition(
      document, file: file, size: text.count, digest: SHA256.digest(text.view),
      variables: variables)
  }

  /// The definition that `document` holds.
  init(
    _ document: JSON5Value, file: String, size: Int, digest: Digest256, variables: Variables
  ) throws {
    self.file = file
    self.size = size
    self.digest = digest
    var variables = variables
    let body = try variables.expand(document.without("tests"))
    if let name = variables.unused.first {
      throw body.position.error("--set \(name)=… is not used by this definition")
    }
    let root = try Settings(body.adding("tests", from: document), what: "the definition")
    guard try root.int("version", range: 0...Int.max) == 1 else {
      throw root.error("version", "must be 1: this trailmill knows no other")
    }
    let inputSection = try root.object("input")
    input = try InputSection.read(inputSection)
    stages = try StageSection.read(root)
    let outputSection = try root.object("output")
    output = try OutputSection.read(outputSection)
    signals = try OutputSection.readSignals(outputSection, stages)
    let limitsSection = try root.object("limits")
    limits = Limits(
      unreadable: try limitsSection?.percent("unreadable", default: .fraction(0.01))
        ?? .fraction(0.01),
      refused: try limitsSection?.percent("refused", default: Limit.none) ?? .none)
    tests = try DefinitionTest.read(root)
    try root.finish()
    planDigest = try PipelineDefinition.planDigest(body)
  }

  /// Whether records go to an archive, where an incomplete last line can wait for the next run.
  package var isArchived: Bool {
    if case .archive = output { true } else { false }
  }

  /// Whether a stage drops what was written before.
  package var deduplicates: Bool {
    stages.contains { AllStages.named($0.name)?.remembersWritten ?? false }
  }

  /// Whether a stage looks for signals.
  package var flagsSignals: Bool { stages.contains { $0.name == FlagSignals.manual.name } }

  private static func planDigest(_ body: JSON5Value) throws(SettingsError) -> Digest256 {
    var text = ByteBuffer()
    if let input = body["input"] { try input.without("paths").json(into: &text) }
    text.append(UInt8(ascii: "\n"))
    if let stages = body["stages"] { try stages.json(into: &text) }
    return SHA256.digest(text.view)
  }
}

extension JSON5Value {
  func without(_ key: String) -> JSON5Value {
    guard case .object(let members) = content else { return self }
    return JSON5Value(.object(members.filter { $0.key != key }), at: position)
  }

  func adding(_ key: String, from other: JSON5Value) -> JSON5Value {
    guard case .object(let members) = content, case .object(let others) = other.content else {
      return self
    }
    return JSON5Value(.object(members + others.filter { $0.key == key }), at: position)
  }
}
