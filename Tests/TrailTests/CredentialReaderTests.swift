import Bytes
import Engine
import JSONText
import Testing
import Trail

@Suite struct CredentialReaderTests {
  /// What an event tells: the row that is learned of it, and what is wrong.
  static func read(
    _ event: String, dialect: String = "spacelift", rules text: String? = nil,
    isVerified: Bool = true
  ) throws -> (row: String?, problems: [String])? {
    var (rules, table) = try CredentialRulesTests.rules(text, dialect)
    let bound = try Dialect.named(dialect).bind(&table)
    let batch = batch(of: event, table)
    if let time = bound.time(batch, 0) { batch.records[0].time = time.microseconds }
    let reader = CredentialReader(rules, bound)
    guard
      let reading = reader.read(batch, 0, file: "f", record: 1, isVerified: isVerified)
    else { return nil }
    let row = reading.row.map { String(decoding: $0.text, as: UTF8.self) + "}" }
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
      when: { pointer: '/do', equals: 'login' }, key_id: ['/key', '/keys/0'], token_id: '/jti',
      run_id: '/run', issued_at: '/at', expires_at: '/until', lasts: '/seconds', session: '10h',
      claims: { sub: ['/who', '/name'], at: '{/host|lower}/{/team}', all: '/all', kind: 'login' },
      via: { key_id: '/by/key', token_id: '/by/token', actor: '/by/name' }, where: ['/ip', '/a~1b'],
    }] }
    """

  static let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ"

  static let cases: [Case] = [
    Case(name: "another event", event: #"{"do":"logout","key":"k"}"#, row: nil),
    Case(
      name: "what is there, in the order of the rule",
      event: #"""
        {"do":"login",@,"key":"k","jti":7,"at":3600,"until":7200.5,"name":"Jane \u0022J\u0022","host":"HOST","team":"a",
        "all":[ 1, {"x": "\" "} ],"by":{"key":"p","token":"t","name":"ci"},"ip":"203.0.113.7","a/b":true}
        """#,
      row: #"""
        {"key_id":"k","token_id":"7","iat":"1970-01-01T01:00:00Z","exp":"1970-01-01T02:00:00.500Z",
        "session_expires_at":"1970-01-01T11:00:00Z",
        "claims":{"sub":"Jane \"J\"","at":"host/a","all":[1,{"x":"\" "}],"kind":"login"},
        "via":{"key_id":"p","token_id":"t","actor":"ci"},"where":{"/ip":"203.0.113.7","/a~1b":"true"}}
        """#),
    Case(
      name: "the run that it was issued to",
      event: #"{"do":"login",@,"key":"k","jti":"t","run":41}"#,
      row: #"""
        {"key_id":"k","token_id":"t","run_id":"41","iat":"1970-01-02T00:00:00Z",
        "session_expires_at":"1970-01-02T10:00:00Z","claims":{"kind":"login"}}
        """#),
    Case(
      name: "how long instead of until when, and who asked without a key",
      event:
        #"{"do":"login",@,"keys":["k"],"jti":"t","seconds":"60","by":{"token":"t","name":"ci"}}"#,
      row: #"""
        {"key_id":"k","token_id":"t","iat":"1970-01-02T00:00:00Z","exp":"1970-01-02T00:01:00Z",
        "session_expires_at":"1970-01-02T10:00:00Z","claims":{"kind":"login"},"via":{"actor":"ci"}}
        """#),
    Case(
      name: "what cannot be read is told",
      event: #"{"do":"login",@,"key":"k","jti":"t","until":"soon","seconds":-1}"#,
      row: #"""
        {"key_id":"k","token_id":"t","iat":"1970-01-02T00:00:00Z",
        "session_expires_at":"1970-01-02T10:00:00Z","claims":{"kind":"login"}}
        """#,
      problems: [
        #"its expires_at is no time that can be read, and left out: "soon""#,
        "its lasts is no number of seconds, and left out",
      ]),
    Case(
      name: "no credential", event: #"{"do":"login",@,"key":"k","jti":null}"#, row: nil,
      problems: ["it does not say which credential"]),
    Case(
      name: "no key", event: #"{"do":"login",@,"key":{},"jti":"t"}"#, row: nil,
      problems: ["it does not say which credential"]),
    Case(
      name: "no time", event: #"{"do":"login","key":"k","jti":"t"}"#, row: nil,
      problems: ["it has no usable time"]),
    Case(
      name: "an object with a secret in it",
      event: #"{"do":"login",@,"key":"k","jti":"t","all":{"a":{"Session_Token":"HUSH"}}}"#,
      row: #"""
        {"key_id":"k","token_id":"t","iat":"1970-01-02T00:00:00Z",
        "session_expires_at":"1970-01-02T10:00:00Z","claims":{"kind":"login"}}
        """#,
      problems: ["its all has a secret in it, and is left out"]),
    Case(
      name: "an id that is a token, whole and cut, has one digest",
      event: #"{"do":"login",@,"key":"k","jti":"\#(token)","by":{"key":"p","token":"\#(cut)"}}"#,
      row: #"""
        {"key_id":"k","token_id":"\#(digest)","iat":"1970-01-02T00:00:00Z",
        "session_expires_at":"1970-01-02T10:00:00Z","claims":{"kind":"login"},
        "via":{"key_id":"p","token_id":"\#(digest)"}}
        """#),
    Case(
      name: "an id that is a token without claims goes by all of it, and cut by nothing",
      event:
        #"{"do":"login",@,"key":"k","jti":"\#(sealed)","by":{"key":"p","token":"\#(header)"}}"#,
      row: #"""
        {"key_id":"k","token_id":"\#(sealedDigest)","iat":"1970-01-02T00:00:00Z",
        "session_expires_at":"1970-01-02T10:00:00Z","claims":{"kind":"login"},
        "via":{"key_id":"p","token_id":"\#(nobodysDigest)"}}
        """#,
      problems: [
        "of the asking token's id, a token, only the header is left: nothing tells it from others"
      ]),
    Case(
      name: "a credential of which only the header is left",
      event: #"{"do":"login",@,"key":"k","jti":"\#(header)"}"#, row: nil,
      problems: [
        "of the token's id, a token, only the header is left: nothing tells it from others"
      ]
    ),
    Case(
      name: "other secrets are cut wherever they stand",
      event:
        #"{"do":"login",@,"key":"k","jti":"t","who":"ghp_0123456789abcdefghijABCDEFGHIJ012345"}"#,
      row: #"""
        {"key_id":"k","token_id":"t","iat":"1970-01-02T00:00:00Z",
        "session_expires_at":"1970-01-02T10:00:00Z",
        "claims":{"sub":"ghp_***(40, sha256 d8fe76b4)","kind":"login"}}
        """#),
  ]

  private static let header = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0.."
  private static let sealed = header + "YWFhYWFhYWFhYWFh.YWFhYWFhYWFhYWFh.YWFhYWFhYWFhYWFh"
  private static let sealedDigest =
    "sha256:3ecc7b79b42be80938ce1667a3827b715ba512c68d0beca85c3ad3a5ad7e0be2"
  /// Of a byte that is no text.
  private static let nobodysDigest =
    "sha256:a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89"
  static let cut = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0."
  static let digest =
    "sha256:55f866d174bf073a393c761fbe682bf959fd0faa56396ee17e81d97fdb7827fc"

  @Test(arguments: cases) func learns(_ example: Case) throws {
    let event = example.event.replacing("@", with: "\"timestamp\":\"1970-01-02T00:00:00Z\"")
      .replacing("\n", with: "")
    let reading = try Self.read(event, rules: Self.own)
    #expect(reading?.row == example.row?.replacing("\n", with: ""), "\(example.name)")
    #expect(reading?.problems ?? [] == example.problems, "\(example.name)")
  }

  @Test(arguments: [
    "Jan 2, 1970, 2:00:00 PM", "Jan 2, 1970, 2:00:00\u{202F}PM", "1970-01-02T14:00:00Z",
  ])
  func expirationsOfAVendorAreRead(_ expiration: String) throws {
    let event = #"""
      {"eventName":"GetSessionToken","eventSource":"sts.amazonaws.com","eventTime":"1970-01-02T13:00:00Z",
      "userIdentity":{"arn":"a"},
      "responseElements":{"credentials":{"accessKeyId":"ASIA","expiration":"\#(expiration)"}}}
      """#
    let reading = try #require(
      try Self.read(event.replacing("\n", with: ""), dialect: "cloudtrail"))
    #expect(reading.problems.isEmpty)
    #expect(reading.row?.contains(#""exp":"1970-01-02T14:00:00Z""#) == true)
  }

  @Test func whatWasNotVerifiedSaysSo() throws {
    let event = #"{"do":"login","timestamp":1,"key":"k","jti":"t"}"#
    let row = try #require(try Self.read(event, rules: Self.own, isVerified: false)?.row)
    #expect(row.hasSuffix(#","unverified":true}"#))
  }

  @Test func tooLongAnIDIsToldAndTooLongAClaimLeftOut() throws {
    let long = String(repeating: "x", count: CredentialLimits.longestID + 1)
    let id = try #require(
      try Self.read(
        #"{"do":"login","timestamp":1,"key":"k","jti":"\#(long)"}"#, rules: Self.own))
    #expect(id.row == nil)
    #expect(id.problems == ["the token's id is longer than 1024 bytes (longest_id)"])
    let longer = String(repeating: "x", count: CredentialLimits.longestValue)
    let claim = try #require(
      try Self.read(
        #"{"do":"login","timestamp":1,"key":"k","jti":"t","who":"\#(longer)"}"#, rules: Self.own))
    #expect(claim.problems == ["its sub is longer than 16384 bytes (longest_value), and left out"])
    #expect(claim.row?.contains("xxx") == false)
  }
}
