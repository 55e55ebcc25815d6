import Bytes
import Testing
import Trail

@Suite struct ValuePatternTests {
  private static func shown(_ value: String, _ pattern: String, _ show: String) throws -> String? {
    let candidate = DisplayCandidate(show, taking: (claim: "sub", pattern: pattern))
    let policies = try DisplayPolicies([DisplayPolicy(show: [candidate])], retain: [])
    let text = #"{"x":"other","sub":"\#(value)"}"#
    return try #require(Reading(text, policies)).display.map { String($0.dropFirst().dropLast()) }
  }

  @Test(
    arguments: [
      // GitHub's subjects, the old form and the new.
      (
        "repo:acme/infra:ref:refs/heads/main", "repo:{repo}:ref:{ref}", "{repo}@{ref}",
        "acme/infra@refs/heads/main"
      ),
      (
        "repo:acme@12/infra@34:ref:refs/heads/main", "repo:{repo}:ref:{ref}",
        "{repo|strip_ids}@{ref|strip_prefix:refs/heads/}", "acme/infra@main"
      ),
      (
        "repo:acme/infra:environment:prod%3Aeu", "repo:{repo}:environment:{env}",
        "{repo} ({env|decode})", "acme/infra (prod:eu)"
      ),
      ("repo:acme/infra:pull_request", "repo:{repo}:pull_request", "{repo}", "acme/infra"),
      ("repo:acme/infra:pull_request", "repo:{repo}:ref:{ref}", "{repo}", nil),
      // GitLab, HCP Terraform, Spacelift, Kubernetes.
      (
        "project_path:g/p:ref_type:branch:ref:main",
        "project_path:{path}:ref_type:{type}:ref:{ref}",
        "{path} {type} {ref}", "g/p branch main"
      ),
      (
        "organization:O:project:Default Project:workspace:W:run_phase:apply",
        "organization:{o}:project:{p}:workspace:{w}:run_phase:{r}", "{o}/{p}/{w} {r}",
        "O/Default Project/W apply"
      ),
      (
        "space:S:stack:K:run_type:TRACKED:scope:write", "space:{s}:stack:{k}:{rest*}",
        "{k} {rest}", "K run_type:TRACKED:scope:write"
      ),
      (
        "system:serviceaccount:ns:name", "system:serviceaccount:{ns}:{name}", "{ns}/{name}",
        "ns/name"
      ),
      // A part never crosses a colon, unless it is told to.
      ("a:b:c", "a:{x}", "{x}", nil), ("a:b:c", "a:{x*}", "{x}", "b:c"),
      ("a:b:c", "{x}:c", "{x}", nil), ("a:b:c", "{x*}:c", "{x}", "a:b"),
      // A part is never empty.
      ("a:", "a:{x}", "{x}", nil), ("a::b", "a:{x}:{y}", "{x}", nil),
      // The first place where the text behind a part stands ends it.
      ("x-y-z", "{a}-{b}", "{a}|{b}", "x|y-z"), ("x-y-z", "{a}-{b}", "{a}, {b}", "x, y-z"),
      ("x-y-z", "{a}-z", "{a}", "x-y"), ("xz", "{a}z", "{a}", "x"), ("z", "{a}z", "{a}", nil),
      ("{x}", "{{{a}}}", "{a}", "x"),
      // Other claims can stand beside the parts; a part hides a claim of its name.
      ("a:b", "a:{y}", "{y} {x}", "b other"), ("a:b", "a:{x}", "{x}", "b"),
      ("a:b", "a:{y}", "{y} {missing}", nil),
      ("a:\\u0062", "a:{y}", "{y}", "b"),
    ] as [(String, String, String, String?)]) func takesValuesApart(
      _ value: String, _ pattern: String, _ show: String, _ shown: String?
    ) throws
  {
    #expect(try ValuePatternTests.shown(value, pattern, show) == shown, "\(value) \(pattern)")
  }

  @Test func saysWhatIsShown() throws {
    let candidate = DisplayCandidate("{repo}", taking: (claim: "sub", pattern: "repo:{repo}"))
    let policies = try DisplayPolicies([DisplayPolicy(show: [candidate])], retain: [])
    #expect(policies.origins == ["template:{repo}"])
    #expect(try #require(Reading(#"{"sub":["repo:x"]}"#, policies)).display == nil)
    #expect(try #require(Reading("{}", policies)).display == nil)
  }

  @Test(arguments: [
    "", "no part", "{a}{b}", "{a}x{a}", "{*}", "{a", "a}",
    String(repeating: "a", count: 255) + "{b}",
    (0..<17).map { "{p\($0)}" }.joined(separator: "-"),
  ]) func refusesWrongPatterns(_ pattern: String) {
    let candidate = DisplayCandidate("{a}", taking: (claim: "sub", pattern: pattern))
    #expect(throws: PolicyError.self) {
      try DisplayPolicies([DisplayPolicy(show: [candidate])], retain: [])
    }
  }

  @Test func isLinear() throws {
    let value = String(repeating: "a", count: 1 << 17)
    #expect(try ValuePatternTests.shown(value, "{x}aab:{y}aab:{z}", "{x}") == nil)
    let colons = String(repeating: "a:", count: 1 << 16)
    #expect(try ValuePatternTests.shown(colons, "{a*}:b:{b*}:b", "{a}") == nil)
  }
}
