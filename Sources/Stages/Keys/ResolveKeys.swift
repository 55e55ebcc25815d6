internal import Bytes
package import Engine
internal import Intake
internal import JSONText
package import Settings
package import Trail

/// Says which API key was used, from a directory of keys.
package enum ResolveKeys: StageDefinition {
  package static let manual = StageManual(
    name: "resolve_keys",
    summary: "Adds the name, type and owner of the API key that was used.",
    details: [
      "The directory is a JSON array, NDJSON or CSV. A row holds `id`, `name` and any of `type`,"
        + " `owner`, `scopes`, `allow_list`, `effective_scope`, `roles`, `valid_from`, `valid_to`,"
        + " `expires_at`, `deleted_at`; the field names of Spacelift's and Coder's key objects are"
        + " understood. The value of a `secret` is never copied.",
      "The key is the one at the dialect's pointer for keys, or else the id of an actor `api::…`. A"
        + " shortened id resolves only where exactly one key fits id and name, as it was called at the"
        + " event's time.",
      "Where an event names no key, but a token, or the request that it was made with, `tokens` can say"
        + " whose key that is: rows with a `key_id` and a `token_id` or `request_id`, such as `trailmill"
        + " claims learn` writes. Where rows name different keys, the key is not known.",
    ],
    settings: [
      SettingManual("directory", "path", standard: nil, "The file of the key directory."),
      SettingManual(
        "tokens", "path", standard: "none",
        "A table of tokens, or requests, and their keys, for events that name the one and not the other."
          + " Where they stand in events is what the dialect says of `token`."),
      SettingManual(
        "detail", "\"id\", \"summary\", \"full\" or \"reference\"", standard: "\"summary\"",
        "How much of the key is added: its id; also name, type and owner; also scopes, allow list,"
          + " effective scope and roles; or id, name and a digest, and all of it once, in the archive's"
          + " key table."),
      SettingManual(
        "additional_fields", "true or false", standard: "true with dialect \"coder\", else false",
        "Whether what is known of the keys goes to Coder's `additional_fields` too: of the one that was used"
          + " to `request_api_key`, of one that the event is about to `api_key`. What is there stays; fields"
          + " that cannot be read are kept as they are, and the event is flagged"
          + " `additional_fields_unparsed`."
      ),
      SettingManual(
        "records", "pointer", standard: "none",
        "Where keys lie in larger documents, such as \"/data/keys/*\"; the answers of the vendors' APIs are"
          + " understood without it."),
      SettingManual(
        "fields", "object of pointers by field", standard: "the vendors' names",
        "Where rows keep what, if not where they usually do: { id: \"/AccessKeyId\" }."),
      EmptyTable.manual,
    ],
    example: "{ stage: \"resolve_keys\", directory: \"keys.json\", detail: \"summary\" }",
    reads: ["actor", "key", "token", "time"],
    writes: ["attribution.actor", "attribution.api_key", "altered"])

  package static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step] {
    context.adds(.attribution)
    let path = try settings.path("directory")
    let detail = try settings.choice("detail", default: KeyDetail.summary)
    let fields = try fields(settings)
    var loader = KeyDirectoryLoader(fields)
    try context.read(
      path, of: "directory", settings, records: try records(settings),
      columns: TableColumns(required: fields.idColumns, ids: fields.idColumns)
    ) { row, line in
      try loader.add(row, line: line)
    }
    try context.requireRows(loader.versionCount, of: "directory", "keys", settings)
    let directory = loader.finish()
    context.keyDirectory = directory
    warn(of: directory, path, settings, &context)
    let references = detail == .reference ? KeyReferences(directory) : nil
    if let references { context.add(references) }
    let tokens = try tokens(settings, &context)
    var steps: [Step] = [
      .pure(
        KeyStage(
          directory: directory, detail: detail, references: references, tokens: tokens,
          dialect: context.boundDialect,
          unknownKeys: context.counter(named: "unknown keys", listsNames: true)))
    ]
    if try settings.bool("additional_fields", default: context.dialect.base == "coder") {
      context.adds(.altered)
      steps.append(.pure(AdditionalFieldsStage(directory, &context)))
    }
    return steps
  }

  /// Whose key a token is one of, if the definition names a table that says it.
  private static func tokens(
    _ settings: Settings, _ context: inout StageContext
  ) throws -> TokenKeys? {
    guard try settings.optionalString("tokens") != nil else { return nil }
    let path = try settings.path("tokens")
    var loader = TokenKeysLoader()
    try context.read(
      path, of: "tokens", settings,
      columns: TableColumns(
        required: TokenKeysLoader.keyColumns, ids: TokenKeysLoader.idColumns)
    ) { row, line in
      try loader.add(row, line: line)
    }
    try context.requireRows(loader.rowCount, of: "tokens", "tokens", settings)
    return loader.finish()
  }

  /// Where the keys lie in larger documents; "" counts as nowhere.
  private static func records(_ settings: Settings) throws(SettingsError) -> JSONPointer? {
    guard let text = try settings.optionalString("records"), !text.isEmpty else { return nil }
    return try settings.pointer(text, of: "records")
  }

  private static func warn(
    of directory: KeyDirectory, _ path: String, _ settings: Settings, _ context: inout StageContext
  ) {
    for overlap in directory.overlaps {
      context.warn(
        "has two versions of key \(overlap.key) that hold at the same time: \(path): lines"
          + " \(overlap.lines.first) and \(overlap.lines.second)", about: "directory", settings)
    }
    let rest = directory.overlapCount - directory.overlaps.count
    if rest > 0 { context.warn("has \(rest) more such versions", about: "directory", settings) }
  }

  private static func fields(_ settings: Settings) throws(SettingsError) -> KeyFields {
    var fields = KeyFields.standard
    guard let own = try settings.object("fields") else { return fields }
    for field in KeyField.allCases where own.has(field.rawValue) {
      fields.pointers[field] = []
      for text in try own.strings(field.rawValue, default: []) {
        let pointer = try own.pointer(text, of: field.rawValue)
        guard !KeyFields.mentionsSecret(pointer) else {
          throw own.error(field.rawValue, "points to a secret: no part of it may be copied")
        }
        fields.pointers[field]?.append(pointer)
      }
    }
    return fields
  }
}

