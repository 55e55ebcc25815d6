import Bytes
import Engine
import TestSupport
import Testing
import Trail

@Suite struct ClaimChainTests {
  /// What comes of an event that names the token `t0` of the key `k0`: the answer, and its chain.
  private static func follow(
    _ rows: [String], policies: [DisplayPolicy]? = nil, trusted: [TrustedIssuers]? = nil,
    token: String = "t0", key: String = "k0", at seconds: Int64 = 100, requiresTime: Bool = false
  ) throws -> (answer: String, chain: String) {
    let store = try ClaimStoreTests.load(
      rows, policies: policies, trusted: trusted, requiresTime: requiresTime)
    var chain = ClaimChain()
    let answer = withBytes(token) { token in
      withBytes(key) { key in
        store.find(token: token, key: key, at: seconds * 1_000_000, PolicySelector())
      }
    }
    let root = chain.follow(answer, in: store, PolicySelector())
    return (ClaimStoreTests.describe(store, root), String(decoding: chain.text, as: UTF8.self))
  }

  /// A row of the token `t` and number of the key `k` and number, asked for with `via`.
  private static func row(_ number: Int, via: String? = nil, more: String = "") -> String {
    let via = via.map { ",\"via\":\($0)" } ?? ""
    return
      #"{"key_id":"k\#(number)","token_id":"t\#(number)","iat":"1970-01-01T00:00:5\#(9 - number)Z""#
      + #","exp":"1970-01-01T00:10:00Z","claims":{"iss":"i","email":"e\#(number)"\#(more)}\#(via)}"#
  }

  private static func via(_ number: Int) -> String {
    #"{"key_id":"k\#(number)","token_id":"t\#(number)"}"#
  }

  private static func link(_ number: Int) -> String {
    #"{"key_id":"k\#(number)","token_id":"t\#(number)","issued_at":5\#(9 - number),"expires_at":600,"match":"token","display_actor":"e\#(number)"}"#
  }

  private static let token = #"{"id":"t0","issued_at":59,"expires_at":600}"#

  @Test func withoutAnAskerThereIsNoChain() throws {
    let (answer, chain) = try Self.follow([Self.row(0)])
    #expect(answer == #"token "e0" \#(Self.token)"#)
    #expect(chain.isEmpty)
  }

  @Test func theRootStandsForAllAndTheTokenStaysTheEvents() throws {
    let (answer, chain) = try Self.follow([
      Self.row(2), Self.row(0, via: Self.via(1)), Self.row(1, via: Self.via(2)),
    ])
    #expect(answer == #"token "e2" \#(Self.token)"#)
    #expect(chain == "[\(Self.link(0)),\(Self.link(1)),\(Self.link(2))]")
  }

  @Test func whatIsNotKnownEndsItThereAndSaysSo() throws {
    let (answer, chain) = try Self.follow([
      Self.row(0, via: Self.via(1)), Self.row(1, via: Self.via(7)),
    ])
    #expect(answer == #"token "e1" \#(Self.token) chain_incomplete"#)
    #expect(
      chain
        == #"[\#(Self.link(0)),\#(Self.link(1)),{"key_id":"k7","token_id":"t7","match":"none"}]"#)
  }

