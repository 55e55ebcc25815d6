import Intake
import TestSupport
import Testing
import Trail

/// Members that an event brings with it.
@Suite struct RecordReaderTests {
  private func rules(
    _ reserved: Set<AddedRole>, own: Bool = false, refusesDuplicates: Bool = false,
    _ names: AddedNames = AddedNames()
  ) -> RecordRules {
    var rules = RecordRules()
    rules.names = names
    rules.refusesDuplicates = refusesDuplicates
    rules.reserved = own ? Set(AddedRole.allCases) : reserved
    if own { rules.existing = AddedMembers(rules.reserved, names: names) }
    return rules
  }

  // MARK: Reserved members

  @Test(arguments: [
    #"{"a":1,"signals":["TERM"]}"#, #"{"signals":1}"#, #"{"signals":null,"a":1}"#,
    #"{"sign\u0061ls":{}}"#, #"{"a":1, "signals" : [ ] }"#,
  ])
  func whatThePlanAddsNoEventMayBring(_ line: String) throws {
    let outcome = try readEveryWay("{\"b\":1}\n" + line + "\n{\"c\":1}", rules: rules([.signals]))
    #expect(outcome.items.map(\.reason.isEmpty) == [true, false, true])
    #expect(
      outcome.items[1].reason == """
        the event has a member "signals", which trailmill adds: give that another name \
        (output.names: { signals: "…" }), or say that the input is trailmill's own output \
        (input.own: true)
        """)
    #expect(outcome.items[1].raw == line)
    // Where nothing is added it is a member like any other, and no byte of it goes.
    #expect(try readEveryWay(line, rules: rules([.attribution, .altered])).events == [line])
  }

  @Test func otherNamesAreReservedInstead() throws {
    var names = AddedNames()
    names[.attribution] = "tm"
    let reserved = rules([.attribution], names)
    let lines = [#"{"attribution":{}}"#, #"{"tm":{}}"#]
    let outcome = try readEveryWay(lines.joined(separator: "\n"), rules: reserved)
    #expect(outcome.events[0] == lines[0])
    #expect(outcome.items[1].reason.contains(#"a member "tm""#))
  }

  @Test func membersOfInnerObjectsAreFree() throws {
    let line = #"{"a":{"attribution":1},"b":[{"signals":1}]}"#
    #expect(try readEveryWay(line, rules: rules(Set(AddedRole.allCases))).events == [line])
  }

  // MARK: Own output

  @Test(arguments: [
    #"{"a":1,"delivery":{"y":2},"attribution":{"x":1},"altered":["/b"],"signals":["s"]}"#,
    #"{"attribution":{"x":1}}"#, #"{"a":1}"#, #"{ "signals":["s"]}"#,
  ])
  func ownMembersAreRecognised(_ line: String) throws {
    let item = try #require(try readEveryWay(line, rules: rules([], own: true)).items.first)
    #expect(item.event == line)
    let taken = AddedRole.allCases.filter { line.contains("\"\($0.rawValue)\":") }
    let slots: [AddedSlot] = [.delivery, .earlierAttribution, .altered, .signals]
    let filled = zip(AddedRole.allCases, slots).filter { !item.slots[$1.rawValue].isEmpty }
    #expect(filled.map(\.0) == taken)
  }

  @Test(arguments: [
    #"{"a":1,"signals": ["s"]}"#, #"{"signals":["s"],"a":1}"#, #"{"a":1,"signals":["s"] }"#,
    #"{"a":1,"attribution":"jane"}"#, #"{"signals":["s"],"altered":[]}"#,
    #"{"a":1,"sign\u0061ls":["s"]}"#,
    // The first of two is left when the second is taken off.
    #"{"signals":["x"],"a":1,"signals":["s"]}"#,
  ])
  func whatIsNotExactlyTheWrittenFormIsForeign(_ line: String) throws {
    let item = try #require(try readEveryWay(line, rules: rules([], own: true)).items.first)
    #expect(item.reason.contains("is not as trailmill writes it"), "\(item)")
  }

  // MARK: Members that are there twice

  @Test func aMemberThatIsThereTwiceCostsItsRecord() throws {
    let twice = rules([], refusesDuplicates: true)
    let lines = [#"{"a":1}"#, #"  {"a":{"b":1,"\u0062":2}} {"c":3}"#, #"{"d":4}"#]
    let outcome = try readEveryWay(lines.joined(separator: "\n"), rules: twice)
    #expect(
      outcome.events == [
        lines[0],
        "!an object has the member \"\\u0062\" twice, again at byte 12: readers differ in which they "
          + "take (input.duplicate_members: \"keep\" lets it pass)", #"{"c":3}"#, lines[2],
      ])
    #expect(outcome.items[1].raw == #"{"a":{"b":1,"\u0062":2}}"#)
    let kept = try readEveryWay(lines.joined(separator: "\n"))
    #expect(kept.items.count == 4 && kept.items.allSatisfy { $0.reason.isEmpty })
  }

  @Test func alsoInArraysAndOverSeveralLines() throws {
    let twice = rules([], refusesDuplicates: true)
    let array = "[{\"a\":1,\n\"b\":2,\"a\":3}, {\"c\":1}]"
    let outcome = try readEveryWay(array, settings { $0.format = .array }, rules: twice)
    #expect(outcome.items[0].reason.contains("\"a\" twice, again at byte 14"))
    #expect(outcome.items[1].event == #"{"c":1}"#)
  }

  @Test func alsoInTheBodyOfADeliveryAndItsEnvelope() throws {
    let twice = rules([], refusesDuplicates: true)
    let envelopes = settings { $0.envelope = .always }
    let body = #"{"headers":{},"body":"{\"a\":1,\"a\":2}"}"#
    #expect(
      try readEveryWay(body, envelopes, rules: twice).items[0].reason.hasPrefix(
        #"the body of the delivery: an object has the member "a" twice, again at byte 7"#))
    let headers = #"{"headers":{"h":1,"h":2},"body":"{}"}"#
    #expect(
      try readEveryWay(headers, envelopes, rules: twice).items[0].reason.hasPrefix(
        #"an object has the member "h" twice"#))
  }

  @Test func aLongNameIsCut() throws {
    let name = String(repeating: "é", count: 100)
    let outcome = try readEveryWay(
      "{\"x\(name)\":1,\"x\(name)\":2}", rules: rules([], refusesDuplicates: true))
    let quoted = "\"x" + String(repeating: "é", count: 31) + "…\""
    #expect(outcome.items[0].reason.contains("the member \(quoted) twice"))
  }
}
