import Bytes
import Engine
import TestSupport
import Testing
import Trail

/// What is said of events that name no token, and when nothing is.
@Suite struct InferenceTests {
  private static let hour: Int64 = 3_600_000_000

  private static func row(
    _ name: String, from iat: Int64, to exp: Int64, _ more: String = "", issuer: String = "i"
  ) -> String {
    #"{"key_id":"k","token_id":"\#(name)","iat":\#(iat),"exp":\#(exp)\#(more),"#
      + #""claims":{"iss":"\#(issuer)","email":"\#(name)"}}"#
  }

  private static func match(_ store: ClaimStore, at seconds: Int64) -> String {
    let text = ClaimStoreTests.infer(store, at: seconds)
    return text.split(separator: " ").filter { !$0.hasPrefix("{") }.joined(separator: " ")
  }

  // MARK: Sessions

  @Test func nothingIsInferredUnlessAsked() throws {
    let store = try ClaimStoreTests.load(
      [InferenceTests.row("jane", from: 1000, to: 2000)], inference: .off(session: 1_000_000))
    #expect(InferenceTests.match(store, at: 1500) == "none")
  }

  /// Jane exchanged her token at 1,000 for an hour; at 2,500 only Joe's token is within `iat` and `exp`.
  @Test func sessionsOutliveTheirTokens() throws {
    let rows = [
      InferenceTests.row("jane", from: 1000, to: 1300),
      InferenceTests.row("joe", from: 2400, to: 2700),
    ]
    let short = try ClaimStoreTests.load(rows)
    #expect(InferenceTests.match(short, at: 2500) == #"sole "joe""#)
    let long = try ClaimStoreTests.load(rows, inference: .on(session: InferenceTests.hour))
    #expect(InferenceTests.match(long, at: 2000) == #"sole "jane""#)
    #expect(InferenceTests.match(long, at: 2500) == "ambiguous")
    // Up to, not including, exp and an hour; 60 seconds of tolerance behind that.
    for (seconds, expected) in [
      (4899, "ambiguous"), (4900, "ambiguous skew"), (4959, "ambiguous skew"),
      (4960, #"sole "joe""#),
    ] as [(Int64, String)] {
      #expect(InferenceTests.match(long, at: seconds) == expected, "\(seconds)")
    }
  }

  @Test func aRowKnowsWhenItsSessionEnds() throws {
    let rows = [
      InferenceTests.row("jane", from: 1000, to: 1300, #","session_expires_at":1400"#),
      InferenceTests.row(
        "joe", from: 2000, to: 2300, #","session_expires_at":"1970-01-01T01:00:00Z""#),
      InferenceTests.row("kim", from: 5000, to: 5300, #","session_expires_at":253402300799"#),
    ]
    let store = try ClaimStoreTests.load(rows, inference: .on(session: InferenceTests.hour))
    #expect(InferenceTests.match(store, at: 1460) == "none")
    #expect(InferenceTests.match(store, at: 3599) == #"sole "joe""#)
    #expect(InferenceTests.match(store, at: 3661) == "none")
    #expect(InferenceTests.match(store, at: 5_000_000_000) == #"sole "kim""#)
  }

  @Test func theTimeOfANamedTokenCountsItsSession() throws {
    let rows = [InferenceTests.row("t", from: 1000, to: 1300)]
    for inference in [
      Inference.off(session: InferenceTests.hour), .on(session: InferenceTests.hour),
    ] {
      let store = try ClaimStoreTests.load(rows, inference: inference)
      #expect(!ClaimStoreTests.find(store, "t", "k", at: 4899).contains("outside"), "\(inference)")
      #expect(ClaimStoreTests.find(store, "t", "k", at: 4960).hasSuffix("token_time_outside"))
    }
  }

  // MARK: Policies and what a store covers

  /// A token under a policy that infers nothing may have a session of any length: from then on nothing is
  /// said.
  @Test func allPossibleTokensHaveToAllowIt() throws {
    let policies = [
      DisplayPolicy(issuers: ["a"], show: ["email"], inference: .on()),
      DisplayPolicy(show: ["email"]),
    ]
    let rows = [
      InferenceTests.row("jane", from: 1000, to: 2000, issuer: "a"),
      InferenceTests.row("joe", from: 1500, to: 1600, issuer: "b"),
      InferenceTests.row("kim", from: 9000, to: 9900, issuer: "a"),
    ]
    for rows in [rows, rows.reversed()] {
      let store = try ClaimStoreTests.load(rows, policies: policies, inference: .off())
      #expect(InferenceTests.match(store, at: 1400) == #"sole "jane""#)
      #expect(InferenceTests.match(store, at: 1450) == "none skew")
      #expect(InferenceTests.match(store, at: 1550) == "none")
      #expect(InferenceTests.match(store, at: 9500) == "none")
      // How long its session is may be known all the same.
      let known = try ClaimStoreTests.load(rows, policies: policies, inference: .off(session: 0))
      #expect(InferenceTests.match(known, at: 1700) == #"sole "jane""#)
    }
  }

  @Test func nothingIsInferredOutsideOfWhatTheStoreCovers() throws {
    let rows = [InferenceTests.row("jane", from: 1000, to: 9000)]
    let window = TimeWindow(since: Timestamp(seconds: 2000), until: Timestamp(seconds: 3000))
    let store = try ClaimStoreTests.load(rows, inference: .on(covers: window))
    for (seconds, expected) in [
      (1999, "none"), (2000, #"sole "jane""#), (2999, #"sole "jane""#), (3000, "none"),
    ] as [(Int64, String)] {
      #expect(InferenceTests.match(store, at: seconds) == expected, "\(seconds)")
    }
    let never = TimeWindow(since: Timestamp(seconds: 3000), until: Timestamp(seconds: 3000))
    let empty = try ClaimStoreTests.load(rows, inference: .on(covers: never))
    #expect(InferenceTests.match(empty, at: 3000) == "none")
  }

  // MARK: Who it could have been

  private static func candidates(_ store: ClaimStore, at seconds: Int64) -> String {
    withBytes("k") { key in
      let answer = store.infer(key: key, at: seconds * 1_000_000, PolicySelector())
      return "\(String(decoding: answer.candidates, as: UTF8.self)) of \(answer.candidatesTotal)"
    }
  }

  @Test(arguments: [2, 8, 9, 70, 5000]) func namesEightInTheOrderOfTheirText(_ count: Int) throws {
    let names = (0..<count).map { "p\($0)" }
    let rows = names.map { InferenceTests.row($0, from: 1000, to: 2000) }.shuffled()
    let store = try ClaimStoreTests.load(rows)
    let first = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.prefix(8)
    let list = first.map { "\"\($0)\"" }.joined(separator: ",")
    #expect(InferenceTests.candidates(store, at: 1500) == "[\(list)] of \(count)")
  }

  @Test func theyAreThoseOfTheTime() throws {
    let rows = (0..<100).map { number in
      InferenceTests.row(
        "p\(number)", from: 1000 + Int64(number) * 100, to: 1250 + Int64(number) * 100)
    }
    let store = try ClaimStoreTests.load(rows.shuffled())
    #expect(InferenceTests.candidates(store, at: 1290) == #"["p0","p1","p2","p3"] of 4"#)
    #expect(InferenceTests.candidates(store, at: 1439) == #"["p2","p3","p4"] of 3"#)
    #expect(InferenceTests.candidates(store, at: 6039) == #"["p48","p49","p50"] of 3"#)
  }

  @Test func whoShowsNobodyIsCountedAndNotNamed() throws {
    let rows = [
      InferenceTests.row("jane", from: 1000, to: 2000),
      #"{"key_id":"k","token_id":"x","iat":1000,"exp":2000,"claims":{"sub":"s"}}"#,
    ]
    #expect(
      InferenceTests.candidates(try ClaimStoreTests.load(rows), at: 1500) == #"["jane"] of 2"#)
  }

  @Test func whatLooksAlikeOnceCleanedIsNamedOnce() throws {
    let rows = [#""j\u0001""#, #""j\u0002""#, #""a\"b""#].map {
      #"{"key_id":"k","claims":{"email":\#($0)}}"#
    }
    #expect(
      InferenceTests.candidates(try ClaimStoreTests.load(rows), at: 5)
        == "[\"a\\\"b\",\"j\u{FFFD}\"] of 3")
  }

  @Test func aTokenToldOfTwiceNamesBoth() throws {
    let rows = ["jane", "joe"].map {
      #"{"key_id":"k","token_id":"t","claims":{"email":"\#($0)"}}"#
    }
    let store = try ClaimStoreTests.load(rows, inference: .off())
    withBytes("t") { token in
      withBytes("k") { key in
        let answer = store.find(token: token, key: key, at: Record.noTime, PolicySelector())
        #expect(String(decoding: answer.candidates, as: UTF8.self) == #"["jane","joe"]"#)
      }
    }
  }

  // MARK: Tables that cannot be used

  @Test(arguments: [
    (#""session_expires_at":"soon""#, "\"session_expires_at\" is no time"),
    (#""session_expires_at":0"#, "\"session_expires_at\" is 0"),
    (#""exp":-1"#, "\"exp\" is before 1970"), (#""exp":"0001-01-01T00:00:00Z""#, "before 1970"),
    (#""iat":1000,"claims":{"iat":"soon"}"#, "\"iat\" of \"claims\" is no time"),
    (#""exp":1000,"claims":{"exp":{}}"#, "\"exp\" of \"claims\" is no time"),
    (#""where":5"#, "\"where\" must be an object"), (#""where":{"a":1}"#, "no JSON Pointer"),
    (#""where":{"/a":{}}"#, "must be a string"), (#""where":{"/a":[null]}"#, "must be a string"),
    (#""where":{"/a":"b","/a":"c"}"#, "twice"),
  ]) func refusesWhatItCannotRead(_ members: String, _ reason: String) {
    let error = #expect(throws: LookupError.self) {
      try ClaimStoreTests.load([#"{"key_id":"k",\#(members)}"#])
    }
    #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
  }

  /// Twelve digits are milliseconds before the year 2000 or seconds beyond the calendar: no token ended then.
  @Test(arguments: ["253402300801", "946684799999", "999999999999"])
  func neverIsNeverLongExpired(_ exp: String) throws {
    let store = try ClaimStoreTests.load([#"{"key_id":"k","iat":1000,"exp":\#(exp),"claims":{}}"#])
    let isNever = exp != "999999999999"
    #expect((ClaimStoreTests.infer(store, at: 2_000_000_000) != "none") == isNever)
  }
}
