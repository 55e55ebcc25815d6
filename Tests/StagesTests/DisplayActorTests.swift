import Bytes
import Engine
import Stages
import Testing

@Suite struct DisplayActorTests {
  private let bench = Workbench(tables: [
    "keys": [
      #"{"id":"01J","name":"ci"}"#, #"{"id":"01K56PKDVQ","name":"space\u202ekey"}"#,
      #"{"id":"01N"}"#,
    ],
    "claims": [
      #"{"key_id":"01J","token_id":"t1","iat":1000,"exp":2000,"claims":{"iss":"i","email":"jane@example.com","sub":"s"}}"#,
      #"{"key_id":"01J","token_id":"t2","claims":{"iss":"i","sub":"s2"}}"#,
      #"{"key_id":"01J","token_id":"t3","claims":{"iss":"i","n":1}}"#,
      #"{"key_id":"01K56PKDVQ","token_id":"t4","claims":{"sub":"github::root"}}"#,
      #"{"key_id":"01X","token_id":"t5","claims":{"sub":"of an unknown key"}}"#,
    ],
  ])
  private static let keys = "{ stage: 'resolve_keys', directory: 'keys', detail: 'id' }"
  private static let display = """
    { stage: 'display_actor', claims: 'claims', retain: ['iss', 'email'], infer: {},
      policies: [{ show: ['email', 'sub'] }] }
    """

  struct Case: Sendable {
    var event: String
    var attribution: String
  }

