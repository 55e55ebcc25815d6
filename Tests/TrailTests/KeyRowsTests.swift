import Bytes
import TestSupport
import Testing
import Trail

@Suite struct KeyRowsTests {
  private func shown(_ row: String) throws -> String {
    var reader = KeyRowReader()
    let row = try withBytes(row) { try reader.read($0, line: 3) }
    var text = ByteBuffer()
    row.append(to: &text)
    return String(decoding: text.view, as: UTF8.self)
  }

  @Test(arguments: [
    (#"{"id":"k"}"#, #"{"id":"k"}"#),
    (
      #"{"node":{"id":"k","name":"n","type":"OIDC","expiresAt":1800000000},"secret":"HUSH"}"#,
      #"{"id":"k","name":"n","type":"oidc","expires_at":"2027-01-15T08:00:00Z"}"#
    ),
    (
      #"{"id":"k","valid_from":10,"valid_to":20,"deleted_at":15,"scopes":{"secret":1},"owner":"o"}"#,
      #"{"id":"k","owner":"o","valid_from":"1970-01-01T00:00:10Z","valid_to":"1970-01-01T00:00:20Z","deleted_at":"1970-01-01T00:00:15Z"}"#
    ),
    (#"{"id":"\n\u0000","name":"\u202e"}"#, "{\"id\":\"\\n\\u0000\",\"name\":\"\u{202e}\"}"),
  ]) func showsWhatItWouldKnow(_ row: String, _ expected: String) throws {
    #expect(try shown(row) == expected)
  }

  @Test(arguments: ["{}", "[]", #"{"id":"k","valid_from":2,"valid_to":1}"#, "{"])
  func refusesWhatCannotBeLoaded(_ row: String) {
    #expect(throws: LookupError.self) { try shown(row) }
  }
}
