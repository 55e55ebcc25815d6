import Engine
import Stages
import Testing
import Trail

@Suite struct ClassifyTests {
  private let bench = Workbench(tables: [
    "keys": [
      #"{"id":"01J","name":"boss@example.com","type":"OIDC"}"#,
      #"{"id":"01S","name":"s","type":"SECRET"}"#,
    ],
    "claims": [
      #"{"key_id":"01J","token_id":"ci","claims":{"iss":"https://ci.example","sub":"repo:a/b","email":"x@partner.example"}}"#,
      #"{"key_id":"01J","token_id":"jane","claims":{"iss":"https://idp.example","email":"Jane@EU.Example.com"}}"#,
      #"{"key_id":"01J","token_id":"evil","claims":{"iss":"https://evil","email":"jane@example.com"}}"#,
    ],
  ])

  private static let before = [
    "{ stage: 'resolve_keys', directory: 'keys' }",
    """
    { stage: 'display_actor', claims: 'claims', retain: ['iss', 'sub', 'email'],
      trusted_issuers: ['https://ci.example', 'https://idp.example'] }
    """,
  ]

  private static let rules = """
    { stage: 'classify', rules: [
      { kind: 'automation', claim: 'sub', matches: ['repo:*', 'space:*'] },
      { kind: 'internal', email_domain: ['example.com', '*.Example.com'] },
      { kind: 'internal', address: ['10.0.0.0/8', '2001:db8::/32'], source: ['saml', ''] },
      { kind: 'external', source: 'github' },
      { kind: 'automation', key_type: 'secret' },
      { kind: 'external', issuer: 'https://idp.example' } ] }
    """

