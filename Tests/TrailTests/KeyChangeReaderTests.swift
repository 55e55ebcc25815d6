import Bytes
import Engine
import Foundation
import JSONText
import Settings
import Testing
import Trail

@Suite struct KeyChangeReaderTests {
  /// What an event tells: the row that is learned of it alone, and what is wrong.
  static func read(
    _ event: String, dialect: String = "spacelift", rules text: String? = nil
  ) throws -> (row: String?, problems: [String])? {
    var (rules, table) = try KeyChangeRulesTests.rules(text, dialect)
    let bound = try Dialect.named(dialect).bind(&table)
    let batch = batch(of: event, table)
    if let time = bound.time(batch, 0) { batch.records[0].time = time.microseconds }
    let reader = KeyChangeReader(rules, bound)
    guard let reading = reader.read(batch, 0, file: "f", record: 1) else { return nil }
    var learner = KeyLearner()
    if let change = reading.change { learner.add(change) }
    var row: String?
    if let version = learner.finish().last {
      var text = ByteBuffer()
      version.append(to: &text)
      row = String(decoding: text.view, as: UTF8.self)
      if let from = row?.range(of: ",\"learned_from\"") {
        row = row.map { String($0[..<from.lowerBound]) + "}" }
      }
    }
    return (row, reading.problems.map(\.reason))
  }

  struct Case: Sendable {
    var name: String
    var event: String
    var row: String?
    var problems: [String] = []
  }

  /// `@` stands for a member with the time of 1970-01-02.
  static let own = """
    { rules: [{
      when: { pointer: '/do', equals: 'new' }, change: 'update', id: ['/id', '/diff/id'],
      name: ['/diff/name', '/name'], type: '/type', scopes: ['/scopes', '/text/in/scopes'],
      allow_list: '/a~1b', expires_at: '/until', old: { name: '/was' },
    }] }
    """

