/// The tokens of a key, the exchanges of a trail that are of this key, and what they tell of each other.
struct KeyExchanges {
  /// An exchange.
  struct Event {
    var time: Int64
    /// The number of the token that it names, -1 of one that the store does not know; nil if it names none.
    var token: Int?
    /// True if it can account for a token.
    var counts: Bool
  }

  /// What follows if each token is exchanged once at most.
  struct Once {
    /// By token of the key, whether its exchange is known.
    var isExchanged: [Bool]
    fileprivate var trades: ExchangeTrades?
    /// By exchange, its number among those that were weighed; -1 of others.
    fileprivate var weighed: [Int]
    /// By token of the key, its number among those that were weighed; -1 of one that an exchange names.
    fileprivate var left: [Int]
  }

  /// Numbers of tokens, those that begin first before the others, and when they can be exchanged.
  let tokens: [Int]
  let stretches: [ExchangeMatching.Stretch]
  /// In the order of their times.
  let events: [Event]

  /// What follows if each token is exchanged once at most, where the store holds all tokens that exchanges
  /// at times for which `isCovered` holds can be of; nil if there are more exchanges than tokens. With
  /// `rulesOut` also which tokens an exchange cannot have.
  func once(rulesOut: Bool, _ isCovered: (Int64) -> Bool) -> Once? {
    var taken: Set<Int> = []
    for event in events where event.counts {
      guard let token = event.token else { continue }
      // One that the store should have, or that was exchanged twice, is nothing that can be.
      if token < 0 {
        guard !isCovered(event.time) else { return nil }
      } else {
        guard taken.insert(token).inserted else { return nil }
      }
    }
    var left = Array(repeating: -1, count: tokens.count)
    let rest = tokens.indices.filter { !taken.contains(tokens[$0]) }
    for (number, place) in rest.enumerated() { left[place] = number }
    var weighed = Array(repeating: -1, count: events.count)
    var times: [Int64] = []
    for (number, event) in events.enumerated()
    where event.counts && event.token == nil && isCovered(event.time) {
      weighed[number] = times.count
      times.append(event.time)
    }
    let matching = ExchangeMatching(rest.map { stretches[$0] }, times)
    guard matching.isPossible else { return nil }
    var isExchanged = tokens.map { taken.contains($0) }
    for (number, place) in rest.enumerated() where matching.isExchanged[number] {
      isExchanged[place] = true
    }
    var trades: ExchangeTrades?
    if rulesOut {
      var sweep = TokenSweep(rest.map { stretches[$0] })
      trades = ExchangeTrades(matching) { exchange in sweep.tokens(at: times[exchange]) }
    }
    return Once(isExchanged: isExchanged, trades: trades, weighed: weighed, left: left)
  }

  /// Hands the tokens that each exchange can be of to `body`: none if the store knows none, nil if they are
  /// more than `TokenSweep.mostTokens`.
  func forEachEvent(_ once: Once?, _ body: (Int, [Int]?) throws -> Void) rethrows {
    var sweep = TokenSweep(stretches)
    for (number, event) in events.enumerated() {
      if let token = event.token {
        try body(number, token < 0 ? [] : [token])
        continue
      }
      guard let valid = sweep.tokens(at: event.time) else {
        try body(number, nil)
        continue
      }
      try body(number, valid.filter { once?.allows(number, $0) ?? true }.map { tokens[$0] })
    }
  }
}

extension KeyExchanges.Once {
  /// True if an exchange can have been of a token of the key.
  fileprivate func allows(_ event: Int, _ token: Int) -> Bool {
    guard weighed[event] >= 0 else { return !isExchanged[token] }
    return left[token] >= 0 && trades?.allow(weighed[event], left[token]) ?? true
  }
}

/// The tokens that are valid at one time after the other.
struct TokenSweep {
  /// Most tokens that one exchange is held against: 100.
  static let mostTokens = 100

  private let stretches: [ExchangeMatching.Stretch]
  private var next = 0
  private var valid = TokensByEnd()

  /// Those that begin first come first.
  init(_ stretches: [ExchangeMatching.Stretch]) { self.stretches = stretches }

  /// Those that are valid at `time`, which is not before the one that was asked for last; nil if they are
  /// too many.
  mutating func tokens(at time: Int64) -> [Int]? {
    while next < stretches.count, stretches[next].begin <= time {
      valid.insert(next, end: stretches[next].end)
      next += 1
    }
    valid.removeEnded(at: time)
    return valid.count <= TokenSweep.mostTokens ? valid.all.sorted() : nil
  }
}
