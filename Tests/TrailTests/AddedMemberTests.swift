import JSONText
import Testing

@testable import Trail

@Suite struct AddedMemberTests {
  @Test func leadsAreJSON() {
    for member in AddedMember.ofAttribution {
      #expect(member.lead.description == ",\"\(member.name)\":")
    }
    for role in AddedRole.allCases {
      #expect(AddedNames().lead(role) == Array(",\"\(role.rawValue)\":".utf8))
    }
  }

  @Test func namesAndSlotsAreDistinct() {
    #expect(
      AddedRole.allCases.map(\.rawValue) == ["delivery", "attribution", "altered", "signals"])
    #expect(AddedRole.allCases.map(\.place) == [0, 1, 2, 3])
    #expect(Set(AddedMember.ofAttribution.map(\.name)).count == AddedMember.ofAttribution.count)
    let slots = AddedMember.ofAttribution.map(\.slot) + AddedRole.allCases.map(\.slot)
    #expect(Set(slots).count == slots.count)
  }

  @Test func pointersLeadToTheValues() throws {
    let all = AddedMembers.unnoted
    #expect(try all.pointer(to: .signals) == JSONPointer("/signals"))
    #expect(try all.pointer(to: .apiKey) == JSONPointer("/attribution/api_key"))
    #expect(try all.flags == JSONPointer("/attribution/flags"))
  }

  @Test func whatIsNotAddedIsNowhere() throws {
    var names = AddedNames()
    names[.attribution] = "tm/who"
    names[.signals] = "unused"
    let some = AddedMembers([.attribution], names: names, mayBringDelivery: true)
    #expect(try some.pointer(to: .claims) == JSONPointer("/tm~1who/claims"))
    #expect(some.pointer(to: .signals) == nil && some.pointer(toMember: .delivery) == nil)
    #expect(some.isLookedFor(.delivery) && !some.isLookedFor(.signals))
    // A name of what is not there makes no difference.
    names[.signals] = "signals"
    #expect(some == AddedMembers([.attribution], names: names, mayBringDelivery: true))
    #expect(some != AddedMembers([.attribution], names: names))
    #expect(AddedMembers(Set(AddedRole.allCases)) != .unnoted)
  }
}
