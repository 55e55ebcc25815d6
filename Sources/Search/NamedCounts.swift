internal import Bytes

/// Names and how often each was seen, up to a bound on how many are told apart. Names are told apart by their
/// bytes: texts that only look alike are different.
package struct NamedCounts {
  private let mostNames: Int
  private let mostBytes: Int
  private var counts: [[UInt8]: Int] = [:]
  private var bytes = 0
  /// What was seen of names beyond the bound.
  package private(set) var others = 0

  init(mostNames: Int, mostBytes: Int) {
    self.mostNames = mostNames
    self.mostBytes = mostBytes
  }

  /// How many names there are.
  package var count: Int { counts.count }

  /// The names, the most frequent first, those of equal counts by their bytes.
  package var ranked: [(name: String, count: Int)] {
    counts.sorted {
      $0.value == $1.value ? $0.key.lexicographicallyPrecedes($1.key) : $0.value > $1.value
    }.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }
  }

  mutating func add(_ name: ByteView) { add(Array(name)) }

  mutating func add(_ name: [UInt8]) {
    if counts[name] == nil {
      guard counts.count < mostNames, bytes + name.count <= mostBytes else {
        others += 1
        return
      }
      bytes += name.count
    }
    counts[name, default: 0] += 1
  }
}
