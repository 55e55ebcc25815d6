import JSONText
import Testing

@testable import Trail

@Suite struct AddedMemberTests {
  private let members = AddedMember.ofEvent + AddedMember.ofAttribution

  @Test func leadsAreJSON() {
    for member in members { #expect(member.lead.description == ",\"\(member.name)\":") }
  }

  @Test func namesAndSlotsAreDistinct() {
    #expect(AddedMember.ofEvent.map(\.name) == ["delivery", "attribution", "altered", "signals"])
    #expect(Set(AddedMember.ofAttribution.map(\.name)).count == AddedMember.ofAttribution.count)
    #expect(Set(members.map(\.slot)).count == members.count)
  }

  @Test func pointersLeadToTheValues() throws {
    #expect(try AddedMember.pointer(to: .signals) == JSONPointer("/signals"))
    #expect(try AddedMember.pointer(to: .apiKey) == JSONPointer("/attribution/api_key"))
    #expect(try AddedMember.flags == JSONPointer("/attribution/flags"))
  }
}
