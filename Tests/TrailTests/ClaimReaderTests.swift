import Bytes
import Testing
import Trail

@Suite struct ClaimReaderTests {
  struct Case: Sendable {
    var claims: String
    var show: [String] = []
    var retain: [String] = []
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
      [.init(issuer: nil, show: example.show)], retain: example.retain)
    var reader = ClaimReader(policies)
    let reading = try #require(
      Array(example.claims.utf8).withUnsafeBufferPointer { reader.read($0) })
    func text(_ span: Span32) -> String? {
      span.isEmpty ? nil : String(decoding: reader.output[span], as: UTF8.self)
    }
    #expect(text(reading.display) == example.display, "\(example.claims)")
    #expect(text(reading.retained) == example.retained, "\(example.claims)")
    #expect(reading.flags == example.flags.rawValue, "\(example.claims)")
    let origin = reading.candidate < 0 ? nil : policies.origins[Int(reading.candidate)]
    #expect(origin == example.origin)
  }

  @Test(arguments: [
    (#"{"iss":"https://a","e":"x"}"#, "claim:e"), (#"{"iss":"https://a","f":"x"}"#, nil),
    (#"{"iss":"https://b","e":"x","f":"y"}"#, "claim:f"), (#"{"f":"y"}"#, "claim:f"),
    (#"{"iss":"https://a/","f":"y"}"#, "claim:f"), (#"{"iss":7,"f":"y"}"#, "claim:f"),
    (#"{"iss":"https:\/\/a","e":"x"}"#, "claim:e"),
  ]) func theFirstPolicyOfTheIssuerDecides(_ claims: String, _ origin: String?) throws {
    let policies = try DisplayPolicies(
      [.init(issuer: "https://a", show: ["e"]), .init(issuer: nil, show: ["f"])], retain: [])
    var reader = ClaimReader(policies)
    let reading = try #require(Array(claims.utf8).withUnsafeBufferPointer { reader.read($0) })
    #expect((reading.candidate < 0 ? nil : policies.origins[Int(reading.candidate)]) == origin)
  }

  @Test(arguments: ["[]", "7", #"{"a":"#, "", #"{} {}"#]) func readsObjectsOnly(_ text: String)
    throws
  {
    var reader = ClaimReader(try DisplayPolicies([], retain: []))
    #expect(Array(text.utf8).withUnsafeBufferPointer { reader.read($0) == nil })
  }

  @Test(arguments: ["{", "}", "{}", "a{b", "a}b", "{a}{", "", "{/a~b}"])
  func refusesWrongCandidates(_ text: String) {
    #expect(throws: PolicyError.self) {
      try DisplayPolicies([.init(issuer: nil, show: [text])], retain: [])
    }
  }

  @Test func tellsWhatWasMissing() throws {
    let policies = try DisplayPolicies(
      [.init(issuer: "https://a", show: ["e"]), .init(issuer: nil, show: ["e", "{f}", "g"])],
      retain: [])
    #expect(
      policies.story(of: 3)
        == "policy 2 (any issuer) shows claim:g; missing before it: claim:e, template:{f}")
    #expect(policies.story(of: 0) == "policy 1 (issuer https://a) shows claim:e")
  }
}