  static let cases: [Case] = [
    Case(name: "another event", event: #"{"do":"old","id":"k"}"#, row: nil),
    Case(
      name: "an id that is a number", event: #"{"do":"new",@,"id":18446744073709551616,"name":7}"#,
      row: #"{"id":"18446744073709551616","name":"7","valid_from":"1970-01-02T00:00:00Z"}"#),
    Case(
      name: "white space, escapes, and what is no value of the field",
      event:
        #"{"do":"new",@,"id":"\u006b","name":"a\u0022\u202e\n","type":{"x":1},"scopes":[ 1, " \" ] " ]}"#,
      row: #"{"id":"k","name":"a\"‮\n","scopes":[1," \" ] "],"valid_from":"1970-01-02T00:00:00Z"}"#,
      problems: ["its type is no text, and left out"]),
    Case(
      name: "a diff comes before the plain value, and tells the id too",
      event:
        #"{"do":"new",@,"diff":{"id":{"old":"k","new":""},"name":{"old":"a","new":"b"}},"name":"c"}"#,
      row: #"{"id":"k","name":"b","valid_from":"1970-01-02T00:00:00Z"}"#),
    Case(
      name: "a secret diff is skipped, whatever the word for true",
      event:
        #"{"do":"new",@,"id":"k","diff":{"name":{"old":"a","new":"HUSH","secret":1}},"name":"c"}"#,
      row: #"{"id":"k","name":"c","valid_from":"1970-01-02T00:00:00Z"}"#),
    Case(
      name: "a diff to nothing takes the value away; of nothing to nothing it says nothing",
      event: #"{"do":"new",@,"id":"k","diff":{"name":{"old":"a","new":null}},"name":"c"}"#,
      row: #"{"id":"k","valid_from":"1970-01-02T00:00:00Z"}"#),
    Case(
      name: "of nothing to nothing a diff says nothing",
      event: #"{"do":"new",@,"id":"k","diff":{"name":{"old":"","new":null}},"name":"c"}"#,
      row: #"{"id":"k","name":"c","valid_from":"1970-01-02T00:00:00Z"}"#),
    Case(
      name: "values that hold secrets are left out",
      event:
        #"{"do":"new",@,"id":"k","scopes":[{"hashed\u005fsecret" : "HUSH"}],"a/b":["secret"]}"#,
      row: #"{"id":"k","allow_list":["secret"],"valid_from":"1970-01-02T00:00:00Z"}"#),
    Case(
      name: "a pointer leads into a string that is JSON",
      event: #"{"do":"new",@,"id":"k","text":"{\"in\":{\"scopes\":[\"\\u0061\"]}}"}"#,
      row: #"{"id":"k","scopes":["\u0061"],"valid_from":"1970-01-02T00:00:00Z"}"#),
    Case(
      name: "but not into one that is none, or ends, or is followed by something",
      event: #"{"do":"new",@,"id":"k","text":"{\"in\":{\"scopes\":[1]}} x"}"#,
      row: #"{"id":"k","valid_from":"1970-01-02T00:00:00Z"}"#),
    Case(
      name: "times", event: #"{"do":"new",@,"id":"k","until":1800000000}"#,
      row: #"{"id":"k","expires_at":"2027-01-15T08:00:00Z","valid_from":"1970-01-02T00:00:00Z"}"#),
    Case(
      name: "a time that says never",
      event: #"{"do":"new",@,"id":"k","until":"0001-01-01T00:00:00Z"}"#,
      row: #"{"id":"k","valid_from":"1970-01-02T00:00:00Z"}"#),
    Case(
      name: "a time that is none", event: #"{"do":"new",@,"id":"k","until":1e999}"#,
      row: #"{"id":"k","valid_from":"1970-01-02T00:00:00Z"}"#,
      problems: ["its expires_at is no time that can be read, and left out: 1e999"]),
    Case(
      name: "a time as only people read it",
      event: #"{"do":"new",@,"id":"k","until":"Jul 30, 2021 12:56:03 AM"}"#,
      row: #"{"id":"k","valid_from":"1970-01-02T00:00:00Z"}"#,
      problems: [
        #"its expires_at is no time that can be read, and left out: "Jul 30, 2021 12:56:03 AM""#
      ]),
    Case(
      name: "a time that says for ever", event: #"{"do":"new",@,"id":"k","until":253402300799}"#,
      row: #"{"id":"k","valid_from":"1970-01-02T00:00:00Z"}"#),
    Case(
      name: "no id", event: #"{"do":"new",@,"id":{"a":1}}"#, row: nil,
      problems: ["it does not say which key"]),
    Case(
      name: "no time", event: #"{"do":"new","timestamp":"2026-01-01T00:00:00","id":"k"}"#, row: nil,
      problems: ["it has no usable time"]),
    Case(
      name: "an id that is too long",
      event: #"{"do":"new",@,"id":"LONG"}"#
        .replacing("LONG", with: String(repeating: "x", count: 1025)), row: nil,
      problems: ["the key's id is longer than 1024 bytes (longest_id)"]),
    Case(
      name: "a name that is too long is left out, and the old one does not come back",
      event: #"{"do":"new",@,"id":"k","name":"LONG"}"#
        .replacing("LONG", with: String(repeating: "x", count: 1 << 16)),
      row: #"{"id":"k","valid_from":"1970-01-02T00:00:00Z"}"#,
      problems: ["its name is longer than 65536 bytes (longest_value), and left out"]),
  ]

  @Test(arguments: cases) func reads(_ example: Case) throws {
    let event = example.event.replacing("@", with: "\"timestamp\":86400")
    let reading = try Self.read(event, rules: Self.own)
    #expect((reading?.row) == example.row, "\(example.name)")
    #expect((reading?.problems ?? []) == example.problems, "\(example.name)")
  }

  @Test func rulesOfOnesOwnComeFirst() throws {
    let event =
      #"{"action":"apiKeyDelete","timestamp":86400,"data":{"ID":"built-in"},"other":"own"}"#
    let own = """
      { rules: [{ when: { pointer: "/other", exists: true }, change: "create", id: "/other" }] }
      """
    #expect(try Self.read(event)?.row?.hasPrefix(#"{"id":"built-in","deleted_at""#) == true)
    #expect(try Self.read(event, rules: own)?.row?.hasPrefix(#"{"id":"own","valid_from""#) == true)
  }

  @Test func aRequestThatFailedChangesNothing() throws {
    let event = """
      {"resource_type":"api_key","action":"delete","time":"2026-01-01T00:00:00Z","status_code":404,\
      "additional_fields":{"api_key":{"id":"k"}}}
      """
    #expect(try Self.read(event, dialect: "coder") == nil)
    let worked = event.replacing("404", with: "204")
    #expect(try Self.read(worked, dialect: "coder")?.row != nil)
  }

  /// What CloudTrail has for the end of a session: in UTC, with and without a second comma, and with the
  /// space that newer versions of Java put before the half of the day.
  @Test(
    arguments: [
      ("Nov 20, 2026, 2:00:00 PM", "2026-11-20T14:00:00Z"),
      ("Nov 20, 2026 12:00:00 AM", "2026-11-20T00:00:00Z"),
      ("Jul 1, 2026, 12:30:09\u{202F}PM", "2026-07-01T12:30:09Z"),
      ("Jul 18, 2014 4:07:39\u{A0}PM", "2014-07-18T16:07:39Z"),
      ("2026-11-20T14:00:00Z", "2026-11-20T14:00:00Z"),
      ("Nov 20, 2026, 14:00:00 PM", nil), ("Nov 31, 2026, 2:00:00 PM", nil),
      ("20.11.2026, 14:00:00", nil),
      ("soon", nil),
    ] as [(String, String?)]) func readsWhenASessionOfCloudTrailEnds(
      _ text: String, _ expected: String?
    ) throws
  {
    let rules = """
      { rules: [{ when: { pointer: '/eventName', equals: 'AssumeRole' }, change: 'create', id: '/id',
        expires_at: '/end' }] }
      """
    let event = """
      {"eventName":"AssumeRole","id":"ASIA","eventTime":"2026-11-20T13:00:00Z","end":"\(text)"}
      """
    let read = try #require(try Self.read(event, dialect: "cloudtrail", rules: rules))
    let bound = expected.map { ",\"expires_at\":\"\($0)\"" } ?? ""
    #expect(read.row == "{\"id\":\"ASIA\"\(bound),\"valid_from\":\"2026-11-20T13:00:00Z\"}")
    #expect(read.problems.isEmpty == (expected != nil))
    // Elsewhere nobody knows in which zone that is.
    let spacelift = event.replacing("eventTime", with: "createdAt")
    let other = try #require(try Self.read(spacelift, dialect: "spacelift", rules: rules))
    #expect(other.problems.isEmpty == (expected == text))
  }
}
