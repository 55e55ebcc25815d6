import Bytes
import JSONText
import Testing

@Suite struct PointerSetTests {
  @Test func theTableGivesEachDistinctPointerOneSlot() throws {
    var table = PointerTable()
    #expect(table.slot(try JSONPointer("/a")) == 0)
    #expect(table.slot(try JSONPointer("/b")) == 1)
    #expect(table.slot(try JSONPointer("/a")) == 0)
    #expect(table.slot(try JSONPointer("")) == 2)
    #expect(table.slot(try JSONPointer("/a~1b")) == 3)
    #expect(table.slot(try JSONPointer("/a/b")) == 4)
    #expect(table.slot(try JSONPointer("/caf\u{E9}")) == 5)
    #expect(table.slot(try JSONPointer("/cafe\u{301}")) == 6)
    #expect(table.pointers.map(\.description).prefix(5) == ["/a", "/b", "", "/a~1b", "/a/b"])
    #expect(table.pointers.count == 7)
  }

  @Test func keysOfEqualLengthAreToldApart() throws {
    let keys = ["aaaaaaaa", "aaaaaaab", "baaaaaaa", "aaaabaaa", "aaaaaaaaa", "baaaaaaaa"]
    let json = "{" + keys.map { "\"\($0)\":\"\($0)\"" }.joined(separator: ",") + "}"
    #expect(try located(keys.map { "/" + $0 }, in: json) == keys.map { "\"\($0)\"" })
    for key in keys { #expect(try located(["/" + key], in: json) == ["\"\(key)\""]) }
  }

  /// Every length around those that a comparison by words could get wrong, and one byte off.
  @Test(arguments: 0...80)
  func aKeyOfAnyLengthIsFoundAndNothingNearIt(_ length: Int) throws {
    let key = String((0..<length).map { Character(Unicode.Scalar(UInt8(0x61 + $0 % 26))) })
    #expect(try located(["/" + key], in: "{\"\(key)\":1}") == ["1"])
    #expect(try located(["/" + key], in: "{\"\(key)x\":1}") == [nil])
    #expect(try located(["/" + key + "x"], in: "{\"\(key)\":1}") == [nil])
    for position in 0..<length {
      var other = Array(key)
      other[position] = "_"
      #expect(try located(["/" + key], in: "{\"\(String(other))\":1}") == [nil])
    }
  }

  @Test func lengthsThatShareABitOfTheFilterAreToldApart() throws {
    let short = "k"
    let long = String(repeating: "k", count: 65)
    let json = "{\"\(long)\":1,\"\(short)\":2}"
    #expect(try located(["/" + short], in: json) == ["2"])
    #expect(try located(["/" + long], in: json) == ["1"])
  }

  @Test func manyPointersAtOnce() throws {
    let names = (0..<500).map { "key\($0)" }
    let json =
      "{" + names.map { "\"\($0)\":{\"\($0)\":[0,\"\($0)\"]}" }.joined(separator: ",") + "}"
    let found = try located(names.map { "/\($0)/\($0)/1" }, in: json)
    #expect(found == names.map { "\"\($0)\"" })
  }

  @Test func aStarIsANameUnlessWildcardsAreAskedFor() throws {
    #expect(try located(["/*", "/a/*"], in: #"{"*":1,"b":2,"a":{"*":3}}"#) == ["1", "3"])
    #expect(try located(["/*"], in: #"{"b":2}"#) == [nil])
    #expect(try located(["/*"], in: "[1]") == [nil])
  }
}
