internal import Bytes

// An object has a member twice if two of its names, unescaped, are the same bytes. Of each object that is
// open the names are kept in one table of a scan, by a hash of object and name: open addressing, linear
// probing, at most half full, so that an object of a hundred thousand members costs each of them a look at a
// place or two. Whoever writes the names may want them to collide; so the hash is keyed by numbers that are
// drawn anew in every process, and each hit compares the bytes: the numbers never show in what is found.
//
// Nothing is cleared between objects or records. Every object has a number that none before it had; a place
// whose number is from before the scan is free. Within a scan no place is freed, also not when its object
// ends: who looks along a chain stops at a free place, and must not stop too early.

/// The names of the members of the objects of one scan: finds one that is there twice.
struct MemberNames: ~Copyable {
  /// A name of an object: its hash, and where it stands in the text.
  private struct Place: BitwiseCopyable {
    var object: UInt32
    var hash: UInt32
    var start: UInt32
    var count: UInt32
  }

  /// Places that a scan begins with, and most that are kept from scan to scan: 8 KiB, 64 KiB.
  private static let firstPlaces = 1 << 9
  private static let keptPlaces = 1 << 12
  /// Numbers that no scan of a text of 32 bits can use up.
  private static let lastFirst = UInt32.max / 2

  private var places: UnsafeMutablePointer<Place>
  private var mask: Int
  private var used = 0
  /// The number of the scan's first object.
  private(set) var first: UInt32 = 1
  /// The number of the object that was opened last.
  private var last: UInt32 = 0
  private var plain = ByteBuffer(capacity: 64)
  private var otherPlain = ByteBuffer(capacity: 64)
  /// The name that is there twice, without its quotes, where it stands the second time; nil if none is.
  private(set) var duplicate: Span32?

  private let seeds = MemberNames.seeds

  init() {
    mask = MemberNames.firstPlaces - 1
    places = MemberNames.allocate(mask + 1)
  }

  deinit { places.deallocate() }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Place> {
    let places = UnsafeMutablePointer<Place>.allocate(capacity: count)
    places.initialize(
      repeating: Place(object: 0, hash: 0, start: 0, count: 0), count: count)
    return places
  }

  /// Forgets the scan before.
  mutating func begin() {
    used = 0
    duplicate = nil
    first = last &+ 1
    if first > MemberNames.lastFirst || mask >= MemberNames.keptPlaces { renew() }
  }

  @inline(never) private mutating func renew() {
    places.deallocate()
    mask = MemberNames.firstPlaces - 1
    places = MemberNames.allocate(mask + 1)
    first = 1
    last = 0
  }

  /// The number of an object that begins, counted from the scan's first; at most 2^31 - 1, as no text that
  /// positions of 32 bits lie in holds more objects.
  @inline(__always) mutating func open() -> Int32 {
    last &+= 1
    return Int32(truncatingIfNeeded: last &- first &+ 1)
  }

  /// Takes a name, without its quotes, of the object with a number that `open` gave; `rest` are the bytes of
  /// the text from its beginning on.
  @inline(__always) mutating func take(
    _ number: Int32, _ name: UnsafePointer<UInt8>, _ count: Int, rest: Int, isEscaped: Bool,
    base: UnsafePointer<UInt8>
  ) {
    let object = first &+ UInt32(bitPattern: number) &- 1
    let hash =
      isEscaped
      ? hashUnescaped(object, name, count) : hash(object, name, count, rest: rest)
    let tag = UInt32(truncatingIfNeeded: hash >> 32)
    var at = Int(truncatingIfNeeded: hash) & mask
    while places[at].object >= first {
      if places[at].hash == tag, places[at].object == object,
        isSame(places[at], name, count, isEscaped, base)
      {
        if duplicate == nil { duplicate = Span32(name - base, count: count) }
        return
      }
      at = (at &+ 1) & mask
    }
    places[at] = Place(
      object: object, hash: tag, start: UInt32(truncatingIfNeeded: name - base),
      count: UInt32(truncatingIfNeeded: count) | (isEscaped ? MemberNames.escaped : 0))
    used &+= 1
    if used &* 2 > mask { grow(base) }
  }

  /// Marks the length of a name that holds an escape sequence.
  private static let escaped: UInt32 = 1 << 31

  @inline(never) private mutating func isSame(
    _ place: Place, _ name: UnsafePointer<UInt8>, _ count: Int, _ isEscaped: Bool,
    _ base: UnsafePointer<UInt8>
  ) -> Bool {
    let other = ByteView(
      start: base + Int(place.start), count: Int(place.count & ~MemberNames.escaped))
    let name = ByteView(start: name, count: count)
    if !isEscaped && place.count & MemberNames.escaped == 0 { return name.elementsEqual(other) }
    plain.removeAll()
    otherPlain.removeAll()
    JSONString.unescape(name, into: &plain)
    JSONString.unescape(other, into: &otherPlain)
    return plain.view.elementsEqual(otherPlain.view)
  }

  /// Twice as many places. The names are hashed again: half of a hash does not tell the new place.
  @inline(never) private mutating func grow(_ base: UnsafePointer<UInt8>) {
    let (old, oldCount) = (places, mask + 1)
    mask = oldCount * 2 - 1
    places = MemberNames.allocate(mask + 1)
    for index in 0..<oldCount where old[index].object >= first {
      let place = old[index]
      let name = base + Int(place.start)
      let count = Int(place.count & ~MemberNames.escaped)
      let hash =
        place.count & MemberNames.escaped == 0
        ? hash(place.object, name, count, rest: count)
        : hashUnescaped(place.object, name, count)
      var at = Int(truncatingIfNeeded: hash) & mask
      while places[at].object >= first { at = (at &+ 1) & mask }
      places[at] = place
    }
    old.deallocate()
  }

  // MARK: Hashing

  private static let seeds = {
    var random = SystemRandomNumberGenerator()
    return (random.next() as UInt64, random.next() as UInt64 | 1, random.next() as UInt64)
  }()

  private mutating func hashUnescaped(
    _ object: UInt32, _ name: UnsafePointer<UInt8>, _ count: Int
  ) -> UInt64 {
    plain.removeAll()
    JSONString.unescape(ByteView(start: name, count: count), into: &plain)
    return hash(object, plain.base, plain.count, rest: plain.count)
  }

  /// A keyed hash: halves of 128 bits of products, folded (as wyhash does). `rest` bytes can be read.
  @inline(__always) private func hash(
    _ object: UInt32, _ name: UnsafePointer<UInt8>, _ count: Int, rest: Int
  ) -> UInt64 {
    let (seed, factor, last) = seeds
    var state = seed ^ UInt64(object) << 32 ^ UInt64(truncatingIfNeeded: count)
    var at = 0
    while count &- at > 8 {
      state = MemberNames.folded(state ^ MemberNames.word(name + at), factor)
      at &+= 8
    }
    return MemberNames.folded(
      state ^ MemberNames.shortWord(name + at, count &- at, rest: rest &- at), last | 1)
  }

  @inline(__always) private static func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  @inline(__always) private static func word(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
  }

  /// Up to eight bytes, of which `rest` can be read.
  @inline(__always) private static func shortWord(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, rest: Int
  ) -> UInt64 {
    if rest >= 8 { return count == 0 ? 0 : word(bytes) << UInt64((8 &- count) &* 8) }
    var word: UInt64 = 0
    for at in 0..<count { word |= UInt64(bytes[at]) << UInt64((8 &- count &+ at) &* 8) }
    return word
  }
}
