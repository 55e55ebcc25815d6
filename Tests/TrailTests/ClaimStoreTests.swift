import Bytes
import Testing
import Trail

@Suite struct ClaimStoreTests {
  static func load(_ rows: [String], show: [String] = ["email"], retain: [String] = ["sub"])
    throws -> ClaimStore
  {
    let policies = try DisplayPolicies([.init(issuer: nil, show: show)], retain: retain)
    var loader = ClaimStoreLoader(policies)
    for (index, row) in rows.enumerated() {
      try Array(row.utf8).withUnsafeBufferPointer { try loader.add($0, line: index + 1) }
    }
    return loader.finish()
  }

  static func match(_ store: ClaimStore, _ token: String, _ key: String) -> ClaimStore.Match {
    Array(token.utf8).withUnsafeBufferPointer { token in
      Array(key.utf8).withUnsafeBufferPointer { store.find(token: token, key: $0) }
    }
  }

  static func describe(_ store: ClaimStore, _ token: String, _ key: String) -> String {
    switch match(store, token, key) {
    case .unknown: return "unknown"
    case .ofOtherKey: return "other key"
    case .row(let row):
      var buffer = ByteBuffer()
      store.append(row, to: &buffer)
      return String(decoding: buffer.view, as: UTF8.self)
    }
  }

  @Test(arguments: [
    (
      #"{"key_id":"k","token_id":"t","iat":1745599000,"exp":1745602600,"claims":{"email":"j","sub":"s"}}"#,
      #""j"{"sub":"s"}{"id":"t","issued_at":1745599000,"expires_at":1745602600}"#
    ),
    (
      #"{"key_id":"k","jti":"t","claims":{"iat":1745599000500,"exp":"2025-04-25T17:36:40Z"}}"#,
      #"{"id":"t","issued_at":1745599000,"expires_at":1745602600}"#
    ),
    (#"{"key_id":"k","claims":{"jti":"t","sub":5}}"#, #"{"sub":5}{"id":"t"}"#),
    (#"{"key_id":"k","token_id":"t"}"#, #"{"id":"t"}"#),
    (
      #"{"key_id":"k","token_id":"t","iat":"1745599000","claims":"{\"email\":\"j\"}"}"#,
      #""j"{"id":"t","issued_at":1745599000}"#
    ),
  ]) func rendersWhatARowSays(_ row: String, _ text: String) throws {
    #expect(ClaimStoreTests.describe(try ClaimStoreTests.load([row]), "t", "k") == text)
  }

  @Test func aTokenBelongsToItsKey() throws {
    let store = try ClaimStoreTests.load([
      #"{"key_id":"a","token_id":"t","claims":{"email":"of a"}}"#,
      #"{"key_id":"b","token_id":"t","claims":{"email":"of b"}}"#,
      #"{"key_id":"c","token_id":"u","claims":{"email":"of c"}}"#,
    ])
    #expect(ClaimStoreTests.describe(store, "t", "a") == #""of a"{"id":"t"}"#)
    #expect(ClaimStoreTests.describe(store, "t", "b") == #""of b"{"id":"t"}"#)
    #expect(ClaimStoreTests.describe(store, "t", "c") == "other key")
    #expect(ClaimStoreTests.describe(store, "t", "nobody") == "other key")
    #expect(ClaimStoreTests.describe(store, "x", "a") == "unknown")
    #expect(store.count == 3)
  }

  @Test(
    arguments: [
      (1000, AttributionFlags()), (999, .skew), (940, .skew), (939, .tokenTimeOutside),
      (1999, AttributionFlags()), (2000, .skew), (2059, .skew), (2060, .tokenTimeOutside),
    ] as [(Int64, AttributionFlags)]) func holdsFromIssueToExpiry(
      _ seconds: Int64, _ flags: AttributionFlags
    ) throws
  {
    let store = try ClaimStoreTests.load([
      #"{"key_id":"k","token_id":"t","iat":1000,"exp":2000}"#
    ])
    guard case .row(let row) = ClaimStoreTests.match(store, "t", "k") else {
      Issue.record("no row")
      return
    }
    let found = ClaimStore.flags(of: row, at: seconds * 1_000_000, skew: 60_000_000)
    #expect(found == flags.rawValue)
  }

  @Test func withoutTimesItAlwaysHolds() throws {
    let store = try ClaimStoreTests.load([#"{"key_id":"k","token_id":"t"}"#])
    guard case .row(let row) = ClaimStoreTests.match(store, "t", "k") else {
      Issue.record("no row")
      return
    }
    for time in [Int64.min + 1, 0, Int64.max - 1] {
      #expect(ClaimStore.flags(of: row, at: time, skew: 60_000_000) == 0)
    }
  }

  @Test(arguments: [
    (#"{"token_id":"t"}"#, "needs a \"key_id\""),
    (#"{"key_id":"k","claims":"no object"}"#, "must be an object"),
    (#"{"key_id":"k","claims":[]}"#, "must be an object"),
    (#"{"key_id":"k","iat":"soon"}"#, "\"iat\" is no time"),
    (#"{"key_id":"k","#, "ends inside"),
  ]) func refusesRowsWithTheirLine(_ row: String, _ reason: String) {
    let error = #expect(throws: LookupError.self) {
      try ClaimStoreTests.load([#"{"key_id":"fine"}"#, row])
    }
    #expect(error?.line == 2)
    #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
  }
}
