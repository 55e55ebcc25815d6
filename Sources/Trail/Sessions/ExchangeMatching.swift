/// Which tokens of a key were certainly exchanged in one of its exchanges, if each token is exchanged once at
/// most: those that have an exchange however exchanges are given to tokens, each a token of its own.
///
/// Exchanges are given tokens in the order of their times, each the valid one that ends first: no way to do
/// it serves more. A token that is left over could take the exchange of another one, which then is left over,
/// and so on. What cannot be reached so is exchanged in every such way.
struct ExchangeMatching {
  /// When a token can be exchanged, half open.
  struct Stretch {
    var begin: Int64
    var end: Int64
  }

  /// By token, whether it was exchanged for certain.
  private(set) var isExchanged: [Bool]
  /// By exchange, the token that it is given.
  private(set) var tokenOfExchange: [Int]
  /// False if there are more exchanges than tokens that can have been exchanged: then nothing is certain.
  private(set) var isPossible = true

  /// Weighs exchanges at `times`, which ascend, and tokens, of which those that begin first come first.
  init(_ tokens: [Stretch], _ times: [Int64]) {
    isExchanged = Array(repeating: false, count: tokens.count)
    tokenOfExchange = Array(repeating: -1, count: times.count)
    var valid = TokensByEnd()
    var next = 0
    for (exchange, time) in times.enumerated() {
      while next < tokens.count, tokens[next].begin <= time {
        valid.insert(next, end: tokens[next].end)
        next += 1
      }
      valid.removeEnded(at: time)
      guard let token = valid.removeFirst() else {
        isPossible = false
        isExchanged = Array(repeating: false, count: tokens.count)
        return
      }
      tokenOfExchange[exchange] = token
      isExchanged[token] = true
    }
    free(tokens, times)
  }

  /// Takes away those that one which is left over could stand in for.
  private mutating func free(_ tokens: [Stretch], _ times: [Int64]) {
    // The next exchange, from each on, that was not come to yet.
    var onward = Array(0...times.count)
    func next(_ exchange: Int) -> Int {
      var root = exchange
      while onward[root] != root { root = onward[root] }
      var at = exchange
      while onward[at] != root { (at, onward[at]) = (onward[at], root) }
      return root
    }
    var open = isExchanged.indices.filter { !isExchanged[$0] }
    while let token = open.popLast() {
      var exchange = next(ExchangeMatching.first(of: times, from: tokens[token].begin))
      while exchange < times.count, times[exchange] < tokens[token].end {
        onward[exchange] = exchange + 1
        let other = tokenOfExchange[exchange]
        if isExchanged[other] {
          isExchanged[other] = false
          open.append(other)
        }
        exchange = next(exchange)
      }
    }
  }

  /// The first of `times`, which ascend, that is not before `time`.
  static func first(of times: [Int64], from time: Int64) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
