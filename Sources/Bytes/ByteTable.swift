internal import Platform

/// A map from byte strings to plain values, for lookup tables of up to some ten million rows.
///
/// Three flat pieces of memory and not one object per row: the text of all keys end to end, the
/// values in the order they came, and an open-addressing index over both. Whoever writes the keys
/// may want them to collide; the index therefore hashes with the standard library's `Hasher`
/// (SipHash-1-3), whose seed is drawn anew in every process, and each hit compares the bytes.
/// There is no iteration, so the seed can never show in the output.
///
/// Any number of threads may call `find` at once as long as nobody changes the table.
public struct ByteTable<Value: BitwiseCopyable>: ~Copyable {
  @usableFromInline var keys: ByteKeys
  @usableFromInline var values: FlatArray<Value>

  /// Makes an empty table.
  public init() {
    keys = ByteKeys()
    values = FlatArray()
  }

  /// Number of keys.
  @inlinable public var count: Int { values.count }

  /// Memory owned, in bytes.
  public var memoryBytes: Int { keys.memoryBytes + values.capacity * MemoryLayout<Value>.stride }

  /// The value of a key; nil if there is none.
  @inlinable public func find(_ key: ByteView) -> Value? {
    guard let row = keys.find(key) else { return nil }
    return values[row]
  }

  /// Adds a key with its value. A key that is there already keeps its value, which is returned.
  @inlinable @discardableResult
  public mutating func insert(_ key: ByteView, _ value: Value) -> Value? {
    let row = keys.insert(key)
    if row < values.count { return values[row] }
    values.append(value)
    return nil
  }

  /// Gives a key a value, new or not, and returns the one it had.
  @inlinable @discardableResult
  public mutating func update(_ key: ByteView, _ value: Value) -> Value? {
    let row = keys.insert(key)
    guard row < values.count else {
      values.append(value)
      return nil
    }
    let previous = values[row]
    values[row] = value
    return previous
  }
}

extension ByteTable {
  /// The key that came as number `number`, from 0; valid until another is added.
  public func key(_ number: Int) -> ByteView { keys[number] }

  /// The value of the key that came as number `number`, from 0.
  @inlinable public subscript(number: Int) -> Value {
    get { values[number] }
    set { values[number] = newValue }
  }
}

// The memory has one owner, as the type cannot be copied, and a change needs exclusive access.
extension ByteKeys: @unchecked Sendable {}
extension ByteTable: @unchecked Sendable where Value: Sendable {}

/// Byte strings numbered in the order they came, from 0. Apart from `ByteTable` so that the work is
/// compiled once, here, and not for every type of value.
public struct ByteKeys: ~Copyable {
  /// Half of a hash, and the number of the key plus one; zero where the slot is free. (Private, it
  /// would break the compiler: other modules destroy tables, and so must see of what they consist.)
  @usableFromInline struct Slot: BitwiseCopyable {
    var tag: UInt32
    var row: UInt32
  }

  private var slots: FlatArray<Slot>
  /// Where each key ends in `text`, and a zero before the first.
  private var ends: FlatArray<Int>
  private var text: ByteBuffer

  /// No byte strings yet.
  public init() {
    slots = FlatArray(capacity: 16)
    slots.append(repeating: Slot(tag: 0, row: 0), count: 16)
    ends = FlatArray(capacity: 16)
    ends.append(0)
    text = ByteBuffer(capacity: 256)
  }

  /// How many there are.
  public var count: Int { ends.count - 1 }

  /// The byte string of that number; valid until another is inserted.
  public subscript(number: Int) -> ByteView {
    precondition(number >= 0 && number < count, "no byte string of that number")
    let start = ends.elements[number]
    return ByteView(start: text.base + start, count: ends.elements[number + 1] - start)
  }

  /// Memory owned, in bytes.
  public var memoryBytes: Int {
    slots.capacity * MemoryLayout<Slot>.stride + ends.capacity * MemoryLayout<Int>.stride
      + text.capacity
  }

  /// The number of a byte string; nil if it was never inserted.
  public func find(_ key: ByteView) -> Int? {
    let row = slots.elements[slot(of: key, tag: Self.hash(of: key))].row
    return row == 0 ? nil : Int(row) - 1
  }

  /// The number of a byte string, a new one if it is new.
  @discardableResult
  public mutating func insert(_ key: ByteView) -> Int { insert(key, hash: Self.hash(of: key)) }

  /// The number of a byte string with this hash, a new one if it is new.
  public mutating func insert(_ key: ByteView, hash tag: UInt32) -> Int {
    let slot = slot(of: key, tag: tag)
    let found = slots[slot].row
    if found > 0 { return Int(found) - 1 }
    let row = ends.count - 1
    precondition(row < Int(UInt32.max) - 1, "more than four thousand million keys")
    text.append(key)
    ends.append(text.count)
    slots[slot] = Slot(tag: tag, row: UInt32(row + 1))
    if (row + 1) * 4 > slots.count * 3 { grow() }
    return row
  }

  /// The slot that holds a key, or the free one where it belongs.
  private func slot(of key: ByteView, tag: UInt32) -> Int {
    let slots = slots.elements
    var at = Self.home(of: tag, among: slots.count)
    while true {
      let slot = slots[at]
      if slot.row == 0 || (slot.tag == tag && isKey(Int(slot.row) - 1, key)) { return at }
      at += 1
      if at == slots.count { at = 0 }
    }
  }

  private func isKey(_ row: Int, _ key: ByteView) -> Bool {
    let (start, end) = (ends.elements[row], ends.elements[row + 1])
    guard end - start == key.count else { return false }
    guard let address = key.baseAddress, key.count > 0 else { return true }
    return memcmp(text.base + start, address, key.count) == 0
  }

  private mutating func grow() {
    let count = slots.count * 2
    var larger = FlatArray<Slot>(capacity: count)
    larger.append(repeating: Slot(tag: 0, row: 0), count: count)
    let target = larger.elements
    for slot in slots.elements where slot.row > 0 {
      var at = Self.home(of: slot.tag, among: count)
      while target[at].row > 0 {
        at += 1
        if at == count { at = 0 }
      }
      target[at] = slot
    }
    slots = larger
  }

  /// The hash of a byte string, so that it can be made where more than one thread works.
  public static func hash(of key: ByteView) -> UInt32 {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(key))
    return UInt32(truncatingIfNeeded: hasher.finalize())
  }

  /// Scales a tag to a slot. Neighbours stay neighbours, so growing walks both tables in order.
  private static func home(of tag: UInt32, among count: Int) -> Int {
    Int(truncatingIfNeeded: (UInt64(tag) &* UInt64(count)) >> 32)
  }
}
