import JSONText
import TestSupport
import Testing

@Suite struct ShownNameTests {
  @Test(arguments: [
    "id", "key_id", "Key Id", "token-id", "allow.list", "Schlüssel", "sha256", "K1", "", "_",
    "effectiveScopeOfTheKey",
  ]) func isAName(_ name: String) {
    #expect(withBytes(name) { ShownName.text($0) } == "\"\(name)\"")
  }

  @Test(arguments: [
    "whsec_9f8Zk3LqT0p", "9f8Zk3", "hunter2hunter2", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJq", "a,b",
    "jane@x",
    "a\u{0}", "a\u{202E}b", "a\u{3164}b", "a\nb", "a\"", String(repeating: "x", count: 33),
    "K 12345678",
  ]) func mayBeASecret(_ name: String) {
    #expect(withBytes(name) { ShownName.text($0) } == "…")
  }

  @Test func bytesThatAreNoText() {
    #expect([0x61, 0xFF].withUnsafeBufferPointer { ShownName.text($0) } == "…")
  }

  @Test(arguments: [
    ("{}", ""), ("{\"a\":1,\"b\":{\"c\":2},\"d\":[{\"e\":3}]}", "\"a\", \"b\", \"d\""),
    ("{ \"a\" : \"b\\\":\" , \"9f8Zk3LqT0p\":\"x\"}", "\"a\", …"),
    ("{\"a\":\"secr", "\"a\""), ("{\"a", ""), ("{\"a\"", ""), ("{\"\\u0061\":1}", "…"),
    ("[\"a\"]", ""), ("7", ""),
    ("{}{\"a\":1}", ""),
    (
      "{" + (0..<12).map { _ in "\"a\":1" }.joined(separator: ",") + "}",
      Array(repeating: "\"a\"", count: 8).joined(separator: ", ") + ", …"
    ),
  ]) func membersOfAnObject(_ text: String, _ names: String) {
    #expect(withBytes(text) { ShownName.list(ShownName.members(of: $0)) } == names)
  }
}
