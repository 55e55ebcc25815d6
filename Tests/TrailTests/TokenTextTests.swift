import Bytes
import Foundation
import JSONText
import TestSupport
import Testing
import Trail

@Suite struct TokenTextTests {
  static let head = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0."
  static let token = head + "c2lnbmF0dXJl"

  /// The text without what has to be cut, and the number of cuts.
  private static func cut(_ text: String, isJSON: Bool = false) -> (String, Int) {
    var tokens = TokenText()
    var left = ByteBuffer()
    let count = withBytes(text) { bytes in
      let found = tokens.find(in: bytes, isJSON: isJSON)
      #expect(found == (tokens.cuts.count > 0))
      tokens.append(bytes, to: &left)
      return tokens.cuts.count
    }
    return (String(decoding: left.view, as: UTF8.self), count)
  }

  @Test(arguments: [
    ("TOKEN", "HEAD", 1), ("a TOKEN b TOKEN", "a HEAD b HEAD", 2),
    ("token=TOKEN&x", "token=HEAD&x", 1),
    ("Bearer%20TOKEN", "Bearer%20HEAD", 1), ("jwt_TOKEN", "jwt_HEAD", 1), ("-TOKEN", "-HEAD", 1),
    ("eTOKEN", "eHEAD", 1), ("eyTOKEN", "eyHEAD", 1), ("ewTOKEN", "ewHEAD", 1),
    ("eyJTOKEN", "eyJHEAD", 1),
    ("www.example.com/TOKEN", "www.example.com/HEAD", 1), ("x.TOKEN", "x.HEAD", 1),
    ("TOKEN.more.parts", "HEAD", 1), ("TOKEN..", "HEAD..", 1),
    // JOSE headers with white space in front of their first name: `{ "alg":"none"}`.
    ("eyAiYWxnIjoibm9uZSJ9.e30.eA", "eyAiYWxnIjoibm9uZSJ9.e30.", 1),
    ("HEAD", "HEAD", 0), ("", "", 0), (".", ".", 0), ("...", "...", 0), ("a.b.c", "a.b.c", 0),
  ]) func cutsWhatFollowsTheClaims(_ text: String, _ left: String, _ cuts: Int) {
    func fill(_ text: String) -> String {
      text.replacing("TOKEN", with: TokenTextTests.token).replacing(
        "HEAD", with: TokenTextTests.head)
    }
    let outcome = TokenTextTests.cut(fill(text))
    #expect(outcome.0 == fill(left))
    #expect(outcome.1 == cuts)
    #expect(TokenTextTests.cut(outcome.0).1 == 0)
  }

  /// A member may be spelt with escapes, and white space may stand before the header's brace.
  @Test(arguments: [
    #"{"\u0061lg":"RS256"}"#, #"{"a\u006cg":"none"}"#, #"{"\u0061\u006C\u0067":1,"x":"\""}"#,
    #" {"alg":"none"}"#, "\t\n{\"alg\":1}", "\r\n {\"alg\":1}", "\n\n{\"alg\":1}",
  ]) func headersAreJSONHoweverItIsWritten(_ header: String) {
    let head =
      Data(header.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "") + ".e30."
    #expect(TokenTextTests.cut("x \(head)U0lH y").0 == "x \(head) y")
    #expect(TokenTextTests.cut("jwt_\(head)U0lH").0 == "jwt_\(head)")
  }

