import Bytes
import Engine
import JSONText
import TestSupport
import Testing
import Trail

@Suite struct ExistingMembersTests {
  private struct Cut {
    var body: String
    var delivery: String
    var attribution: String
    var altered: String
    var signals: String
    var isEmpty: Bool
    var putBack: String
  }

  private func cut(_ text: String) throws -> Cut {
    var table = PointerTable()
    let existing = ExistingMembers(.unnoted, &table)
    let batch = Batch(pointers: PointerSet(table.pointers), slotCount: Added.slotCount)
    batch.bytes.append(Array(text.utf8))
    batch.append(Record(raw: Span32(0, count: batch.bytes.count)))
    let scan = batch.scan(0, from: 0, end: batch.bytes.count)
    batch.records[0].body = Span32(scan.start, count: scan.end - scan.start - 1)
    batch.records[0].isEmpty = scan.isEmptyObject
    existing.cut(batch, 0)
    var output = ByteBuffer()
    Added().append(batch, 0, to: &output)
    func slot(_ slot: AddedSlot) -> String {
      String(decoding: batch.bytes[batch[slot, 0]], as: UTF8.self)
    }
    return Cut(
      body: String(decoding: batch.bytes[batch.records[0].body], as: UTF8.self),
      delivery: slot(.delivery), attribution: slot(.earlierAttribution), altered: slot(.altered),
      signals: slot(.signals), isEmpty: batch.records[0].isEmpty,
      putBack: String(decoding: output.view, as: UTF8.self))
  }

  @Test func allFourAddedMembersAreRemoved() throws {
    let cut = try cut(
      "{\"a\":1,\"delivery\":{\"x\":1},\"attribution\":{\"y\":2},\"altered\":[\"/z\"],\"signals\":[3]}"
    )
    #expect(cut.body == "{\"a\":1")
    #expect(cut.delivery == "{\"x\":1}")
    #expect(cut.attribution == "{\"y\":2}")
    #expect(cut.altered == "[\"/z\"]")
    #expect(cut.signals == "[3]")
    #expect(!cut.isEmpty)
  }

  @Test func nothingElseInTheEvent() throws {
    let cut = try cut("{\"attribution\":{\"y\":2},\"signals\":[3]}")
    #expect(cut.body == "{")
    #expect(cut.isEmpty)
    #expect(cut.attribution == "{\"y\":2}")
  }

  /// Nothing that is added is ever empty.
  @Test func emptyMembersAreTheEventsOwn() throws {
    for text in ["{\"attribution\":{}}", "{\"a\":1,\"signals\":[]}", "{\"altered\":[]}"] {
      let cut = try cut(text)
      #expect(cut.body == String(text.dropLast()) && cut.putBack == text)
    }
  }

  @Test func nothingButSpaceInTheEvent() throws {
    let cut = try cut("{ \t\"attribution\":{\"y\":2},\"signals\":[3]}")
    #expect(cut.body == "{ \t")
    #expect(cut.isEmpty)
    #expect(cut.attribution == "{\"y\":2}")
    #expect(cut.signals == "[3]")
    #expect(cut.putBack == "{ \t\"attribution\":{\"y\":2},\"signals\":[3]}")
  }

  @Test(arguments: [
    "{\"a\":1,\"signals\":[1] }", "{\"a\":1, \"signals\":[1]}", "{\"a\":1,\"signals\": [1]}",
    "{\"signals\":[1],\"a\":1}", "{\"a\":{\"signals\":[1]}}", "{\"a\":1,\"sign\\u0061ls\":[1]}",
    "{}", "{\"a\":1}", "{\"a\":1,\"signals\":\"[1]\"}",
    "{\"altered\":{\"x\":1}}", "{\"altered\":\"abc\"}", "{\"altered\":123}", "{\"altered\":null}",
    "{\"attribution\":[1]}", "{\"attribution\":true}", "{\"delivery\":\"express\"}",
  ])
  func otherFormsAreTheVendors(_ text: String) throws {
    let cut = try cut(text)
    #expect(cut.body + "}" == text)
    #expect(cut.delivery + cut.attribution + cut.altered + cut.signals == "")
  }

  @Test func onlyTheLastOfSeveralIsCut() throws {
    let cut = try cut("{\"signals\":[1],\"a\":2,\"signals\":[3]}")
    #expect(cut.body == "{\"signals\":[1],\"a\":2")
    #expect(cut.signals == "[3]")
  }

  @Test func membersInAnotherOrderStay() throws {
    let cut = try cut("{\"signals\":[1],\"delivery\":{\"x\":2}}")
    #expect(cut.body == "{\"signals\":[1]")
    #expect(cut.delivery == "{\"x\":2}")
    #expect(cut.signals.isEmpty)
  }

  @Test func otherNamesAreRecognisedAndTheUsualOnesAreNot() throws {
    var names = AddedNames()
    names[.signals] = "tm_signals"
    var table = PointerTable()
    let existing = ExistingMembers(AddedMembers([.signals], names: names), &table)
    let batch = Batch(pointers: PointerSet(table.pointers), slotCount: Added.slotCount)
    let text = #"{"attribution":{},"signals":[1],"tm_signals":[2]}"#
    batch.bytes.append(Array(text.utf8))
    batch.append(Record(raw: Span32(0, count: batch.bytes.count)))
    let scan = batch.scan(0, from: 0, end: batch.bytes.count)
    batch.records[0].body = Span32(scan.start, count: scan.end - scan.start - 1)
    #expect(existing.cut(batch, 0))
    let body = String(decoding: batch.bytes[batch.records[0].body], as: UTF8.self)
    #expect(body == #"{"attribution":{},"signals":[1]"#)
    var output = ByteBuffer()
    Added(names).append(batch, 0, to: &output)
    #expect(String(decoding: output.view, as: UTF8.self) == text)
  }

  /// Whatever is cut, putting it back gives what came in.
  @Test func puttingBackGivesTheSameBytes() throws {
    var random = SeededGenerator(seed: 7)
    let names = ["delivery", "attribution", "altered", "signals", "a", "deliver\\u0079"]
    let values = ["{}", "[]", "{\"delivery\":1}", "1", "\"x\"", "[1, 2]", "null"]
    let commas = [",", ",", ",", ", ", " ,"]
    for _ in 0..<5_000 {
      var text = Bool.random(using: &random) ? "{" : "{ "
      for position in 0..<Int.random(in: 0...6, using: &random) {
        if position > 0 { text += commas.randomElement(using: &random) ?? "," }
        text += "\"" + (names.randomElement(using: &random) ?? "a") + "\":"
        text += values.randomElement(using: &random) ?? "1"
      }
      text += Bool.random(using: &random) ? "}" : " }"
      #expect(try cut(text).putBack == text)
    }
  }
}
