import Bytes
import JSONText
import TestSupport
import Testing

/// Members that an object has twice.
@Suite struct MemberNamesTests {
  private let scanner = JSONText.Scanner(PointerSet([]))

  /// The name that is there twice, as it stands the second time, and where; nil if none is.
  private func duplicate(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { duplicate($0) }
  }

  private func duplicate(_ text: ByteView) -> String? {
    var field = Field.missing
    let scan = scanner.scan(text, findsDuplicates: true, fields: &field)
    #expect(scan.fault == .none)
    return scan.duplicate.map {
      "\(String(decoding: text[Int($0.start)..<$0.end], as: UTF8.self))@\($0.start)"
    }
  }

  @Test(arguments: [
    (#"{"a":1,"a":2}"#, "a@8"), (#"{"a":1,"b":2,"a":3}"#, "a@14"),
    (#"{"a":1,"\u0061":2}"#, #"\u0061@8"#), (#"{"\u0061":1,"a":2}"#, "a@13"),
    (#"{"\u00e9":1,"\u00E9":2}"#, #"\u00E9@13"#), (#"{"a\/b":1,"a/b":2}"#, "a/b@11"),
    (#"{"x":[{"y":{"z":1,"z":2}}]}"#, "z@19"), (#"{"":1,"":2}"#, "@7"),
    (#"{"a":{"a":1},"b":{"a":{"a":1}},"a":2}"#, "a@32"),
    (#"[{"a":1},{"a":1,"b":[{"c":1},{"c":1}],"b":0}]"#, "b@39"),
    (#"{"seventeen bytes g":1,"seventeen bytes g":2}"#, "seventeen bytes g@24"),
    // What no UTF-8 can say is one character for many readers.
    (#"{"\ud800":1,"\udfff":2}"#, #"\udfff@13"#),
    // The first of two.
    (#"{"a":1,"b":1,"b":2,"a":2}"#, "b@14"),
  ]) func findsThem(_ text: String, _ expected: String) { #expect(duplicate(text) == expected) }

  @Test(arguments: [
    "{}", "[]", "1", #"{"a":1,"b":2}"#, #"{"a":{"a":{"a":1}}}"#, #"[{"a":1},{"a":1}]"#,
    #"{"a":1,"A":2,"a ":3," a":4,"":5}"#, "{\"\u{E9}\":1,\"e\u{301}\":2}", #"{"a":"a","b":"a"}"#,
    #"{"abcdefgh":1,"abcdefghi":2,"abcdefg":3,"habcdefg":4}"#, #"{"\u0000":1,"\u0000\u0000":2}"#,
    #"{"a":[{"b":1},{"b":1}],"c":{"b":1},"b":1}"#,
  ]) func differentOnesPass(_ text: String) { #expect(duplicate(text) == nil) }

  @Test func aScannerForgetsTheTextBefore() {
    for _ in 0..<3_000 { #expect(duplicate(#"{"a":{"b":1},"c":[{"b":1}]}"#) == nil) }
    #expect(duplicate(#"{"a":1,"a":1}"#) != nil)
    #expect(duplicate(#"{"a":1}"#) == nil)
  }

  @Test func whoDoesNotAskIsNotTold() {
    #expect(scanWhole(#"{"a":1,"a":2}"#).scan.duplicate == nil)
  }

  /// As a second reader finds them, one that remembers the names of each object.
  @Test(arguments: 0..<20) func agreesWithAnotherReader(_ seed: Int) {
    var found = 0
    for round in 0..<200 {
      var document = RandomJSON(seed: UInt64(seed * 1_000 + round))
      document.allowsDuplicates = round % 2 == 0
      document.document()
      let name = document.text.withUnsafeBufferPointer { duplicate($0) }
      #expect(
        (name != nil) == document.hasDuplicates,
        "\(String(decoding: document.text, as: UTF8.self))")
      if name != nil { found += 1 }
    }
    #expect(found > 5)
  }

  /// Each name is looked at once or twice, not held against all before it: a million take a moment.
  @Test func manyMembers() {
    for count in [255, 256, 257, 5_000, 300_000] {
      let names = (0..<count).map { "\"n\(String($0, radix: 36))\":0" }
      let text = "{" + names.joined(separator: ",")
      #expect(duplicate(text + "}") == nil)
      #expect(duplicate(text + ",\"n0\":1}")?.hasPrefix("n0@") == true)
      #expect(duplicate(text + ",\"\\u006e7\":1}")?.hasPrefix("\\u006e7@") == true)
    }
    #expect(duplicate(#"{"a":1,"b":2}"#) == nil)
  }

  @Test func manyObjectsWithTheSameNames() {
    let objects = Array(repeating: #"{"id":1,"name":{"id":2}}"#, count: 100_000)
    #expect(duplicate("[" + objects.joined(separator: ",") + "]") == nil)
    #expect(
      duplicate("[" + objects.joined(separator: ",") + #",{"id":1,"id":2}]"#)?.hasPrefix("id@")
        == true)
  }
}
