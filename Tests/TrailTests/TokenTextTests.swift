import Bytes
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
      "a.b.c", "e30", "\\\\",
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