  static let cases: [Case] = [
    Case(
      event: #"{"actor":"api::01J","context":{"tokenId":"t1"},"timestamp":1500}"#,
      attribution:
        #"{"display_actor":"jane@example.com","from":"claim:email","match":"token","actor":{"source":"api","id":"01J"},"api_key":{"id":"01J"},"claims":{"iss":"i","email":"jane@example.com"},"token":{"id":"t1","issued_at":1000,"expires_at":2000}}"#
    ),
    Case(
      event: #"{"actor":"api::01J","context":{"tokenId":"t2"}}"#,
      attribution:
        #"{"display_actor":"s2","from":"claim:sub","match":"token","actor":{"source":"api","id":"01J"},"api_key":{"id":"01J"},"claims":{"iss":"i"},"token":{"id":"t2"}}"#
    ),
    // A token without a claim to show falls back, and is a match nevertheless.
    Case(
      event: #"{"actor":"api::01J","context":{"tokenId":"t3"}}"#,
      attribution:
        #"{"display_actor":"ci","from":"key_name","match":"token","actor":{"source":"api","id":"01J"},"api_key":{"id":"01J"},"claims":{"iss":"i"},"token":{"id":"t3"}}"#
    ),
    Case(
      event: #"{"actor":"api::01J","context":{"tokenId":"t1"},"timestamp":2030}"#,
      attribution:
        #"{"display_actor":"jane@example.com","from":"claim:email","match":"token","actor":{"source":"api","id":"01J"},"api_key":{"id":"01J"},"claims":{"iss":"i","email":"jane@example.com"},"token":{"id":"t1","issued_at":1000,"expires_at":2000},"flags":["skew"]}"#
    ),
    Case(
      event: #"{"actor":"api::01J","context":{"tokenId":"t1"},"timestamp":900}"#,
      attribution:
        #"{"display_actor":"jane@example.com","from":"claim:email","match":"token","actor":{"source":"api","id":"01J"},"api_key":{"id":"01J"},"claims":{"iss":"i","email":"jane@example.com"},"token":{"id":"t1","issued_at":1000,"expires_at":2000},"flags":["token_time_outside"]}"#
    ),
    Case(
      event: #"{"actor":"api::01J","context":{"tokenId":"t9"}}"#,
      attribution:
        #"{"display_actor":"ci","from":"key_name","match":"none","actor":{"source":"api","id":"01J"},"api_key":{"id":"01J"},"flags":["token_unknown"]}"#
    ),
    Case(
      event: #"{"actor":"api::01J","context":{"tokenId":"t4"}}"#,
      attribution:
        #"{"display_actor":"ci","from":"key_name","match":"none","actor":{"source":"api","id":"01J"},"api_key":{"id":"01J"},"flags":["token_of_other_key"]}"#
    ),
    Case(
      event: #"{"actor":"api::01J"}"#,
      attribution:
        #"{"display_actor":"ci","from":"key_name","match":"none","actor":{"source":"api","id":"01J"},"api_key":{"id":"01J"}}"#
    ),
    // A shortened id: the token is one of the key that it stands for.
    Case(
      event: #"{"actor":"api::01K::space\u202ekey","context":{"jti":"t4"}}"#,
      attribution:
        #"{"display_actor":"github::root","from":"claim:sub","match":"token","actor":{"source":"api","id":"01K"},"api_key":{"id":"01K56PKDVQ"},"token":{"id":"t4"},"flags":["imitates_actor"]}"#
    ),
    Case(
      event: #"{"actor":"api::01K56PKDVQ"}"#,
      attribution:
        "{\"display_actor\":\"space\u{FFFD}key\",\"from\":\"key_name\",\"match\":\"none\",\"actor\":{\"source\":\"api\",\"id\":\"01K56PKDVQ\"},\"api_key\":{\"id\":\"01K56PKDVQ\"},\"flags\":[\"display_cleaned\"]}"
    ),
    Case(
      event: #"{"actor":"api::01N"}"#,
      attribution:
        #"{"display_actor":"01N","from":"key_id","match":"none","actor":{"source":"api","id":"01N"},"api_key":{"id":"01N"}}"#
    ),
    Case(
      event: #"{"actor":"api::01X","context":{"tokenId":"t5"}}"#,
      attribution:
        #"{"display_actor":"of an unknown key","from":"claim:sub","match":"token","actor":{"source":"api","id":"01X"},"api_key":{"id":"01X"},"token":{"id":"t5"},"flags":["key_unknown"]}"#
    ),
    Case(
      event: #"{"actor":"github::jane","context":{"tokenId":"t1"}}"#,
      attribution:
        #"{"display_actor":"github::jane","from":"actor","match":"not_applicable","actor":{"source":"github","id":"jane"}}"#
    ),
    Case(
      event: #"{"actor":"jane@example.com"}"#,
      attribution:
        #"{"display_actor":"jane@example.com","from":"actor","match":"not_applicable","actor":{"id":"jane@example.com"}}"#
    ),
    Case(
      event: #"{"actor":"a\u0000\u202e\"b"}"#,
      attribution:
        "{\"display_actor\":\"a\u{FFFD}\u{FFFD}\\\"b\",\"from\":\"actor\",\"match\":\"not_applicable\",\"actor\":{\"id\":\"a\\u0000\u{202e}\\\"b\"},\"flags\":[\"display_cleaned\"]}"
    ),
    Case(event: #"{"action":"x"}"#, attribution: #"{"match":"not_applicable"}"#),
    // Claims in the event itself come before those of the token.
    Case(
      event:
        #"{"actor":"api::01J","context":{"tokenId":"t1","claims":{"email":"omar","iss":"e","x":1}}}"#,
      attribution:
        #"{"display_actor":"omar","from":"claim:email","match":"embedded","actor":{"source":"api","id":"01J"},"api_key":{"id":"01J"},"claims":{"iss":"e","email":"omar"}}"#
    ),
    Case(
      event: #"{"actor":"api::01J","context":{"claims":{ }}}"#,
      attribution:
        #"{"display_actor":"ci","from":"key_name","match":"none","actor":{"source":"api","id":"01J"},"api_key":{"id":"01J"}}"#
    ),
    Case(
      event: #"{"actor":"api::01J","context":{"tokenId":"t2","claims":"none"}}"#,
      attribution:
        #"{"display_actor":"s2","from":"claim:sub","match":"token","actor":{"source":"api","id":"01J"},"api_key":{"id":"01J"},"claims":{"iss":"i"},"token":{"id":"t2"}}"#
    ),
  ]

  @Test(arguments: cases) func saysWhoItWas(_ example: Case) throws {
    let outcome = try bench.result(
      example.event, DisplayActorTests.keys, DisplayActorTests.display)
    #expect(
      outcome == example.event.dropLast() + ",\"attribution\":\(example.attribution)}")
  }

