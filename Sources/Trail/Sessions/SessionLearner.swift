public import Bytes
internal import JSONText

/// Holds the exchanges of a trail against the tokens of a claim store, and writes the store with a row for
/// each session and each token that it can have been opened with.
///
/// A token whose exchanges are known does not count by its time any more, but its sessions do. Every other
/// token may have been exchanged without an event, from anywhere, and stays what it was.
public struct SessionLearner: ~Copyable {
  /// What was found.
  public struct Figures: Sendable {
    /// Exchanges, each counted once.
    public var exchanges = 0
    /// Those that only one token, several, or none of the store can have been exchanged in.
    public var ofOne = 0, ofSeveral = 0, ofNone = 0
    /// Tokens of the store.
    public var tokens = 0
    /// Tokens of which every exchange is known.
    public var exchangedTokens = 0
    /// Rows that were written, and those of sessions that nobody vouches for.
    public var rows = 0, unverified = 0
    /// Keys with more exchanges than tokens, though a token is exchanged once.
    public var overdrawnKeys = 0

    /// Nothing was found yet.
    public init() {}
  }

  private let tokens: SessionTokens
  private let exchanges: Exchanges
  private let terms: SessionTerms
  /// From the first event of the trail to the last, where it can be complete; nil if it cannot.
  private let trail: ClosedRange<Int64>?
  private let longestSession: Int64?
  private let entries: [Exchanges.Entry]
  private var figures = Figures()
  /// By token, whether all of its exchanges are known.
  private var isExchanged: [Bool]
  /// By token, whether its key has exchanges.
  private var isConcerned: [Bool]

  /// Weighs `exchanges`, which `rules` have found, under what these say of them. `trail` is from the first
  /// event to the last; nil if some events could not be read, for then nothing is complete.
  public init(
    _ tokens: consuming SessionTokens, _ exchanges: Exchanges, _ rules: CredentialRules,
    trail: ClosedRange<Int64>?
  ) {
    self.trail = trail
    terms = rules.terms
    isExchanged = Array(repeating: false, count: tokens.count)
    isConcerned = isExchanged
    self.tokens = tokens
    self.exchanges = exchanges
    longestSession = rules.longestSession
    entries = exchanges.sorted()
    figures.exchanges = entries.count
    figures.tokens = isExchanged.count
  }

  // MARK: Keys

