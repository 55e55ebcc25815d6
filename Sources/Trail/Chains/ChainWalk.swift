internal import Bytes

/// Goes from a credential to who is behind it, link by link.
struct ChainWalk: ~Copyable {
  /// What a step comes to.
  enum Part {
    /// A credential that the store knows, and what it says of who asked for it.
    case credential(ClaimAnswer, TokenLink?)
    /// Who asked, of whom no more is known: a key, a name, or a token that the store does not know (`none`)
    /// or of which it says different things.
    case asker(TokenLink, ClaimMatch?)
  }

  private var rows = FlatArray<Int32>(capacity: ClaimChain.mostLinks)
  private var first = ClaimAnswer(.none)
  private var pending: Part?
  private var selector = PolicySelector()
  private var links = 0
  private var flags: UInt32 = 0
  /// The credential that is the nearest to the root.
  private(set) var root = ClaimAnswer(.none)
  /// Why it ends before the root; nothing if it does not.
  private(set) var end = AttributionFlags()
  /// The key or the name at the root, where no credential is.
  private(set) var asker: TokenLink?

  /// Begins with an answer that has a holder, for an event that `selector` describes: what its key is called
  /// counts for no other key.
  mutating func begin(_ answer: ClaimAnswer, _ selector: PolicySelector) {
    rows.removeAll()
    first = answer
    root = answer
    flags = answer.flags
    links = 0
    end = []
    asker = nil
    pending = .credential(answer, nil)
    self.selector = selector
  }

  /// What the policies are asked for the tokens of a key.
  func selector(ofKey key: ByteView, in store: ClaimStore) -> PolicySelector {
    store.key(ofRow: Int(first.holder)).elementsEqual(key) ? selector : selector.withoutName
  }

  /// The next part; nil behind the last one.
  mutating func next(in store: ClaimStore) -> Part? {
    guard let part = pending else { return nil }
    pending = nil
    switch part {
    case .credential(let credential, _):
      let link = store.links.link(ofRow: Int(credential.holder))
      rows.append(credential.holder)
      links += 1 + (link?.actCount ?? 0)
      if let link, link.hasAsker { follow(link, from: credential.holder, in: store) }
      finish()
      return .credential(credential, link)
    case .asker:
      links += 1
      finish()
      return part
    }
  }

  private mutating func finish() {
    if pending == nil, links > ClaimChain.mostLinks, end != .chainCircle { end = .chainTooLong }
  }

  private mutating func follow(_ link: TokenLink, from row: Int32, in store: ClaimStore) {
    guard !link.token.isEmpty else {
      asker = link
      pending = .asker(link, nil)
      return
    }
    let next = store.find(
      token: link.token, key: link.key, at: store.time(ofRow: Int(row)),
      selector(ofKey: link.key, in: store))
    guard next.match == .token, next.holder >= 0 else {
      // Rows that differ in who asked say different things, though they show the same.
      pending = .asker(link, next.isSplit ? .ambiguous : next.match)
      end = .chainIncomplete
      return
    }
    guard !rows.elements.contains(next.holder) else {
      end = .chainCircle
      return
    }
    guard links < ClaimChain.mostLinks else {
      end = .chainTooLong
      return
    }
    let lasting: AttributionFlags = [.skew, .tokenTimeOutside, .untrustedIssuer]
    flags = flags & lasting.rawValue | next.flags
    root = next
    pending = .credential(next, nil)
  }

  /// What the answer becomes that it began with, once it is at its end.
  var answer: ClaimAnswer { root.asRoot(of: first, flags: flags | end.rawValue) }
}

extension ClaimAnswer {
  /// The answer of the root of a chain that begins with `first`.
  func asRoot(of first: ClaimAnswer, flags: UInt32) -> ClaimAnswer {
    var root = self
    root.row = first.row
    root.flags = flags
    if match.rawValue < first.match.rawValue { root.match = first.match }
    let found = AttributionFlags(rawValue: flags)
    if !found.isDisjoint(with: [.chainCircle, .chainTooLong]) {
      root.match = .none
      root.claims = ByteView(start: nil, count: 0)
      root.hide()
    } else if found.contains(.untrustedIssuer) {
      root.hide()
    }
    return root
  }

  private mutating func hide() {
    candidate = -1
    display = ByteView(start: nil, count: 0)
    flags &= ~AttributionFlags.ofShown.rawValue
  }
}
