import Bytes
import Engine
import Settings
import Synchronization
import Testing
import Trail

@testable import Stages

/// Remembers and lists in memory.
private final class Desk: SignalMemory, SignalList {
  private let state: Mutex<(remembered: [UInt8]?, lines: [UInt8])>

  /// The file that should hold what is remembered.
  private let file: String?

  init(_ remembered: [UInt8]? = nil, file: String? = nil) {
    state = Mutex((remembered, []))
    self.file = file
  }

  func recall() -> [UInt8]? { state.withLock { $0.remembered } }
  var place: String? { file }
  func remember(_ text: [UInt8], rows: Int) { state.withLock { $0.remembered = text } }
  func take(_ lines: ByteView) { state.withLock { $0.lines += lines } }
  func origin(ofInput input: Int) -> (file: String, recordsBefore: Int) { ("in\(input)", 10) }

  var lines: [String] {
    state.withLock { String(decoding: $0.lines, as: UTF8.self) }
      .split(separator: "\n").map(String.init)
  }
}

@Suite struct FlagSignalsTests {
  private static let keys = [
    #"{"id":"01J","name":"ci","type":"oidc","scopes":["stack:read"],"allow_list":["stack:a"]}"#,
    #"{"id":"01E","name":"old","expires_at":"2026-01-01T00:00:00Z"}"#,
    #"{"id":"01D","name":"gone","deleted_at":"2026-01-01T00:00:00Z"}"#,
  ]
  private static let claims = [
    #"{"key_id":"01J","token_id":"jane","claims":{"iss":"https://idp","email":"jane@x"}}"#,
    #"{"key_id":"01J","token_id":"joe","claims":{"iss":"https://idp","email":"joe@x"}}"#,
    #"{"key_id":"01J","token_id":"evil","claims":{"iss":"https://evil","email":"jane@x"}}"#,
    #"{"key_id":"01A","token_id":"a","iat":1,"exp":9999999999,"claims":{"iss":"https://idp","email":"a@x"}}"#,
    #"{"key_id":"01A","token_id":"b","iat":1,"exp":9999999999,"claims":{"iss":"https://idp","email":"b@x"}}"#,
  ]
  private static let before = [
    "{ stage: 'resolve_keys', directory: 'keys' }",
    """
    { stage: 'display_actor', claims: 'claims', infer: {}, policies: [{ show: ['email'] }],
      retain: ['iss'], trusted_issuers: ['https://idp'] }
    """,
  ]
  private static let stage = "{ stage: 'flag_signals' }"
  /// Without what speaks of nearly every event.
  private static let quiet =
    "{ stage: 'flag_signals', except: ['new_caller', 'new_address_block'] }"

  private func bench(_ dialect: String = "spacelift", _ desk: Desk? = nil) -> Workbench {
    Workbench(
      tables: ["keys": FlagSignalsTests.keys, "claims": FlagSignalsTests.claims],
      signalMemory: desk, signalList: desk, environment: ["S": "s"],
      dialect: "{ extends: \"\(dialect)\" }")
  }

  /// The `signals` of an event as it is written, without brackets.
  private func signals(_ batch: Batch, _ index: Int) -> String {
    let text = batch.outcome(index)
    guard let range = text.ranges(of: ",\"signals\":[").last else { return "" }
    return String(text[range.upperBound...].dropLast(2)).replacing("\"", with: "")
  }

  /// The ordered step of `flag_signals`.
  private func signalStage(_ made: Workbench.Made) throws -> SignalStage {
    for case .ordered(let stage as SignalStage) in made.steps { return stage }
    throw NoSuchStep()
  }

  private struct NoSuchStep: Error {}

  // MARK: Rules that look at one event

