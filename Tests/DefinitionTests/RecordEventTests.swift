import Bytes
import Disk
import Engine
import Foundation
import JSONText
import Settings
import Stages
import TestSupport
import Testing
import Trail

@testable import Definition

/// The terms that a run puts into an index, told by the first scan and the stages, are those that a search
/// finds in the line. Definitions with all kinds of stages; all fixtures, and random events.
@Suite struct RecordEventTests {
  private struct Terms: ~Copyable {
    var terms = FlatArray<UInt64>()
    var blocks = FlatArray<UInt64>()
  }

  /// Text by text.
  private final class Texts: Source {
    private var texts: () -> String?
    init(_ texts: @escaping () -> String?) { self.texts = texts }

    func fill(_ batch: Batch) -> Bool {
      guard let text = texts() else { return false }
      batch.bytes.append(utf8: text)
      batch.inputCount = batch.bytes.count
      return true
    }

    func cancel() {}
  }

  /// Holds what is told of records against what their lines say.
  private final class Comparison: ReadingSink {
    private let added: Added
    private let record: RecordEvent
    private let event: ArchivedEvent
    private(set) var events = 0
    private(set) var terms = 0
    /// What there was to be told.
    private(set) var kinds: Set<String> = []
    private(set) var differences: [String] = []

    init?(_ definition: PipelineDefinition, _ plan: CompiledPlan) {
      let dialect = definition.input.dialect
      guard let record = RecordEvent(dialect, plan.dialect, plan.added) else { return nil }
      self.record = record
      event = ArchivedEvent(dialect, plan.added)
      added = Added(plan.names)
    }

    func admit(_ batch: Batch) {
      var line = ByteBuffer()
      for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
        line.removeAll()
        added.append(batch, index, to: &line)
        compare(batch, index, line.view)
      }
    }

