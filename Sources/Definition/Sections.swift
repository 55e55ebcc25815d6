internal import Archive
internal import Bytes
internal import Codec
internal import Intake
internal import JSONText
internal import Settings
internal import Stages
internal import Trail

/// Reads the section `input`.
enum InputSection {
  static func read(_ section: Settings?) throws -> PipelineDefinition.Input {
    guard let section else {
      return PipelineDefinition.Input(
        paths: [], settings: InputSettings(), dialect: try Dialect.named("spacelift"))
    }
    var settings = InputSettings()
    settings.format = try section.choice("format", default: settings.format)
    settings.envelope = try section.choice("envelope", default: settings.envelope)
    settings.damaged = try section.choice("damaged", default: settings.damaged)
    settings.maxRecord = try section.size(
      "max_record", default: settings.maxRecord, range: 1024...InputSettings.largestRecord)
    settings.records = try pointer(section, "records")
    settings.wrapper = try pointer(section, "wrapper")
    if let place = try pointer(section, "received_at") { settings.receivedAt = [place] }
    settings.own = try section.bool("own", default: false)
    if section.has("duplicate_members") {
      settings.duplicateMembers = try section.choice(
        "duplicate_members", default: DuplicatePolicy.refuse)
    }
    if section.has("tail") { settings.tail = try section.choice("tail", default: TailPolicy.wait) }
    return PipelineDefinition.Input(
      paths: try section.paths("paths"), settings: settings,
      dialect: try dialect(section))
  }

  /// How times are written can be said beside the dialect, which may be a name, or in it.
  private static func dialect(_ section: Settings) throws -> Dialect {
    var dialect = try Dialect.read(section, key: "dialect")
    let rules = try section.timeRules()
    for (key, isInDialect) in [
      ("time_zone", dialect.times.zone != nil), ("time_format", !dialect.times.formats.isEmpty),
    ] where section.has(key) && isInDialect {
      throw section.error(key, "stands in the dialect too: say it once")
    }
    dialect.times.zone = dialect.times.zone ?? rules.zone
    dialect.times.formats += rules.formats
    return dialect
  }

  /// An empty text means none, so that a variable can leave it open.
  private static func pointer(_ section: Settings, _ key: String) throws -> JSONPointer? {
    guard let text = try section.optionalString(key), !text.isEmpty else { return nil }
    do {
      return try JSONPointer(text)
    } catch {
      throw section.error(key, "is no JSON Pointer: \(error.reason)")
    }
  }
}

/// Reads the section `stages`: names and order. The stages' own settings are read when the plan is
/// made.
enum StageSection {
  static func read(_ root: Settings) throws -> [PipelineDefinition.Stage] {
    guard let list = root.value("stages") else { return [] }
    guard case .array(let values) = list.content else {
      throw root.error("stages", "must be an array")
    }
    var stages: [PipelineDefinition.Stage] = []
    var provided: Set<String> = []
    for value in values {
      let settings = try Settings(value, what: "a stage")
      let name = try settings.string("stage")
      let known = AllStages.all.map { $0.manual.name }
      guard let kind = AllStages.named(name) else {
        let hint =
          nearest(name, in: known).map { "did you mean \"\($0)\"?" }
          ?? "there are \(known.joined(separator: ", "))"
        throw settings.position(of: "stage").error("unknown stage \"\(name)\": \(hint)")
      }
      if kind.mayTurnAway, let earlier = stages.last(where: { remembers($0.name) }) {
        throw settings.position.error(
          "\"\(name)\" must come before \"\(earlier.name)\": only what is written counts as seen")
      }
      if kind.remembersWritten, stages.contains(where: { remembers($0.name) }) {
        throw settings.position.error(
          "\"\(name)\" stands twice: what the second drops would count as seen for the first,"
            + " and is not written"
        )
      }
      if kind.mayTurnAway || kind.remembersWritten,
        let earlier = stages.last(where: { AllStages.named($0.name)?.listsWritten ?? false })
      {
        throw settings.position.error(
          "\"\(name)\" must come before \"\(earlier.name)\": only what is written is listed")
      }
      if let missing = kind.manual.requires.first(where: { !provided.contains($0) }) {
        throw settings.position.error(
          "\"\(name)\" needs \(missing), which no stage before it provides")
      }
      provided.formUnion(kind.manual.writes)
      stages.append(PipelineDefinition.Stage(name: name, value: value))
    }
    return stages
  }

  private static func remembers(_ name: String) -> Bool {
    AllStages.named(name)?.remembersWritten ?? false
  }
}

