import Bytes
import Settings
import Testing

@testable import Definition

@Suite struct MatchTests {
  private func difference(_ actual: String, _ expected: String) throws -> String? {
    func value(_ text: String) throws -> JSON5Value {
      var buffer = ByteBuffer()
      buffer.append(utf8: text)
      return try JSON5.parse(buffer.view, file: "t")
    }
    return Match.difference(try value(actual), try value(expected))
  }

  @Test(arguments: [
    ("{\"a\":1,\"b\":2}", "{ a: 1 }"),
    ("{\"a\":{\"b\":[1,{\"c\":\"x\",\"d\":0}]}}", "{ a: { b: [1, { c: 'x' }] } }"),
    ("{\"a\":null}", "{ a: null, b: null }"),
    ("{\"a\":1.0}", "{ a: 1 }"), ("{\"a\":10e399,\"b\":31}", "{ a: 1e400, b: 0x1f }"),
    ("{\"a\":1234567890123456789012345}", "{ a: 1234567890123456789012345 }"),
    ("{\"a\":true,\"b\":\"é\"}", "{ a: true, b: '\\u00e9' }"),
  ])
  func agrees(_ actual: String, _ expected: String) throws {
    #expect(try difference(actual, expected) == nil)
  }

  @Test(arguments: [
    ("{\"a\":1}", "{ a: 2 }", "/a is 1, expected 2"),
    ("{\"a\":1}", "{ b: 1 }", "/b is missing, expected 1"),
    ("{\"a\":9007199254740993}", "{ a: 9007199254740992 }", "/a is 9007199254740993, expected"),
    ("{\"a\":1e400}", "{ a: 1e401 }", "/a is 1e400, expected 1e401"),
    ("{\"a\":1}", "{ a: null }", "/a is 1, expected nothing"),
    ("{\"a\":[1,2]}", "{ a: [1] }", "/a is [1,2], expected [1]"),
    ("{\"a\":[1,2]}", "{ a: [1, 3] }", "/a/1 is 2, expected 3"),
    ("{\"x/y\":{\"z~\":1}}", "{ 'x/y': { 'z~': '1' } }", "/x~1y/z~0 is 1, expected \"1\""),
    ("{\"a\":true}", "{ a: 'true' }", "/a is true, expected \"true\""),
    ("{\"b\":\"e\\u0301\"}", "{ b: '\\u00e9' }", "/b is"),
  ])
  func tellsTheFirstDifference(_ actual: String, _ expected: String, _ message: String) throws {
    #expect(try difference(actual, expected)?.hasPrefix(message) == true)
  }
}
