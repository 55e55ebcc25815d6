/// Tokens, of which the one that ends first comes first: a heap.
struct TokensByEnd {
  private var ends: [Int64] = []
  private var tokens: [Int] = []

  var count: Int { tokens.count }

  /// All of them, in no order.
  var all: [Int] { tokens }

  mutating func insert(_ token: Int, end: Int64) {
    ends.append(end)
    tokens.append(token)
    var at = tokens.count - 1
    while at > 0, precedes(at, (at - 1) / 2) {
      swap(at, (at - 1) / 2)
      at = (at - 1) / 2
    }
  }

  /// Removes those that end at `time` or before.
  mutating func removeEnded(at time: Int64) {
    while let end = ends.first, end <= time { _ = removeFirst() }
  }

  /// Removes the one that ends first; nil if there is none.
  mutating func removeFirst() -> Int? {
    guard let first = tokens.first else { return nil }
    swap(0, tokens.count - 1)
    tokens.removeLast()
    ends.removeLast()
    var at = 0
    while true {
      var least = at
      for child in [2 * at + 1, 2 * at + 2] where child < tokens.count && precedes(child, least) {
        least = child
      }
      guard least != at else { return first }
      swap(at, least)
      at = least
    }
  }

  private func precedes(_ one: Int, _ other: Int) -> Bool {
    (ends[one], tokens[one]) < (ends[other], tokens[other])
  }

  private mutating func swap(_ one: Int, _ other: Int) {
    ends.swapAt(one, other)
    tokens.swapAt(one, other)
  }
}
