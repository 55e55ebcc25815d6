/// A growable array of plain old data (no references inside), reused from batch to batch.
///
/// Elements are bitwise-copied; `removeAll` keeps the memory. Out-of-range access traps in debug
/// and release builds alike: it is a bug of ours, never a property of the input.
public struct FlatArray<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<Element>
  @usableFromInline var capacity: Int
  @usableFromInline var used: Int
  /// Number of elements.
  @inlinable public var count: Int { used }

  /// Memory owned, in bytes.
  @inlinable public var memoryBytes: Int { capacity * MemoryLayout<Element>.stride }

  /// Makes an empty array with room for `capacity` elements (at least one).
  public init(capacity: Int = 16) {
    self.capacity = max(capacity, 1)
    self.base = UnsafeMutablePointer<Element>.allocate(capacity: max(capacity, 1))
    self.used = 0
  }

  deinit { base.deallocate() }

  /// The element at `index`.
  @inlinable public subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "index outside its array")
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count, "index outside its array")
      base[index] = newValue
    }
    _modify {
      precondition(index >= 0 && index < count, "index outside its array")
      yield &base[index]
    }
  }

  /// All elements; valid until the array grows.
  @inlinable public var elements: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: base, count: count)
  }

  /// Appends one element.
  @inlinable public mutating func append(_ element: Element) {
    if count == capacity { grow(to: count + 1) }
    (base + count).initialize(to: element)
    used = count + 1
  }

  /// Appends `repeats` copies of an element.
  @inlinable public mutating func append(repeating element: Element, count repeats: Int) {
    if capacity - count < repeats { grow(to: count + repeats) }
    (base + count).initialize(repeating: element, count: repeats)
    used = count + repeats
  }

  /// Forgets the elements, keeps the memory.
  @inlinable public mutating func removeAll() { used = 0 }

  /// Forgets what lies beyond `newCount`.
  @inlinable public mutating func truncate(to newCount: Int) {
    precondition(newCount >= 0 && newCount <= count, "truncation beyond the end")
    used = newCount
  }

  /// Gives memory back when there is room for more than `keeping` elements, and no more are there.
  public mutating func trim(keeping: Int) {
    guard capacity > keeping, count <= keeping else { return }
    resize(to: max(keeping, 1))
  }

  @usableFromInline mutating func grow(to needed: Int) {
    resize(to: max(needed, capacity * 2))
  }

  private mutating func resize(to newCapacity: Int) {
    let new = UnsafeMutablePointer<Element>.allocate(capacity: newCapacity)
    new.moveInitialize(from: base, count: count)
    base.deallocate()
    base = new
    capacity = newCapacity
  }
}