  /// Hands each key that has exchanges to `body`, in the order of their ids, with its exchanges.
  private func forEachKey(
    _ body: (KeyExchanges, ArraySlice<Exchanges.Entry>) throws -> Void
  ) rethrows {
    let all = tokens.tokens.elements
    let order = all.indices.sorted { left, right in
      (all[left].key, all[left].begin, all[left].end, left)
        < (all[right].key, all[right].begin, all[right].end, right)
    }
    var starts: [UInt32: Int] = [:]
    for (place, token) in order.enumerated() where starts[all[token].key] == nil {
      starts[all[token].key] = place
    }
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].key == entries[start].key { end += 1 }
      var slice = order[0..<0]
      if let key = tokens.keys.find(exchanges.keys[Int(entries[start].key)]),
        let first = starts[UInt32(key)]
      {
        let last = order[first...].firstIndex { all[$0].key != UInt32(key) }
        slice = order[first..<(last ?? order.count)]
      }
      let events = entries[start..<end].map { entry in
        KeyExchanges.Event(time: entry.time, token: named(entry), counts: counts(entry))
      }
      try body(
        KeyExchanges(
          tokens: Array(slice), stretches: slice.map { stretch($0) }, events: events),
        entries[start..<end])
      start = end
    }
  }

  /// When a token can be exchanged, give or take the tolerance for clocks.
  private func stretch(_ token: Int) -> ExchangeMatching.Stretch {
    let token = tokens.tokens[token]
    return ExchangeMatching.Stretch(
      begin: token.begin.saturatingBack(by: terms.skew),
      end: token.end.saturating(plus: terms.skew))
  }

  /// The token that an exchange names; nil if it names none, -1 if the store does not know it.
  private func named(_ entry: Exchanges.Entry) -> Int? {
    guard entry.token >= 0 else { return nil }
    let name = exchanges.name(ofToken: Int(entry.token))
    guard let key = tokens.keys.find(exchanges.keys[Int(name.key)]) else { return -1 }
    return tokens.find(id: name.id, ofKey: UInt32(key)).map(Int.init) ?? -1
  }

  /// True for an exchange that can account for a token: where some are the vendor's word, no other is.
  private func counts(_ entry: Exchanges.Entry) -> Bool {
    exchanges.verified == 0 || entry.isVerified
  }

  /// Finds out of which tokens all exchanges are known.
  private mutating func account() {
    // Before its first event and after its last nobody knows whether the trail would have told.
    let since = max(trail?.lowerBound ?? .max, terms.covers.since?.microseconds ?? .min)
    let until = min(trail?.upperBound ?? .min, terms.covers.until?.microseconds ?? .max)
    var exchanged = isExchanged
    var concerned = isConcerned
    var overdrawn = 0
    forEachKey { key, _ in
      for token in key.tokens { concerned[token] = true }
      if terms.isComplete {
        for (token, stretch) in zip(key.tokens, key.stretches)
        where stretch.begin >= since && stretch.end <= until { exchanged[token] = true }
      }
      guard terms.isOnce else { return }
      guard let once = key.once(rulesOut: false, terms.covers.contains) else {
        overdrawn += 1
        return
      }
      for (token, isExchanged) in zip(key.tokens, once.isExchanged) where isExchanged {
        exchanged[token] = true
      }
    }
    isExchanged = exchanged
    isConcerned = concerned
    figures.overdrawnKeys = overdrawn
    figures.exchangedTokens = isExchanged.count { $0 }
  }

  // MARK: Rows

  /// Hands every row, a JSON object without a line feed, to `body`: those of the store, in their order, and
  /// behind them those of the sessions, by key and time. Returns what was found.
  public consuming func finish(_ body: (ByteView) throws -> Void) throws -> Figures {
    account()
    var row = ByteBuffer(capacity: 1024)
    for number in 0..<tokens.rows.count {
      appendStored(number, to: &row)
      try body(row.view)
    }
    var figures = figures
    figures.rows = tokens.rows.count
    try forEachKey { key, entries in
      let once = terms.isOnce ? key.once(rulesOut: true, terms.covers.contains) : nil
      try key.forEachEvent(once) { number, candidates in
        switch candidates?.count {
        case 1: figures.ofOne += 1
        case 0: figures.ofNone += 1
        default: figures.ofSeveral += 1
        }
        let entry = entries[entries.startIndex + number]
        try appendSessions(entry, candidates ?? [], &row) { row, isVerified in
          try body(row)
          figures.rows += 1
          if !isVerified { figures.unverified += 1 }
        }
      }
    }
    return figures
  }

  /// A row of the store, and what has become of its token.
  private func appendStored(_ number: Int, to row: inout ByteBuffer) {
    let stored = tokens.rows[number]
    row.removeAll()
    row.append(tokens.bytes(stored.text))
    let token = Int(stored.token)
    guard isConcerned[token] else { return }
    row.truncate(to: row.count - 1)
    if isExchanged[token] {
      row.append(",\"exchanged\":true")
    } else if !stored.hasSessionEnd, stored.expiresAt != .max, let longestSession {
      LearnedTime.append(
        "session_expires_at", stored.expiresAt.saturating(plus: longestSession), to: &row)
    }
    row.append("}")
  }

  /// Writes a row for each token that a session can have been opened with; one without claims if there is
  /// none, or they are too many: then it is somebody's.
  private func appendSessions(
    _ entry: Exchanges.Entry, _ candidates: [Int], _ row: inout ByteBuffer,
    _ body: (ByteView, Bool) throws -> Void
  ) rethrows {
    guard !candidates.isEmpty else {
      appendStart(of: entry, to: &row)
      row.append(",\"claims\":{}")
      if entry.token >= 0 {
        let name = exchanges.name(ofToken: Int(entry.token))
        appendVia(key: exchanges.keys[Int(name.key)], id: name.id, to: &row)
      }
      appendEnd(of: entry, isVerified: entry.isVerified, to: &row)
      return try body(row.view, entry.isVerified)
    }
    for candidate in candidates {
      let token = tokens.tokens[candidate]
      var next = token.first
      while next >= 0 {
        let stored = tokens.rows[Int(next)]
        next = stored.next
        let isVerified = entry.isVerified && !stored.isUnverified
        appendStart(of: entry, to: &row)
        row.append(",\"claims\":")
        row.append(tokens.claims[Int(stored.claims)])
        if !token.id.isEmpty {
          appendVia(key: tokens.keys[Int(token.key)], id: tokens.bytes(token.id), to: &row)
        }
        appendEnd(of: entry, isVerified: isVerified, to: &row)
        try body(row.view, isVerified)
      }
    }
  }

  private func appendStart(of entry: Exchanges.Entry, to row: inout ByteBuffer) {
    row.removeAll()
    row.append("{\"key_id\":")
    JSONString.append(quoting: exchanges.keys[Int(entry.key)], to: &row)
    LearnedTime.append("iat", entry.time, to: &row)
    if entry.end == .max {
      row.append(",\"session_expires_at\":\"9999-12-31T23:59:59Z\"")
    } else {
      LearnedTime.append("session_expires_at", entry.end, to: &row)
    }
  }

  private func appendVia(key: ByteView, id: ByteView, to row: inout ByteBuffer) {
    row.append(",\"via\":{\"key_id\":")
    JSONString.append(quoting: key, to: &row)
    row.append(",\"token_id\":")
    JSONString.append(quoting: id, to: &row)
    row.append("}")
  }

  private func appendEnd(
    of entry: Exchanges.Entry, isVerified: Bool, to row: inout ByteBuffer
  ) {
    row.append(exchanges.places(of: entry))
    if !isVerified { row.append(",\"unverified\":true") }
    exchanges.source(of: entry).append("learned_from", to: &row)
    row.append("}")
  }
}
