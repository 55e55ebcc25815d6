internal import Bytes
internal import Crypto
package import Disk
internal import JSONText
package import Settings

extension PipelineDefinition {
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
    names = try OutputSection.readNames(outputSection)
    signals = try OutputSection.readSignals(outputSection, stages)
    limits = try root.object("limits").map(Limits.read) ?? Limits()
    tests = try DefinitionTest.read(root)
    try root.finish()
    planDigest = try PipelineDefinition.planDigest(body)
  }

  private static func planDigest(_ body: JSON5Value) throws(SettingsError) -> Digest256 {
    var text = ByteBuffer()
    if let input = body["input"] { try input.without("paths").json(into: &text) }
    text.append(UInt8(ascii: "\n"))
    if let stages = body["stages"] { try stages.json(into: &text) }
    // Decides which events are turned away, and how those look that are not.
    if let names = body["output"]?["names"], names.content != .null {
      text.append(UInt8(ascii: "\n"))
      try names.json(into: &text)
    }
    return SHA256.digest(text.view)
  }
}

extension PipelineDefinition.Limits {
  fileprivate static func read(_ section: Settings) throws -> Self {
    Self(
      unreadable: try section.percent("unreadable", default: .share(.onePercent)),
      refused: try section.percent("refused", default: Limit.none),
      partitions: try section.count("partitions", default: defaultPartitions))
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
