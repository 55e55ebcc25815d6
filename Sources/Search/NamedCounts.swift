internal import Bytes
internal import Trail

/// Names and how often each was seen, up to a bound on how many are told apart. Names are told apart by their
/// bytes: texts that only look alike are different.
package final class NamedCounts {
  private let mostNames: Int
  private let mostBytes: Int
  private var counts = ByteTable<Int>()
  private var bytes = 0
  /// Names of keys that could pass for somebody.
  private var imitating = ByteKeys()
  private var scratch = ByteBuffer()
  /// What was seen of names beyond the bound.
  package private(set) var others = 0

  init(mostNames: Int, mostBytes: Int) {
    self.mostNames = mostNames
    self.mostBytes = mostBytes
  }

  /// How many names there are.
  package var count: Int { counts.count }

  /// The names, the most frequent first, those of equal counts by their bytes. `isKey` is true for what a key
  /// is called, where that could pass for somebody else or for another of the names.
  package var ranked: [(name: String, isKey: Bool, count: Int)] {
    order().map { number in
      let (name, isKey, count) = entry(number)
      return (String(decoding: name, as: UTF8.self), isKey, count)
    }
  }

  /// Numbers of the names as `ranked` has them, or by the names alone.
  func order(byName: Bool = false) -> [Int] {
    (0..<counts.count).sorted { left, right in
      byName || counts[left] == counts[right]
        ? counts.key(left).lexicographicallyPrecedes(counts.key(right))
        : counts[left] > counts[right]
    }
  }

  /// The name of a number, valid until another is added, whether it has to be said that it is a key's, and
  /// how often it was seen.
  func entry(_ number: Int) -> (name: ByteView, isKey: Bool, count: Int) {
    let name = counts.key(number)
    guard let plain = KeyMark.unmarked(name) else { return (name, false, counts[number]) }
    let isToldApart = imitating.find(name) != nil || counts.find(plain) != nil
    return (plain, isToldApart, counts[number])
  }

  /// Adds who stands for the actor of an event.
  func addActor(of event: ArchivedEvent) {
    let (isByKey, imitates) = (event.isShownByKey, event.imitatesByKey)
    guard let name = event.shownActor else { return add(ByteView(start: nil, count: 0)) }
    guard isByKey else { return add(name) }
    scratch.removeAll()
    KeyMark.append(name, to: &scratch)
    add(scratch.view)
    if imitates, counts.find(scratch.view) != nil { imitating.insert(scratch.view) }
  }

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
