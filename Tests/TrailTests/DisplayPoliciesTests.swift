import Testing
import Trail

@Suite struct DisplayPoliciesTests {
  /// `String` takes é and e with an accent for equal; claims are looked up byte by byte.
  @Test func namesThatOnlyLookAlikeAreTwo() throws {
    let composed = "\u{E9}"
    let taken = "e\u{301}"
    let policies = try DisplayPolicies(
      [], retain: [RetainedClaim(composed), RetainedClaim(taken), RetainedClaim(composed)])
    let claims = #"{"\#(taken)":2,"\#(composed)":1}"#
    let reading = try #require(Reading(claims, policies))
    let retained = try #require(reading.retained)
    #expect(retained.utf8.elementsEqual(#"{"\#(composed)":1,"\#(taken)":2}"#.utf8))
  }

  @Test func partsThatOnlyLookAlikeAreTwo() throws {
    let candidate = DisplayCandidate(
      "{\u{E9}} {e\u{301}}", taking: (claim: "sub", pattern: "{\u{E9}}/{e\u{301}}"))
    let policies = try DisplayPolicies([DisplayPolicy(show: [candidate])], retain: [])
    #expect(try #require(Reading(#"{"sub":"a/b"}"#, policies)).display == #""a b""#)
  }

  @Test(arguments: ["", "*", "**", "ci-*"]) func aKeyWithoutANameHasNone(_ glob: String) throws {
    let policies = try DisplayPolicies([DisplayPolicy(keys: [glob], show: ["sub"])], retain: [])
    let isAny = glob.hasPrefix("*")
    let unnamed = try #require(Reading(#"{"sub":"u"}"#, policies, key: "01J", name: ""))
    #expect((unnamed.display != nil) == isAny, "any id fits a star, whatever the name")
    let keyless = try #require(Reading(#"{"sub":"u"}"#, policies, key: "", name: ""))
    #expect(keyless.display == nil)
    let named = try #require(Reading(#"{"sub":"u"}"#, policies, key: "01J", name: "ci-1"))
    #expect((named.display != nil) == (isAny || glob == "ci-*"))
  }
}
