import Settings
import Testing

@Suite struct JSON5PrinterTests {
  @Test(arguments: [
    ("{ actor: 'x' }", #"{"actor":"x"}"#), ("[ ]", "[]"),
    ("{ a: { }, b: [ null, true ] }", #"{"a":{},"b":[null,true]}"#),
    (#"'"\\/'"#, #""\"\\/""#), ("'\\x7f\\x1f\\u2028'", "\"\\u007f\\u001f\u{2028}\""),
  ])
  func printsStandardJSON(text: String, expected: String) throws {
    #expect(try json(parse(text)) == expected)
  }

  @Test(arguments: [
    "0", "-0", "1.0", "1.50", "1e3", "1E+03", "-0.0e-0", "123456789012345678901234567890",
  ])
  func keepsTheTextOfValidNumbers(text: String) throws {
    #expect(try json(parse(text)) == text)
  }

  @Test(arguments: [
    ("+1", "1"), (".5", "0.5"), ("-.5", "-0.5"), ("5.", "5"), ("5.e3", "5e3"), ("+.5E-1", "0.5E-1"),
    ("0x1F", "31"), ("-0xA", "-10"), ("0xFFFFFFFFFFFFFFFF", "18446744073709551615"),
  ])
  func convertsTheOthers(text: String, expected: String) throws {
    #expect(try json(parse(text)) == expected)
  }

  @Test(arguments: ["NaN", "-Infinity", "0x10000000000000000"])
  func refusesWhatJSONCannotWrite(text: String) {
    #expect(
      complaint { try json(parse("[1,\n \(text)]")) } == "a.json5:2:2: JSON has no number \(text)")
  }
}
