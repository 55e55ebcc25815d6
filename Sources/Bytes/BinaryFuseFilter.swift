// A binary fuse filter (Graf and Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor Filters", 2022,
// after their xor_singleheader) answers "may this key be there?" with no false no and one false yes in
// 256. For n keys it takes 9.1 bits each when n is large, and somewhat more when it is small; a Bloom
// filter of the same quality takes 11.5. With fingerprints of four bits it takes half as much, and is
// wrong once in 16.
//
// Three places are computed from the hash of a key, in three neighbouring segments of an array of bytes.
// The bytes are chosen so that the three of every key that is in come to its fingerprint by exclusive
// or. To find such bytes, keys are peeled off: one that is alone in one of its places can be given any
// value there, later; it is taken out, and others become alone. If not all keys can be peeled, it is
// tried again with another seed. The seeds are tried in a fixed order, and nothing depends on the
// order of the keys: the same keys, the same bytes.

/// Builds and asks binary fuse filters.
public enum BinaryFuseFilter {
  /// How much is kept of each key.
  public enum Fingerprint: UInt8, Sendable {
    /// Eight bits: wrong once in 256.
    case eight = 0
    /// Four bits: wrong once in 16.
    case four = 0x80
  }

  /// Seeds that are tried: enough that all fail for no set of different keys in practice.
  private static let mostAttempts = 100
  private static let headerSize = 8

  /// How an array is cut into segments.
  private struct Shape {
    var fingerprint: Fingerprint
    var logSegment: UInt8
    var segments: UInt16

    var segmentLength: Int { 1 << Int(logSegment) }
    var count: Int { (Int(segments) + 2) * segmentLength }
    /// Bytes that the places take. Their number is even.
    var byteCount: Int { fingerprint == .eight ? count : count / 2 }

    /// The shape for so many keys.
    init(keys: Int, _ fingerprint: Fingerprint) {
      self.fingerprint = fingerprint
      logSegment = Shape.logSegment(keys)
      let length = 1 << Int(logSegment)
      let capacity = keys <= 1 ? 0 : Int((Double(keys) * Shape.sizeFactor(keys)).rounded())
      let wanted = (capacity + length - 1) / length - 2
      segments = UInt16(clamping: max(wanted, 1))
    }

    init(_ fingerprint: Fingerprint, logSegment: UInt8, segments: UInt16) {
      self.fingerprint = fingerprint
      self.logSegment = logSegment
      self.segments = segments
    }

    /// floor(log(keys) / log(3.33) + 2.25), at most 13, without a logarithm, which differs from
    /// library to library in the last digit.
    private static func logSegment(_ keys: Int) -> UInt8 {
      var power = 2.465_080  // 3.33^0.75
      var result: UInt8 = 2
      while result < 13, power <= Double(keys) {
        result += 1
        power *= 3.33
      }
      return result
    }

    /// max(1.125, 0.875 + 0.25·log(10^6)/log(keys)), with the logarithm made linear between powers of
    /// two.
    private static func sizeFactor(_ keys: Int) -> Double {
      let whole = Int.bitWidth - 1 - keys.leadingZeroBitCount
      let log2 = Double(whole) + Double(keys) / Double(1 << whole) - 1
      return max(1.125, 0.875 + 0.25 * 19.931_569 / max(log2, 1))
    }

    /// The three places of a hash.
    @inline(__always) func places(_ hash: UInt64) -> (Int, Int, Int) {
      let first = Int(
        hash.multipliedFullWidth(by: UInt64(segments) << UInt64(logSegment)).high)
      let mask = segmentLength - 1
      let second = (first + segmentLength) ^ (Int(truncatingIfNeeded: hash >> 18) & mask)
      let third = (first + 2 * segmentLength) ^ (Int(truncatingIfNeeded: hash) & mask)
      return (first, second, third)
    }
  }

  /// Keys that a filter can hold: 2^26.
  public static let mostKeys = 1 << 26

