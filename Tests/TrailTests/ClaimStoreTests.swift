import Bytes
import Engine
import TestSupport
import Testing
import Trail

@Suite struct ClaimStoreTests {
  static func load(
    _ rows: [String], show: [DisplayCandidate] = ["email"], retain: [RetainedClaim] = ["sub", "n"],
    policies: [DisplayPolicy]? = nil, trusted: [TrustedIssuers]? = nil,
    inference: Inference = .on(),
    followsChains: Bool = true, requiresTime: Bool = false
  ) throws -> ClaimStore {
    let policies = try DisplayPolicies(
      policies ?? [DisplayPolicy(show: show)], retain: retain, trustedIssuers: trusted,
      inference: inference)
    var loader = ClaimStoreLoader(
      policies, skew: 60_000_000, followsChains: followsChains, requiresTime: requiresTime)
    for (index, row) in rows.enumerated() {
      try withBytes(row) { try loader.add($0, line: index + 1) }
    }
    return loader.finish()
  }

  /// `match display claims token flags`, each only if it is there.
  static func describe(_ store: ClaimStore, _ answer: ClaimAnswer) -> String {
    var words = [answer.match.name]
    for text in [answer.display, answer.claims] where !text.isEmpty {
      words.append(String(decoding: text, as: UTF8.self))
    }
    var token = ByteBuffer()
    store.appendToken(answer, to: &token)
    if token.count > 0 { words.append(String(decoding: token.view, as: UTF8.self)) }
    for (bit, name) in AttributionFlags.names.enumerated()
    where answer.flags & 1 << UInt32(bit) != 0 { words.append("\(name)") }
    return words.joined(separator: " ")
  }

  static func find(
    _ store: ClaimStore, _ token: String, _ key: String, at seconds: Int64? = nil
  ) -> String {
    withBytes(token) { token in
      withBytes(key) { key in
        describe(
          store,
          store.find(
            token: token, key: key, at: seconds.map { $0 * 1_000_000 } ?? Record.noTime,
            PolicySelector()))
      }
    }
  }

  static func infer(
    _ store: ClaimStore, _ key: String = "k", at seconds: Int64?,
    _ selector: PolicySelector = PolicySelector()
  ) -> String {
    withBytes(key) { key in
      describe(
        store,
        store.infer(key: key, at: seconds.map { $0 * 1_000_000 } ?? Record.noTime, selector))
    }
  }

  // MARK: By token

