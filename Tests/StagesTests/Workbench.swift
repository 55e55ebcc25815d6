import Crypto
import Bytes
import Disk
import Engine
import JSONText
import Settings
import Stages
import TestSupport
import Testing
import Trail

/// An event on its way to a stage, or out of it.
struct Event: Sendable {
  var text: String
  /// As after a signed delivery: header values, and the raw JSON of `received_at`.
  var signature256: String?
  var signature1: String?
  var receivedAt: String?
  var isDelivery = false
  /// The bytes posted, where they differ from the event.
  var posted: String?
  /// An `altered` that an earlier run has left.
  var altered: String?
  /// The `signals` that one has left.
  var signals: String?
  /// What follows the event in the input: a record need not be the last thing there.
  var tail = ""

  init(_ text: String) { self.text = text }

  static func delivery(
    _ text: String, sha256: String? = nil, sha1: String? = nil, receivedAt: String? = nil,
    posted: String? = nil
  ) -> Event {
    var event = Event(text)
    event.signature256 = sha256
    event.signature1 = sha1
    event.receivedAt = receivedAt
    event.posted = posted
    event.isDelivery = true
    return event
  }
}

/// Runs stages, written as in a definition, over events.
struct Workbench {
  var tables: [String: [String]] = [:]
  /// What earlier runs have written.
  var seenBefore: (any SeenBefore)?
  /// What earlier runs have seen of keys and accounts.
  var signalMemory: (any SignalMemory)?
  /// Who reads the list of signals.
  var signalList: (any SignalList)?
  var environment: [String: String] = [:]
  var dialect = "{ extends: \"spacelift\" }"
  var disk = Disk()
  /// Stages that are in no definition's reach.
  var others: [any StageDefinition.Type] = []

  /// A plan that was made of stages.
  struct Made {
    var steps: [Step]
    var context: StageContext
    var pointers: PointerSet
  }

  func make(_ stages: String...) throws -> Made { try make(list: stages) }

  func make(list stages: [String]) throws -> Made {
    let tables = tables
    var services = StageServices(disk: disk, environment: environment) { path, _, _, body in
      guard let rows = tables[path] else { throw DiskError(.open, path, 2) }
      for (index, row) in rows.enumerated() {
        try withBytes(row) { try body($0, index + 1) }
      }
      return LookupTable(path: path, bytes: 0, sha256: Digest256(0, 0, 0, 0), rows: rows.count)
    }
    services.seenBefore = seenBefore
    services.signalMemory = signalMemory
    services.signalList = signalList
    let dialect = try Dialect.read(try Workbench.settings("{ dialect: \(dialect) }"))
    var chain = StageChain(StageContext(dialect: dialect, services: services))
    for text in stages {
      let settings = try Workbench.settings(text)
      let name = try settings.string("stage")
      let stage = try #require(AllStages.named(name) ?? others.first { $0.manual.name == name })
      try chain.add(stage, settings)
    }
    return Made(
      steps: chain.steps, context: chain.context,
      pointers: PointerSet(chain.context.pointers.pointers))
  }

  static func settings(_ text: String) throws -> Settings {
    var text = text
    let value = try text.withUTF8 { try JSON5.parse($0, file: "test.json5") }
    return try Settings(value, what: "the stage")
  }

  /// The batch of events after the stages.
  func run(_ events: [Event], _ stages: String...) throws -> Batch {
    try run(events, on: try make(list: stages))
  }

  func run(_ events: [Event], on made: Made) throws -> Batch {
    let batch = Batch(
      pointers: made.pointers, slotCount: Added.slotCount,
      labelCount: made.context.results.labels.count)
    for event in events { Workbench.add(event, to: batch, made.context.boundDialect) }
    for (number, step) in made.steps.enumerated() {
      switch step {
      case .pure(let stage): try stage.process(batch, step: number)
      case .ordered(let stage): try stage.process(batch, step: number)
      }
    }
    return batch
  }

  private static func add(_ event: Event, to batch: Batch, _ dialect: BoundDialect) {
    func put(_ text: String?) -> Span32 {
      guard let text else { return .empty }
      let start = batch.bytes.count
      batch.bytes.append(utf8: text)
      return Span32(start, count: batch.bytes.count - start)
    }
    let index = batch.records.count
    let raw = put(event.text)
    batch.bytes.append(utf8: event.tail)
    batch.append(Record(raw: raw))
    let scan = batch.scan(index, from: Int(raw.start), end: raw.end)
    #expect(scan.fault == .none, "\(event.text)")
    batch.records[index].body = Span32(scan.start, count: scan.end - scan.start - 1)
    batch.records[index].isEmpty = scan.isEmptyObject
    batch.records[index].isDelivery = event.isDelivery
    if event.isDelivery {
      let posted = put(event.posted ?? event.text)
      batch[.posted, index] = posted
      batch.records[index].digest = Int32(batch.digests.count)
      batch.digests.append(SHA256.digest(batch.bytes[raw]))
      if event.posted != nil {
        batch[.postedDigest, index] = Span32(batch.digests.count, count: 1)
        batch.digests.append(SHA256.digest(batch.bytes[posted]))
      }
    }
    if let time = dialect.time(batch, index) { batch.records[index].time = time.microseconds }
    let slots: [(AddedSlot, String?)] = [
      (.signature256, event.signature256), (.signature1, event.signature1),
      (.receivedAt, event.receivedAt), (.altered, event.altered),
      (.signals, event.signals),
    ]
    for (slot, text) in slots { batch[slot, index] = put(text) }
  }

  /// What becomes of one event: the text written, or the verdict with its reason.
  func result(_ event: String, _ stages: String...) throws -> String {
    try run([Event(event)], on: try make(list: stages)).outcome(0)
  }

  /// What is wrong with a stage of a definition.
  func error(_ stages: String...) -> String {
    let error = #expect(throws: SettingsError.self) { try make(list: stages) }
    return error?.description ?? ""
  }
}

extension Batch {
  /// The event as written, or the verdict and the reason.
  func outcome(_ index: Int) -> String {
    let record = records[index]
    guard record.verdict == .keep else {
      return record.verdict.isQuarantined ? "refused: \(reason(of: index))" : "\(record.verdict)"
    }
    var buffer = ByteBuffer()
    Added().append(self, index, to: &buffer)
    return String(decoding: buffer.view, as: UTF8.self)
  }

  var verdicts: [Verdict] { (0..<records.count).map { records[$0].verdict } }

  /// The value of `attribution`, or of the member `key` in it; nil if it is not there.
  func attribution(_ index: Int, _ key: String? = nil) throws -> String? {
    var text = outcome(index)
    let value = try text.withUTF8 { try JSON5.parse($0, file: "record") }
    let member = key.map { value["attribution"]?[$0] } ?? value["attribution"]
    guard let member else { return nil }
    if let string = member.string { return string }
    var buffer = ByteBuffer()
    try member.json(into: &buffer)
    return String(decoding: buffer.view, as: UTF8.self)
  }
}

/// A made-up sender's signature.
func signature(_ text: String, secret: String, _ hash: HMACKey.Hash = .sha256) throws -> String {
  let key = try withBytes(secret) { try HMACKey(secret: $0, hash: hash) }
  let tag = withBytes(text) { key.authenticate($0) }
  return "\(hash)=" + Hex.string(tag)
}
