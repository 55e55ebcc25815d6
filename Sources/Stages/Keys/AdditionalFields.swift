internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

// Coder wants what is known of a key in the event itself: `additional_fields.request_api_key` for the key
// that the request was made with and `additional_fields.api_key` for the key that is the subject of the
// event, in Coder's own names. The service log has the same as JSON inside of a string. What is there already
// is Coder's and stays; members are only added, and every one that is added is listed in `altered`.

/// Adds what is known of keys to Coder's additional fields.
struct AdditionalFieldsStage: PureStage {
  /// Where one of the two shapes of an event keeps what is asked for, as slots.
  private struct Shape: Sendable {
    let parent: Int?
    let fields: Int
    let resourceType: Int
    /// Where the id of a key can be that is the subject. Not in `resource_target`: that is the key's name,
    /// which its owner chooses, and could choose to be another key's id.
    let subject: [Int]
    /// The first of these, where the fields are JSON inside of a string.
    let inner: InnerPlace?
    /// `/additional_fields`, as `altered` says it.
    let pointer: String
    /// Member that is added where there are no fields: `"additional_fields":`.
    let lead: String
    let isQuoted: Bool
  }

  private let directory: KeyDirectory
  private let api: Shape
  private let log: Shape
  private let fields: PointerSet

  /// The members of a key, as Coder names them and as the directory does.
  private static let members: [(coder: String, own: String)] = [
    ("id", "id"), ("token_name", "name"), ("scopes", "scopes"), ("allow_list", "allow_list"),
    ("effective_scope", "effective_scope"),
  ]
  private static let names = ["request_api_key", "api_key"]
  private static let own = PointerSet(members.map { JSONPointer(member: $0.own) })

  init(_ directory: KeyDirectory, _ context: inout StageContext) {
    self.directory = directory
    func slot(_ text: StaticString) -> Int { context.pointers.slot(JSONPointer(literal: text)) }
    func inner(_ text: StaticString, _ fields: StaticString) -> InnerPlace? {
      InnerPlace(
        JSONPointer(literal: text), inside: [JSONPointer(literal: fields)], &context.pointers)
    }
    api = Shape(
      parent: nil, fields: slot("/additional_fields"), resourceType: slot("/resource_type"),
      subject: [
        "/additional_fields/api_key/id", "/diff/id/new", "/diff/id/old",
      ]
      .map(slot), inner: inner("/additional_fields/api_key/id", "/additional_fields"),
      pointer: "/additional_fields", lead: "\"additional_fields\":", isQuoted: false)
    log = Shape(
      parent: slot("/fields"), fields: slot("/fields/AdditionalFields"),
      resourceType: slot("/fields/ResourceType"),
      subject: [
        "/fields/AdditionalFields/api_key/id", "/fields/Diff/id/new", "/fields/Diff/id/old",
      ].map(slot), inner: inner("/fields/AdditionalFields/api_key/id", "/fields/AdditionalFields"),
      pointer: "/fields/AdditionalFields", lead: "\"AdditionalFields\":", isQuoted: true)
    var table = PointerTable()
    for name in Self.names {
      let object = JSONPointer(member: name)
      _ = table.slot(object)
      for member in Self.members { _ = table.slot(object.appending(member.coder)) }
    }
    fields = PointerSet(table.pointers)
  }

  func process(_ batch: Batch, step: Int) {
    var editor = FieldsEditor(fields, Self.own)
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      process(batch, index, &editor)
    }
  }

  private func process(_ batch: Batch, _ index: Int, _ editor: inout FieldsEditor) {
    let isLog = log.parent.map { batch.field($0, of: index).kind == .object } ?? false
    let shape = isLog ? log : api
    let keys = [request(batch, index), subject(shape, batch, index)]
    guard keys.contains(where: { $0 != nil }) else { return }
    let event = batch.completeEvent(of: index)
    guard let place = editor.open(batch, index, shape.fields) else {
      batch.records[index].flags |= AttributionFlags.additionalFieldsUnparsed.rawValue
      return
    }
    var added: [String] = []
    for (name, key) in keys.enumerated() {
      guard let key else { continue }
      added += editor.add(key, name, Self.names[name], Self.members.map(\.coder)) {
        directory.append($0, .full, to: &$1)
      }
    }
    guard !added.isEmpty else { return }
    let isQuoted = place.isString || shape.isQuoted && place.isNew
    editor.compose(
      batch, index, event, shape.fields, parent: shape.parent, lead: shape.lead, isQuoted)
    guard batch.replaceEvent(event, of: index, by: editor.event) else { return }
    batch.addAltered(
      added.lazy.map { Array("\"\(shape.pointer)\($0)\"".utf8) }, to: index)
  }

  /// The key that the request was made with.
  private func request(_ batch: Batch, _ index: Int) -> KeyDirectory.Found? {
    find(batch[.keyID, index], batch, index)
  }

  /// The key that the event is about: at the first of the places whose value is the id of a known key.
  private func subject(
    _ shape: Shape, _ batch: Batch, _ index: Int
  ) -> KeyDirectory.Found? {
    guard let type = batch.string(shape.resourceType, of: index),
      batch.bytes[type].elementsEqual("api_key".utf8)
    else { return nil }
    if let id = shape.inner?.scalar(batch, index), let found = find(id, batch, index) {
      return found
    }
    for slot in shape.subject {
      if let id = batch.string(slot, of: index), let found = find(id, batch, index) { return found }
    }
    return nil
  }

  private func find(_ id: Span32, _ batch: Batch, _ index: Int) -> KeyDirectory.Found? {
    guard !id.isEmpty else { return nil }
    return directory.find(
      batch.bytes[id], name: ByteView(start: nil, count: 0), at: batch.records[index].time)
  }
}