  @Test(arguments: [
    (
      #"{"key_id":"k","token_id":"t","iat":1745599000,"exp":1745602600,"claims":{"email":"j","sub":"s"}}"#,
      #"token "j" {"sub":"s"} {"id":"t","issued_at":1745599000,"expires_at":1745602600}"#
    ),
    (
      #"{"key_id":"k","jti":"t","claims":{"iat":1745599000500,"exp":"2025-04-25T17:36:40Z"}}"#,
      #"token {"id":"t","issued_at":1745599000,"expires_at":1745602600}"#
    ),
    (#"{"key_id":"k","claims":{"jti":"t","sub":5}}"#, #"token {"sub":5} {"id":"t"}"#),
    (#"{"key_id":"k","token_id":"t"}"#, #"token {"id":"t"}"#),
    (
      #"{"key_id":"k","token_id":"t","iat":"1745599000","claims":"{\"email\":\"j\"}"}"#,
      #"token "j" {"id":"t","issued_at":1745599000}"#
    ),
  ]) func saysWhatARowSays(_ row: String, _ text: String) throws {
    #expect(ClaimStoreTests.find(try ClaimStoreTests.load([row]), "t", "k") == text)
  }

  /// An id that is a token itself is never written whole, and is found with its signature and without.
  @Test func anIDThatIsATokenIsCut() throws {
    let left = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqYW5lIn0."
    let token = left + "c2lnbmF0dXJl"
    let store = try ClaimStoreTests.load([
      #"{"key_id":"k","token_id":"\#(token)"}"#, #"{"key_id":"k","claims":{"jti":"t"}}"#,
    ])
    for asked in [token, left, left + "another"] {
      #expect(ClaimStoreTests.find(store, asked, "k") == #"token {"id":"\#(left)"}"#)
    }
    #expect(ClaimStoreTests.find(store, "t", "k") == #"token {"id":"t"}"#)
    #expect(ClaimStoreTests.find(store, "x", "k") == "none token_unknown")
  }

  @Test func aTokenBelongsToItsKey() throws {
    let store = try ClaimStoreTests.load([
      #"{"key_id":"a","token_id":"t","claims":{"email":"of a"}}"#,
      #"{"key_id":"b","token_id":"t","claims":{"email":"of b"}}"#,
      #"{"key_id":"c","token_id":"u","claims":{"email":"of c"}}"#,
    ])
    #expect(ClaimStoreTests.find(store, "t", "a") == #"token "of a" {"id":"t"}"#)
    #expect(ClaimStoreTests.find(store, "t", "b") == #"token "of b" {"id":"t"}"#)
    #expect(ClaimStoreTests.find(store, "t", "c") == "none token_of_other_key")
    #expect(ClaimStoreTests.find(store, "u", "a") == "none token_of_other_key")
    #expect(ClaimStoreTests.find(store, "t", "nobody") == "none token_of_other_key")
    #expect(ClaimStoreTests.find(store, "x", "a") == "none token_unknown")
    #expect(store.count == 3)
  }

  @Test(
    arguments: [
      (1000, ""), (999, " skew"), (940, " skew"), (939, " token_time_outside"), (1999, ""),
      (2000, " skew"), (2059, " skew"), (2060, " token_time_outside"),
    ] as [(Int64, String)]) func holdsFromIssueToExpiry(_ seconds: Int64, _ flags: String) throws
  {
    let store = try ClaimStoreTests.load([
      #"{"key_id":"k","token_id":"t","iat":1000,"exp":2000}"#
    ])
    #expect(
      ClaimStoreTests.find(store, "t", "k", at: seconds)
        == #"token {"id":"t","issued_at":1000,"expires_at":2000}"# + flags)
  }

  @Test func withoutTimesItAlwaysHolds() throws {
    let store = try ClaimStoreTests.load([#"{"key_id":"k","token_id":"t"}"#])
    for time in [-62_135_596_800, 0, 253_402_300_799] as [Int64] {
      #expect(ClaimStoreTests.find(store, "t", "k", at: time) == #"token {"id":"t"}"#)
      #expect(ClaimStoreTests.infer(store, at: time) == #"sole {"id":"t"}"#)
    }
  }

  /// Rows that have token and key in common, and what they come to, in whatever order they come.
  @Test(arguments: [
    (
      [#"{"email":"j","sub":"s"}"#, #"{"email":"j","sub":"s"}"#],
      #"token "j" {"sub":"s"} {"id":"t"}"#
    ),
    ([#"{"email":"j","sub":"s"}"#, #"{"email":"j","sub":"u"}"#], #"token "j" {"id":"t"}"#),
    ([#"{"email":"j","sub":"s"}"#, #"{"email":"k","sub":"s"}"#], "ambiguous"),
    ([#"{"email":"j"}"#, "{}"], "ambiguous"), (["{}", "{}"], #"token {"id":"t"}"#),
    ([#"{"email":"j"}"#, #"{"email":"j"}"#, #"{"email":"k"}"#], "ambiguous"),
  ]) func weighsSeveralRowsAboutOneToken(_ claims: [String], _ answer: String) throws {
    let rows = claims.map { #"{"key_id":"k","token_id":"t","claims":\#($0)}"# }
    for rows in [rows, rows.reversed()] {
      let store = try ClaimStoreTests.load(
        rows + [#"{"key_id":"b","token_id":"t","claims":{"email":"other"}}"#])
      #expect(ClaimStoreTests.find(store, "t", "k", at: 5) == answer)
      #expect(ClaimStoreTests.find(store, "t", "b", at: 5) == #"token "other" {"id":"t"}"#)
      #expect(ClaimStoreTests.find(store, "t", "c", at: 5) == "none token_of_other_key")
    }
  }

  // MARK: By key alone

  private static let overlapping = [
    #"{"key_id":"k","token_id":"a","iat":1000,"exp":2000,"claims":{"email":"j","sub":"1","n":1}}"#,
    #"{"key_id":"k","token_id":"b","iat":1500,"exp":2500,"claims":{"email":"j","sub":"2","n":1}}"#,
    #"{"key_id":"k","token_id":"c","iat":3000,"exp":4000,"claims":{"email":"m","sub":"3"}}"#,
    #"{"key_id":"k","token_id":"d","iat":3500,"exp":3600,"claims":{"email":"o"}}"#,
  ]

  @Test(
    arguments: [
      (939, "none"), (940, "sole j a skew"), (999, "sole j a skew"), (1000, "sole j a"),
      (1439, "sole j a"),
      // From here on the second counts, at first by the tolerance alone.
      (1440, "agreed j skew"), (1500, "agreed j"), (1999, "agreed j"), (2000, "agreed j skew"),
      (2059, "agreed j skew"), (2060, "sole j b"), (2500, "sole j b skew"), (2560, "none"),
      (2940, "sole m c skew"), (3000, "sole m c"), (3440, "ambiguous skew"), (3500, "ambiguous"),
      (3599, "ambiguous"), (3600, "ambiguous skew"), (3660, "sole m c"),
    ] as [(Int64, String)]) func infersByTime(_ seconds: Int64, _ expected: String) throws
  {
    let texts = [
      "none": "none", "ambiguous": "ambiguous", "agreed j": #"agreed "j" {"n":1}"#,
      "sole j a":
        #"sole "j" {"sub":"1","n":1} {"id":"a","issued_at":1000,"expires_at":2000}"#,
      "sole j b":
        #"sole "j" {"sub":"2","n":1} {"id":"b","issued_at":1500,"expires_at":2500}"#,
      "sole m c": #"sole "m" {"sub":"3"} {"id":"c","issued_at":3000,"expires_at":4000}"#,
    ]
    let isSkewed = expected.hasSuffix(" skew")
    let text = try #require(texts[isSkewed ? String(expected.dropLast(5)) : expected])
    for rows in [ClaimStoreTests.overlapping, ClaimStoreTests.overlapping.reversed()] {
      let store = try ClaimStoreTests.load(rows)
      #expect(ClaimStoreTests.infer(store, at: seconds) == text + (isSkewed ? " skew" : ""))
    }
  }

  @Test func withoutAKeyOrATimeThereIsNothingToInfer() throws {
    let store = try ClaimStoreTests.load(ClaimStoreTests.overlapping)
    #expect(ClaimStoreTests.infer(store, "other", at: 1000) == "none")
    #expect(ClaimStoreTests.infer(store, at: nil) == "none")
    #expect(ClaimStoreTests.infer(try ClaimStoreTests.load([]), at: 1000) == "none")
  }

  /// A store that is appended to may say the same of a token again: it is one token all the same.
  @Test func aRepeatedRowIsNoSecondToken() throws {
    let row = #"{"key_id":"k","token_id":"t","iat":1000,"exp":2000,"claims":{"email":"j"}}"#
    let answer = #"sole "j" {"id":"t","issued_at":1000,"expires_at":2000}"#
    for count in 1...3 {
      let store = try ClaimStoreTests.load(Array(repeating: row, count: count))
      #expect(ClaimStoreTests.infer(store, at: 1500) == answer)
      #expect(
        ClaimStoreTests.find(store, "t", "k", at: 1500) == answer.replacing("sole", with: "token"))
    }
    // Without an id nobody knows whether it is the same.
    let nameless = #"{"key_id":"k","claims":{"email":"j"}}"#
    #expect(
      ClaimStoreTests.infer(try ClaimStoreTests.load([nameless, nameless]), at: 5) == #"agreed "j""#
    )
  }

  /// What two tokens would show, and whether they agree.
  @Test(arguments: [
    (
      #"{"email":"j","sub":"\u0061"}"#, #"{"email":"\u006a","sub":"a"}"#,
      #"agreed "j" {"sub":"\u0061"}"#
    ),
    (#"{"email":"j","sub":1}"#, #"{"email":"j","sub":"1"}"#, #"agreed "j""#),
    (#"{"email":"j","n":1}"#, #"{"email":"j","n":1.0}"#, #"agreed "j""#),
    (#"{"sub":"x"}"#, #"{"sub":"x"}"#, #"agreed {"sub":"x"}"#),
    (#"{"sub":"x"}"#, #"{"email":"j","sub":"x"}"#, "ambiguous"),
    // They look the same once cleaned, and are not the same.
    (#"{"email":"j\u0001"}"#, #"{"email":"j\u0002"}"#, "ambiguous"),
    (#"{"email":"j\u0001"}"#, #"{"email":"j\u0001"}"#, "agreed \"j\u{FFFD}\" display_cleaned"),
    (#"{"email":"a::b"}"#, #"{"email":"a::b"}"#, #"agreed "a::b" imitates_actor"#),
  ]) func agreesIfTheyWouldShowTheSame(_ left: String, _ right: String, _ answer: String) throws {
    for claims in [[left, right], [right, left]] {
      let store = try ClaimStoreTests.load(claims.map { #"{"key_id":"k","claims":\#($0)}"# })
      #expect(ClaimStoreTests.infer(store, at: 5) == answer)
    }
  }

  @Test func theBestCandidateNamesTheOrigin() throws {
    let rows = [#"{"key_id":"k","claims":{"sub":"j"}}"#, #"{"key_id":"k","claims":{"email":"j"}}"#]
    let store = try ClaimStoreTests.load(rows, show: ["email", "sub"], retain: [])
    let answer = withBytes("k") { store.infer(key: $0, at: 5, PolicySelector()) }
    #expect((answer.match, answer.candidate, answer.policy) == (.agreed, 0, 0))
  }

  @Test func untrustedTokensShowNothing() throws {
    let rows = [
      #"{"key_id":"k","token_id":"a","claims":{"iss":"good","email":"j"}}"#,
      #"{"key_id":"k","token_id":"b","claims":{"iss":"evil","email":"j"}}"#,
      #"{"key_id":"l","claims":{"iss":"evil","email":"j"}}"#,
      #"{"key_id":"l","claims":{"iss":"bad","email":"x"}}"#, #"{"key_id":"l"}"#,
    ]
    let store = try ClaimStoreTests.load(rows, trusted: ["good"])
    #expect(ClaimStoreTests.infer(store, at: 5) == "ambiguous")
    #expect(ClaimStoreTests.infer(store, "l", at: 5) == "agreed untrusted_issuer")
    #expect(ClaimStoreTests.find(store, "b", "k") == #"token {"id":"b"} untrusted_issuer"#)
  }

  @Test func whatAgreesDependsOnThePolicy() throws {
    let policies = [
      DisplayPolicy(accounts: ["a"], show: ["team"]), DisplayPolicy(show: ["email"]),
    ]
    let rows = [
      #"{"key_id":"k","claims":{"email":"j","team":"t"}}"#,
      #"{"key_id":"k","claims":{"email":"m","team":"t"}}"#,
    ]
    let store = try ClaimStoreTests.load(rows, policies: policies)
    let bound = try DisplayPolicies(policies, retain: [])
    func selector(_ account: String) -> PolicySelector {
      withBytes("") { name in withBytes(account) { bound.selector(keyName: name, account: $0) } }
    }
    for _ in 0..<2 {
      #expect(ClaimStoreTests.infer(store, at: 5, selector("a")) == #"agreed "t""#)
      #expect(ClaimStoreTests.infer(store, at: 5, selector("b")) == "ambiguous")
    }
  }

  /// A hundred thousand tokens that are valid at once cost an event no more than one.
  @Test func manyTokensAtOnceAreNoBurden() throws {
    let rows = (0..<20_000).map {
      #"{"key_id":"k","token_id":"\#($0)","iat":\#(1000 + $0),"exp":90000,"claims":{"email":"j","n":\#($0)}}"#
    }
    let store = try ClaimStoreTests.load(rows)
    for seconds in 30_000..<32_000 as Range<Int64> {
      #expect(ClaimStoreTests.infer(store, at: seconds) == #"agreed "j""#)
    }
  }

  @Test func tellsTheTokensNearestInTime() throws {
    let store = try ClaimStoreTests.load(ClaimStoreTests.overlapping)
    let (nearest, count) = withBytes("k") {
      store.candidates(key: $0, at: 2_010_000_000, PolicySelector()) { _ in nil }
    }
    #expect(count == 4)
    #expect(nearest.map { $0.token ?? "" } == ["b", "a", "c", "d"])
    #expect(
      nearest.map(\.standing) == [
        "valid", "within the tolerance", "not issued yet", "not issued yet",
      ])
    #expect(nearest.map(\.shown) == [#""j""#, #""j""#, #""m""#, #""o""#])
  }

  /// RFC 7519: a NumericDate is any JSON number.
  @Test(arguments: [
    #"{"key_id":"k","iat":1000,"exp":2000,"claims":{"email":"j"}}"#,
    #"{"key_id":"k","claims":{"email":"j","iat":1e3,"exp":2.0E+3}}"#,
    #"{"key_id":"k","claims":{"email":"j","iat":"1000.0","exp":"1970-01-01T00:33:20+0000"}}"#,
    #"{"key_id":"k","iat":null,"exp":2000,"claims":{"email":"j","iat":1000,"exp":9}}"#,
  ]) func timesAreReadInEitherPlace(_ row: String) throws {
    let store = try ClaimStoreTests.load([row])
    #expect(ClaimStoreTests.infer(store, at: 900) == "none")
    #expect(ClaimStoreTests.infer(store, at: 1500).hasPrefix("sole \"j\""))
    #expect(ClaimStoreTests.infer(store, at: 2100) == "none")
  }

  @Test(arguments: [
    "253402300799", "253402300799000", "\"9999-12-31T23:59:59Z\"", "2.53402300799e11",
  ])
  func aTokenCanBeForEver(_ time: String) throws {
    for row in [
      #"{"key_id":"k","iat":1000,"exp":\#(time),"claims":{"email":"j"}}"#,
      #"{"key_id":"k","claims":{"email":"j","iat":1000,"exp":\#(time)}}"#,
    ] {
      let store = try ClaimStoreTests.load([row])
      #expect(ClaimStoreTests.infer(store, at: 250_000_000_000).hasPrefix("sole \"j\""))
      #expect(ClaimStoreTests.infer(store, at: 900) == "none")
    }
  }

  /// Who says anything there says that it is not verified, unless it is plainly that it is.
  @Test(arguments: [
    ("true", true), (#""true""#, true), (#""TRUE""#, true), ("1", true), (#""1""#, true),
    (#""yes""#, true), (#""nonsense""#, true), ("[]", true), ("{}", true), ("0.5", true),
    ("false", false), (#""False""#, false), ("0", false), (#""no""#, false), (#""""#, false),
    ("null", false),
  ]) func whatIsNotPlainlyVerifiedIsNot(_ value: String, _ isDoubted: Bool) throws {
    let row =
      #"{"key_id":"k","token_id":"t","claims":{"iss":"i","email":"j"},"unverified":\#(value)}"#
    let found = ClaimStoreTests.find(try ClaimStoreTests.load([row], trusted: ["i"]), "t", "k")
    #expect(found.hasSuffix("untrusted_issuer") == isDoubted)
  }

  /// Without a time of its own an event was made outside of those that a token has, where that matters.
  @Test(arguments: [#""iat":1000"#, #""exp":2000"#, #""session_expires_at":2000"#])
  func whereATimeIsRequiredTheEventNeedsOne(_ bound: String) throws {
    let row = #"{"key_id":"k","token_id":"t",\#(bound),"claims":{"email":"j"}}"#
    let found = ClaimStoreTests.find(try ClaimStoreTests.load([row]), "t", "k")
    #expect(found.hasPrefix(#"token "j""#) && !found.contains("outside"))
    let strict = try ClaimStoreTests.load([row, row], requiresTime: true)
    #expect(ClaimStoreTests.find(strict, "t", "k") == found + " token_time_outside")
    let endless = #"{"key_id":"k","token_id":"t","claims":{"email":"j"}}"#
    let always = try ClaimStoreTests.load([endless], requiresTime: true)
    #expect(ClaimStoreTests.find(always, "t", "k") == #"token "j" {"id":"t"}"#)
  }

  /// Of a row that is refused nothing stays, should somebody go on.
  @Test(arguments: [#""via":{"token_id":"a"}"#, #""where":5"#, #""session_expires_at":"soon""#])
  func aRefusedRowLeavesNothing(_ member: String) throws {
    var loader = ClaimStoreLoader(
      try DisplayPolicies([DisplayPolicy(show: ["email"])], retain: []), skew: 0)
    let refused = #"{"key_id":"k","token_id":"t","session_expires_at":5,\#(member)}"#
    let right = #"{"key_id":"k","token_id":"t","claims":{"email":"j"}}"#
    for row in [refused, right, refused, right] {
      withBytes(row) { try? loader.add($0, line: 1) }
    }
    #expect(ClaimStoreTests.find(loader.finish(), "t", "k").hasPrefix(#"token "j""#))
  }

  @Test(arguments: [
    (#"{"token_id":"t"}"#, "needs a \"key_id\""),
    (#"{"key_id":"k","claims":"no object"}"#, "must be an object"),
    (#"{"key_id":"k","claims":[]}"#, "must be an object"),
    (#"{"key_id":"k","where":{"/ip":""}}"#, "\"where\" is empty"),
    (#"{"key_id":"k","where":{"/ip":["a",""]}}"#, "\"where\" is empty"),
    (#"{"key_id":"k","where":{"/ip":[]}}"#, "\"where\" is empty"),
    (#"{"key_id":"k","iat":"soon"}"#, "\"iat\" is no time"),
    (#"{"key_id":"k","exp":"2023-05-02 20:53:02"}"#, "\"exp\" is no time"),
    (#"{"key_id":"k","iat":0}"#, "\"iat\" is 0"), (#"{"key_id":"k","exp":"0"}"#, "\"exp\" is 0"),
    (#"{"key_id":"k","iat":"","claims":{"iat":5}}"#, "\"iat\" is empty"),
    (#"{"key_id":"k","claims":{"exp":"never"}}"#, "\"exp\" of \"claims\" is no time"),
    (#"{"key_id":"k","claims":{"exp":"Tue, 02 May 2023 20:58:13 GMT"}}"#, "\"claims\" is no time"),
    (#"{"key_id":"k","claims":{"iat":[1683061093]}}"#, "\"iat\" of \"claims\" is no time"),
    (#"{"key_id":"k","claims":{"iat":""}}"#, "\"iat\" of \"claims\" is no time"),
    (#"{"key_id":"k","claims":{"iat":0}}"#, "\"iat\" of \"claims\" is 0"),
    (#"{"key_id":"k","claims":"{\"exp\":99999999999999999999}"}"#, "\"claims\" is no time"),
    (#"{"key_id":"k","#, "ends inside"),
    (#"{"key_id":"k","key_id":"l"}"#, #"an object has the member "key_id" twice"#),
    (#"{"key_id":"k","claims":{"email":"j","\u0065mail":"r"}}"#, "twice"),
    (#"{"key_id":"k","claims":{"a":[{"b":1,"b":1}]}}"#, #"member "b" twice"#),
    (#"{"key_id":"k","claims":"{\"email\":1,\"email\":2}"}"#, #"member "email" twice"#),
  ]) func refusesRowsWithTheirLine(_ row: String, _ reason: String) {
    let error = #expect(throws: LookupError.self) {
      try ClaimStoreTests.load([#"{"key_id":"fine"}"#, row])
    }
    #expect(error?.line == 2)
    #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
  }
}
