internal import Platform

/// A borrowed run of bytes. Valid only as long as its owner neither grows nor goes away: take it,
/// use it, let it go; never store it.
public typealias ByteView = UnsafeBufferPointer<UInt8>

/// A growable run of bytes that is written once and reused for ever: `removeAll` keeps the memory.
///
/// `[UInt8]` would do but for two things that the data plane cannot afford: it zeroes what a
/// system call is about to overwrite, and it checks for uniqueness at every append.
public struct ByteBuffer: ~Copyable {
  @usableFromInline var memory: UnsafeMutablePointer<UInt8>
  @usableFromInline var used: Int
  @usableFromInline var owned: Int

  /// The first byte. Changes whenever the buffer grows.
  @inlinable public var base: UnsafeMutablePointer<UInt8> { memory }
  /// Bytes in use.
  @inlinable public var count: Int { used }
  /// Bytes owned.
  @inlinable public var capacity: Int { owned }

  /// Makes an empty buffer with room for `capacity` bytes (at least 16).
  public init(capacity: Int = 64) {
    let capacity = max(capacity, 16)
    self.memory = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    self.used = 0
    self.owned = capacity
  }

  deinit { memory.deallocate() }

  /// All bytes in use.
  @inlinable public var view: ByteView { ByteView(start: base, count: count) }

  /// The bytes of `span`, which must lie within the buffer.
  @inlinable public subscript(span: Span32) -> ByteView {
    precondition(span.end <= count, "span outside its buffer")
    return ByteView(start: base + Int(span.start), count: Int(span.count))
  }

  /// The bytes in use, copied.
  public var bytes: [UInt8] { Array(view) }

  /// Forgets the contents, keeps the memory.
  @inlinable public mutating func removeAll() { used = 0 }

  /// Forgets what lies beyond `newCount`.
  @inlinable public mutating func truncate(to newCount: Int) {
    precondition(newCount >= 0 && newCount <= count, "truncation beyond the end")
    used = newCount
  }

  /// Gives memory back to the system when more than `keeping` bytes are owned and unused.
  public mutating func trim(keeping: Int) {
    guard capacity > keeping, count <= keeping else { return }
    resize(to: max(keeping, 16))
  }

  /// Makes room for `additional` more bytes. Invalidates views if it has to grow.
  @inlinable public mutating func reserve(_ additional: Int) {
    if capacity - count < additional { grow(by: additional) }
  }

  @usableFromInline mutating func grow(by additional: Int) {
    let (needed, overflow) = count.addingReportingOverflow(additional)
    precondition(!overflow && additional >= 0, "buffer size overflow")
    resize(to: max(needed, capacity + capacity / 2))
  }

  private mutating func resize(to newCapacity: Int) {
    let new = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
    new.update(from: base, count: count)
    memory.deallocate()
    memory = new
    owned = newCapacity
  }

  /// Declares that `added` bytes were written at `base + count`, within what `reserve` made room for.
  @inlinable public mutating func advance(by added: Int) {
    precondition(added >= 0 && added <= capacity - count, "advanced beyond the reserve")
    used = count + added
  }

  /// Appends one byte.
  @inlinable public mutating func append(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    used = count + 1
  }

  /// Appends `length` bytes at `source`, which must not lie in this buffer if it may have to grow.
  @inlinable public mutating func append(_ source: UnsafePointer<UInt8>, count length: Int) {
    reserve(length)
    (base + count).update(from: source, count: length)
    used = count + length
  }

  /// Appends a view, which must not lie in this buffer (see `appendOwn`).
  @inlinable public mutating func append(_ view: ByteView) {
    if let start = view.baseAddress { append(start, count: view.count) }
  }

  /// Appends an array.
  @inlinable public mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { append($0) }
  }

  /// Appends a literal.
  @inlinable public mutating func append(_ literal: StaticString) {
    append(literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  /// Appends `length` zero bytes.
  public mutating func append(zeros length: Int) {
    reserve(length)
    (base + count).update(repeating: 0, count: length)
    used = count + length
  }

  /// Appends the UTF-8 of a string. Not for the data plane.
  public mutating func append(utf8 string: String) {
    var string = string
    string.withUTF8 { append($0) }
  }

  /// Appends bytes of this very buffer.
  @inlinable public mutating func appendOwn(_ span: Span32) {
    precondition(span.end <= count, "span outside its buffer")
    reserve(Int(span.count))
    (base + count).update(from: base + Int(span.start), count: Int(span.count))
    used = count + Int(span.count)
  }

  /// Appends a decimal number.
  public mutating func append(decimal value: Int) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(decimal: value.magnitude)
  }

  /// Appends a decimal number.
  public mutating func append(decimal value: UInt) {
    reserve(20)
    var rest = value
    var end = count + 1
    while rest >= 10 {
      rest /= 10
      end += 1
    }
    rest = value
    var at = end
    repeat {
      at -= 1
      base[at] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    used = end
  }

  /// Moves the bytes from `start` on to the front and forgets those before.
  @inlinable public mutating func removeFirst(_ start: Int) {
    precondition(start >= 0 && start <= count, "removed beyond the end")
    if start > 0 { base.update(from: base + start, count: count - start) }
    used = count - start
  }
}

/// Where bytes lie in a buffer of less than 4 GiB: flat, eight bytes, no reference.
@frozen public struct Span32: Equatable, Sendable {
  /// Offset of the first byte.
  public var start: UInt32
  /// Number of bytes.
  public var count: UInt32

  /// A span of `count` bytes from `start`.
  @inlinable public init(start: UInt32, count: UInt32) {
    self.start = start
    self.count = count
  }

  /// A span of `count` bytes from `start`; both must fit 32 bits.
  @inlinable public init(_ start: Int, count: Int) {
    self.start = UInt32(start)
    self.count = UInt32(count)
  }

  /// No bytes.
  @inlinable public static var empty: Span32 { Span32(start: 0, count: 0) }

  /// Offset just past the last byte.
  @inlinable public var end: Int { Int(start) + Int(count) }

  /// True if there are no bytes.
  @inlinable public var isEmpty: Bool { count == 0 }
}