/// Reads the section `output`.
enum OutputSection {
  static func read(_ section: Settings?) throws -> PipelineDefinition.Output? {
    guard let section else { return nil }
    let archive = try section.optionalPath("archive")
    let file = try section.optionalPath("file")
    let quarantine = try section.optionalPath("quarantine")
    let isStandard = try section.bool("stdout", default: false)
    let places = (archive == nil ? 0 : 1) + (file == nil ? 0 : 1) + (isStandard ? 1 : 0)
    guard places == 1 else {
      throw section.position.error(
        "\"output\" needs exactly one of \"archive\", \"file\" and \"stdout: true\"")
    }
    for (key, path) in [("archive", archive), ("file", file)] where path == "" {
      throw section.error(key, "must not be empty: name a place")
    }
    if let archive { return .archive(try readArchive(section, path: archive)) }
    let stream = PipelineDefinition.StreamOutput(
      compression: try compression(section, default: .none),
      quarantine: quarantine)
    if let file { return .file(path: file, stream) }
    return .standardOutput(stream)
  }

  /// What the members are called that are added to events.
  static func readNames(_ section: Settings?) throws -> AddedNames {
    var names = AddedNames()
    guard let entries = try section?.object("names") else { return names }
    for role in AddedRole.allCases {
      guard let name = try entries.optionalString(role.rawValue) else { continue }
      // Quotes and the like would have to be escaped: the names stand in events as they are.
      guard (1...longestName).contains(name.utf8.count),
        name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0 != "\"" && $0 != "\\" })
      else {
        throw entries.error(
          role.rawValue,
          "must be 1 to \(longestName) bytes without quotes, backslashes and control characters")
      }
      names[role] = name
    }
    for (place, role) in AddedRole.allCases.enumerated() {
      for other in AddedRole.allCases[..<place]
      where names[other].utf8.elementsEqual(names[role].utf8) {
        throw entries.position.error(
          "\"names\" gives \(other.rawValue) and \(role.rawValue) the same name, \"\(names[role])\""
        )
      }
    }
    return names
  }

  /// Bytes of the longest name of an added member.
  private static let longestName = 64

  static func readSignals(
    _ section: Settings?, _ stages: [PipelineDefinition.Stage]
  ) throws -> PipelineDefinition.Signals {
    guard let section else { return PipelineDefinition.Signals() }
    let signals = PipelineDefinition.Signals(
      failOn: try section.optionalString("fail_on") == nil
        ? nil : try section.choice("fail_on"),
      place: try section.optionalPath("signals"))
    let isThere = stages.contains { AllStages.named($0.name)?.findsSignals ?? false }
    let finders = AllStages.all.filter { $0.findsSignals }.map { "\"\($0.manual.name)\"" }
    for (key, isLeftOut) in [
      ("fail_on", signals.failOn == nil), ("signals", signals.place == nil),
    ] where !isLeftOut && !isThere {
      throw section.error(
        key, "needs the stage \(finders.joined(separator: " or ")): it is what finds signals")
    }
    return signals
  }

  private static func readArchive(
    _ section: Settings, path: String
  ) throws -> PipelineDefinition.ArchiveOutput {
    let text = try section.string("layout", default: "hive")
    let layout: Layout
    do {
      layout = try Layout(parsing: text)
    } catch {
      throw section.error("layout", "cannot be used: \(error.reason)")
    }
    return PipelineDefinition.ArchiveOutput(
      path: path, layout: layout,
      partSize: try section.size(
        "part_size", default: 128 << 20, range: (64 << 10)...(1 << 40)),
      compression: try compression(section, default: .gzip, isForArchive: true),
      heartbeat: try section.bool("heartbeat", default: false),
      signingKey: try secret(section, "signing_key"),
      previousSigningKey: try secret(section, "previous_signing_key"),
      signingFrom: try signingFrom(section), witness: try witness(section))
  }

  private static func signingFrom(_ section: Settings) throws -> Digest256? {
    guard var text = try section.optionalString("signing_from") else { return nil }
    guard let head = text.withUTF8({ Digest256(hex: $0) }) else {
      throw section.error("signing_from", "must be the head of a commit: 64 hexadecimal digits")
    }
    guard section.has("signing_key") else {
      throw section.error("signing_from", "needs \"signing_key\": it says where signing begins")
    }
    return head
  }

  private static func witness(_ section: Settings) throws -> String? {
    let folder = try section.optionalPath("witness")
    if folder == "" { throw section.error("witness", "must not be empty: name a folder") }
    return folder
  }

  private static func secret(_ section: Settings, _ key: String) throws -> SecretSource? {
    try section.object(key).map { try SecretSource($0) }
  }

  static func compression(
    _ section: Settings, default format: CompressionFormat, isForArchive: Bool = false
  ) throws -> Compression {
    let inner = try section.object("compression")
    let format = try inner?.choice("format", default: format) ?? format
    let compression = Compression(
      format: format,
      level: try inner?.int("level", default: format.defaultLevel, range: format.levels),
      library: try inner?.choice("engine", default: .zlib) ?? .zlib)
    if format == .zstd, let inner, inner.has("engine") {
      throw inner.error("engine", "is for gzip: one library alone makes zstd")
    }
    do {
      if isForArchive { try compression.checkForArchive() } else { try compression.check() }
    } catch {
      throw section.error("compression", "cannot be used: \(error.description)")
    }
    return compression
  }
}