extension StageContext {
  /// The directory of keys that a stage before has loaded.
  var keyDirectory: KeyDirectory? {
    get { handedOn[KeyDirectory.self] }
    set { handedOn[KeyDirectory.self] = newValue }
  }
}

extension KeyReferences: StageResult {
  package var usedKeys: [ReferencedKey] { used }
}

private struct KeyStage: PureStage, Explaining {
  let directory: KeyDirectory
  let detail: KeyDetail
  /// There if `detail` says so.
  let references: KeyReferences?
  /// There if the definition says whose key a token is one of.
  let tokens: TokenKeys?
  let dialect: BoundDialect
  let unknownKeys: Int

  func process(_ batch: Batch, step: Int) {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let event = EventActor(dialect, batch, index)
      batch.addActor(event, to: index)
      guard let key = key(event, batch, index) else { continue }
      if let found = find(key, event.keyName, batch, index) {
        add(found, key, batch, index)
      } else {
        addUnknown(key, batch, index)
      }
    }
  }

  /// The key that an event names, or else the one that the token is one of which it names.
  private func key(_ event: EventActor, _ batch: Batch, _ index: Int) -> Span32? {
    if let key = event.key { return key }
    guard let tokens, let token = dialect.scalar(.token, batch, index), !token.isEmpty,
      let key = tokens.key(of: batch.bytes[token])
    else { return nil }
    let start = batch.bytes.count
    batch.bytes.append(key)
    return Span32(start, count: key.count)
  }

  private func find(
    _ key: Span32, _ name: Span32, _ batch: Batch, _ index: Int
  ) -> KeyDirectory.Found? {
    directory.find(batch.bytes[key], name: batch.bytes[name], at: batch.records[index].time)
  }

  private func add(_ found: KeyDirectory.Found, _ key: Span32, _ batch: Batch, _ index: Int) {
    batch.records[index].flags |= found.flags
    let start = batch.bytes.count
    if let references {
      references.append(found, to: &batch.bytes)
    } else {
      directory.append(found, detail, to: &batch.bytes)
    }
    batch[.apiKey, index] = Span32(start, count: batch.bytes.count - start)
    var name = directory.nameWithin(found)
    if !name.isEmpty {
      if detail == .id {
        name.start = UInt32(batch.bytes.count)
        batch.bytes.append(directory.name(found))
      } else {
        name.start += UInt32(start)
      }
      batch[.keyName, index] = name
    }
    let id = directory.id(found)
    var fullID = key
    if id.count != Int(key.count) {
      fullID = Span32(batch.bytes.count, count: id.count)
      batch.bytes.append(id)
    }
    batch[.keyID, index] = fullID
  }

  private func addUnknown(_ key: Span32, _ batch: Batch, _ index: Int) {
    batch.records[index].flags |= AttributionFlags.keyUnknown.rawValue
    batch.note(unknownKeys, of: index, name: key)
    let start = batch.bytes.count
    batch.bytes.append("{\"id\":")
    batch.appendQuoted(key)
    batch.bytes.append(UInt8(ascii: "}"))
    batch[.apiKey, index] = Span32(start, count: batch.bytes.count - start)
    batch[.keyID, index] = key
  }

  func explain(_ batch: Batch, _ index: Int) -> [String] {
    guard batch.records[index].verdict == .keep else { return [] }
    let event = EventActor(dialect, batch, index)
    guard let key = key(event, batch, index) else { return ["the actor is no API key"] }
    let isJoined = event.key == nil
    let id = batch.string(key)
    let joined = isJoined ? ["the event names no key: it is that of the token that it names"] : []
    guard let found = find(key, event.keyName, batch, index) else {
      let hint = hint(key, event.keyName, batch, index)
      return joined + ["key \(id) is not in the directory" + hint]
    }
    guard found.hasVersion else {
      let isTimeless = batch.records[index].time == Record.noTime
      return joined + [
        "key \(id) is in the directory, but "
          + (isTimeless
            ? "each version of it has a bound, and the event has no usable time"
            : "no version of it holds at the event's time")
      ]
    }
    let name = String(decoding: directory.name(found), as: UTF8.self)
    let fullID = String(decoding: directory.id(found), as: UTF8.self)
    var story = joined + ["key \(fullID) found" + (name.isEmpty ? ", without a name" : ": \(name)")]
    if let version = directory.version(found), version.of > 1 {
      var words = "version \(version.number) of \(version.of)"
      if let from = Timestamp.text(microseconds: version.from) { words += ", from \(from)" }
      if let to = Timestamp.text(microseconds: version.to) { words += ", until \(to)" }
      story.append(words)
    }
    if let digest = references?.digest(found) {
      story.append("what is known of it goes to the key table, under \(digest)")
    }
    let flags = AttributionFlags(rawValue: found.flags)
    if flags.contains(.keyExpired) { story.append("the key had expired at the event's time") }
    if flags.contains(.keyDeleted) { story.append("the key was deleted before the event") }
    return story
  }

  /// Why a shortened id finds no key.
  private func hint(_ key: Span32, _ name: Span32, _ batch: Batch, _ index: Int) -> String {
    let time = batch.records[index].time
    let miss = directory.miss(batch.bytes[key], name: batch.bytes[name], at: time)
    return switch miss {
    case .unknown: ""
    case .several:
      ": several keys that begin so were called \(batch.string(name)) at the event's time"
    case .otherTime where time == Record.noTime:
      ": a key that begins so is called \(batch.string(name)), but not at all times, and the event has none"
    case .otherTime:
      ": a key that begins so is called \(batch.string(name)), but was not at the event's time"
    }
  }

  func facts(_ batch: Batch, _ index: Int) -> [(name: String, json: String)] {
    guard batch.records[index].verdict == .keep else { return [] }
    let event = EventActor(dialect, batch, index)
    guard let key = key(event, batch, index) else { return [] }
    var facts = [(name: "key", json: JSONFacts.string(batch.string(key)))]
    guard let found = find(key, event.keyName, batch, index) else {
      return facts + [(name: "found", json: "false")]
    }
    let id = String(decoding: directory.id(found), as: UTF8.self)
    facts += [(name: "found", json: "true"), (name: "id", json: JSONFacts.string(id))]
    guard let version = directory.version(found) else { return facts }
    facts.append((name: "version", json: "\(version.number)"))
    facts.append((name: "versions", json: "\(version.of)"))
    for (name, time) in [("valid_from", version.from), ("valid_to", version.to)] {
      guard let text = Timestamp.text(microseconds: time) else { continue }
      facts.append((name: name, json: JSONFacts.string(text)))
    }
    return facts
  }
}
