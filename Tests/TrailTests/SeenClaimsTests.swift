import Bytes
import TestSupport
import Testing

@testable import Trail

@Suite struct SeenClaimsTests {
  private func seen(_ objects: [String], _ show: [DisplayCandidate], retain: [RetainedClaim] = [])
    throws -> (missing: [String], others: [String])
  {
    let policies = try DisplayPolicies([DisplayPolicy(show: show)], retain: retain)
    var reader = ClaimReader(policies)
    for object in objects { _ = withBytes(object) { reader.read($0, key: $0) } }
    var all = SeenClaims(policies)
    all.add(reader.seen)
    #expect(all.objects == objects.count)
    return (all.missing(policies), all.others)
  }

  @Test func claimsAreNamedOnceInTheirOrder() throws {
    let show: [DisplayCandidate] = ["a", "{b|lower}@{a}", .init("{x}", taking: ("c", "{x}"))]
    #expect(try seen(["{}"], show, retain: ["d", "b"]).missing == ["a", "b", "c", "d"])
    #expect(try seen([#"{"b":1}"#, #"{"c":""}"#], show, retain: ["d"]).missing == ["a", "d"])
  }

  /// What is null or an object is there, though it cannot be shown.
  @Test func whatCannotBeShownIsThere() throws {
    #expect(try seen([#"{"a":null,"b":{}}"#], ["a", "b", "c"]).missing == ["c"])
    #expect(try seen([#"{"r":{"x":1}}"#], ["/r/x", "/r/y"]).missing == ["/r/y"])
    #expect(try seen([#"{"/r/y":1}"#], ["/r/y"]).missing == [])
  }

  @Test func otherNamesAreThoseOfMembers() throws {
    let object = #"{ "b" : {"in":1} ,"\u0061":2,"é":[3],"":4,"a\"b":5,"d:\"":6}"#
    #expect(try seen([object, "{}"], ["x"]).others == ["", "a", "a\"b", "b", "d:\"", "é"])
    // Nobody needs them where everything was there.
    #expect(try seen([object], ["b"]).others == [])
  }

  @Test func namesAreBounded() throws {
    let objects = (0..<40).map { number in
      "{" + (0..<20).map { #""n\#(number)-\#($0)":1"# }.joined(separator: ",") + "}"
    }
    #expect(try seen(objects, ["x"]).others.count == 256)
  }

  /// A table in which claims have another place looks like one whose tokens have none.
  @Test(arguments: [
    ([#"{"key_id":"k","Claims":{"email":"j"}}"#], #""key_id", "Claims""#),
    ([#"{"key_id":"k","email":"j"}"#, #"{"key_id":"l"}"#], #""key_id", "email""#),
    ([#"{"key_id":"k"}"#, #"{"key_id":"l","claims":{}}"#], nil),
    ([#"{"key_id":"k","claims":null}"#], nil), ([#"{"key_id":"k","claims":""}"#], nil), ([], nil),
  ]) func tellsWhereNoRowHasClaims(_ rows: [String], _ members: String?) throws {
    for (show, expected) in [(["email"], members), ([], nil)] as [([DisplayCandidate], String?)] {
      let policies = try DisplayPolicies([DisplayPolicy(show: show)], retain: [])
      var loader = ClaimStoreLoader(policies, skew: 0)
      for row in rows { try withBytes(row) { try loader.add($0, line: 1) } }
      #expect(loader.membersInsteadOfClaims == expected)
    }
  }

  /// Tokens without claims could have had them: that none was there is told of them too.
  @Test func tokensWithoutClaims() throws {
    let policies = try DisplayPolicies([DisplayPolicy(show: ["email"])], retain: [])
    var loader = ClaimStoreLoader(policies, skew: 0)
    #expect(!loader.seen.isAny)
    try withBytes(#"{"key_id":"k","claims":null}"#) { try loader.add($0, line: 1) }
    #expect(loader.seen.isAny)
    #expect(loader.seen.missing(policies) == ["email"])
  }
}