    private func compare(_ batch: Batch, _ index: Int, _ line: ByteView) {
      var told = Terms()
      var said = Terms()
      record.read(batch, index)
      let time = record.time
      SearchTerm.append(record, to: &told.terms, blocks: &told.blocks)
      let isObject = event.read(line)
      SearchTerm.append(event, to: &said.terms, blocks: &said.blocks)
      events += 1
      if event.displayActor != nil { kinds.insert("actor") }
      if event.keyName != nil { kinds.insert("key") }
      if event.anyClaim({ _ in true }) { kinds.insert("claim") }
      if event.anyCandidate({ _ in true }) { kinds.insert("candidate") }
      if event.anySignal({ _ in true }) { kinds.insert("signal") }
      if !batch[.altered, index].isEmpty { kinds.insert("altered") }
      terms += said.terms.count + said.blocks.count
      let isSame =
        isObject && time == event.time && told.terms.elements.elementsEqual(said.terms.elements)
        && told.blocks.elements.elementsEqual(said.blocks.elements)
      if !isSame, differences.count < 5 {
        differences.append(String(decoding: line, as: UTF8.self))
      }
    }
  }

  private static let tables = Repository.file("fixtures/tables").path
  private static let key =
    "{ stage: 'resolve_keys', directory: '\(tables)/keys.ndjson', detail: 'summary' }"
  private static let actor =
    """
    { stage: 'display_actor', claims: '\(tables)/claims.ndjson',
      policies: [{ show: ['email', 'sub'] }], fallback: ['key_name', 'actor'],
      retain: ['iss', 'sub', 'email', 'n', 'x'], infer: { session: '10h' } }
    """
  private static let signals =
    """
    { stage: 'flag_signals',
      add: [{ name: 'odd', message: 'odd', where: [{ pointer: '/action', equals: 'a' }] }] }
    """

  static let definitions: [(name: String, text: String)] = [
    ("nothing", "input: { dialect: 'spacelift' }, stages: []"),
    ("all", "input: { dialect: 'spacelift' }, stages: [\(key), \(actor), \(signals)]"),
    ("coder", "input: { dialect: 'coder' }, stages: [\(key), \(actor)]"),
    ("cloudtrail", "input: { dialect: 'cloudtrail' }, stages: [\(key), \(actor)]"),
    ("github", "input: { dialect: 'github' }, stages: [\(key), \(actor)]"),
    (
      "altered",
      """
      input: { dialect: 'spacelift' }, stages: [{ stage: 'strip_tokens' },
        { stage: 'redact', remove: ['/actor', '/timestamp', '/data/ID'] }, \(key), \(actor)]
      """
    ),
    (
      "renamed",
      """
      input: { dialect: 'spacelift' }, stages: [\(key), \(actor), \(signals)],
        output: { archive: 'archive', names: { attribution: 'who', signals: 'signs' } }
      """
    ),
    (
      "classified",
      """
      input: { dialect: 'spacelift' },
        stages: [{ stage: 'classify', rules: [{ kind: 'external', source: 'github' }] }]
      """
    ),
    (
      "several places",
      """
      input: { dialect: { extends: 'spacelift', actor: ['/x', '/x/0', '/actor', '/data/"'],
        account: ['/n', '/account'], key: ['/x/id', '/key'], time: ['/x', '/timestamp'],
        address: ['/ip', '/x'], resource: ['/', '/data/ID'], action: ['/a~1b', '/action'] } },
        stages: [\(key), \(actor)]
      """
    ),
  ]

  private func load(_ definition: String) throws -> PipelineDefinition {
    let folder = try TemporaryFolder()
    let output = definition.contains("output:") ? "" : ", output: { archive: 'archive' }"
    let path = try folder.write("definition.json5", "{ version: 1, \(definition)\(output) }")
    return try PipelineDefinition.load(
      path, disk: Disk(), variables: Variables(set: [:], environment: [:]))
  }

  private func places(of definition: String) throws -> [JSONPointer] {
    try load(definition).input.dialect.pointers.sorted { "\($0.key)" < "\($1.key)" }.flatMap(
      \.value)
  }

  private func compare(
    _ definition: String, _ texts: @escaping () -> String?
  ) throws -> Comparison {
    let loaded = try load(definition)
    let plan = try loaded.compile(
      isArchived: true, services: .init(disk: Disk(), environment: [:]))
    let comparison = try #require(Comparison(loaded, plan))
    _ = try Runner.run(
      Plan(
        source: Texts(texts), steps: plan.steps, sink: comparison, pointers: plan.pointers,
        slotCount: Added.slotCount, labelCount: plan.labelCount),
      threads: 1)
    #expect(comparison.differences.isEmpty, "\(definition)")
    return comparison
  }

  @Test(arguments: RecordEventTests.definitions)
  func fixturesAreFoundByWhatTheirLinesSay(_ definition: (name: String, text: String)) throws {
    var texts = try Self.fixtures()
    let found = try compare(definition.text) { texts.popLast() }
    #expect(found.events > 1000)
    #expect(found.terms > 100)
    if definition.name == "all" {
      #expect(found.kinds == ["actor", "key", "claim", "candidate", "signal"])
    }
    if definition.name == "altered" { #expect(found.kinds.contains("altered")) }
  }

  /// A million of them where all is asked for.
  @Test(arguments: RecordEventTests.definitions)
  func randomEventsAreFoundByWhatTheirLinesSay(_ definition: (name: String, text: String)) throws {
    let batches = Effort.isExhaustive ? 250 : 4
    var left = batches
    var events = try RandomEvents(seed: 16, places: places(of: definition.text))
    let found = try compare(definition.text) {
      guard left > 0 else { return nil }
      left -= 1
      return (0..<500).map { _ in events.next() + "\n" }.joined()
    }
    #expect(found.events > batches * 250)
    #expect(found.terms > found.events / 4)
  }

  @Test func whereADialectLooksInsideOfWhatIsAddedOnlyTheLineTells() throws {
    let added = AddedMembers([.attribution])
    func reader(_ pointer: String) throws -> RecordEvent? {
      let dialect = Dialect(name: "test", pointers: [.actor: [try JSONPointer(pointer)]])
      var table = PointerTable()
      return RecordEvent(dialect, dialect.bind(&table), added)
    }
    #expect(try reader("/attribution/display_actor") == nil)
    #expect(try reader("/attribution") == nil)
    #expect(try reader("/actor/attribution") != nil)
  }

  /// The texts of all fixtures that have lines.
  private static func fixtures() throws -> [String] {
    let root = Repository.file("fixtures")
    let names =
      FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    return try names.filter { $0.hasSuffix("json") || $0.hasSuffix("log") || $0.hasSuffix(".txt") }
      .sorted().compactMap { name in
        let path = root.appending(path: name)
        guard !path.hasDirectoryPath,
          (try? path.resourceValues(forKeys: [.isRegularFileKey]))?
            .isRegularFile == true
        else { return nil }
        return String(decoding: try Data(contentsOf: path), as: UTF8.self)
      }
  }
}

