import Bytes
import JSONText
import TestSupport
import Testing
import Trail

@Suite struct ValueFilterTests {
  private static func shown(_ value: String, _ filters: String) throws -> String? {
    let policies = try DisplayPolicies(
      [DisplayPolicy(show: [DisplayCandidate("{v|\(filters)}")])], retain: [])
    var claims = ByteBuffer()
    claims.append("{\"v\":")
    JSONString.append(quoting: value, to: &claims)
    claims.append("}")
    let text = String(decoding: claims.view, as: UTF8.self)
    guard let display = try #require(Reading(text, policies)).display else { return nil }
    var plain = ByteBuffer()
    withBytes(String(display.dropFirst().dropLast())) { _ = JSONString.unescape($0, into: &plain) }
    return String(decoding: plain.view, as: UTF8.self)
  }

  @Test(
    arguments: [
      ("Jane@Example.COM", "lower", "jane@example.com"), ("ÄÖ-Σ", "lower", "äö-σ"),
      ("zoe\u{308}@x", "normalize", "zo\u{EB}@x"), ("ZOE\u{308}", "lower|normalize", "zo\u{EB}"),
      ("\u{1112}\u{1161}\u{11AB}", "normalize", "\u{D55C}"), ("jane", "normalize", "jane"),
      ("repo%3Aacme", "decode", "repo:acme"), ("%e2%82%AC", "decode", "€"),
      ("100%", "decode", "100%"), ("%zz%4", "decode", "%zz%4"), ("%2525", "decode", "%25"),
      // What would be no UTF-8 stays as it is.
      ("%ff%41", "decode", "%ff%41"), ("a%C3", "decode", "a%C3"),
      ("jane@example.com", "before:@", "jane"), ("jane", "before:@", "jane"),
      ("a::b::c", "before:::", "a"), ("@x", "before:@", nil),
      ("jane@example.com", "after:@", "example.com"), ("jane", "after:@", "jane"),
      ("a/b/c", "after:/", "b/c"), ("a/", "after:/", nil),
      ("refs/heads/main", "after_last:/", "main"), ("main", "after_last:/", "main"),
      ("a--b--c", "after_last:--", "c"), ("aaa", "after_last:aaaa", "aaa"),
      ("refs/heads/main", "strip_prefix:refs/heads/", "main"),
      ("refs/tags/v1", "strip_prefix:refs/heads/", "refs/tags/v1"),
      ("refs/heads/", "strip_prefix:refs/heads/", nil),
      ("acme@123/infra@456", "strip_ids", "acme/infra"), ("acme/infra", "strip_ids", "acme/infra"),
      ("acme@12x/infra@", "strip_ids", "acme@12x/infra@"), ("a@1/b@2:c@3", "strip_ids", "a/b:c@3"),
      ("repo:octo@1/infra@2:environment:team@1", "strip_ids", "repo:octo/infra:environment:team@1"),
      ("octo@1", "strip_ids", "octo"),
      ("repository_owner:octo@1:x@2", "strip_ids", "repository_owner:octo:x@2"),
      (
        "job_workflow_ref:octo@1/infra@2/.github/workflows/a@3.yml@refs/heads/v@4", "strip_ids",
        "job_workflow_ref:octo/infra/.github/workflows/a@3.yml@refs/heads/v@4"
      ),
      (
        "environment:x:repo:octo@1/infra@2:ref:refs/heads/v@3", "strip_ids",
        "environment:x:repo:octo/infra:ref:refs/heads/v@3"
      ),
      ("ref:refs/heads/user@99", "strip_ids", "ref:refs/heads/user@99"),
      ("refs/heads/user@99", "strip_ids", "refs/heads/user@99"),
      ("refs/tags/v1@2", "strip_ids", "refs/tags/v1@2"),
      ("environment:team@1", "strip_ids", "environment:team@1"),
      ("repo:", "strip_ids", "repo:"), ("repo:@1/@2", "strip_ids", "repo:/"),
      ("jane@example.com", "strip_ids", "jane@example.com"), ("@1", "strip_ids", nil),
      ("a@1@2", "strip_ids", "a@1"),
      ("", "default:-", "-"), ("a", "default:-", "a"), ("", "lower|decode|strip_ids", nil),
      ("@x", "before:@|default:No|lower", "no"), ("", "default:xy|strip_prefix:xy", nil),
      ("", "default:a:b", "a:b"), ("Jane@X", "before:@|lower", "jane"),
      ("A%3AB", "decode|after::|lower", "b"),
      ("\u{202e}x", "lower", "\u{FFFD}x"),
    ] as [(String, String, String?)]) func shapesValues(
      _ value: String, _ filters: String, _ shown: String?
    ) throws
  {
    #expect(try ValueFilterTests.shown(value, filters) == shown)
  }

  /// Megabytes of what each filter looks for come through without a blow-up.
  @Test(arguments: [
    "lower", "decode", "strip_ids", "before:aaaaaaab", "after:aaaaaaab", "after_last:aaaaaaab",
    "strip_prefix:aaaaaaab",
  ]) func isLinear(_ filter: String) throws {
    for unit in ["a", "%", "@1", "@", "%4"] {
      let value = String(repeating: unit, count: 1 << 16)
      _ = try ValueFilterTests.shown(value, filter)
    }
  }
}