  @inline(__always) private static func hash(_ key: UInt64, _ seed: UInt8) -> UInt64 {
    // The finalizer of MurmurHash3: every bit of the sum decides every bit of the result.
    var hash = key &+ (UInt64(seed) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return hash ^ hash >> 33
  }

  @inline(__always)
  private static func fingerprint(_ hash: UInt64, _ kind: Fingerprint) -> UInt8 {
    UInt8(truncatingIfNeeded: hash ^ hash >> 32) & (kind == .eight ? 0xFF : 0x0F)
  }

  /// What stands in a place.
  @inline(__always)
  private static func value(
    _ place: Int, _ bytes: UnsafePointer<UInt8>, _ kind: Fingerprint
  ) -> UInt8 {
    kind == .eight ? bytes[place] : bytes[place >> 1] >> UInt8((place & 1) << 2) & 0x0F
  }

  /// Appends the filter of `keys`, no two of which may be alike, at most `mostKeys`: four bytes with
  /// their number, little-endian, one with the seed, one with the logarithm of the length of a segment
  /// (and the highest bit set if fingerprints have four bits), two with the number of segments, then the
  /// fingerprints, of two in a byte the first in its low half. False, and nothing appended, if no seed
  /// serves, which happens if two keys are alike.
  public static func append(
    _ keys: UnsafeBufferPointer<UInt64>, _ fingerprint: Fingerprint = .eight,
    to buffer: inout ByteBuffer
  ) -> Bool {
    precondition(keys.count <= mostKeys, "too many keys for a filter")
    let shape = Shape(keys: keys.count, fingerprint)
    var peeling = Peeling(places: shape.count, keys: keys.count)
    for seed in 0..<UInt8(mostAttempts) {
      guard peel(keys, shape, seed, &peeling) else { continue }
      let start = buffer.count
      withUnsafeBytes(of: UInt32(keys.count).littleEndian) {
        buffer.append($0.bindMemory(to: UInt8.self))
      }
      buffer.append(seed)
      buffer.append(shape.logSegment | fingerprint.rawValue)
      buffer.append(UInt8(truncatingIfNeeded: shape.segments))
      buffer.append(UInt8(truncatingIfNeeded: shape.segments >> 8))
      buffer.append(zeros: shape.byteCount)
      assign(peeling, shape, buffer.base + start + headerSize)
      return true
    }
    return false
  }

  /// What is left in each place, and the order in which keys were peeled off.
  private struct Peeling: ~Copyable {
    var counts: FlatArray<UInt32>
    var hashes: FlatArray<UInt64>
    var order: FlatArray<UInt64>
    var chosen: FlatArray<UInt32>
    var queue: FlatArray<UInt32>

    init(places: Int, keys: Int) {
      counts = FlatArray(capacity: places)
      hashes = FlatArray(capacity: places)
      order = FlatArray(capacity: keys)
      chosen = FlatArray(capacity: keys)
      queue = FlatArray(capacity: places)
    }

    mutating func removeAll(_ places: Int) {
      counts.removeAll()
      hashes.removeAll()
      order.removeAll()
      chosen.removeAll()
      queue.removeAll()
      counts.append(repeating: 0, count: places)
      hashes.append(repeating: 0, count: places)
    }

    @inline(__always) mutating func add(_ hash: UInt64, _ place: Int) {
      counts[place] += 1
      hashes[place] ^= hash
    }

    @inline(__always) mutating func remove(_ hash: UInt64, _ place: Int) {
      counts[place] -= 1
      hashes[place] ^= hash
      if counts[place] == 1 { queue.append(UInt32(place)) }
    }
  }

  private static func peel(
    _ keys: UnsafeBufferPointer<UInt64>, _ shape: Shape, _ seed: UInt8, _ peeling: inout Peeling
  ) -> Bool {
    peeling.removeAll(shape.count)
    for key in keys {
      let hash = hash(key, seed)
      let places = shape.places(hash)
      peeling.add(hash, places.0)
      peeling.add(hash, places.1)
      peeling.add(hash, places.2)
    }
    for place in 0..<shape.count where peeling.counts[place] == 1 {
      peeling.queue.append(UInt32(place))
    }
    var next = 0
    while next < peeling.queue.count {
      let place = Int(peeling.queue[next])
      next += 1
      guard peeling.counts[place] == 1 else { continue }
      let hash = peeling.hashes[place]
      peeling.order.append(hash)
      peeling.chosen.append(UInt32(place))
      let places = shape.places(hash)
      peeling.remove(hash, places.0)
      peeling.remove(hash, places.1)
      peeling.remove(hash, places.2)
    }
    return peeling.order.count == keys.count
  }

  private static func assign(
    _ peeling: borrowing Peeling, _ shape: Shape, _ bytes: UnsafeMutablePointer<UInt8>
  ) {
    var index = peeling.order.count - 1
    while index >= 0 {
      let hash = peeling.order[index]
      let places = shape.places(hash)
      // The chosen place is one of the three, and still zero.
      let kind = shape.fingerprint
      let wanted =
        fingerprint(hash, kind) ^ value(places.0, bytes, kind) ^ value(places.1, bytes, kind)
        ^ value(places.2, bytes, kind)
      let chosen = Int(peeling.chosen[index])
      if kind == .eight {
        bytes[chosen] = wanted
      } else {
        bytes[chosen >> 1] |= wanted << UInt8((chosen & 1) << 2)
      }
      index -= 1
    }
  }

  /// The length of the filter that `bytes` begin with; nil if they do not begin with one.
  public static func length(_ bytes: ByteView) -> Int? {
    guard let shape = shape(bytes) else { return nil }
    return headerSize + shape.byteCount
  }

  private static func shape(_ bytes: ByteView) -> Shape? {
    guard bytes.count >= headerSize, (2...13).contains(bytes[5] & 0x7F) else { return nil }
    let shape = Shape(
      bytes[5] & 0x80 == 0 ? .eight : .four, logSegment: bytes[5] & 0x7F,
      segments: UInt16(bytes[6]) | UInt16(bytes[7]) << 8)
    return shape.segments > 0 && bytes.count >= headerSize + shape.byteCount ? shape : nil
  }

  /// False if `key` is certainly not in the filter that `bytes` begin with; true if there is none, as
  /// nobody can say then.
  public static func mayContain(_ key: UInt64, _ bytes: ByteView) -> Bool {
    guard let shape = shape(bytes), let start = bytes.baseAddress else { return true }
    guard bytes[0] | bytes[1] | bytes[2] | bytes[3] != 0 else { return false }
    let hash = hash(key, bytes[4])
    let places = shape.places(hash)
    let kind = shape.fingerprint
    let values = start + headerSize
    let found =
      value(places.0, values, kind) ^ value(places.1, values, kind)
      ^ value(places.2, values, kind)
    return found == fingerprint(hash, kind)
  }
}