  /// Issuers have other names for it.
  @Test(arguments: [
    (#"{"preferred_username":"jane@example.com"}"#, "internal"),
    (#"{"upn":"jane@EXAMPLE.com"}"#, "internal"), (#"{"sub":"jane@example.com"}"#, "internal"),
    (#"{"https://idp.example/email":"jane@example.com"}"#, "internal"),
    (#"{"mail":"jane@other.example","upn":"jane@example.com"}"#, "unknown"),
    (#"{"email":"jane","upn":"jane@example.com"}"#, "internal"),
    (#"{"email":"jane@other.example","preferred_username":"jane@example.com"}"#, "unknown"),
    (#"{"name":"jane@example.com"}"#, "unknown"), (#"{"preferred_username":"jane"}"#, "unknown"),
  ]) func looksForTheAddressWhereItIs(_ claims: String, _ kind: String) throws {
    let batch = try bench.run(
      [Event(#"{"actor":"a","context":{"claims":\#(claims)}}"#)],
      """
      { stage: 'display_actor', retain: ['email', 'mail', 'upn', 'sub', 'preferred_username', 'name',
        'https://idp.example/email'] }
      """,
      "{ stage: 'classify', rules: [{ kind: 'internal', email_domain: 'example.com' }] }")
    #expect(try batch.attribution(0, "kind") == kind)
  }

  @Test(arguments: [
    (#"{"actor":"api::01J","context":{"tokenId":"ci"}}"#, "automation"),
    (#"{"actor":"api::01J","context":{"tokenId":"jane"}}"#, "internal"),
    // Claims of an issuer that is not trusted count for nothing, and the key's name is no address.
    (#"{"actor":"api::01J","context":{"tokenId":"evil"}}"#, "unknown"),
    (#"{"actor":"api::01J"}"#, "unknown"), (#"{"actor":"api::01S"}"#, "automation"),
    (#"{"actor":"jane@example.com"}"#, "internal"), (#"{"actor":"JANE@EXAMPLE.COM"}"#, "internal"),
    (#"{"actor":"jane@example.com.evil"}"#, "unknown"),
    (#"{"actor":"jane@evil@example.com"}"#, "unknown"),
    (#"{"actor":"x@evil.com\u0000.example.com"}"#, "unknown"),
    (#"{"actor":"x@evil.com/.example.com"}"#, "unknown"),
    (#"{"actor":"x@evil.com .example.com"}"#, "unknown"),
    (#"{"actor":"@example.com"}"#, "unknown"), (#"{"actor":"jane@"}"#, "unknown"),
    (#"{"actor":"github::jane@example.com"}"#, "external"), (#"{"actor":"saml::j"}"#, "unknown"),
    (#"{"actor":"saml::j","remoteIP":"10.1.2.3"}"#, "internal"),
    (#"{"actor":"saml::j","remoteIP":"11.1.2.3"}"#, "unknown"),
    (#"{"actor":"stack","remoteIP":"2001:db8::1"}"#, "internal"),
    (#"{"actor":"saml::j","remoteIP":"10.1.2.3 "}"#, "unknown"),
    (#"{"actor":"saml::j","remoteIP":{"a":"10.1.2.3"}}"#, "unknown"), (#"{"x":1}"#, "unknown"),
    (#"{"remoteIP":"10.0.0.1"}"#, "internal"),
    (
      #"{"actor":"a","context":{"claims":{"iss":"https://idp.example","sub":"repo:x"}}}"#,
      "automation"
    ),
    (#"{"actor":"a","context":{"claims":{"iss":"https://idp.example","sub":"x"}}}"#, "external"),
    (#"{"actor":"a","context":{"claims":{"sub":"repo:x"}}}"#, "unknown"),
  ]) func theFirstRuleThatHoldsDecides(_ event: String, _ kind: String) throws {
    let made = try bench.make(list: ClassifyTests.before + [ClassifyTests.rules])
    let batch = try bench.run([Event(event), Event(event)], on: made)
    #expect(try batch.attribution(0, "kind") == kind)
    #expect(try batch.attribution(1, "kind") == kind)
  }

  /// As every condition without values; `trailmill check` says so.
  @Test(arguments: [
    "issuer", "email_domain", "source", "address", "key_type", "claim: 'sub', matches",
  ])
  func anEmptyConditionHoldsForNobody(_ key: String) throws {
    let made = try bench.make(
      list: ClassifyTests.before + [
        "{ stage: 'classify', rules: [{ kind: 'internal', \(key): [] }] }"
      ])
    let event = #"{"actor":"a","remoteIP":"10.0.0.1","context":{"claims":{"iss":"i","sub":"s"}}}"#
    #expect(try bench.run([Event(event)], on: made).attribution(0, "kind") == "unknown")
    #expect(
      made.context.results.warnings.map(\.message).contains { $0.contains("holds for nobody") })
  }

  /// Rules know claims by what they are kept as; the issuer is the claim iss, whatever else is called so.
  @Test(arguments: [
    ("issuer: 'https://idp.example'", "internal"), ("issuer: 'https://evil.example'", "unknown"),
    ("require: { mail: 'jane@*' }", "internal"), ("require: { level: 2 }", "internal"),
    ("require: { level: '2' }", "unknown"), ("email_domain: 'example.com'", "internal"),
    ("claim: 'iss', matches: '*evil*'", "internal"),
    ("require: [{ pointer: '/a/b', is: true }]", "internal"),
  ]) func rulesKnowClaimsByWhatTheyAreKeptAs(_ rule: String, _ kind: String) throws {
    let stages = [
      """
      { stage: 'display_actor', retain: [{ name: 'iss', to: 'issuer' }, { name: 'x', to: 'iss' },
        { name: 'https://idp.example/email', to: 'mail' }, 'level', { pointer: '/a/b' }] }
      """, "{ stage: 'classify', rules: [{ kind: 'internal', \(rule) }] }",
    ]
    let claims = """
      {"iss":"https://idp.example","x":"https://evil.example","https://idp.example/email":"jane@example.com",\
      "level":2.0,"a":{"b":true}}
      """
    let event = Event(#"{"actor":"a","context":{"claims":\#(claims)}}"#)
    let batch = try bench.run([event], on: try bench.make(list: stages))
    #expect(try batch.attribution(0, "kind") == kind)
  }

  @Test func aPseudonymTellsNothing() throws {
    var bench = bench
    bench.environment = ["S": "s"]
    let stages = [
      """
      { stage: 'display_actor', claims: 'claims',
        retain: [{ name: 'email', as: 'hmac', secret: { env: 'S' } }] }
      """, "{ stage: 'classify', rules: [{ kind: 'internal', email_domain: '*' }] }",
    ]
    let event = Event(#"{"actor":"api::01J","context":{"tokenId":"jane"}}"#)
    let batch = try bench.run([event], on: try bench.make(list: stages))
    #expect(try batch.attribution(0, "kind") == "unknown")
  }

  @Test func tellsWhichRule() throws {
    let made = try bench.make(list: ClassifyTests.before + [ClassifyTests.rules])
    let batch = try bench.run([Event(#"{"actor":"github::x"}"#), Event("{}")], on: made)
    guard case .pure(let stage) = made.steps[2], let stage = stage as? any Explaining else {
      Issue.record("the stage explains nothing")
      return
    }
    #expect(stage.explain(batch, 0) == ["rule 4 holds: external"])
    #expect(stage.explain(batch, 1) == ["no rule holds: unknown"])
    #expect(stage.facts(batch, 1).map(\.json) == ["\"unknown\"", "null"])
  }

  @Test(arguments: [
    ("", "needs \"rules\""), ("rules: [{ kind: 'robot', source: 'x' }]", "one of \"internal\""),
    ("rules: [{ kind: 'internal' }]", "a rule needs a condition"),
    ("rules: [{ kind: 'internal', adress: 'x', source: 'y' }]", "did you mean \"address\"?"),
    ("rules: [{ kind: 'internal', address: '10.0.0.0/33' }]", "has a wrong block"),
    ("rules: [{ kind: 'internal', claim: 'email', matches: '*' }]", "no stage before keeps"),
    ("rules: [{ kind: 'internal', issuer: 'https://i' }]", "add it to \"retain\""),
    ("rules: [{ kind: 'internal', issuer: '*' }]", "cannot be used for issuers"),
    ("rules: [{ kind: 'internal', issuer: 'https://*.example.com/' }]", "one segment of the path"),
    ("rules: [{ kind: 'internal', require: { hd: 'x' } }]", "no stage before keeps"),
    ("rules: [{ kind: 'internal', require: 7 }]", "must be an object"),
    ("rules: [{ kind: 'internal', matches: '*' }]", "needs \"claim\""),
  ]) func refusesWrongRules(_ settings: String, _ message: String) {
    let error = bench.error("{ stage: 'classify', \(settings) }")
    #expect(error.contains(message), "\(error)")
  }
}
