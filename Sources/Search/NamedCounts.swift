internal import Bytes

/// Names and how often each was seen, up to a bound on how many are told apart. Names are told apart by their
/// bytes: texts that only look alike are different.
package final class NamedCounts {
  private let mostNames: Int
  private let mostBytes: Int
  private var counts = ByteTable<Int>()
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
    order().map { (String(decoding: counts.key($0), as: UTF8.self), counts[$0]) }
  }

  /// Numbers of the names as `ranked` has them, or by the names alone.
  func order(byName: Bool = false) -> [Int] {
    (0..<counts.count).sorted { left, right in
      byName || counts[left] == counts[right]
        ? counts.key(left).lexicographicallyPrecedes(counts.key(right))
        : counts[left] > counts[right]
    }
  }

  /// The name of a number, valid until another is added, and how often it was seen.
  func entry(_ number: Int) -> (name: ByteView, count: Int) { (counts.key(number), counts[number]) }

  func add(_ name: [UInt8]) { name.withUnsafeBufferPointer { add($0) } }

  func add(_ name: ByteView) {
    if let seen = counts.find(name) {
      counts.update(name, seen + 1)
    } else if counts.count < mostNames, bytes + name.count <= mostBytes {
      bytes += name.count
      counts.insert(name, 1)
    } else {
      others += 1
    }
  }
}
