/// Which tokens each exchange can have, if each token is exchanged once at most: those that some way has it
/// given of giving every exchange a token of its own.
///
/// Beside its own these are tokens that can be left over, and those of exchanges with which it can trade, in
/// a circle: the others of its component in the graph in which one exchange leads to the next if it could
/// have that one's token.
struct ExchangeTrades {
  /// Most edges of that graph: 20 million. With more, nothing is ruled out.
  private static let mostEdges = 20_000_000

  private let matching: ExchangeMatching
  /// By exchange, the number of its component; nil if nothing is ruled out.
  private let components: [Int]?
  /// By token, the exchange that it is given to; -1 for none.
  private let exchangeOfToken: [Int]

  /// `tokens` gives the tokens that are valid at the time of each exchange, one after the other; nil if they
  /// are too many.
  init(_ matching: ExchangeMatching, _ tokens: (Int) -> [Int]?) {
    self.matching = matching
    var exchangeOfToken = Array(repeating: -1, count: matching.isExchanged.count)
    for (exchange, token) in matching.tokenOfExchange.enumerated() {
      exchangeOfToken[token] = exchange
    }
    self.exchangeOfToken = exchangeOfToken
    var edges: [Int] = []
    var ends: [Int] = []
    for exchange in matching.tokenOfExchange.indices {
      guard let valid = tokens(exchange), edges.count <= ExchangeTrades.mostEdges else {
        components = nil
        return
      }
      for token in valid where matching.isExchanged[token] { edges.append(exchangeOfToken[token]) }
      ends.append(edges.count)
    }
    components = ExchangeTrades.components(edges, ends)
  }

  /// True if an exchange can have had a token that is valid at its time.
  func allow(_ exchange: Int, _ token: Int) -> Bool {
    guard let components, matching.isExchanged[token] else { return true }
    return components[exchange] == components[exchangeOfToken[token]]
  }

  /// The strongly connected components of a graph, a number for each node; the edges of a node end in `edges`
  /// where `ends` says. (Tarjan, without recursion.)
  static func components(_ edges: [Int], _ ends: [Int]) -> [Int] {
    let count = ends.count
    var component = Array(repeating: -1, count: count)
    var order = Array(repeating: -1, count: count)
    var lowest = order
    var next = ends.indices.map { $0 == 0 ? 0 : ends[$0 - 1] }
    var open: [Int] = []
    var way: [Int] = []
    var (seen, found) = (0, 0)
    for start in 0..<count where order[start] < 0 {
      way.append(start)
      while let node = way.last {
        if order[node] < 0 {
          order[node] = seen
          lowest[node] = seen
          seen += 1
          open.append(node)
        }
        if next[node] < ends[node] {
          let other = edges[next[node]]
          if order[other] < 0 {
            // Its edge is looked at once more, when it is known how far it leads back.
            way.append(other)
            continue
          }
          if component[other] < 0 { lowest[node] = min(lowest[node], lowest[other]) }
          next[node] += 1
          continue
        }
        way.removeLast()
        guard lowest[node] == order[node] else { continue }
        while let member = open.popLast() {
          component[member] = found
          if member == node { break }
        }
        found += 1
      }
    }
    return component
  }
}