/// Events that stages and searches find odd.
private struct RandomEvents {
  private var random: SeededGenerator
  /// Names of members of events, and of what lies deeper: those where the dialect looks, and others.
  private let names: [String]
  private let inner: [String]

  init(seed: UInt64, places: [JSONPointer]) {
    random = SeededGenerator(seed: seed)
    func written(_ token: String) -> String {
      token.replacingOccurrences(of: "\"", with: "\\\"")
    }
    let first = places.compactMap { $0.tokens.first.map(written) }
    names = RandomEvents.names + first + first + first
    inner = RandomEvents.inner + places.flatMap { $0.tokens.dropFirst().map(written) }
  }

  private static let names = [
    "account", "action", "actor", "timestamp", "timestamp_millis", "createdAt", "remoteIP", "data",
    "context", "run", "state", "affectedResource", "x", "n", "key", "ip", "a/b", "", "attribution",
    "signals", "delivery", "altered", "who", "actor_roles", "api_key_id", "user", "userIdentity",
    "eventTime", "sourceIPAddress", "time", "\\u0061ctor", "id", "username", "organization_id",
    "@timestamp", "actor_ip", "external_id",
  ]
  private static let inner = [
    "ID", "args", "id", "username", "name", "tokenId", "jti", "claims", "sub", "email", "iss", "0",
    "stackId", "resourceId", "type", "display_actor", "api_key", "candidates", "candidates_total",
    "flags", "arn", "accessKeyId", "\\\"", "",
  ]
  private static let texts = [
    "jane@example.com", "api::01JSMHTFM9TXWW1XK4AZN1SA8K", "api::01K56PK::DevopsSpaceKey", "api::",
    "api::x", "github::name", "", " ", "\\u0061", "\\ud800", "\\ud83d\\ude00", "ä", "a\\\"b",
    "null",
    "203.0.113.7", "2001:db8::7", "::ffff:1.2.3.4", "999.1.1.1", "10.0.0.0/8", "fe80::1%eth0",
    "2026-11-20T13:01:00Z", "2026-11-20T13:01:00.123456+02:00", "1795179601123",
    "2026-13-40T00:00:00Z",
    "https://idp.example.com", "t-3", "b1e4b7a2-50d3-4a5e-8c11-6d2f9e8a7c44", "a", "secret\\u0000",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJlLXRleHQtb2YtYS10b2tlbg",
  ]
  private static let scalars = [
    "null", "true", "false", "0", "-1", "1795179601123", "1795179601", "1.5e3", "1e400", "12.50",
    "9223372036854775808", "{}", "[]", "[null]", "{\"id\":null}",
  ]

  mutating func next() -> String {
    var members: [String] = []
    var seen: Set<String> = []
    for _ in 0..<(1 + random.next(below: 9)) {
      let name = random.pick(names)
      if !random.chance(2), !seen.insert(name).inserted { continue }
      members.append("\"\(name)\":\(value(3))")
    }
    if random.chance(70), seen.insert("account").inserted { members.append("\"account\":\"acct\"") }
    let space = random.chance(10) ? " " : ""
    return "{\(space)" + members.joined(separator: ",\(space)") + "\(space)}"
  }

  private mutating func value(_ depth: Int) -> String {
    let kind = random.next(below: depth > 0 ? 10 : 6)
    if kind < 4 { return "\"\(random.pick(Self.texts))\"" }
    if kind < 6 { return random.pick(Self.scalars) }
    if kind < 9 {
      var seen: Set<String> = []
      let members = (0..<random.next(below: 5)).compactMap { _ -> String? in
        let name = random.pick(inner)
        return seen.insert(name).inserted ? "\"\(name)\":\(value(depth - 1))" : nil
      }
      return "{" + members.joined(separator: ",") + "}"
    }
    return "[" + (0..<random.next(below: 4)).map { _ in value(depth - 1) }.joined(separator: ",")
      + "]"
  }
}
