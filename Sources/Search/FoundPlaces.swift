package import Verify
internal import History

/// Where the events are that answer, in the order of the parts' paths and of the lines in them.
package struct FoundPlaces: Sendable {
  /// How many lines are kept of each part: 5.
  package static let kept = 5

  /// What one part holds of them.
  struct InPart: Sendable {
    /// The number of the part, in the order of paths.
    let number: Int
    let part: LiveFile
    /// How many answer.
    private(set) var count = 0
    /// The numbers of the first lines that do, from 0.
    private(set) var lines: [Int] = []

    init(number: Int, part: LiveFile) {
      self.number = number
      self.part = part
    }

    mutating func add(_ line: Int, keeping limit: Int) {
      count += 1
      if lines.count < limit { lines.append(line) }
    }
  }

  /// Those that have any.
  var parts: [InPart] = []

  /// How many answer.
  package var count: Int { parts.reduce(0) { $0 + $1.count } }

  /// The first ones; no more than were kept of each part.
  package func first(_ number: Int) -> [EventPlace] {
    Array(
      parts.lazy.flatMap { found in found.lines.map { EventPlace(part: found.part, index: $0) } }
        .prefix(number))
  }

  /// The part in which the one with this number, from 1 on, is, and how many of the part's come before it;
  /// nil if there are fewer.
  func part(of number: Int) -> (part: InPart, rank: Int)? {
    guard number > 0 else { return nil }
    var rank = number - 1
    for part in parts {
      if rank < part.count { return (part, rank) }
      rank -= part.count
    }
    return nil
  }
}
