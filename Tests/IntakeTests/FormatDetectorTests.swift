import Intake
import Testing

@Suite struct FormatDetectorTests {
  @Test(arguments: [
    (" \n[\n{\"a\":1},{\"b\":2}]", ["{\"a\":1}", "{\"b\":2}"]),
    ("[ ]", []),
    ("{\"a\":1}{\"b\":\n2}", ["{\"a\":1}", "{\"b\":2}"]),
    ("{\"a\":1} \t{\"b\":\n2}", ["{\"a\":1}", "{\"b\":2}"]),
    ("{\"a\":\"}{\"}\n{\"b\"\n", ["{\"a\":\"}{\"}", "!the text ends inside a value at byte 4"]),
    ("{\"a\":\"\\\"}{\"}\nx\n{}", ["{\"a\":\"\\\"}{\"}", "!unexpected byte at byte 0", "{}"]),
    ("{\"a\":{}}\n{}{}", ["{\"a\":{}}", "{}", "{}"]),
    ("[1]\n{}", ["!a record must be a JSON object, found an array at byte 0", "{}"]),
    ("\u{FEFF}[{}]", ["{}"]),
    ("", []), (" ", []), ("[", ["!the text ends inside a value at byte 1"]),
  ])
  func beginningTells(_ content: String, _ expected: [String]) throws {
    #expect(try readEveryWay(content).events == expected)
  }
}
