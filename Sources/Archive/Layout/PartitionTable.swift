internal import Platform

internal import Bytes

/// Numbers partitions in the order in which they first appear.
///
/// Whoever writes events chooses keys, and may want them to collide: positions come from the
/// standard library's `Hasher`, whose seed is drawn anew in every process. Nothing that is visible
/// depends on them.
struct PartitionTable: ~Copyable {
  /// The hash, and the partition's number plus one; zero where the slot is free.
  ///
  /// Not private: Swift 6.3 breaks off where another file destroys a private element's array.
  struct Slot: BitwiseCopyable {
    var hash: UInt32 = 0
    var number: UInt32 = 0
  }

  private var slots = FlatArray<Slot>(capacity: 256)
  private var keys = ByteBuffer(capacity: 4096)
  /// Where each key ends in `keys`, and a zero before the first.
  private var ends = FlatArray<Int>(capacity: 256)

  init() {
    slots.append(repeating: Slot(), count: 256)
    ends.append(0)
  }

  /// Number of partitions.
  var count: Int { ends.count - 1 }

  /// The key of a partition; valid until another one is added.
  func key(of number: Int) -> ByteView {
    ByteView(start: keys.base + ends[number], count: ends[number + 1] - ends[number])
  }

  /// What `number` wants to know of a key beside its bytes.
  static func hash(_ key: ByteView) -> UInt32 {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(key))
    return UInt32(truncatingIfNeeded: hasher.finalize())
  }

  /// The number of the partition with this key, the count of those before if it is new.
  mutating func number(of key: ByteView, hash: UInt32) -> Int {
    var at = Int(hash) & (slots.count - 1)
    while slots[at].number > 0 {
      if slots[at].hash == hash, isKey(Int(slots[at].number) - 1, key) {
        return Int(slots[at].number) - 1
      }
      at = (at + 1) & (slots.count - 1)
    }
    keys.append(key)
    ends.append(keys.count)
    precondition(count < Int(UInt32.max), "more than four thousand million partitions")
    slots[at] = Slot(hash: hash, number: UInt32(count))
    if count * 2 > slots.count { grow() }
    return count - 1
  }

  private func isKey(_ number: Int, _ key: ByteView) -> Bool {
    let known = self.key(of: number)
    guard known.count == key.count, let left = known.baseAddress, let right = key.baseAddress
    else { return known.count == key.count }
    return memcmp(left, right, key.count) == 0
  }

  /// The number of slots is always a power of two.
  private mutating func grow() {
    let count = slots.count * 2
    var larger = FlatArray<Slot>(capacity: count)
    larger.append(repeating: Slot(), count: count)
    for slot in slots.elements where slot.number > 0 {
      var at = Int(slot.hash) & (count - 1)
      while larger[at].number > 0 { at = (at + 1) & (count - 1) }
      larger[at] = slot
    }
    slots = larger
  }

  /// The numbers, in the order of the keys' bytes.
  func sorted() -> [UInt32] {
    (0..<UInt32(count)).sorted { left, right in
      key(of: Int(left)).lexicographicallyPrecedes(key(of: Int(right)))
    }
  }
}
