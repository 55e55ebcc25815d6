import Stages
import TestSupport
import Testing
import Trail

/// Private keys, as logs, mails and programs write them.
@Suite struct PrivateKeysTests {
  private static let begin = "-----" + "BEGIN PRIVATE KEY-----"
  private static let end = "-----" + "END PRIVATE KEY-----"
  private static let lines = (1...3).map {
    SecretCase.text($0 == 3 ? 40 : 64, of: SecretCase.alphanumeric, seed: UInt64($0))
  }

  /// What stays where nothing but the lines of the key counts.
  private static let mark = SecretCase.digestMark(lines.joined())

  private static func leavesNothing(of text: String) throws {
    let left = try Strip.value(text)
    for line in lines { #expect(!left.contains(line.dropFirst(4)), "\(text)") }
    #expect(left.contains(begin + "***"), "\(left)")
  }

  /// Whatever stands between the lines, and wherever.
  @Test(arguments: [
    "!", "\\\"", "#", "$", "%", "&", "'", "*", ";", "<", ">", "?", "@", "[", "\\\\", "]", "^", "_",
    "`", "{", "|", "}", "~", "é", "\\u001b[0m", "[truncated]", "***", "> ", "# ", "| ", "app_1  | ",
    " * ", "; ", "~ ", "[pod/x] ", "<br>", "&#10;", "+ ", "2026-01-01T00:00:00Z stdout F ",
    "\\\\x1b[0m",
  ]) func junkBetweenLines(_ junk: String) throws {
    let (begin, end, lines) = (PrivateKeysTests.begin, PrivateKeysTests.end, PrivateKeysTests.lines)
    for close in [end, "", "and\\n"] {
      let all = [begin] + lines + [close]
      try PrivateKeysTests.leavesNothing(of: all.joined(separator: "\\n" + junk))
      try PrivateKeysTests.leavesNothing(of: all.joined(separator: junk + "\\n"))
      try PrivateKeysTests.leavesNothing(of: all.joined(separator: junk))
    }
    // In a header, and within the first line.
    let header =
      begin + "\\nComment: a\(junk)b\\n\\n" + lines.joined(separator: "\\n") + "\\n" + end
    try PrivateKeysTests.leavesNothing(of: header)
    let within = lines[0].prefix(20) + junk + lines[0].dropFirst(20)
    let left = try Strip.value(begin + "\\n" + within + "\\n" + lines[1] + "\\n" + end)
    #expect(!left.contains(lines[1]) && !left.contains(lines[0].dropFirst(20)))
  }

  @Test(arguments: ["%20", "%0A", "%2F", "+"]) func percents(_ escape: String) throws {
    let key = PrivateKeysTests.lines.joined(separator: "\n").replacing("a", with: "/")
    let text = PrivateKeysTests.begin + "\n" + key + "\n" + PrivateKeysTests.end
    let escaped = text.replacing(" ", with: escape == "+" ? "+" : "%20").replacing(
      "\n", with: "%0A"
    )
    .replacing("/", with: "%2f")
    let mark = SecretCase.digestMark(key.replacing("\n", with: ""))
    let left = try Strip.value(escaped)
    #expect(left.contains("KEY-----" + mark + "-----END"), "\(left)")
    // A program that puts it together.
    let source = text.replacing("\n", with: #"\\n\" +\n    \""#)
    let kept = try Strip.value(#"\""# + source + #"\";"#)
    #expect(kept.contains("KEY-----***(") && kept.hasSuffix(#"-----\";"#), "\(kept)")
  }

  /// The digest is that of the base64, whatever headers stand before it.
  @Test func headersAreNoPartOfTheDigest() throws {
    let header =
      "Proc-Type: 4,ENCRYPTED\\nDEK-Info: AES-256-CBC,0123456789ABCDEF0123456789ABCDEF\\n\\n"
    let body = PrivateKeysTests.lines.joined(separator: "\\n") + "\\n"
    for headers in ["", header, header.replacing("\\n", with: "\\r\\n"), "Comment: a\\n b c\\n\\n"]
    {
      let text = PrivateKeysTests.begin + "\\n" + headers + body + PrivateKeysTests.end
      #expect(
        try Strip.value(text) == PrivateKeysTests.begin + PrivateKeysTests.mark
          + PrivateKeysTests.end)
    }
  }

  /// The line that ends it may stand in another string: then it does not count.
  @Test func stringsAreNotCrossed() throws {
    let lines = PrivateKeysTests.lines
    let event =
      #"{"a":"\#(PrivateKeysTests.begin)\n\#(lines[0])","b":["\#(lines[1])\n\#(PrivateKeysTests.end)"]}"#
    let left = event.replacing(#"\n"# + lines[0], with: SecretCase.digestMark(lines[0])).dropLast()
    #expect(try Workbench().result(event, Strip.stage) == left + #","altered":["/a"]}"#)
  }

  @Test(arguments: [
    "a file that starts with BEGIN is a key, see docs/keys, and what follows is text",
    "BEGIN", "BEGINEND", "BEGIN and END are its first and last line",
    "BEGIN, the extraordinarily well-known header (PKCS#8), comes before base64",
    #"BEGIN\nsome words\nof_an_identifier\n0123456789\nEND"#,
  ]) func proseIsNoKey(_ text: String) throws {
    let filled = text.replacing("BEGIN", with: PrivateKeysTests.begin)
      .replacing("END", with: PrivateKeysTests.end)
    #expect(try Strip.value(filled) == filled)
  }

  /// What follows a key without an end, far enough away, stays.
  @Test func proseBehindAKeyStays() throws {
    let prose = " and then, " + String(repeating: "word by word, ", count: 20)
    let text = PrivateKeysTests.begin + "\\n" + PrivateKeysTests.lines[0]
    #expect(try Strip.value(text + prose).hasSuffix(prose.dropFirst(4)))
  }
}
