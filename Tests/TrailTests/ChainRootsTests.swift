import Bytes
import Engine
import TestSupport
import Testing
import Trail

/// Where an event names no token, those that were valid are compared by who is at the root of their chains.
@Suite struct ChainRootsTests {
  private static func row(
    _ token: String, _ name: String, via: String? = nil, key: String = "k", _ more: String = ""
  ) -> String {
    let via = via.map { ",\"via\":\($0)" } ?? ""
    return
      #"{"key_id":"\#(key)","token_id":"\#(token)","iat":1000,"exp":2000\#(via)\#(more),"#
      + #""claims":{"iss":"i","email":"\#(name)","sub":"s \#(name)"}}"#
  }

  private static func via(_ token: String, _ key: String = "r") -> String {
    #"{"key_id":"\#(key)","token_id":"\#(token)"}"#
  }

  private static func infer(
    _ rows: [String], trusted: [TrustedIssuers]? = nil, followsChains: Bool = true
  ) throws -> String {
    let store = try ClaimStoreTests.load(
      rows, retain: ["sub"], trusted: trusted, followsChains: followsChains)
    let turned = try ClaimStoreTests.load(
      rows.reversed(), retain: ["sub"], trusted: trusted, followsChains: followsChains)
    let answer = describe(store)
    #expect(describe(turned) == answer)
    return answer
  }

  private static func describe(_ store: ClaimStore) -> String {
    withBytes("k") { key in
      let answer = store.infer(key: key, at: 1_500_000_000, PolicySelector())
      let candidates = String(decoding: answer.candidates, as: UTF8.self)
      let total = answer.candidatesTotal > 0 ? " \(candidates) of \(answer.candidatesTotal)" : ""
      return ClaimStoreTests.describe(store, answer) + total
    }
  }

  private static let roots = [
    row("jane", "jane", key: "r"), row("again", "jane", key: "r"), row("joe", "joe", key: "r"),
  ]

  @Test(arguments: [
    (["jane", "jane"], #"agreed "jane" {"sub":"s jane"}"#),
    (["jane", "again"], #"agreed "jane" {"sub":"s jane"}"#),
    (["jane", "joe"], #"ambiguous ["jane","joe"] of 2"#),
    // Nobody asked for the second one: whose it is, it says itself.
    (["jane", ""], #"ambiguous ["ci","jane"] of 2"#),
    // A chain that cannot be followed leads to somebody else than every other one.
    (["jane", "gone"], #"ambiguous chain_incomplete ["ci","jane"] of 2"#),
    (["gone", "gone"], #"ambiguous chain_incomplete ["ci"] of 2"#), (["gone"], #"sole "ci""#),
  ]) func theRootIsWhoItWas(_ asked: [String], _ answer: String) throws {
    let rows = asked.enumerated().map { number, token in
      Self.row("t\(number)", "ci", via: token.isEmpty ? nil : Self.via(token))
    }
    let found = try Self.infer(Self.roots + rows)
    #expect(asked.count == 1 ? found.hasPrefix(answer) : found == answer)
  }

  /// Without tokens by their ids nothing is followed, and they are compared as they are.
  @Test func whereNothingIsFollowedTheyAreCompared() throws {
    let rows = ["jane", "joe"].map { Self.row("of \($0)", "ci", via: Self.via($0)) }
    #expect(
      try Self.infer(Self.roots + rows, followsChains: false) == #"agreed "ci" {"sub":"s ci"}"#)
  }

  @Test func aNameOrAKeyAtTheRootTellsThemApart() throws {
    func infer(_ first: String, _ second: String) throws -> String {
      try Self.infer([Self.row("a", "ci", via: first), Self.row("b", "ci", via: second)])
    }
    let same = #"agreed "ci" {"sub":"s ci"}"#
    #expect(try infer("\"jane\"", #"{"key_id":"AKIA","actor":"jane"}"#) == same)
    #expect(try infer(#"{"key_id":"AKIA"}"#, #"{"key_id":"AKIA"}"#) == same)
    let other = #"ambiguous ["ci"] of 2"#
    #expect(try infer("\"jane\"", "\"joe\"") == other)
    #expect(try infer(#"{"key_id":"AKIA"}"#, #"{"key_id":"AKIB"}"#) == other)
    #expect(try infer(#"{"key_id":"AKIA"}"#, "\"AKIA\"") == other)
  }

  @Test func aCircleIsNobodyAndIsTold() throws {
    let rows = [
      Self.row("a", "jane", via: Self.via("b", "k")),
      Self.row("b", "jane", via: Self.via("a", "k")),
    ]
    #expect(try Self.infer(rows) == "ambiguous chain_circle [] of 2")
  }

  /// One token more does not make trusted who is not.
  @Test func distrustOfALinkIsDistrustOfAll() throws {
    let evil = Self.row("evil", "jane", key: "r").replacing(#""iss":"i""#, with: #""iss":"e""#)
    let rows = ["a", "b"].map { Self.row($0, "ci", via: Self.via("evil")) }
    #expect(
      try Self.infer([evil] + rows, trusted: ["i"]) == #"agreed {"sub":"s jane"} untrusted_issuer"#)
    let forged = Self.row("c", "ci", via: Self.via("jane"), key: "k", #","unverified":true"#)
    let right = Self.row("d", "ci", via: Self.via("jane"))
    #expect(
      try Self.infer(Self.roots + [forged, right], trusted: ["i"]) == #"ambiguous ["jane"] of 2"#)
  }

  @Test func aLinkOutsideOfItsTimeIsTold() throws {
    let old = Self.row("old", "jane", key: "r").replacing("1000,\"exp\":2000", with: "1,\"exp\":9")
    let rows = ["a", "b"].map { Self.row($0, "ci", via: Self.via("old")) }
    #expect(
      try Self.infer([old] + rows) == #"agreed "jane" {"sub":"s jane"} token_time_outside"#)
  }

  /// What is left of several is compared by its roots as well.
  @Test func narrowingComparesRoots() throws {
    func rows(_ asked: [String]) -> [String] {
      asked.enumerated().map { number, token in
        Self.row(
          "t\(number)", "ci", via: Self.via(token), key: "k",
          #","where":{"/ip":"192.0.2.\#(number)"}"#)
      } + [Self.row("free", "ci", via: Self.via("jane"))]
    }
    func narrow(_ asked: [String], _ event: String) throws -> String {
      let store = try ClaimStoreTests.load(Self.roots + rows(asked), retain: [])
      guard var reader = ConditionReader(store) else { return "" }
      return withBytes("k") { key in
        withBytes(event) { body in
          let time: Int64 = 1_500_000_000
          let answer = store.infer(key: key, at: time, PolicySelector())
          return store.narrow(answer, key: key, at: time, body: body, PolicySelector(), &reader) {
            "\($0.match) \(String(decoding: $0.display, as: UTF8.self))"
          }
        }
      }
    }
    #expect(try narrow(["joe", "jane"], #"{"ip":"192.0.2.1""#) == #"narrowed "jane""#)
    #expect(try narrow(["joe", "jane"], #"{"ip":"192.0.2.0""#) == "ambiguous ")
    #expect(try narrow(["jane", "again"], #"{"ip":"192.0.2.1""#) == #"agreed "jane""#)
    #expect(try narrow(["joe", "gone"], #"{"ip":"192.0.2.1""#) == "ambiguous ")
  }
}