  @Test func manyInOneBatchComeOutAsEachAlone() throws {
    let made = try bench.make(DisplayActorTests.keys, DisplayActorTests.display)
    let many = DisplayActorTests.cases + DisplayActorTests.cases.reversed()
    let batch = try bench.run(many.map { Event($0.event) }, on: made)
    for (index, example) in many.enumerated() {
      #expect(
        batch.outcome(index)
          == example.event.dropLast() + ",\"attribution\":\(example.attribution)}")
    }
  }

  @Test(arguments: [
    (
      #"{"actor":"api::01J","context":{"tokenId":"t2"}}"#, "s2", "claim:sub", "token",
      #"{"source":"api","id":"01J"}"#
    ),
    (#"{"actor":"api::01J"}"#, "01J", "key_id", "none", #"{"source":"api","id":"01J"}"#),
    (#"{"actor":"u::v"}"#, "u::v", "actor", "not_applicable", #"{"source":"u","id":"v"}"#),
  ]) func worksWithoutADirectory(
    _ event: String, _ shown: String, _ from: String, _ match: String, _ actor: String
  ) throws {
    let batch = try bench.run([Event(event)], DisplayActorTests.display)
    #expect(try batch.attribution(0, "display_actor") == shown)
    #expect(try batch.attribution(0, "from") == from)
    #expect(try batch.attribution(0, "match") == match)
    #expect(try batch.attribution(0, "actor") == actor)
    #expect(try batch.attribution(0, "api_key") == nil)
  }

  @Test(arguments: [
    ("[]", nil, nil), ("['actor']", "api::01J", "actor"),
    ("['key_id', 'key_name']", "01J", "key_id"),
    ("'key_name'", "ci", "key_name"),
  ]) func fallsBackAsToldTo(_ fallback: String, _ shown: String?, _ from: String?) throws {
    let batch = try bench.run(
      [Event(#"{"actor":"api::01J"}"#)], DisplayActorTests.keys,
      "{ stage: 'display_actor', fallback: \(fallback) }")
    #expect(try batch.attribution(0, "display_actor") == shown)
    #expect(try batch.attribution(0, "from") == from)
    #expect(try batch.attribution(0, "match") == "none")
  }

  @Test func theToleranceIsASetting() throws {
    let event = #"{"actor":"api::01J","context":{"tokenId":"t1"},"timestamp":2030}"#
    let stage = "{ stage: 'display_actor', claims: 'claims', skew: '30s' }"
    #expect(
      try bench.run([Event(event)], stage).attribution(0, "flags") == #"["token_time_outside"]"#)
  }

  @Test func tellsWhyThisActorIsShown() throws {
    let made = try bench.make(DisplayActorTests.keys, DisplayActorTests.display)
    let batch = try bench.run([Event(DisplayActorTests.cases[1].event)], on: made)
    guard case .pure(let stage) = made.steps[1], let stage = stage as? any Explaining else {
      Issue.record("the stage explains nothing")
      return
    }
    #expect(
      stage.explain(batch, 0) == [
        "token t2 is one of this key",
        "policy 1 (any issuer) shows claim:sub; missing before it: claim:email",
        #"shown: "s2" from "claim:sub""#, #"claims kept: {"iss":"i"}"#,
      ])
  }

  /// Events that name no token, by what `accept` lets through.
  @Test(arguments: [
    ("1500", "", "sole", "jane@example.com"),
    ("1500", "accept: ['sole']", "sole", "jane@example.com"),
    ("1500", "accept: ['embedded', 'token']", "none", "01J"),
    ("1500", "accept: ['agreed']", "none", "01J"), ("2500", "", "none", "01J"),
    ("3500", "", "agreed", "omar"), ("3500", "accept: ['sole']", "none", "01J"),
    ("4500", "", "ambiguous", "01J"), ("4500", "accept: ['token']", "none", "01J"),
  ]) func infersNoMoreThanIsAccepted(
    _ time: String, _ accept: String, _ match: String, _ shown: String
  ) throws {
    var bench = bench
    bench.tables["claims"] = [
      #"{"key_id":"01J","token_id":"t1","iat":1000,"exp":2000,"claims":{"email":"jane@example.com"}}"#,
      #"{"key_id":"01J","token_id":"t2","iat":3000,"exp":5000,"claims":{"email":"omar"}}"#,
      #"{"key_id":"01J","token_id":"t3","iat":3000,"exp":4000,"claims":{"email":"omar"}}"#,
      #"{"key_id":"01J","token_id":"t4","iat":4100,"exp":5000,"claims":{"email":"kim"}}"#,
    ]
    let stage = """
      { stage: 'display_actor', claims: 'claims', policies: [{ show: ['email'] }],
        infer: {}, \(accept) }
      """
    let event = Event(#"{"actor":"api::01J","timestamp":\#(time)}"#)
    let batch = try bench.run([event], stage)
    #expect(try batch.attribution(0, "match") == match)
    #expect(try batch.attribution(0, "display_actor") == shown)
    #expect((try batch.attribution(0, "token") != nil) == (match == "sole"))
  }

  @Test(arguments: [
    (#"{"actor":"api::01J","context":{"tokenId":"t1"},"timestamp":1500}"#, "token"),
    (#"{"actor":"api::01J","context":{"tokenId":{"a":1}},"timestamp":1500}"#, "none"),
    (#"{"actor":"api::01J","context":{"tokenId":""},"timestamp":1500}"#, "sole"),
    (#"{"actor":"api::01J","context":{"tokenId":null},"timestamp":1500}"#, "sole"),
    (#"{"actor":"api::01J","context":{"tokenId":"t9"},"timestamp":1500}"#, "none"),
  ]) func aNamedTokenIsNeverReplacedByAnother(_ event: String, _ match: String) throws {
    var bench = bench
    bench.tables["claims"] = [#"{"key_id":"01J","token_id":"t1","iat":1000,"exp":2000}"#]
    let batch = try bench.run(
      [Event(event)], "{ stage: 'display_actor', claims: 'claims', infer: {} }")
    #expect(try batch.attribution(0, "match") == match)
  }

  @Test(arguments: [
    ("example", "s2", "claim:sub"), ("globex", "ci shows", "template:ci shows"),
  ]) func policiesAskForTheEvent(_ account: String, _ shown: String, _ from: String) throws {
    let stage = """
      { stage: 'display_actor', claims: 'claims', policies: [
        { key: 'ci', account: ['glob*'], show: { claim: 'sub', pattern: '{n}', show: 'ci shows' } },
        { show: ['sub'] }] }
      """
    let event = Event(
      #"{"account":"\#(account)","actor":"api::01J","context":{"tokenId":"t2"}}"#)
    let batch = try bench.run([event], DisplayActorTests.keys, stage)
    #expect(try batch.attribution(0, "display_actor") == shown)
    #expect(try batch.attribution(0, "from") == from)
  }

  @Test func keepsPseudonyms() throws {
    var bench = bench
    bench.environment = ["SALT": "k"]
    let stage = """
      { stage: 'display_actor', claims: 'claims', fallback: [],
        retain: ['iss', { name: 'email', as: 'hmac', secret: { env: 'SALT' } }] }
      """
    let events = [
      #"{"actor":"api::01J","context":{"tokenId":"t1"}}"#,
      #"{"actor":"a","context":{"claims":{"email":"jane@example.com"}}}"#,
    ]
    let batch = try bench.run(events.map { Event($0) }, stage)
    let kept = try #require(try batch.attribution(0, "claims"))
    let pseudonym = try #require(kept.split(separator: "\"").last { $0.hasPrefix("hmac-sha256:") })
    #expect(pseudonym.utf8.count == 76)
    #expect(try batch.attribution(1, "claims") == #"{"email":"\#(pseudonym)"}"#)
    #expect(!batch.outcome(0).contains("jane"))
  }

  @Test func flagsUntrustedIssuers() throws {
    let stage = """
      { stage: 'display_actor', claims: 'claims', policies: [{ show: ['email'] }], retain: ['iss'],
        trusted_issuers: ['other'] }
      """
    let event = #"{"actor":"api::01J","context":{"tokenId":"t1"}}"#
    let batch = try bench.run([Event(event)], DisplayActorTests.keys, stage)
    #expect(try batch.attribution(0, "display_actor") == "ci")
    #expect(try batch.attribution(0, "claims") == #"{"iss":"i"}"#)
    #expect(try batch.attribution(0, "match") == "token")
    #expect(try batch.attribution(0, "flags") == #"["untrusted_issuer"]"#)
  }

  @Test func tellsPrograms() throws {
    let made = try bench.make(DisplayActorTests.keys, DisplayActorTests.display)
    let events = [
      #"{"actor":"api::01J","context":{"tokenId":"t2"}}"#,
      #"{"actor":"api::01J","timestamp":1500}"#,
      #"{"actor":"x"}"#,
    ]
    let batch = try bench.run(events.map { Event($0) }, on: made)
    guard case .pure(let stage) = made.steps[1], let stage = stage as? any Explaining else {
      Issue.record("the stage explains nothing")
      return
    }
    func facts(_ index: Int) -> String {
      stage.facts(batch, index).map { "\($0.name)=\($0.json)" }.joined(separator: " ")
    }
    #expect(
      facts(0)
        == #"match="token" token="t2" policy=1 missing=["claim:email"] shown="s2" from="claim:sub" kept={"iss":"i"}"#
    )
    #expect(
      facts(1)
        == #"match="ambiguous" tokens_of_key=3 tokens=[{"id":"t2","standing":"valid","shows":"s2"},{"id":"t3","standing":"valid"},{"id":"t1","standing":"valid","issued_at":"1970-01-01T00:16:40Z","expires_at":"1970-01-01T00:33:20Z","shows":"jane@example.com"}] shown="ci" from="key_name""#
    )
    #expect(facts(2) == #"match="not_applicable" shown="x" from="actor""#)
  }

  @Test func countsWhatWasFound() throws {
    let made = try bench.make(DisplayActorTests.keys, DisplayActorTests.display)
    #expect(made.context.results.labels.map(\.name) == ["match", "from", "policy"])
    #expect(
      made.context.results.labels[1].classes
        == ["key_name", "key_id", "actor", "on_behalf_of", "claim:email", "claim:sub"])
  }
}
