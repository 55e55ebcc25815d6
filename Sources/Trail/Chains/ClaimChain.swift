public import Bytes
internal import Engine
internal import JSONText

/// Follows a credential to who is behind it: who asked for it, with which credential, and who asked for that.
///
/// Each step is by the id of a token, of that key; what the store does not know ends the chain there, and
/// what it knows until then counts. One for each worker.
public struct ClaimChain: ~Copyable {
  /// Most links of a chain: 8.
  public static let mostLinks = 8

  private var walk = ChainWalk()
  private var written = ByteBuffer(capacity: 1024)
  private var acts = ActClaim()

  /// A follower that has followed nothing yet.
  public init() {}

  /// The links of what was followed last, a JSON array, from the event's credential to the root; no bytes if
  /// there is but one.
  public var text: ByteView { written.view }

  /// Forgets what was followed last.
  public mutating func clear() { written.removeAll() }

  /// What an answer becomes, of which `store` may know who asked for its token: the claims are those of the
  /// root, `match` is that of the weakest link, and the token stays the event's. A chain that leads in a
  /// circle or is too long leaves no claims; nor do claims stand for anybody if one of the links is not to
  /// be trusted. `selector` is that of the event: what its key is called counts for no other key.
  public mutating func follow(
    _ answer: ClaimAnswer, in store: ClaimStore, _ selector: PolicySelector
  ) -> ClaimAnswer {
    begin()
    guard answer.holder >= 0 else {
      close()
      guard answer.isSplit else { return answer }
      var answer = answer
      answer.flags |= AttributionFlags.chainIncomplete.rawValue
      return answer
    }
    guard store.links.number(ofRow: Int(answer.holder)) != nil else {
      close()
      return answer
    }
    walk.begin(answer, selector)
    while let part = walk.next(in: store) {
      switch part {
      case .credential(let credential, let link):
        if let link { written.append(link.acts) }
        append(credential, in: store)
      case .asker(let link, let match): append(link, match: match)
      }
    }
    close()
    return walk.answer
  }

  /// False if claims say nothing of who acts with them, at a glance.
  public static func mayFollow(embedded claims: ByteView) -> Bool { ActClaim.mayHave(claims) }

  /// Writes the chain of claims that stand in an event, if they say who acts with them; `display` is what
  /// they show, a JSON string or nothing. False if there are more links than there may be.
  public mutating func follow(embedded claims: ByteView, _ display: ByteView) -> Bool {
    begin()
    let count = acts.append(of: claims, to: &written)
    guard count > 0 else {
      close()
      return true
    }
    written.append("{\"match\":\"embedded\"")
    appendDisplay(display)
    written.append("},")
    close()
    return count < ClaimChain.mostLinks
  }

  /// Adds whom the event itself says it was done for to a chain that an event has so far (no bytes if
  /// none), of which `key` (no bytes if there is none) is the first link.
  public mutating func append(onBehalfOf name: ByteView, to chain: ByteView, key: ByteView) {
    begin()
    if chain.isEmpty {
      if !key.isEmpty {
        written.append("{\"key_id\":")
        JSONString.append(quoting: key, to: &written)
        written.append("},")
      }
    } else {
      written.removeAll()
      written.append(ByteView(rebasing: chain[0..<chain.count - 1]))
      written.append(UInt8(ascii: ","))
    }
    written.append("{\"on_behalf_of\":")
    _ = DisplayText.append(name, to: &written)
    written.append("},")
    close()
  }

  // MARK: Writing

  private mutating func begin() {
    written.removeAll()
    written.append("[")
  }

  private mutating func close() {
    guard written.count > 1 else { return written.removeAll() }
    written.truncate(to: written.count - 1)
    written.append("]")
  }

  private mutating func append(_ answer: ClaimAnswer, in store: ClaimStore) {
    written.append("{")
    store.appendIdentity(ofRow: Int(answer.holder), to: &written)
    written.append(",\"match\":\"")
    written.append(utf8: answer.match.name)
    written.append("\"")
    appendDisplay(answer.display)
    written.append("},")
  }

  private mutating func appendDisplay(_ display: ByteView) {
    guard !display.isEmpty else { return }
    written.append(",\"display_actor\":")
    written.append(display)
  }

  /// Who asked, of whom no more is known.
  private mutating func append(_ link: TokenLink, match: ClaimMatch?) {
    var isFirst = true
    for (name, text) in [("key_id", link.key), ("token_id", link.token), ("actor", link.actor)]
    where !text.isEmpty {
      written.append(isFirst ? "{" : ",")
      isFirst = false
      JSONString.append(quoting: name, to: &written)
      written.append(UInt8(ascii: ":"))
      if name == "actor" {
        _ = DisplayText.append(text, to: &written)
      } else {
        JSONString.append(quoting: text, to: &written)
      }
    }
    if let match {
      written.append(",\"match\":\"")
      written.append(utf8: match.name)
      written.append("\"")
    }
    written.append("},")
  }
}