  /// Dots and letters as URLs have them, and as JSON has them that stands in a string, in any mixture.
  @Test(
    arguments: [
      ("%2E", "%2E"), ("%2e", "%2e"), ("%252E", "%252E"), ("%25252e", "%25252e"),
      (#"\\u002e"#, #"\\u002e"#), (#"\\\\u002E"#, #"\\\\u002E"#), (#"\\\u002e"#, nil),
      (#"\u00252E"#, #"\u00252E"#), (#"%5Cu002e"#, #"%5Cu002e"#),
      (#"\\u0025\u0032E"#, #"\\u0025\u0032E"#),
      (#"%\u0032E"#, #"%\u0032E"#),
    ] as [(String, String?)]) func dotsHideBehindEscapes(_ dot: String, _ left: String?)
  {
    let token = TokenTextTests.token.replacing(".", with: dot)
    let outcome = TokenTextTests.cut(#"?t=\#(token)&x=%20"#, isJSON: true)
    let cut = left.map { TokenTextTests.head.replacing(".", with: $0) } ?? token
    #expect(outcome.0 == "?t=\(cut)&x=%20")
    #expect(TokenTextTests.cut(outcome.0, isJSON: true).1 == 0)
  }

  @Test func lettersHideBehindPercentsOutsideOfJSONToo() {
    let token = "%65%79" + TokenTextTests.token.dropFirst(2).replacing("c2ln", with: "c%32ln")
    let left = "%65%79" + TokenTextTests.head.dropFirst(2)
    #expect(TokenTextTests.cut("a \(token) b", isJSON: false).0 == "a \(left) b")
    // What looks like an escape may be none.
    let glued = "%2" + TokenTextTests.token
    #expect(TokenTextTests.cut(glued + "%41").0 == "%2\(TokenTextTests.head)%41")
  }

  /// A text of escapes of escapes is looked at a bounded number of times.
  @Test func escapesOfEscapesCostNoSquare() {
    let deep = "%" + String(repeating: "25", count: 400_000) + "2E"
    #expect(TokenTextTests.cut(deep, isJSON: true).1 == 0)
    let slashes = String(repeating: "\\", count: 800_000) + "u002e"
    #expect(TokenTextTests.cut(slashes, isJSON: true).1 == 0)
  }

  /// An escape is one only in JSON.
  @Test func undoesEscapesInJSONAlone() {
    let hidden = "\\u0065" + TokenTextTests.token.dropFirst()
    #expect(
      TokenTextTests.cut(hidden, isJSON: true).0 == "\\u0065" + TokenTextTests.head.dropFirst())
    #expect(TokenTextTests.cut(hidden, isJSON: false).1 == 0)
    let dots = TokenTextTests.token.replacing(".", with: "\\u002E")
    #expect(
      TokenTextTests.cut(dots, isJSON: true).0
        == TokenTextTests.head.replacing(".", with: "\\u002E"))
  }

  /// Only escapes of letters and dots need a closer look; with others a token is found all the same.
  @Test func findsTokensBesideOtherEscapes() {
    for code in 0x20..<0x100 {
      let digits = String(code, radix: 16)
      let escape = "\\u00" + String(repeating: "0", count: 2 - digits.count) + digits
      let (head, token) = (TokenTextTests.head, TokenTextTests.token)
      let outcome = TokenTextTests.cut(escape + token + "\\u0026" + token + "\\n", isJSON: true)
      #expect(outcome.0 == escape + head + "\\u0026" + head + "\\n", "\(escape)")
    }
  }

  /// The digits of an escape are no letters of a token, whatever other escapes there are.
  @Test(arguments: ["\\u20ae", "\\u00ee"]) func noTokenBeginsInsideOfAnEscape(_ escape: String) {
    let text = escape + TokenTextTests.token.dropFirst()
    #expect(TokenTextTests.cut(text, isJSON: true).1 == 0)
    let both = text + " " + TokenTextTests.token + "\\u0061"
    let left = TokenTextTests.cut(both, isJSON: true).0
    #expect(left == text + " " + TokenTextTests.head)
    #expect(TokenTextTests.cut(left, isJSON: true).1 == 0)
  }

  /// Whatever stands around tokens in a text, wherever the escapes are: no signature is left, a second look
  /// finds nothing, and what was not cut is as it was.
  @Test func leavesNoSignatureAndTouchesNothingElse() {
    var random = SeededGenerator(seed: 1)
    let pieces = [
      "TOKEN", "TOKEN", "HEAD", " ", ".", "_", "-", "ey", "ewo", "\\n", "\\u00e9", "\\u002e",
      "a.b.c", "e30", "\\\\", "%2E", "%252e", "%41", "\\\\u002e", "\\\\u0041", "%", "25", "IH",
      "eyJ",
    ]
    for _ in 0..<2000 {
      var text = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
      text = text.replacing("TOKEN", with: TokenTextTests.token).replacing(
        "HEAD", with: TokenTextTests.head)
      let left = TokenTextTests.cut(text, isJSON: true).0
      #expect(!left.contains(TokenTextTests.token), "\(text)")
      #expect(TokenTextTests.cut(left, isJSON: true).1 == 0, "\(text)")
      #expect(TokenTextTests.isSubsequence(left, of: text))
    }
  }

  private static func isSubsequence(_ part: String, of whole: String) -> Bool {
    var rest = Array(part.utf8)[...]
    for byte in whole.utf8 where rest.first == byte { rest.removeFirst() }
    return rest.isEmpty
  }
}
