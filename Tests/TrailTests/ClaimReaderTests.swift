import Crypto
import Bytes
import TestSupport
import Testing
import Trail

@Suite struct ClaimReaderTests {
  struct Case: Sendable {
    var claims: String
    var show: [DisplayCandidate] = []
    var retain: [RetainedClaim] = []
    var display: String?
    var retained: String?
    var flags: AttributionFlags = []
    var origin: String?
  }

  static let cases: [Case] = [
    Case(claims: #"{"email":"j"}"#, show: ["email"], display: #""j""#, origin: "claim:email"),
    Case(
      claims: #"{"sub":"s"}"#, show: ["email", "sub"], display: #""s""#, origin: "claim:sub"),
    Case(claims: #"{"email":null,"sub":""}"#, show: ["email", "sub"]),
    Case(claims: #"{"email":{"a":1},"sub":[1]}"#, show: ["email", "sub"]),
    Case(claims: #"{"n":1.10}"#, show: ["n"], display: #""1.10""#, origin: "claim:n"),
    Case(claims: #"{"n":true}"#, show: ["n"], display: #""true""#, origin: "claim:n"),
    Case(
      claims: #"{"r":"acme","f":"main"}"#, show: ["{r}@{f}"], display: #""acme@main""#,
      origin: "template:{r}@{f}"),
    Case(claims: #"{"r":"acme"}"#, show: ["{r}@{f}"]),
    Case(
      claims: #"{"r":"x"}"#, show: ["{{{r}}}"], display: #""{x}""#, origin: "template:{{{r}}}"),
    Case(
      claims: #"{"/a/b":"exact","a":{"b":"nested"}}"#, show: ["/a/b"], display: #""exact""#,
      origin: "claim:/a/b"),
    Case(
      claims: #"{"a":{"b":"nested"}}"#, show: ["/a/b"], display: #""nested""#,
      origin: "claim:/a/b"),
    Case(claims: #"{"/a/b":null,"a":{"b":"nested"}}"#, show: ["/a/b"]),
    Case(
      claims: #"{"/a/b":"exact","a":{"b":"nested"}}"#, show: [DisplayCandidate(pointer: "/a/b")],
      retain: [RetainedClaim(ClaimName(pointer: "/a/b"))], display: #""nested""#,
      retained: #"{"/a/b":"nested"}"#, origin: "claim:/a/b"),
    Case(
      claims: #"{"/a/b":"exact"}"#, show: [DisplayCandidate(pointer: "/a/b")],
      retain: [RetainedClaim(ClaimName(pointer: "/a/b"))]),
    Case(
      claims: #"{"/a/b":"exact","a":{"b":"x"}}"#, show: ["{pointer:/a/b|lower}"], display: #""x""#,
      origin: "template:{pointer:/a/b|lower}"),
    Case(
      claims: #"{"/a/b":"exact","a":{"b":"x:y"}}"#,
      show: [DisplayCandidate("{y}", taking: (ClaimName(pointer: "/a/b"), "x:{y}"))],
      display: #""y""#,
      origin: "template:{y}"),
    // Braces in a pointer are part of it.
    Case(
      claims: #"{"{a}":"x"}"#, show: [DisplayCandidate(pointer: "/{a}")], display: #""x""#,
      origin: "claim:/{a}"),
    Case(
      claims: #"{"kubernetes.io":{"serviceaccount":{"name":"robot"}}}"#,
      show: ["/kubernetes.io/serviceaccount/name"], display: #""robot""#,
      origin: "claim:/kubernetes.io/serviceaccount/name"),
    Case(
      claims: #"{"oidc.circleci.com/vcs-origin":"git"}"#, show: ["oidc.circleci.com/vcs-origin"],
      display: #""git""#, origin: "claim:oidc.circleci.com/vcs-origin"),
    Case(claims: #"{"~":"tilde"}"#, show: ["~"], display: #""tilde""#, origin: "claim:~"),
    Case(
      claims: #"{"e":"a","e":"b"}"#, show: ["e"], retain: ["e"], display: #""b""#,
      retained: #"{"e":"b"}"#, origin: "claim:e"),
    Case(
      claims: #"{"e":"a\u202eb"}"#, show: ["e"], retain: ["e"], display: "\"a\u{FFFD}b\"",
      retained: #"{"e":"a\u202eb"}"#, flags: .displayCleaned, origin: "claim:e"),
    Case(
      claims: #"{"e":"github::root"}"#, show: ["e"], display: #""github::root""#,
      flags: .imitatesActor, origin: "claim:e"),
    Case(
      claims: #"{"e":"arn:aws:iam::1:user/x"}"#, show: ["e"], display: #""arn:aws:iam::1:user/x""#,
      origin: "claim:e"),
    Case(
      claims: #"{"s":"api","i":"01J"}"#, show: ["{s}::{i}"], display: #""api::01J""#,
      flags: .imitatesActor, origin: "template:{s}::{i}"),
    Case(
      claims: #"{"sub":"s","n":1.0,"iss":"i","o":{},"z":null}"#,
      retain: ["iss", "n", "o", "z", "missing", "sub", "iss"],
      retained: #"{"iss":"i","n":1.0,"sub":"s"}"#),
    Case(claims: #"{"a\"b":"x"}"#, retain: ["a\"b"], retained: #"{"a\"b":"x"}"#),
    Case(claims: "{}", show: ["e"], retain: ["e"]),
  ]

  @Test(arguments: cases) func appliesPolicies(_ example: Case) throws {
    let policies = try DisplayPolicies(
      [DisplayPolicy(show: example.show)], retain: example.retain)
    let reading = try #require(Reading(example.claims, policies))
    #expect(reading.display == example.display, "\(example.claims)")
    #expect(reading.retained == example.retained, "\(example.claims)")
    #expect(reading.flags == example.flags, "\(example.claims)")
    #expect(reading.origin == example.origin)
  }

  @Test(arguments: [
    (#"{"iss":"https://a","e":"x"}"#, "claim:e"), (#"{"iss":"https://a","f":"x"}"#, nil),
    (#"{"iss":"https://b","e":"x","f":"y"}"#, "claim:f"), (#"{"f":"y"}"#, "claim:f"),
    (#"{"iss":"https://a/","f":"y"}"#, "claim:f"), (#"{"iss":7,"f":"y"}"#, "claim:f"),
    (#"{"iss":"https:\/\/a","e":"x"}"#, "claim:e"), (#"{"iss":"https://A","f":"y"}"#, "claim:f"),
    (#"{"iss":"https://c","g":"x"}"#, "claim:g"), (#"{"iss":"https://d","g":"x"}"#, "claim:g"),
  ]) func theFirstPolicyOfTheIssuerDecides(_ claims: String, _ origin: String?) throws {
    let policies = try DisplayPolicies(
      [
        DisplayPolicy(issuers: ["https://a"], show: ["e"]),
        DisplayPolicy(issuers: ["https://c", "https://d"], show: ["g"]),
        DisplayPolicy(show: ["f"]),
      ], retain: [])
    #expect(try #require(Reading(claims, policies)).origin == origin)
  }

  @Test(
    arguments: [
      // Key, its name, account.
      ("01JAB", "ci", "example", "claim:byID"), ("01JZZ", "deploy-eu", "example", "claim:byName"),
      ("01JZZ", "ci", "globex", "claim:byAccount"), ("01JZZ", "ci", "example", "claim:rest"),
      ("01JZZ", "", "", "claim:rest"), ("", "", "globex", "claim:byAccount"),
      // Without a key a glob for keys never fits, even one that would match an empty name.
      ("", "", "initech", "claim:rest"), ("01JAB", "", "globex", "claim:byID"),
      ("01JZZ", "anything", "initech", "claim:both"),
    ]) func policiesAskForKeyAndAccount(
      _ key: String, _ name: String, _ account: String, _ origin: String
    ) throws
  {
    let policies = try DisplayPolicies(
      [
        DisplayPolicy(keys: ["01JA*"], show: ["byID"]),
        DisplayPolicy(keys: ["deploy-*"], show: ["byName"]),
        DisplayPolicy(accounts: ["glob?x"], show: ["byAccount"]),
        DisplayPolicy(keys: ["*"], accounts: ["initech"], show: ["both"]),
        DisplayPolicy(show: ["rest"]),
      ], retain: [])
    let claims = #"{"byID":"x","byName":"x","byAccount":"x","both":"x","rest":"x"}"#
    let reading = Reading(claims, policies, key: key, name: name, account: account)
    #expect(try #require(reading).origin == origin)
  }

  @Test(arguments: [
    // Conditions of the policy, the event's account, whether they hold.
    (DisplayPolicy(issuers: [], show: ["e"]), "a", false),
    (DisplayPolicy(keys: [], show: ["e"]), "a", false),
    (DisplayPolicy(accounts: [], show: ["e"]), "a", false),
    (DisplayPolicy(accounts: ["*"], show: ["e"]), "a", true),
    (DisplayPolicy(accounts: ["*"], show: ["e"]), "", false),
    (DisplayPolicy(accounts: [""], show: ["e"]), "", false),
    (DisplayPolicy(show: ["e"]), "", true),
  ]) func whatIsEmptyHoldsForNobody(
    _ policy: DisplayPolicy, _ account: String, _ holds: Bool
  ) throws {
    let policies = try DisplayPolicies([policy], retain: [])
    let claims = #"{"iss":"https://a","e":"x"}"#
    let reading = try #require(Reading(claims, policies, key: "k", name: "n", account: account))
    #expect(reading.origin == (holds ? "claim:e" : nil))
  }

  @Test(
    arguments: [
      // Claims, those of the policy, what is shown, whether it is flagged.
      (#"{"iss":"https://a","e":"x"}"#, nil, #""x""#, false),
      (#"{"iss":"https://evil","e":"x"}"#, nil, nil, true),
      (#"{"e":"x"}"#, nil, nil, true), (#"{"iss":null,"e":"x"}"#, nil, nil, true),
      (#"{"iss":["https://a"],"e":"x"}"#, nil, nil, true),
      (#"{"iss":"https://a ","e":"x"}"#, nil, nil, true),
      (#"{"iss":"https://evil","e":"x"}"#, ["https://evil"], #""x""#, false),
      (#"{"iss":"https://a","e":"x"}"#, ["https://evil"], nil, true),
      (#"{"iss":"https://a","e":"x"}"#, [], nil, true),
      (#"{"iss":"https://evil","iss":"https://a","e":"x"}"#, nil, #""x""#, false),
    ] as [(String, [String]?, String?, Bool)]) func showsClaimsOfTrustedIssuersOnly(
      _ claims: String, _ ofPolicy: [String]?, _ display: String?, _ isFlagged: Bool
    ) throws
  {
    let policies = try DisplayPolicies(
      [DisplayPolicy(trustedIssuers: ofPolicy.map { [TrustedIssuers($0)] }, show: ["e"])],
      retain: ["e"],
      trustedIssuers: ["https://a", "https://b"])
    let reading = try #require(Reading(claims, policies))
    #expect(reading.display == display)
    #expect(reading.flags == (isFlagged ? .untrustedIssuer : []))
    #expect(reading.retained == #"{"e":"x"}"#)
  }

  @Test func claimsThatNoPolicyShowsAreFlaggedToo() throws {
    let policies = try DisplayPolicies(
      [DisplayPolicy(issuers: ["https://a"], show: ["e"])], retain: [],
      trustedIssuers: ["https://a"])
    #expect(try #require(Reading("{}", policies)).flags == .untrustedIssuer)
  }

  @Test func aPseudonymIsEqualForEqualValues() throws {
    let key = try withBytes("k") {
      try HMACKey(secret: $0, hash: .sha256)
    }
    let policies = try DisplayPolicies(
      [], retain: [RetainedClaim("e", pseudonym: key), RetainedClaim("n", pseudonym: key)])
    let plain = try #require(Reading(#"{"e":"é"}"#, policies)).retained
    #expect(
      plain
        == #"{"e":"hmac-sha256:41b08e48379060d5566363083dabd4b2f9afd6e169af22d26522dbdc5e7a5134"}"#)
    #expect(try #require(Reading(#"{"e":"\u00e9"}"#, policies)).retained == plain)
    let number = try #require(Reading(#"{"n":1.0}"#, policies)).retained
    #expect(
      number?.contains(
        Hex.string(
          withBytes("1.0") {
            key.authenticate($0)
          })) == true)
    #expect(try #require(Reading(#"{"e":null}"#, policies)).retained == nil)
  }

  @Test func neverShowsOrKeepsAToken() throws {
    let head = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0."
    let policies = try DisplayPolicies([DisplayPolicy(show: ["act"])], retain: ["act", "n"])
    let reading = try #require(Reading(#"{"act":"\#(head)c2ln","n":1}"#, policies))
    #expect(reading.display == "\"\(head)\"")
    #expect(reading.retained == #"{"act":"\#(head)","n":1}"#)
  }

  /// Neither a filter nor a template puts a token together again whose parts were none.
  @Test(arguments: [
    ("{sub|decode}", #"{"sub":"a HEADER%2EeyJzdWIiOiJ4In0%2Ec2ln b"}"#, "a HEAD b"),
    ("{sub}.{sig}", #"{"sub":"HEADER.eyJzdWIiOiJ4In0","sig":"c2ln"}"#, "HEAD"),
    ("{a}.{b}.{c}", #"{"a":"HEADER","b":"eyJzdWIiOiJ4In0","c":"c2ln"}"#, "HEAD"),
    ("{a}-{b|after:@}", #"{"a":"x","b":"@HEADER.eyJzdWIiOiJ4In0.c2ln"}"#, "x-HEAD"),
    ("{a}.{b}", #"{"a":"HEADER","b":"eyJzdWIiOiJ4In0"}"#, "HEADER.eyJzdWIiOiJ4In0"),
  ]) func neverComposesAToken(_ shown: DisplayCandidate, _ claims: String, _ display: String) throws
  {
    let header = "eyJhbGciOiJIUzI1NiJ9"
    func fill(_ text: String) -> String {
      text.replacing("HEADER", with: header)
        .replacing("HEAD", with: header + ".eyJzdWIiOiJ4In0.")
    }
    let policies = try DisplayPolicies([DisplayPolicy(show: [shown])], retain: [])
    let reading = try #require(Reading(fill(claims), policies))
    #expect(reading.display == "\"\(fill(display))\"")
  }

  @Test(arguments: ["[]", "7", #"{"a":"#, "", #"{} {}"#]) func readsObjectsOnly(_ text: String)
    throws
  {
    #expect(Reading(text, try DisplayPolicies([], retain: [])) == nil)
  }

  @Test(
    arguments: [
      "{", "}", "{}", "a{b", "a}b", "{a}{", "", "{/a~b}", "{|lower}", "{a|}", "{a|upper}",
      "{a|lower:x}", "{a|before}", "{a|before:}", "{a|lower|nothing}",
    ] as [DisplayCandidate])
  func refusesWrongCandidates(_ candidate: DisplayCandidate) {
    #expect(throws: PolicyError.self) {
      try DisplayPolicies([DisplayPolicy(show: [candidate])], retain: [])
    }
  }

  @Test func boundsTheNumberOfPolicies() throws {
    let policy = DisplayPolicy(show: ["e"])
    _ = try DisplayPolicies(Array(repeating: policy, count: 64), retain: [])
    let error = #expect(throws: PolicyError.self) {
      try DisplayPolicies(Array(repeating: policy, count: 65), retain: [])
    }
    #expect(error?.description.contains("max_policies") == true)
    let many = DisplayPolicy(show: Array(repeating: "e", count: 1001))
    let other = #expect(throws: PolicyError.self) { try DisplayPolicies([many], retain: []) }
    #expect(other?.description.contains("max_candidates") == true)
  }

  @Test func tellsWhatWasMissing() throws {
    let policies = try DisplayPolicies(
      [
        DisplayPolicy(issuers: ["https://a"], show: ["e"]),
        DisplayPolicy(keys: ["ci-*", "x"], accounts: ["a"], show: ["e", "{f}", "g"]),
        DisplayPolicy(show: []),
      ],
      retain: [])
    #expect(policies.name(ofPolicy: 0) == "policy 1 (issuer https://a)")
    #expect(policies.name(ofPolicy: 1) == "policy 2 (key ci-* or x, account a)")
    #expect(policies.name(ofPolicy: 2) == "policy 3 (any issuer)")
    #expect(policies.missing(before: 3, ofPolicy: 1) == ["claim:e", "template:{f}"])
    #expect(policies.missing(before: nil, ofPolicy: 0) == ["claim:e"])
    #expect(policies.missing(before: 0, ofPolicy: 0) == [])
  }
}

/// What claims come to.
struct Reading: Equatable {
  var display: String?
  var retained: String?
  var flags: AttributionFlags
  var origin: String?

  /// Nil if the claims cannot be read.
  init?(
    _ claims: String, _ policies: DisplayPolicies, key: String = "01J", name: String = "",
    account: String = ""
  ) {
    var reader = ClaimReader(policies)
    guard reader.read(claims, key: key) else { return nil }
    let rendering = reader.rendering
    let shown = rendering.shown(
      withBytes(name) { name in
        withBytes(account) { policies.selector(keyName: name, account: $0) }
      })
    display = shown.text.isEmpty ? nil : String(decoding: shown.text, as: UTF8.self)
    retained = rendering.claims.isEmpty ? nil : String(decoding: rendering.claims, as: UTF8.self)
    flags = AttributionFlags(rawValue: shown.flags)
    origin = shown.candidate < 0 ? nil : policies.origins[shown.candidate]
  }
}

extension ClaimReader {
  fileprivate mutating func read(_ claims: String, key: String) -> Bool {
    let (claims, key) = (Array(claims.utf8), Array(key.utf8))
    return claims.withUnsafeBufferPointer { claims in
      key.withUnsafeBufferPointer { read(claims, key: $0) }
    }
  }
}
