import Bytes
import TestSupport
import Testing
import Trail

@Suite struct KeyRowsTests {
  private func shown(_ row: String) throws -> String {
    var loader = KeyDirectoryLoader()
    try withBytes(row) { try loader.add($0, line: 3) }
    return loader.finish().rows.map { row in
      var text = ByteBuffer()
      row.append(to: &text)
      return String(decoding: text.view, as: UTF8.self)
    }.joined(separator: "\n")
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

  /// An answer of a vendor's API is as many rows as it has keys.
  @Test(arguments: [
    #"{"data":{"apiKeys":[{"id":"k","name":"\u00e9"},{"id":"l"}]}}"#,
    #"{"data":{"apiKeys":{"edges":[{"node":{"id":"k","name":"é"}},{"node":{"id":"l"}}]}}}"#,
  ]) func showsTheKeysOfAnAnswer(_ row: String) throws {
    #expect(try shown(row) == "{\"id\":\"k\",\"name\":\"é\"}\n{\"id\":\"l\"}")
    var loader = KeyDirectoryLoader()
    try withBytes(row) { try loader.add($0, line: 1) }
    let rows = loader.finish().rows
    #expect(rows.map(\.id) == [Array("k".utf8), Array("l".utf8)])
    #expect(rows.map(\.name) == [Array("é".utf8), nil])
  }

  /// A token in what is said of a key is not kept, wherever it stands.
  @Test func noTokenOfARowIsKept() throws {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl"
    let row = #"{"id":"k","name":"n T","type":"T","owner":"T","scopes":["T",{"a":"T"}]}"#
    #expect(
      try shown(row.replacing("T", with: token))
        == row.replacing("T", with: "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqYW5lIn0."))
  }
}
