import JSONText
import Testing

/// Why `text` is no pointer; nil if it is one.
private func refusal(of text: String) -> String? {
  do {
    _ = try JSONPointer(text)
    return nil
  } catch {
    return error.reason
  }
}

@Suite struct JSONPointerTests {
  @Test(
    arguments: [
      ("", []), ("/", [""]), ("//", ["", ""]), ("/a", ["a"]), ("/a/b", ["a", "b"]),
      ("/a~1b/m~0n", ["a/b", "m~n"]), ("/~01", ["~1"]), ("/~10", ["/0"]), ("/a/", ["a", ""]),
      ("/0/01/-", ["0", "01", "-"]), ("/ ", [" "]), ("/c%d", ["c%d"]), ("/\"\\", ["\"\\"]),
      ("/é", ["é"]),
    ] as [(String, [String])])
  func splitsIntoTokens(_ text: String, _ tokens: [String]) throws {
    let pointer = try JSONPointer(text)
    #expect(pointer.tokens.map { Array($0.utf8) } == tokens.map { Array($0.utf8) })
    #expect(pointer.description == text)
  }

  /// A combining mark behind a slash is part of the next token, not of the slash.
  @Test(
    arguments: [
      ("/\u{301}", ["\u{301}"]), ("/a/\u{301}b", ["a", "\u{301}b"]), ("/~0\u{301}", ["~\u{301}"]),
      ("/\u{200D}/x", ["\u{200D}", "x"]), ("/\r\n/\u{FE0F}", ["\r\n", "\u{FE0F}"]),
    ] as [(String, [String])])
  func splitsAtEverySlash(_ text: String, _ tokens: [String]) throws {
    let pointer = try JSONPointer(text)
    #expect(pointer.tokens.map { Array($0.utf8) } == tokens.map { Array($0.utf8) })
  }

  @Test(arguments: ["a", "a/b", " /a", "#/a", "\u{301}/a"])
  func mustStartWithASlash(_ text: String) {
    #expect(refusal(of: text) == "it must start with \"/\"")
  }

  @Test(arguments: ["/~", "/a~", "/a~2", "/~~0", "/a/~x/b", "/~\u{661}", "/~/0"])
  func refusesATildeThatEscapesNothing(_ text: String) {
    #expect(refusal(of: text) == "\"~\" must be followed by 0 or 1")
  }

  @Test func theErrorNamesThePointer() {
    do {
      _ = try JSONPointer("a\"b")
      Issue.record("accepted")
    } catch {
      #expect(error.pointer == "a\"b")
      #expect(error.description == #""a\"b" is no JSON Pointer: it must start with "/""#)
    }
  }

  /// Keys are compared byte by byte, as JSON texts are, and not as `String` compares.
  @Test func differentSpellingsOfACharacterAreDifferent() throws {
    let composed = try JSONPointer("/caf\u{E9}")
    let decomposed = try JSONPointer("/cafe\u{301}")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
    #expect(try composed == JSONPointer("/caf\u{E9}"))
  }
}