  @Test func aTokenOfAnotherKeyIsNotFollowed() throws {
    let (answer, _) = try Self.follow([
      Self.row(0, via: #"{"key_id":"k9","token_id":"t1"}"#), Self.row(1),
    ])
    #expect(answer == #"token "e0" \#(Self.token) chain_incomplete"#)
  }

  @Test(arguments: [
    (#"{"key_id":"AKIA","actor":"arn:x"}"#, #"{"key_id":"AKIA","actor":"arn:x"}"#),
    (#"{"actor":"lambda\u202e"}"#, "{\"actor\":\"lambda\u{FFFD}\"}"),
    (#""jane""#, #"{"actor":"jane"}"#),
  ])
  func aKeyOrAnActorIsARoot(_ via: String, _ link: String) throws {
    let (answer, chain) = try Self.follow([Self.row(0, via: via)])
    #expect(answer == #"token "e0" \#(Self.token)"#)
    #expect(chain == "[\(Self.link(0)),\(link)]")
  }

  @Test func aCircleIsRefused() throws {
    let (answer, chain) = try Self.follow([
      Self.row(0, via: Self.via(1)), Self.row(1, via: Self.via(2)), Self.row(2, via: Self.via(1)),
    ])
    // The asking tokens are younger than what they asked for, too.
    #expect(answer.hasPrefix("none "))
    #expect(answer.hasSuffix("chain_circle"))
    #expect(!answer.contains("\"e0") && !answer.contains("\"e1") && !answer.contains("\"e2"))
    #expect(chain == "[\(Self.link(0)),\(Self.link(1)),\(Self.link(2))]")
    #expect(try Self.follow([Self.row(0, via: Self.via(0))]).answer.hasSuffix("chain_circle"))
  }

  @Test func moreThanEightLinksAreRefused() throws {
    let rows = (0...8).map { Self.row($0, via: $0 == 8 ? nil : Self.via($0 + 1)) }
    let (answer, chain) = try Self.follow(rows)
    #expect(answer.hasPrefix("none "))
    #expect(answer.hasSuffix("chain_too_long"))
    #expect(chain.components(of: "key_id") == ClaimChain.mostLinks)
    let eight = rows.dropLast(2) + [Self.row(7)]
    #expect(try Self.follow(Array(eight)).answer.contains("\"e7\""))
  }

  @Test func anAskerWhoseTimeWasOverIsFlagged() throws {
    let old = #"{"key_id":"k1","token_id":"t1","iat":100,"exp":200,"claims":{"email":"e1"}}"#
    let young =
      #"{"key_id":"k0","token_id":"t0","iat":7200,"exp":9000,"claims":{},"via":\#(Self.via(1))}"#
    #expect(
      try Self.follow([young, old], at: 7300).answer
        == #"token "e1" {"id":"t0","issued_at":7200,"expires_at":9000} token_time_outside"#)
  }

  @Test func eachLinkHasToBeTrusted() throws {
    let rows = [Self.row(0, via: Self.via(1)), Self.row(1)]
    #expect(try Self.follow(rows, trusted: ["i"]).answer == #"token "e1" \#(Self.token)"#)
    let unverified = [
      rows[0].replacing("\"claims\"", with: "\"unverified\":true,\"claims\""), rows[1],
    ]
    #expect(
      try Self.follow(unverified, trusted: ["i"]).answer == "token \(Self.token) untrusted_issuer")
    #expect(try Self.follow(unverified).answer == #"token "e1" \#(Self.token)"#)
    let silent = #"{"key_id":"k0","token_id":"t0","via":\#(Self.via(1))}"#
    #expect(
      try Self.follow([silent, rows[1]], trusted: ["i"]).answer
        == #"token {"id":"t0"} untrusted_issuer"#)
    let policy = [DisplayPolicy(trustedIssuers: ["i"], show: ["email"])]
    #expect(try Self.follow(rows, policies: policy).answer == #"token "e1" \#(Self.token)"#)
    #expect(
      try Self.follow(unverified, policies: policy).answer
        == "token \(Self.token) untrusted_issuer")
  }

  @Test func rowsThatDifferInWhoAskedAreNotFollowed() throws {
    let rows = [
      Self.row(0, via: Self.via(1)), Self.row(0, via: Self.via(2)), Self.row(1), Self.row(2),
    ]
    for rows in [rows, rows.reversed()] {
      let (answer, chain) = try Self.follow(rows)
      #expect(answer == #"token "e0" \#(Self.token) chain_incomplete"#)
      #expect(chain.isEmpty)
      let above = [Self.row(3, via: Self.via(0))] + rows
      let last = #"{"key_id":"k0","token_id":"t0","match":"ambiguous"}]"#
      #expect(try Self.follow(above, token: "t3", key: "k3").chain.hasSuffix(last))
    }
    let twice = [Self.row(0, via: Self.via(1)), Self.row(0, via: Self.via(1)), Self.row(1)]
    #expect(try Self.follow(twice).answer == #"token "e1" \#(Self.token)"#)
  }

  @Test func whoActsStandsBeforeWhomItIsAbout() throws {
    let acts = #","act":{"sub":"svc-b","act":{"sub":"svc-a"}}"#
    let (answer, chain) = try Self.follow([Self.row(0, more: acts)])
    #expect(answer == #"token "e0" \#(Self.token)"#)
    #expect(chain == #"[{"actor":"svc-b"},{"actor":"svc-a"},\#(Self.link(0))]"#)
    var deep = #"{"sub":"s"}"#
    for _ in 0..<8 { deep = #"{"sub":"s","act":\#(deep)}"# }
    #expect(
      try Self.follow([Self.row(0, more: ",\"act\":\(deep)")]).answer.hasSuffix("chain_too_long"))
  }

  /// Member names may be written with escapes, and a party without a name hides nobody behind it.
  @Test func whoActsIsFoundHoweverItIsWritten() throws {
    let acts = #","a\u0063t":{"iss":"b","\u0061ct":{"sub":" \t","act":{"sub":"svc-a"}}}"#
    #expect(
      try Self.follow([Self.row(0, more: acts)]).chain == #"[{"actor":"svc-a"},\#(Self.link(0))]"#)
    var deep = #"{"sub":"svc-a"}"#
    for _ in 0..<9 { deep = #"{"iss":"b","act":\#(deep)}"# }
    #expect(
      try Self.follow([Self.row(0, more: ",\"act\":\(deep)")]).answer.hasSuffix("chain_too_long"))
  }

  @Test(arguments: ["null", #""""#])
  func whatIsNotThereSaysNothing(_ via: String) throws {
    let (answer, chain) = try Self.follow([Self.row(0, via: via)])
    #expect(answer == #"token "e0" \#(Self.token)"#)
    #expect(chain.isEmpty)
    let twice = try Self.follow([Self.row(0, via: via), Self.row(0)])
    #expect(twice.answer == answer && twice.chain.isEmpty)
  }

  /// In a cell of a table of plain text an object is JSON in a string.
  @Test func whoAskedMayStandInAString() throws {
    let written = Self.via(1).replacing("\"", with: "\\\"")
    let (answer, chain) = try Self.follow([Self.row(0, via: "\" \(written)\""), Self.row(1)])
    #expect(answer == #"token "e1" \#(Self.token)"#)
    #expect(chain == "[\(Self.link(0)),\(Self.link(1))]")
  }

  /// A token that was issued nobody knows when may have been asked for with one whose time was over.
  @Test func whereATimeIsRequiredEachLinkNeedsOne() throws {
    let old = #"{"key_id":"k1","token_id":"t1","iat":100,"exp":200,"claims":{"email":"e1"}}"#
    let young = #"{"key_id":"k0","token_id":"t0","exp":9000,"claims":{},"via":\#(Self.via(1))}"#
    let told = #"token "e1" {"id":"t0","expires_at":9000}"#
    #expect(try Self.follow([young, old], at: 7300).answer == told)
    #expect(
      try Self.follow([young, old], at: 7300, requiresTime: true).answer
        == told + " token_time_outside")
    let endless = #"{"key_id":"k1","token_id":"t1","claims":{"email":"e1"}}"#
    #expect(try Self.follow([young, endless], at: 7300, requiresTime: true).answer == told)
  }

  /// Flags about a name that is not shown would speak of the one that is.
  @Test(arguments: ["github::root", #"a\u202eb"#, #"github::root\u202e"#])
  func nothingIsSaidOfWhatIsNotShown(_ name: String) throws {
    func row(_ number: Int, via: Int?, unverified: Bool = false) -> String {
      #"{"key_id":"k\#(number)","token_id":"t\#(number)","claims":{"iss":"i","email":"\#(name)"}"#
        + (unverified ? #","unverified":true"# : "")
        + (via.map { #","via":\#(Self.via($0))"# } ?? "") + "}"
    }
    let circle = try Self.follow([row(0, via: 1), row(1, via: 0)])
    #expect(circle.answer == #"none {"id":"t0"} chain_circle"#)
    let long = try Self.follow((0...8).map { row($0, via: $0 + 1) })
    #expect(long.answer == #"none {"id":"t0"} chain_too_long"#)
    let untrusted = try Self.follow(
      [row(0, via: 1, unverified: true), row(1, via: nil)], trusted: ["i"])
    #expect(untrusted.answer == #"token {"id":"t0"} untrusted_issuer"#)
  }

  /// A policy by the name of a key is about that key: what the event's is called says nothing of another.
  @Test func theNameOfTheEventsKeyIsNoOthers() throws {
    let named = [
      DisplayPolicy(keys: ["ci-*"], show: ["email"]), DisplayPolicy(show: ["iss"]),
    ]
    let rows = [Self.row(0, via: Self.via(1)), Self.row(1)]
    let (answer, chain) = try Self.follow(rows, policies: named)
    #expect(answer == #"token "i" \#(Self.token)"#)
    #expect(chain == "[\(Self.link(0)),\(Self.link(1).replacing("\"e1\"", with: "\"i\""))]")
    let byID = [DisplayPolicy(keys: ["k1"], show: ["email"]), DisplayPolicy(show: ["iss"])]
    #expect(try Self.follow(rows, policies: byID).answer == #"token "e1" \#(Self.token)"#)
  }

  @Test func aTokenAndItsDigestAreOne() throws {
    let (whole, digest) = (CredentialReaderTests.token, CredentialReaderTests.digest)
    let row = #"{"key_id":"k0","token_id":"\#(digest)","claims":{"email":"e0"}}"#
    #expect(try Self.follow([row], token: whole).answer == #"token "e0" {"id":"\#(digest)"}"#)
    let cut = CredentialReaderTests.cut
    #expect(try Self.follow([row], token: cut).answer == #"token "e0" {"id":"\#(digest)"}"#)
  }

  @Test(arguments: [
    (#"{"key_id":"k","via":{"token_id":"t"}}"#, "\"via\" names a token and not its \"key_id\""),
    (#"{"key_id":"k","via":[1]}"#, "\"via\" must be an object"),
    (#"{"key_id":"k","via":true}"#, "\"via\" must be an object"),
    (#"{"key_id":"k","via":"{\"key_id\": R}"}"#, "\"via\" must be an object"),
    (#"{"key_id":"k","via":"[]"}"#, "\"via\" must be an object"),
    (#"{"key_id":"k","via":{}}"#, "\"via\" says nobody"),
    (#"{"key_id":"k","via":"\t"}"#, "\"via\" says nobody"),
    (#"{"key_id":"k","via":{"actor":" \u2003"}}"#, "\"via\" says nobody"),
    (#"{"key_id":"k","via":{"key_id":"","actor":null}}"#, "\"via\" says nobody"),
    (#"{"key_id":"k","via":{"key_id":"r","tokenid":"t"}}"#, #"this one has "key_id", "tokenid""#),
    (#"{"key_id":"k","via":{"key_id":"r","token_id":["t"]}}"#, "\"token_id\" of \"via\" must be"),
    (#"{"key_id":"k","via":{"key_id":true}}"#, "\"key_id\" of \"via\" must be"),
    (#"{"key_id":"k","via":"{\"actor\":\"a\",\"actor\":\"b\"}"}"#, "twice"),
  ])
  func tellsWhatIsWrong(_ row: String, _ message: String) throws {
    #expect {
      _ = try ClaimStoreTests.load([row])
    } throws: { "\($0)".contains(message) }
  }
}

extension String {
  fileprivate func components(of text: String) -> Int { split(separator: text).count - 1 }
}