  @Test(arguments: [
    ("spacelift", #"{"action":"audit_trail_webhook.delete"}"#, "audit_trail_deleted"),
    ("spacelift", #"{"context":{"mutation":"auditTrailDeleteWebhook"}}"#, "audit_trail_deleted"),
    ("spacelift", #"{"action":"audit_trail_webhook.set"}"#, "audit_trail_changed"),
    (
      "spacelift",
      #"{"action":"audit_trail_webhook.set","data":{"args":{"Input":{"Enabled":false}}}}"#,
      "audit_trail_disabled"
    ),
    (
      "spacelift",
      #"{"action":"audit_trail_webhook.set","data":{"args":{"Input":{"Enabled":true}}}}"#,
      "audit_trail_changed"
    ),
    ("spacelift", #"{"action":"audit_trail_webhook.get"}"#, ""),
    ("spacelift", #"{"action":["audit_trail_webhook.delete"]}"#, ""),
    ("spacelift", #"{"x":{"action":"audit_trail_webhook.delete"}}"#, ""),
    (
      "coder", #"{"resource_type":"license","action":"delete","status_code":200}"#,
      "audit_trail_disabled"
    ),
    ("coder", #"{"resource_type":"license","action":"delete","status_code":403}"#, ""),
    ("coder", #"{"resource_type":"license","action":"create"}"#, ""),
    ("coder", #"{"fields":{"ResourceType":"license","Action":"delete"}}"#, "audit_trail_disabled"),
    ("cloudtrail", #"{"eventName":"DeleteTrail"}"#, "audit_trail_deleted"),
    ("cloudtrail", #"{"eventName":"DeleteTrail","errorCode":"AccessDenied"}"#, ""),
    ("cloudtrail", #"{"eventName":"StopLogging"}"#, "audit_trail_disabled"),
    ("cloudtrail", #"{"eventName":"StartLogging"}"#, ""),
    ("cloudtrail", #"{"eventName":"UpdateTrail"}"#, "audit_trail_changed"),
    ("cloudtrail", #"{"eventName":"PutEventSelectors"}"#, "audit_trail_changed"),
    ("cloudtrail", #"{"eventName":"CreateAccessKey"}"#, "api_key_created"),
    ("github", #"{"action":"audit_log_streaming.destroy"}"#, "audit_trail_deleted"),
    ("github", #"{"action":"audit_log_streaming.update"}"#, "audit_trail_changed"),
    (
      "github", #"{"action":"audit_log_streaming.update","audit_log_stream_enabled":false}"#,
      "audit_trail_disabled"
    ),
    ("github", #"{"action":"audit_log_streaming.check"}"#, ""),
    ("github", #"{"action":"hook.destroy"}"#, "audit_trail_deleted"),
    ("github", #"{"action":"hook.config_changed"}"#, "audit_trail_changed"),
    ("github", #"{"action":"public_key.create"}"#, "api_key_created"),
    ("spacelift", #"{"context":{"mutation":"apiKeyCreate"}}"#, "api_key_created"),
    ("spacelift", #"{"context":{"mutation":"apiKeyDelete"}}"#, ""),
    (
      "coder", #"{"resource_type":"api_key","action":"create","status_code":201}"#,
      "api_key_created"
    ),
    ("coder", #"{"resource_type":"api_key","action":"create","status_code":500}"#, ""),
    ("spacelift", #"{}"#, ""),
  ]) func aBuiltInDialectTells(_ dialect: String, _ event: String, _ expected: String) throws {
    let batch = try bench(dialect).run([Event(event)], FlagSignalsTests.quiet)
    #expect(signals(batch, 0) == expected)
  }

  @Test func anotherDialectHasNoRulesForItsTrail() throws {
    var bench = bench()
    bench.dialect = "{ action: '/action', actor: '/actor' }"
    let event = Event(#"{"action":"audit_trail_webhook.delete"}"#)
    #expect(signals(try bench.run([event], FlagSignalsTests.stage), 0).isEmpty)
  }

  private func coderUpdate(_ diff: String, id: String = "k") -> Event {
    Event(
      #"{"resource_type":"api_key","action":"write","time":"2026-11-20T00:00:00Z","#
        + #""additional_fields":{"api_key":{"id":"\#(id)"}},"diff":{\#(diff)}}"#)
  }

  @Test(arguments: [
    (#""scopes":{"old":["a"],"new":["a","b"]}"#, true),
    (#""scopes":{"old":["a","b"],"new":["a"]}"#, false),
    (#""scopes":{"old":["a"],"new":["b"]}"#, true),
    (#""scopes":{"old":["workspace:*"],"new":["workspace:read"]}"#, false),
    (#""scopes":{"old":["workspace:read"],"new":["workspace:*"]}"#, true),
    (#""scopes":{"old":["all"],"new":["x"]}"#, false),
    (#""scopes":{"old":[],"new":["x"]}"#, true),
    (#""scope":{"old":"application_connect","new":"all"}"#, true),
    (#""scope":{"old":"all","new":"application_connect"}"#, false),
    (#""scopes":{"old":["a"],"new":null}"#, false),
    (#""scopes":{"old":7,"new":["b"]}"#, false), (#""scopes":{"new":["b"]}"#, false),
    (#""scopes":{"old":["a"],"new":["\u0061"]}"#, false),
    (#""allow_list":{"old":["workspace:1"],"new":["workspace:1","workspace:2"]}"#, true),
    (#""allow_list":{"old":[{"type":"workspace","id":"*"}],"new":["workspace:2"]}"#, false),
    (#""allow_list":{"old":["*:*"],"new":[{"type":"workspace","id":"2"}]}"#, false),
    (#""allow_list":{"old":["workspace:1"],"new":["template:1"]}"#, true),
    (#""allow_list":{"old":["workspace:1"],"new":[]}"#, true),
    (#""allow_list":{"old":["workspace:1"],"new":null}"#, true),
    (#""allow_list":{"old":[],"new":["workspace:1"]}"#, false),
    (#""expires_at":{"old":"2026-01-01T00:00:00Z","new":"2027-01-01T00:00:00Z"}"#, false),
  ]) func aKeyIsWidenedByItsDiff(_ diff: String, _ isWider: Bool) throws {
    let batch = try bench("coder").run([coderUpdate(diff)], FlagSignalsTests.quiet)
    #expect(signals(batch, 0) == (isWider ? "api_key_widened" : ""))
  }

  @Test func withoutADiffTheDirectoryKnowsWhatHeldBefore() throws {
    let scopes = #""scopes":{"new":["stack:read","stack:write"]}"#
    for (id, expected) in [("01J", "api_key_widened"), ("unknown", ""), ("01E", "")] {
      let event = coderUpdate(scopes, id: id)
      let stages = [FlagSignalsTests.before[0], FlagSignalsTests.quiet]
      let bench = bench("coder")
      #expect(signals(try bench.run([event], on: try bench.make(list: stages)), 0) == expected)
      #expect(signals(try bench.run([event], FlagSignalsTests.quiet), 0).isEmpty)
    }
  }

  @Test(arguments: [
    (#"{"actor":"api::01E","timestamp":1795179600000}"#, "key_used_after_expiry"),
    (#"{"actor":"api::01E","timestamp":1700000000000}"#, ""),
    (#"{"actor":"api::01D","timestamp":1795179600000}"#, "key_used_after_deletion"),
    (
      #"{"actor":"api::01J","timestamp":1795179600000,"context":{"tokenId":"evil"}}"#,
      "untrusted_issuer"
    ),
    (#"{"actor":"api::01J","timestamp":1795179600000,"context":{"tokenId":"jane"}}"#, ""),
    (#"{"actor":"api::01A","timestamp":1795179600000}"#, "attribution_ambiguous"),
    (#"{"actor":"jane@x","timestamp":1795179600000}"#, ""),
    (
      #"{"action":"audit_trail_webhook.delete","actor":"api::01E","timestamp":1795179600000}"#,
      "audit_trail_deleted,key_used_after_expiry"
    ),
  ]) func theAttributionTells(_ event: String, _ expected: String) throws {
    let bench = bench()
    let made = try bench.make(list: FlagSignalsTests.before + [FlagSignalsTests.quiet])
    #expect(signals(try bench.run([Event(event)], on: made), 0) == expected)
  }

  @Test func whatAnEarlierRunMarkedIsMarkedAnew() throws {
    for (earlier, text) in [
      (#"["audit_trail_deleted"]"#, #"{"action":"audit_trail_webhook.delete"}"#),
      (#"["planted","audit_trail_deleted"]"#, #"{"action":"audit_trail_webhook.delete"}"#),
      (#"["audit_trail_deleted"]"#, #"{"action":"x"}"#),
    ] {
      var again = Event(text)
      again.signals = earlier
      let batch = try bench().run([Event(text), again], FlagSignalsTests.stage)
      #expect(batch.outcome(0) == batch.outcome(1))
    }
  }

  // MARK: Signatures

  @Test func aDeliveryWithoutAValidSignatureIsListed() throws {
    let desk = Desk()
    let good = try signature("{}", secret: "s")
    let bad = "{\"account\":\"forged\"}"
    let made = try bench("spacelift", desk).make(
      "{ stage: 'verify_signature', secrets: [{ env: 'S' }] }", FlagSignalsTests.stage)
    let events: [Event] = [
      .delivery("{}", sha256: good), .delivery(bad, sha256: good), .delivery("{}"), Event("{}"),
    ]
    let batch = try bench("spacelift", desk).run(events, on: made)
    #expect(batch.verdicts == [.keep, .refused, .refused, .refused])
    let tally = try #require(made.context.results.signals)
    #expect(tally.total == 3)
    #expect(tally.found == [SignalCount(name: "signature_failure", severity: .warning, count: 3)])
    #expect(
      desk.lines.first
        == #"{"signal":"signature_failure","severity":"warning","message":"A delivery came without"#
        + #" a valid signature: the signature does not fit.","time":null,"account":null,"actor":null,"#
        + #""display_actor":null,"api_key":null,"action":null,"address":null,"resource":null,"#
        + #""record":{"file":"in0","record":12}}"#)
    #expect(!desk.lines.joined().contains("forged"))
  }

  @Test func whatTheIntakeTurnsAwayIsListed() throws {
    let desk = Desk()
    let made = try bench("spacelift", desk).make(FlagSignalsTests.stage)
    let list = RefusedRecords(desk)
    for step in made.steps + [.ordered(list)] {
      let batch = Batch(pointers: made.pointers, slotCount: Added.slotCount)
      for text in ["x", "y", "z"] {
        batch.bytes.append(utf8: text)
        batch.append(Record(raw: Span32(batch.bytes.count - 1, count: 1)))
      }
      batch.reject(1, .unreadable, by: -1, "no JSON")
      // What comes back from the quarantine was listed before.
      batch.reject(2, .unreadable, by: -1, "no JSON")
      for stage in ["select", "select", "intake"] {
        batch.appendOrigin(
          RecordOrigin(file: "old", record: 5, offset: 0, stage: stage, reason: "no JSON"))
      }
      if case .ordered(let stage) = step { try stage.process(batch, step: 0) }
    }
    let line =
      #"{"signal":"record_refused","severity":"warning","message":"The intake turned a record away: no"#
      + #" JSON.","time":null,"account":null,"actor":null,"display_actor":null,"api_key":null,"#
      + #""action":null,"address":null,"resource":null,"record":{"file":"old","record":5}}"#
    #expect(desk.lines == [line, line])
    let count = SignalCount(name: "record_refused", severity: .warning, count: 1)
    #expect(made.context.results.signals?.found == [count] && list.signals?.found == [count])
    #expect(RefusedRecords(desk).signals == nil)
  }

  @Test func otherRefusalsAreNoSignals() throws {
    let made = try bench().make(
      "{ stage: 'select', where: [{ pointer: '/a', equals: 1 }] }", FlagSignalsTests.stage)
    _ = try bench().run([Event("{}")], on: made)
    #expect(made.context.results.signals?.total == 0)
  }

  // MARK: First uses

  private func use(_ key: String, _ address: String, _ token: String = "jane", day: Int = 20)
    -> Event
  {
    Event(
      #"{"account":"a","actor":"api::\#(key)","remoteIP":"\#(address)","context":{"tokenId":"\#(token)"},"#
        + #""timestamp":"2026-11-\#(day)T00:00:00Z"}"#)
  }

  /// Runs over an archive, one after the other: the signals of each event, and what was listed.
  private func nights(_ nights: [[Event]]) throws -> (marks: [[String]], lines: [[String]]) {
    var memory: [UInt8]?
    var marks: [[String]] = []
    var lines: [[String]] = []
    for events in nights {
      let desk = Desk(memory)
      let bench = bench("spacelift", desk)
      let made = try bench.make(list: FlagSignalsTests.before + [FlagSignalsTests.stage])
      let batch = try bench.run(events, on: made)
      try made.context.results.finish()
      try made.context.results.finish()
      marks.append(events.indices.map { signals(batch, $0) })
      lines.append(desk.lines)
      memory = desk.recall()
    }
    return (marks, lines)
  }

  @Test func anArchiveLearnsAndThenTellsFirstUses() throws {
    let marks = try nights([
      [use("01J", "10.0.0.1"), use("01J", "10.1.0.1"), use("01J", "2001:db8:1::1")],
      [
        use("01J", "10.0.0.200"), use("01J", "10.0.1.1"), use("01J", "10.0.1.2"),
        use("01J", "2001:db8:1:ffff::9"), use("01J", "2001:db8:2::1"),
        use("01J", "10.0.0.1", "joe"), use("01J", "10.0.0.1", "joe"), use("01J", "no address"),
        use("01E", "10.0.0.1"), Event(#"{"actor":"jane@x","remoteIP":"192.0.2.1"}"#),
        use("01J", "::ffff:10.0.0.7"),
      ],
      [use("01J", "10.0.1.9", "joe"), use("01J", "10.9.9.9", "evil")],
    ]).marks
    #expect(marks[0] == ["", "", ""])
    let second = marks[1].map { $0.replacing("key_used_after_expiry,", with: "") }
    #expect(
      second == [
        "", "new_address_block", "", "", "new_address_block", "new_caller", "", "",
        "new_address_block", "", "",
      ])
    #expect(marks[2] == ["", "untrusted_issuer,new_address_block"])
  }

  @Test func withoutAnArchiveTheRunAloneIsJudged() throws {
    let bench = bench()
    let made = try bench.make(list: FlagSignalsTests.before + [FlagSignalsTests.stage])
    let events = [
      use("01J", "10.0.0.1"), use("01J", "10.0.0.2"), use("01J", "10.0.1.1", "joe"),
      use("02J", "10.0.1.1", "none"),
    ]
    let batch = try bench.run(events, on: made)
    #expect(
      events.indices.map { signals(batch, $0) } == [
        "", "", "new_address_block,new_caller", "",
      ])
    try made.context.results.finish()
    let stage = try signalStage(made)
    #expect(stage.report.contains { $0.value.hasPrefix("judged within this run") })
  }

  @Test func whatWasUnseenLongestIsForgotten() throws {
    var uses = KnownUses(most: 2)
    func pair(_ number: UInt64) -> Digest256 { Digest256(number, number, 0, 0) }
    #expect([1, 2, 3].map { uses.take(pair($0)) } == [true, true, true])
    uses.beginRun()
    let isNew = uses.take(pair(1))
    #expect(!isNew)
    var text = ByteBuffer()
    let rows = uses.append(to: &text)
    #expect(rows == 2)
    let lines = String(decoding: text.view, as: UTF8.self).split(separator: "\n")
    #expect(lines.map { $0.contains("0000000000000003") } == [true, false])
    // Never more than twice as many.
    for number in UInt64(10)...30 { _ = uses.take(pair(number)) }
    let isNewAgain = uses.take(pair(1))
    #expect(isNewAgain)
  }

  // MARK: Silence

  private func sent(_ account: String, _ day: Int) -> Event {
    Event(#"{"account":"\#(account)","timestamp":"2026-11-\#(day)T12:00:00Z"}"#)
  }

  @Test func anAccountThatStoppedIsTold() throws {
    let week = [10, 11, 12, 14, 15].map { sent("a", $0) } + [13, 14, 15].map { sent("b", $0) }
    let (marks, lines) = try nights([
      week, [sent("b", 16)], [sent("a", 17)], [sent("b", 18)], [sent("b", 20)],
    ])
    #expect(marks.allSatisfy { $0.allSatisfy(\.isEmpty) })
    #expect(lines.map(\.count) == [0, 1, 0, 1, 0])
    #expect(
      lines[1].first?.hasPrefix(
        #"{"signal":"silence","severity":"warning","message":"An account that sends nearly every day"#
      ) == true)
    #expect(
      lines[1].first?.contains(#""time":"2026-11-15T00:00:00Z","account":"a","actor":null"#) == true
    )
  }

  @Test func aBackfillAndARareSenderAreNoSilence() throws {
    let week = [10, 11, 12, 14, 15].map { sent("a", $0) }
    #expect(try nights([week, [sent("b", 15)]]).lines[1].isEmpty)
    #expect(try nights([week, [sent("b", 10)]]).lines[1].isEmpty)
    #expect(try nights([week, [Event(#"{"account":"b"}"#)]]).lines[1].isEmpty)
    #expect(try nights([Array(week.dropFirst()), [sent("b", 16)]]).lines[1].isEmpty)
    #expect(try nights([week, [sent("b", 16), sent("a", 13)]]).lines[1].isEmpty)
    let timeless = Event(#"{"account":"a"}"#)
    #expect(try nights([week, [sent("b", 16), timeless]]).lines[1].isEmpty)
    #expect(try nights([week]).lines[0].isEmpty)
  }

  @Test func whatIsRememberedIsTheSameAgain() throws {
    let desk = Desk()
    let bench = bench("spacelift", desk)
    let made = try bench.make(list: FlagSignalsTests.before + [FlagSignalsTests.stage])
    let events = [sent("b\\u0000\\\"", 10), sent("a", 11), use("01J", "10.0.0.1")]
    _ = try bench.run(events, on: made)
    try made.context.results.finish()
    let text = try #require(desk.recall())
    let again = Desk(text)
    let second = try self.bench("spacelift", again).make(
      list: FlagSignalsTests.before + [FlagSignalsTests.stage])
    _ = try bench.run([use("01J", "10.0.0.1")], on: second)
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    #expect(
      lines.first == #"{"account":"a","days":["2026-11-20"]}"#)
    try second.context.results.finish()
    let secondText = try #require(again.recall())
    let secondLines = String(decoding: secondText, as: UTF8.self).split(separator: "\n")
    // What was long ago is gone, all else is there again.
    #expect(secondLines == lines)
    #expect(lines.count == 3)
  }

  /// Somebody who takes away what is remembered would have nothing called new that night.
  @Test func memoryThatIsGoneIsTold() throws {
    func told(_ desk: Desk, except: String = "") throws -> ReportLine? {
      let bench = bench("spacelift", desk)
      let stage = "{ stage: 'flag_signals'\(except) }"
      let made = try bench.make(list: FlagSignalsTests.before + [stage])
      _ = try bench.run([use("01J", "10.0.0.1")], on: made)
      return try signalStage(made).report.first
    }
    let gone = "learned anew: what earlier runs remember is missing: watch/1"
    let quiet = ", except: ['new_caller', 'new_address_block']"
    #expect(try told(Desk(file: "watch/1")) == ReportLine("first uses of keys", gone))
    #expect(try told(Desk(file: "watch/1"), except: quiet) == ReportLine("silence", gone))
    #expect(try told(Desk())?.value.hasPrefix("learned: ") == true)
    #expect(try told(Desk([], file: "watch/1"))?.value.hasPrefix("learned") != true)
  }

  @Test func rememberedNonsenseIsNothing() throws {
    let nonsense =
      "{\"pair\":\"zz\"}\n{\"account\":7}\n{\"days\":[]}\n[]\n{\n{\"account\":\"a\",\"days\":[\"x\",{}]}\n"
    let desk = Desk(Array(nonsense.utf8))
    let made = try bench("spacelift", desk).make(FlagSignalsTests.stage)
    _ = try bench("spacelift", desk).run([sent("a", 10)], on: made)
    try made.context.results.finish()
    #expect(desk.lines.isEmpty)
  }

  // MARK: Rules of one's own

  private func own(_ rest: String) -> String {
    "{ stage: 'flag_signals', rules: [], add: [{ name: 'mine', message: 'M.', \(rest) }] }"
  }

  private func at(_ seconds: Int, _ account: String = "a") -> Event {
    Event(#"{"account":"\#(account)","action":"x","timestamp":\#(1_795_000_000 + seconds)}"#)
  }

  private func marked(_ stage: String, _ events: [Event]) throws -> [Int] {
    let batch = try bench().run(events, stage)
    return events.indices.filter { signals(batch, $0) == "mine" }
  }

  @Test func aCustomRuleMarksEvents() throws {
    let stage = own("where: [{ pointer: '/a', at_least: 3 }, { pointer: '/b', exists: true }]")
    let events = [#"{"a":3,"b":1}"#, #"{"a":2,"b":1}"#, #"{"a":3}"#, "{}"].map { Event($0) }
    #expect(try marked(stage, events) == [0])
  }

  @Test func conditionsAboutTheActorAreThoseOfClassify() throws {
    let stages = [
      "{ stage: 'resolve_keys', directory: 'keys' }",
      "{ stage: 'display_actor', claims: 'claims', retain: ['iss'] }",
    ]
    func marked(_ conditions: String, _ events: [String]) throws -> [Int] {
      let made = try bench().make(list: stages + [own("where: [\(conditions)]")])
      let batch = try bench().run(events.map { Event($0) }, on: made)
      return events.indices.filter { signals(batch, $0) == "mine" }
    }
    let events = [
      #"{"actor":"github::x","action":"a","remoteIP":"10.0.0.1"}"#,
      #"{"actor":"jane@x.example","action":"a"}"#, #"{"actor":"github::x","action":"b"}"#,
      #"{"actor":"api::01J","action":"a","context":{"tokenId":"evil"}}"#,
    ]
    #expect(try marked("{ source: 'github' }", events) == [0, 2])
    #expect(
      try marked("{ source: 'github' }, { pointer: '/action', equals: 'a' }", events) == [0])
    #expect(try marked("{ source: 'github' }, { address: '10.0.0.0/8' }", events) == [0])
    #expect(try marked("{ email_domain: 'x.example' }", events) == [1])
    #expect(try marked("{ issuer: 'https://evil' }", events) == [3])
    #expect(try marked("{ key_type: 'oidc' }", events) == [3])
    #expect(try marked("{ source: 'github' }", []) == [])
    let error = bench().error(own("where: [{ issuer: 'x' }]"))
    #expect(error.contains("add it to \"retain\""))
    #expect(bench().error(own("where: [{ isuer: 'x' }]")).contains("unknown key"))
  }

  @Test func thresholdsCountByTheEventsTimes() throws {
    let condition = "where: [{ pointer: '/action', equals: 'x' }]"
    let three = own("\(condition), at_least: 3, within: '10s'")
    #expect(try marked(three, [at(0), at(5), at(10)]) == [2])
    #expect(try marked(three, [at(0), at(5), at(11)]) == [])
    // In whatever order: the one that completes it is marked.
    #expect(try marked(three, [at(100), at(10), at(0), at(95), at(5), at(92)]) == [4, 5])
    // Counting begins anew.
    #expect(try marked(three, (0..<7).map { at($0) }) == [2, 5])
    #expect(try marked(own("\(condition), at_least: 2"), [at(0), at(1_000_000)]) == [1])
    let timeless = Event(#"{"action":"x"}"#)
    #expect(try marked(three, [timeless, timeless, timeless]) == [])
    let account = own("\(condition), at_least: 2, within: '10s', per: 'account'")
    #expect(try marked(account, [at(0), at(1, "b"), at(2, "b"), at(3)]) == [2, 3])
    let pointer = own("\(condition), at_least: 2, within: '10s', per: '/account'")
    #expect(try marked(pointer, [at(0), at(1, "b"), at(2, "b"), at(3)]) == [2, 3])
    #expect(try marked(own("\(condition), at_least: 1, per: '/none'"), [at(0)]) == [])
    let extreme = [
      #"{"action":"x","timestamp":"0001-01-01T00:00:00Z"}"#,
      #"{"action":"x","timestamp":"9999-12-31T23:59:59Z"}"#,
    ].map { Event($0) }
    #expect(try marked(own("\(condition), at_least: 2, within: '36500d'"), extreme) == [])
  }

  @Test func countingHasALimit() throws {
    var context = StageContext(
      dialect: try Dialect.named("spacelift"), services: StageServices())
    let settings = try Workbench.settings("{ at_least: 3, within: '1s' }")
    let threshold = try #require(try SignalThreshold(settings, &context))
    let counter = SignalCounter(threshold, most: 10)
    func group(_ number: Int) -> Digest256 { Digest256(UInt64(number), 0, 0, 0) }
    // What is too old goes first, and is no loss.
    for number in 0..<100 { #expect(!counter.take(Int64(number) * 2_000_000, group(number))) }
    #expect(!counter.hasForgotten)
    for number in 0..<20 { _ = counter.take(500_000_000, group(number)) }
    #expect(counter.hasForgotten)
    // A group alone cannot grow without bound either.
    let alone = SignalCounter(threshold)
    for number in 0..<20_000 { _ = alone.take(Int64(number) * -2_000_000, group(0)) }
    #expect(!alone.hasForgotten)
  }

  // MARK: Lists, hostile values

  @Test func linesHoldWhatIsKnownAndNoMore() throws {
    let desk = Desk()
    let bench = bench("spacelift", desk)
    let long = String(repeating: "é", count: 700)
    let event = Event(
      #"{"account":"a\u0000\n\u202e","action":"audit_trail_webhook.delete","actor":"\#(long)","#
        + #""remoteIP":["x"],"data":{"ID":7},"timestamp":1795179600000}"#)
    let made = try bench.make(FlagSignalsTests.stage)
    _ = try bench.run([Event("{}"), event], on: made)
    let line = try #require(desk.lines.first)
    #expect(desk.lines.count == 1)
    let shown = String(repeating: "é", count: 512) + "…"
    #expect(
      line
        == #"{"signal":"audit_trail_deleted","severity":"critical","message":"The audit trail was deleted.","#
        + #""time":"2026-11-20T13:00:00Z","account":"a\u0000\n\#u{202e}","actor":"\#(shown)","#
        + #""display_actor":null,"api_key":null,"action":"audit_trail_webhook.delete","address":null,"#
        + #""resource":"7","record":{"file":"in0","record":12}}"#)
  }

  @Test func batchesGoOnCounting() throws {
    let desk = Desk()
    let bench = bench("spacelift", desk)
    let made = try bench.make(FlagSignalsTests.stage)
    let event = Event(#"{"action":"audit_trail_webhook.delete"}"#)
    _ = try bench.run([event, Event("{}")], on: made)
    _ = try bench.run([event], on: made)
    #expect(
      desk.lines.map { $0.suffix(12) }
        == [#""record":11}}"#, #""record":13}}"#].map { $0.suffix(12) })
    let tally = try #require(made.context.results.signals)
    #expect(tally.total == 2)
    #expect(
      try signalStage(made).report.first == ReportLine("signal", "audit_trail_deleted 2 (critical)")
    )
    #expect(tally.worst == .critical)
  }

  @Test func explainNamesTheSignals() throws {
    let made = try bench().make(FlagSignalsTests.stage)
    let batch = try bench().run(
      [Event(#"{"action":"audit_trail_webhook.delete"}"#), Event("{}")], on: made)
    let stage = try signalStage(made)
    #expect(
      stage.explain(batch, 0)
        == ["signal audit_trail_deleted (critical): The audit trail was deleted."])
    #expect(stage.explain(batch, 1) == ["no signal"])
    #expect(stage.facts(batch, 0).map(\.json) == [#"["audit_trail_deleted"]"#])
  }

  // MARK: Settings

  @Test func rulesAreChosenAndTheirSeveritiesSet() throws {
    let event = Event(#"{"action":"audit_trail_webhook.delete"}"#)
    let none = "{ stage: 'flag_signals', except: 'audit_trail_deleted' }"
    #expect(signals(try bench().run([event], none), 0).isEmpty)
    let others = "{ stage: 'flag_signals', rules: ['silence'] }"
    #expect(signals(try bench().run([event], others), 0).isEmpty)
    let nothing = "{ stage: 'flag_signals', rules: null, except: null, severity: null, add: null }"
    #expect(signals(try bench().run([event], nothing), 0) == "audit_trail_deleted")
    let made = try bench().make(
      "{ stage: 'flag_signals', severity: { audit_trail_deleted: 'info' } }")
    _ = try bench().run([event], on: made)
    #expect(made.context.results.signals?.worst == .info)
  }

  @Test func namesAreDistinctAndSortedByTheirOrder() {
    let names = SignalRule.builtIn.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.count < SignalRule.most)
  }

  @Test(arguments: [
    ("rules: ['silnce']", "did you mean \"silence\"?"), ("except: 'x'", "there are audit_trail"),
    ("rules: [], except: []", "says nothing where \"rules\""),
    ("severity: { silnce: 'info' }", "unknown key"), ("severity: { silence: 'bad' }", "one of"),
    ("add: [{ name: 'x', message: 'm' }]", "needs a condition"),
    ("add: [{ name: 'X', message: 'm' }]", "must be 1 to 64"),
    (
      "add: [{ name: 'silence', message: 'm', where: [{ pointer: '/a', equals: 1 }] }]",
      "built-in rule"
    ),
    (
      "add: [{ name: 'a', message: 'm', where: [{ pointer: '/a', equals: 1 }] },"
        + " { name: 'a', message: 'm', where: [{ pointer: '/a', equals: 1 }] }]", "is there twice"
    ),
    (
      "add: [{ name: 'a', message: 'm', within: '1h', where: [{ pointer: '/a', equals: 1 }] }]",
      "needs \"at_least\""
    ),
    (
      "add: [{ name: 'a', message: 'm', at_least: 0, where: [{ pointer: '/a', equals: 1 }] }]",
      "from 1 to 1000"
    ),
    (
      "add: [{ name: 'a', message: 'm', at_least: 2, within: 'soon', where: [{ pointer: '/a', equals: 1 }] }]",
      "must be a duration"
    ),
    (
      "add: [{ name: 'a', message: 'm', at_least: 2, per: 'who', where: [{ pointer: '/a', equals: 1 }] }]",
      "must be a pointer or one of"
    ),
  ]) func refusesWrongSettings(_ settings: String, _ message: String) {
    let error = bench().error("{ stage: 'flag_signals', \(settings) }")
    #expect(error.contains(message), "\(error)")
  }

  @Test func moreRulesThanBitsAreRefused() {
    let rules = (0..<52).map {
      "{ name: 'r\($0)', message: 'm', where: [{ pointer: '/a', equals: \($0) }] }"
    }
    let error = bench().error("{ stage: 'flag_signals', add: [\(rules.joined(separator: ","))] }")
    #expect(error.contains("max_rules") || error.contains("most_rules"), "\(error)")
    #expect(bench().error(FlagSignalsTests.stage, FlagSignalsTests.stage).contains("once"))
  }

  @Test func stagesThatComeTooLateAreWarnedAbout() throws {
    let made = try bench().make(list: [FlagSignalsTests.stage] + FlagSignalsTests.before)
    let warnings = made.context.results.warnings.map(\.message)
    #expect(warnings.contains { $0.contains("is resolve_keys, whose results flag_signals needs") })
    #expect(warnings.contains { $0.contains("is display_actor") })
    let right = try bench().make(list: FlagSignalsTests.before + [FlagSignalsTests.stage])
    #expect(right.context.results.warnings.isEmpty)
    let late = try bench().make(FlagSignalsTests.stage, "{ stage: 'redact', remove: ['/a'] }")
    #expect(late.context.results.warnings.contains { $0.message.contains("put flag_signals") })
  }

  @Test func everyBitHasItsRule() throws {
    let rules = (0..<50).map {
      "{ name: 'r\($0)', message: 'm', where: [{ pointer: '/a', equals: 1 }] }"
    }
    let stage = "{ stage: 'flag_signals', add: [\(rules.joined(separator: ","))] }"
    let batch = try bench().run(
      [Event(#"{"a":1,"action":"audit_trail_webhook.delete"}"#)], stage)
    let expected = ["audit_trail_deleted"] + (0..<50).map { "r\($0)" }
    #expect(signals(batch, 0) == expected.joined(separator: ","))
  }
}
