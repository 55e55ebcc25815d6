internal import Bytes

/// A set of small numbers, 0 up to a bound, whose members can be walked in their order: bits in words, and
/// above them, level by level, a bit for each word that is not zero.
struct RankSet: ~Copyable {
  private var words: FlatArray<UInt64>
  /// Where each level begins in `words`, the bits themselves first.
  private var levels: [Int] = []

  /// An empty set of numbers below `bound`.
  init(bound: Int) {
    var count = max(bound, 1)
    var total = 0
    repeat {
      count = (count + 63) / 64
      levels.append(total)
      total += count
    } while count > 1
    words = FlatArray(capacity: total)
    words.append(repeating: 0, count: total)
  }

  mutating func insert(_ number: Int) {
    var number = number
    for level in levels {
      let word = level + number / 64
      let wasEmpty = words[word] == 0
      words[word] |= 1 << UInt64(number % 64)
      guard wasEmpty else { return }
      number /= 64
    }
  }

  mutating func remove(_ number: Int) {
    var number = number
    for level in levels {
      let word = level + number / 64
      words[word] &= ~(1 << UInt64(number % 64))
      guard words[word] == 0 else { return }
      number /= 64
    }
  }

  /// The first member from `start` on; nil if there is none.
  func first(from start: Int) -> Int? {
    var number = start
    for (depth, level) in levels.enumerated() {
      let last = depth + 1 < levels.count ? levels[depth + 1] : words.count
      let word = level + number / 64
      guard word < last else { return nil }
      let rest = words[word] & (.max << UInt64(number % 64))
      if rest != 0 { return descend(depth, (word - level) * 64 + rest.trailingZeroBitCount) }
      number = number / 64 + 1
    }
    return nil
  }

  /// The first number below bit `number` of level `depth`.
  private func descend(_ depth: Int, _ number: Int) -> Int {
    var number = number
    for level in levels[..<depth].reversed() {
      number = number * 64 + words[level + number].trailingZeroBitCount
    }
    return number
  }
}
