import Bytes
import Crypto
import Engine
import TestSupport
import Testing
import Trail

/// Ids and claims that are tokens themselves, and such as no UTF-8 can say: different ones are never equal.
@Suite struct TokenNameTests {
  /// The header of a JWE with a key that both sides know, and of a JWS.
  private static let encrypted = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0"
  private static let signed = "eyJhbGciOiJSUzI1NiJ9"
  private static let (first, second) = ("YWFhYWFhYWFhYWFh", "YmJiYmJiYmJiYmJi")

  /// Two different tokens, and what is left where one of them was cut.
  private static let pairs = [
    ("\(encrypted)..\(first).\(first).\(first)", "\(encrypted)..\(second).\(second).\(second)"),
    ("\(signed)..\(first)", "\(signed)..\(second)"),
    // With a key of their own, which only whole ones need not have in common.
    ("\(encrypted).a2V5.\(first).\(first).x", "\(encrypted).a2V5.\(second).\(first).x"),
    ("Bearer \(signed)..\(first)", "Bearer \(signed)..\(second)"),
    ("\(encrypted)%2E%2E\(first)%2Exx%2Exx", "\(encrypted)%2E%2E\(second)%2Exx%2Exx"),
  ]
  private static let cut = [
    "\(encrypted)..", "\(signed)..", "Bearer \(signed)..", "\(signed)%2E%2E",
  ]

  private static func store(_ rows: String...) throws -> ClaimStore {
    try ClaimStoreTests.load(rows, retain: [RetainedClaim("sub"), RetainedClaim("email")])
  }

  private static func row(_ token: String, _ name: String = "jane") -> String {
    #"{"key_id":"k","token_id":"\#(token)","claims":{"email":"\#(name)"}}"#
  }

  @Test(arguments: pairs) func anIDGoesByAllOfIt(_ one: String, _ other: String) throws {
    let store = try Self.store(Self.row(one))
    let found = ClaimStoreTests.find(store, one, "k")
    #expect(found.hasPrefix(#"token "jane""#) && found.contains("sha256:"))
    #expect(!found.contains(Self.first))
    #expect(ClaimStoreTests.find(store, other, "k") == "none token_unknown")
    for cut in Self.cut {
      #expect(ClaimStoreTests.find(store, cut, "k") == "none token_unknown")
    }
    // By their claims they are two, not one of which several things are said.
    let both = try Self.store(Self.row(one), Self.row(other, "joe"))
    #expect(ClaimStoreTests.find(both, other, "k").hasPrefix(#"token "joe""#))
  }

  /// A row has no id then, and is one of the possibilities all the same.
  @Test(arguments: cut + [#"t\ud800"#, "t\u{FFFD}"])
  func whatIsLeftOfAnIDMayIdentifyNothing(_ cut: String) throws {
    let store = try Self.store(Self.row(cut))
    for asked in [cut, Self.pairs[0].0, Self.pairs[1].0, "t\u{FFFD}"] {
      #expect(ClaimStoreTests.find(store, asked, "k") == "none token_unknown")
    }
    #expect(ClaimStoreTests.infer(store, at: 100).hasPrefix(#"sole "jane""#))
    let claimed = try Self.store(#"{"key_id":"k","claims":{"email":"jane","jti":"\#(cut)"}}"#)
    #expect(ClaimStoreTests.find(claimed, cut, "k") == "none token_unknown")
  }

  @Test(arguments: pairs) func anIDAmongTheClaimsIsOneToo(_ one: String, _ other: String) throws {
    let store = try Self.store(#"{"key_id":"k","claims":{"email":"jane","jti":"\#(one)"}}"#)
    #expect(ClaimStoreTests.find(store, one, "k").hasPrefix(#"token "jane""#))
    #expect(ClaimStoreTests.find(store, other, "k") == "none token_unknown")
  }

  @Test(arguments: pairs) func whoAskedIsFoundByAllOfTheID(_ one: String, _ other: String) throws {
    func match(_ via: String) throws -> String {
      let store = try Self.store(
        Self.row(one, "jane"),
        #"{"key_id":"k","token_id":"t","claims":{"email":"ci"},"via":{"key_id":"k","token_id":"\#(via)"}}"#
      )
      var chain = ClaimChain()
      return withBytes("t") { token in
        withBytes("k") { key in
          let answer = store.find(token: token, key: key, at: 0, PolicySelector())
          let followed = chain.follow(answer, in: store, PolicySelector())
          return ClaimStoreTests.describe(store, followed)
        }
      }
    }
    #expect(try match(one).hasPrefix(#"token "jane""#))
    for via in [other] + Self.cut {
      #expect(try match(via).hasPrefix(#"token "ci""#))
      #expect(try match(via).hasSuffix("chain_incomplete"))
    }
  }

  /// A key whose id could be that of several is nobody's.
  @Test(arguments: [#"k\ud800"#, "k\u{FFFD}", "\(signed)..", "\(encrypted).."])
  func anIDOfAKeyMayIdentifyNothing(_ key: String) throws {
    let store = try Self.store(
      #"{"key_id":"\#(key)","token_id":"t","claims":{"email":"jane"}}"#)
    for asked in ["k\u{FFFD}", key] {
      #expect(ClaimStoreTests.infer(store, asked, at: 100) == "none")
      #expect(ClaimStoreTests.find(store, "t", asked) == "none token_of_other_key")
    }
  }

  /// Two callers who differ in nothing but what is cut, or what no UTF-8 can say.
  @Test(
    arguments: pairs.dropLast() + [
      (#"ja\ud800ne"#, #"ja\ud801ne"#), (#"ja\ud800ne"#, "ja\u{FFFD}ne"),
    ]) func valuesThatDifferAreNeverEqual(_ one: String, _ other: String) throws
  {
    func rows(_ claim: String, _ more: String = "") -> [String] {
      [one, other].map {
        #"{"key_id":"k","token_id":"\#($0.count)\#($0.last ?? "x")\#($0.hashValue)","#
          + #""claims":{\#(more)"\#(claim)":"\#($0)"}}"#
      }
    }
    let shown = ClaimStoreTests.infer(try ClaimStoreTests.load(rows("email")), at: 100)
    #expect(shown.hasPrefix("ambiguous") || shown == "agreed", "\(shown)")
    // What is kept of what they have in common, as it is and as a pseudonym.
    let key = try withBytes("secret") { try HMACKey(secret: $0, hash: .sha256) }
    for retained in [RetainedClaim("sub"), RetainedClaim("sub", pseudonym: key)] {
      let store = try ClaimStoreTests.load(rows("sub", #""email":"ci","#), retain: [retained])
      #expect(ClaimStoreTests.infer(store, at: 100) == #"agreed "ci""#)
    }
    let pseudonyms = [DisplayCandidate("email", pseudonym: key)]
    let hidden = ClaimStoreTests.infer(
      try ClaimStoreTests.load(rows("email"), show: pseudonyms), at: 100)
    #expect(hidden.hasPrefix("ambiguous") || hidden == "agreed", "\(hidden)")
  }

  /// Of two that differ only in the signature header and claims say who it is.
  @Test func aSignatureTellsNobodyApart() throws {
    let rows = ["c2lnbmF0dXJl", "YW5vdGhlcg"].map {
      #"{"key_id":"k","token_id":"\#($0)","claims":{"email":"\#(Self.signed).e30.\#($0)"}}"#
    }
    #expect(
      ClaimStoreTests.infer(try ClaimStoreTests.load(rows), at: 100)
        == #"agreed "\#(Self.signed).e30.""#)
  }
}
