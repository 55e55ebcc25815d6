import Bytes
import Engine
import JSONText
import Settings
import Testing
import Trail

/// A batch of one event, located by a dialect.
func batch(_ dialect: Dialect, _ event: String) -> (Batch, BoundDialect) {
  var table = PointerTable()
  let bound = dialect.bind(&table)
  let batch = Batch(pointers: PointerSet(table.pointers), slotCount: Added.slotCount)
  batch.bytes.append(utf8: event)
  batch.append(Record(raw: Span32(0, count: batch.bytes.count)))
  let scan = batch.scan(0, from: 0, end: batch.bytes.count)
  #expect(scan.fault == .none)
  batch.records[0].body = Span32(scan.start, count: scan.end - scan.start - 1)
  return (batch, bound)
}

func settings(_ text: String) throws -> Settings {
  var text = text
  let value = try text.withUTF8 { try JSON5.parse($0, file: "test.json5") }
  return try Settings(value, what: "test")
}

@Suite struct DialectsTests {
  struct Case: Sendable {
    var name: String
    var dialect: String
    var event: String
    /// Role and expected text; nil: nothing there.
    var expected: [Role: String?]
    /// Microseconds.
    var time: Int64?
  }

  static let cases: [Case] = [
    Case(
      name: "audit event", dialect: "spacelift",
      event: """
        {"account":"acme","action":"stack.create","actor":"api::01J","context":{"tokenId":"t-1"},\
        "data":{"args":{"ID":"network"}},"remoteIP":"10.0.0.1","timestamp":1795179600123}
        """,
      expected: [
        .account: "acme", .action: "stack.create", .actor: "api::01J", .key: nil, .token: "t-1",
        .address: "10.0.0.1", .resource: "network",
      ], time: 1_795_179_600_123_000),
    Case(
      name: "token id in its second spelling", dialect: "spacelift",
      event: #"{"actor":"api::01J","context":{"token_id":"t-2","jti":"t-3"}}"#,
      expected: [.token: "t-2", .account: nil], time: nil),
    Case(
      name: "run-state event", dialect: "spacelift",
      event: """
        {"account":"acme","state":"FINISHED","timestamp":1795179602,\
        "timestamp_millis":1795179602345,"run":{"id":"r","triggeredBy":"jane@example.com"},\
        "stack":{"id":"network"}}
        """,
      expected: [.action: "FINISHED", .actor: "jane@example.com", .resource: "network"],
      time: 1_795_179_602_345_000),
    Case(
      name: "run-state event with seconds alone", dialect: "spacelift",
      event: #"{"account":"acme","state":"QUEUED","timestamp":1795179602,"run":{}}"#,
      expected: [.actor: nil], time: 1_795_179_602_000_000),
    Case(
      name: "exported entry", dialect: "spacelift",
      event: """
        {"id":"e","action":"account.login","actor":{"run":null,"username":"github::jane"},\
        "affectedResource":{"resourceId":"s","resourceType":"STACK"},"createdAt":1795179600}
        """,
      expected: [.actor: "github::jane", .resource: "s"], time: 1_795_179_600_000_000),
    Case(
      name: "exported entry of a stack's run", dialect: "spacelift",
      event: #"{"action":"x","actor":{"run":{"id":"r","stackId":"network"},"username":null}}"#,
      expected: [.actor: "network"], time: nil),
    Case(
      name: "API object", dialect: "coder",
      event: """
        {"id":"1","time":"2024-01-02T10:00:01Z","ip":"10.1.2.3","resource_id":"w","action":"write",\
        "organization":{"id":"o-1","name":"acme"},"user":{"id":"u-1","username":"jane"},\
        "additional_fields":{"request_api_key":{"id":"k-1"}}}
        """,
      expected: [
        .account: "o-1", .action: "write", .actor: "jane", .key: "k-1", .address: "10.1.2.3",
        .resource: "w",
      ], time: 1_704_189_601_000_000),
    Case(
      name: "service-log line", dialect: "coder",
      event: """
        {"ts":"2024-01-02T10:00:05Z","msg":"audit_log","fields":{"Time":"2024-01-02T10:00:01Z",\
        "UserID":"u-1","OrganizationID":"o-1","Ip":"10.1.2.3","ResourceID":"w","Action":"write"}}
        """,
      expected: [.account: "o-1", .action: "write", .actor: "u-1", .key: nil, .resource: "w"],
      time: 1_704_189_601_000_000),
  ]

  @Test(arguments: cases) func findsWhatEachShapeKeeps(_ example: Case) throws {
    let (batch, bound) = batch(try Dialect.named(example.dialect), example.event)
    for (role, expected) in example.expected {
      let found = bound.scalar(role, batch, 0).map {
        String(decoding: batch.bytes[$0], as: UTF8.self)
      }
      #expect(found == expected, "\(example.name): \(role)")
    }
    #expect(bound.time(batch, 0)?.microseconds == example.time, "\(example.name)")
  }

  @Test func everyPointerOfTheTablesIsOne() {
    let counts = Dialect.builtIn.mapValues { $0.pointers.values.map(\.count).reduce(0, +) }
    #expect(counts == ["spacelift": 19, "coder": 17])
  }
}
