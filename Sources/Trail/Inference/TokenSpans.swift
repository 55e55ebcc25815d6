internal import Bytes

/// When each token of a key counts, from when it was issued up to the end of its session, and which of them
/// count at a time. Does not change for those who look.
final class TokenSpans {
  private let begins: FlatArray<Int64>
  private let ends: FlatArray<Int64>
  /// Positions, those that begin first before the others.
  let byBeginning: FlatArray<Int32>
  /// Over `byBeginning`, the latest end of each half, each quarter and so on: node 1 is all of it, nodes 2n
  /// and
  /// 2n + 1 are the halves of node n.
  private let latestEnds: FlatArray<Int64>
  private let width: Int

  init(begins: consuming FlatArray<Int64>, ends: consuming FlatArray<Int64>) {
    byBeginning = TokenSpans.sorted(begins)
    var width = 1
    while width < byBeginning.count { width *= 2 }
    var latest = FlatArray<Int64>(capacity: 2 * width)
    latest.append(repeating: .min, count: 2 * width)
    for index in 0..<byBeginning.count { latest[width + index] = ends[Int(byBeginning[index])] }
    for node in stride(from: width - 1, to: 0, by: -1) {
      latest[node] = max(latest[2 * node], latest[2 * node + 1])
    }
    latestEnds = latest
    self.width = width
    self.begins = begins
    self.ends = ends
  }

  var count: Int { byBeginning.count }

  func begin(_ position: Int32) -> Int64 { begins[Int(position)] }

  func end(_ position: Int32) -> Int64 { ends[Int(position)] }

  func positionsByEnd() -> FlatArray<Int32> { TokenSpans.sorted(ends) }

  private static func sorted(_ times: borrowing FlatArray<Int64>) -> FlatArray<Int32> {
    var positions = FlatArray<Int32>(capacity: times.count)
    for position in 0..<times.count { positions.append(Int32(position)) }
    let (elements, times) = (positions.elements, times.elements)
    var sorted = elements
    sorted.sort { times[Int($0)] < times[Int($1)] }
    return positions
  }

  /// The positions of the tokens that count at `time`, give or take `skew`; nil if they are more than
  /// `limit`.
  func positions(at time: Int64, skew: Int64, limit: Int) -> [Int]? {
    var positions: [Int] = []
    // How many have begun: those behind them need no look.
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if begins[Int(byBeginning[middle])].saturatingBack(by: skew) <= time {
        low = middle + 1
      } else {
        high = middle
      }
    }
    var open = [(node: 1, first: 0, width: width)]
    while let next = open.popLast() {
      guard next.first < low, latestEnds[next.node].saturating(plus: skew) > time else { continue }
      guard next.width == 1 else {
        let half = next.width / 2
        open.append((2 * next.node + 1, next.first + half, half))
        open.append((2 * next.node, next.first, half))
        continue
      }
      guard positions.count < limit else { return nil }
      positions.append(Int(byBeginning[next.first]))
    }
    return positions
  }
}
