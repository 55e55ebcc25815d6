import Bytes
import Engine
import JSONText
import Stages
import TestSupport
import Testing
import Trail

@Suite struct StripTokensTests {
  /// Of RFC 7515, appendix A.1, and what is left of it.
  static let head =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODB9."
  static let signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
  static let token = head + signature

  private static func strip(_ event: String) throws -> String {
    try Workbench().result(event, "{ stage: 'strip_tokens' }")
  }

  @Test(arguments: [
    (#"{"a":"TOKEN"}"#, #"{"a":"HEAD"}"#, #"["/a"]"#),
    (#"{"a":"Bearer TOKEN, and more"}"#, #"{"a":"Bearer HEAD, and more"}"#, #"["/a"]"#),
    (
      #"{"a":[1,{"b":"https://x.example/y?t=TOKEN&z=1"}]}"#,
      #"{"a":[1,{"b":"https://x.example/y?t=HEAD&z=1"}]}"#, #"["/a/1/b"]"#
    ),
    (#"{"a":"jwt_TOKEN","b":"x-TOKEN"}"#, #"{"a":"jwt_HEAD","b":"x-HEAD"}"#, #"["/a","/b"]"#),
    (#"{"a":"eyeyeyTOKEN"}"#, #"{"a":"eyeyeyHEAD"}"#, #"["/a"]"#),
    (#"{"a":"TOKEN TOKEN"}"#, #"{"a":"HEAD HEAD"}"#, #"["/a"]"#),
    (#"{"TOKEN":1}"#, #"{"HEAD":1}"#, #"["/HEAD"]"#),
    (#"{"a":"{\"t\":\"TOKEN\"}"}"#, #"{"a":"{\"t\":\"HEAD\"}"}"#, #"["/a"]"#),
    (#"{"a/b~c":{"":"TOKEN"}}"#, #"{"a/b~c":{"":"HEAD"}}"#, #"["/a~1b~0c/"]"#),
    // A sentence's full stop; parts glued on; five parts, the second of them empty.
    (#"{"a":"It is TOKEN."}"#, #"{"a":"It is HEAD."}"#, #"["/a"]"#),
    (#"{"a":"TOKEN.TOKEN"}"#, #"{"a":"HEAD"}"#, #"["/a"]"#),
    (#"{"a":"eyJhbGciOiJkaXIifQ..aXY.Y3Q.dGFn"}"#, #"{"a":"eyJhbGciOiJkaXIifQ.."}"#, #"["/a"]"#),
  ]) func cutsWhereverTheyStand(_ event: String, _ left: String, _ altered: String) throws {
    func fill(_ text: String) -> String {
      text.replacing("TOKEN", with: StripTokensTests.token)
        .replacing("HEAD", with: StripTokensTests.head)
    }
    let expected = fill(left).dropLast() + ",\"altered\":\(fill(altered))}"
    #expect(try StripTokensTests.strip(fill(event)) == expected)
    // What is left is left alone.
    #expect(try StripTokensTests.strip(fill(left)) == fill(left))
  }

  @Test(arguments: [
    "1.2.3", "www.example.com", "eyeyeyey.eyey.eyey", "eyJhbGciOiJIUzI1NiJ9.x",
    "eyJhbGciOiJIUzI1NiJ9.x.", #"a \u0026\u0026 b"#, "eyJhbGciOiJIUzI1NiJ9",
    "eyJhbGciOiJub25lIn0.e30.",
    // A JSON object without "alg", JSON that does not end, another text in base64url.
    "eyJ0eXAiOiJKV1QifQ.e30.c2ln", "eyJhbGciOiJIUzI1NiI.e30.c2ln",
    "SGVsbG8sIHdvcmxkIGFuZA.e30.c2ln",
  ]) func leavesAloneWhatIsNoToken(_ text: String) throws {
    let event = #"{"a":"\#(text)"}"#
    #expect(try StripTokensTests.strip(event) == event)
  }

  /// Any letter may be written as an escape.
  @Test(arguments: [0, 5, 40, 41, 60, 87, 90]) func findsEscapedLetters(_ place: Int) throws {
    var token = Array(StripTokensTests.token).map(String.init)
    let scalar = token[place].unicodeScalars.first.map { Int($0.value) } ?? 0
    token[place] = "\\u00" + (scalar < 16 ? "0" : "") + String(scalar, radix: 16)
    let left = token.prefix(StripTokensTests.head.count).joined()
    #expect(
      try StripTokensTests.strip(#"{"a":"\n\"\#(token.joined())\\","b":1.50}"#)
        == #"{"a":"\n\"\#(left)\\","b":1.50,"altered":["/a"]}"#)
  }

  @Test func identityStaysThatOfTheOriginal() throws {
    let events = (0..<2).map { #"{"a":"\#(StripTokensTests.token)\#($0)"}"# }
    let batch = try Workbench().run(
      (events + [events[0]]).map { Event($0) }, "{ stage: 'strip_tokens' }",
      "{ stage: 'deduplicate' }")
    #expect(batch.verdicts == [.keep, .keep, .duplicate])
  }

  @Test func namesAHundredPlacesAndThenTheWholeEvent() throws {
    let members = (0..<150).map { #""\#($0)":"\#(StripTokensTests.token)""# }
    let outcome = try StripTokensTests.strip("{\(members.joined(separator: ","))}")
    #expect(outcome.hasSuffix(#""/98","/99",""]}"#))
    let deep = String(repeating: #"{"\#(String(repeating: "k", count: 200))":"#, count: 10)
    let text = #"{"a":\#(deep)"\#(StripTokensTests.token)"\#(String(repeating: "}", count: 11))"#
    let pointer = try StripTokensTests.strip(text).split(separator: "\"altered\":[\"").last ?? ""
    #expect(pointer.utf8.count <= 1024 + 3)
    #expect(pointer.hasPrefix("/a/kkk"))
  }

  /// Texts made to be read again and again cost what their length costs.
  @Test func isLinear() throws {
    for unit in ["eyeyeyeyeyeyeyey.", "ey", "eyJhbGci", ".", "eyJhbGciOiJIUzI1NiJ9.", #"\u0065y"#] {
      let event = #"{"a":"\#(String(repeating: unit, count: 200_000))"}"#
      _ = try StripTokensTests.strip(event)
    }
  }

  /// Random events around random tokens: no signature is left, and nothing else has changed.
  @Test func leavesNoSignatureAndTouchesNothingElse() throws {
    var random = SeededGenerator(seed: 1)
    let around = [
      "", " ", "x", "=", "_", ".", "\\n", "é", "\\u00e9", "{\\\"t\\\":\\\"", "1.5", "a.b.",
    ]
    for _ in 0..<300 {
      var event = "{\"n\":1.0"
      var left = event
      for member in 0..<Int.random(in: 1...4, using: &random) {
        let before = around.randomElement(using: &random) ?? ""
        let hasToken = Bool.random(using: &random)
        let lead = ",\"m\(member)\":[\"\(before)"
        event += lead + (hasToken ? StripTokensTests.token : "plain") + "\"]"
        left += lead + (hasToken ? StripTokensTests.head : "plain") + "\"]"
      }
      let outcome = try StripTokensTests.strip(event + "}")
      #expect(outcome.hasPrefix(left), "\(event)")
      #expect(!outcome.contains(StripTokensTests.signature))
    }
  }
}
