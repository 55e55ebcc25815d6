internal import Bytes

// Nearly all text has no secret, so the way there is short. Each shape has anchors: four characters that
// cannot be missing in it. Of the three pairs of neighbours in an anchor exactly one begins at a multiple of
// three; so it takes a look at every third pair of characters, in a table of 65,536, to be sure that no
// anchor is there at all. Where the table says that a pair belongs to some anchor, and how far behind its
// beginning, the four characters are looked up. What an anchor stands for is then compared in full.

/// Finds anchors of secrets in text.
final class SecretGate: @unchecked Sendable {
  /// Characters of an anchor.
  static let anchorLength = 4
  private static let hashBits = 12
  /// Places in the table of anchors: several for each of some two hundred.
  static let slots = 1 << hashBits

  /// By two characters, the first in the lower byte: at which places in an anchor they stand, a bit for each.
  private let pairs: UnsafeMutablePointer<UInt8>
  /// By a hash of four characters: the four, or 0. Who has the same hash comes behind.
  private let words: UnsafeMutablePointer<UInt32>

  init() {
    pairs = .allocate(capacity: 1 << 16)
    pairs.initialize(repeating: 0, count: 1 << 16)
    words = .allocate(capacity: SecretGate.slots)
    words.initialize(repeating: 0, count: SecretGate.slots)
  }

  deinit {
    pairs.deallocate()
    words.deallocate()
  }

  /// Adds an anchor, of four characters and new, before anything is looked for; returns its place.
  func add(_ anchor: [UInt8]) -> Int {
    for place in 0..<3 {
      pairs[Int(anchor[place]) | Int(anchor[place + 1]) << 8] |= 1 << UInt8(place)
    }
    let word = anchor.prefix(SecretGate.anchorLength).reversed().reduce(UInt32(0)) {
      $0 << 8 | UInt32($1)
    }
    var slot = SecretGate.slot(word)
    while words[slot] != 0 { slot = (slot + 1) & (SecretGate.slots - 1) }
    words[slot] = word
    return slot
  }

  @inline(__always) private static func slot(_ word: UInt32) -> Int {
    Int((word &* 0x9E37_79B1) >> UInt32(32 - hashBits))
  }

  /// An anchor that was found.
  struct Hit {
    /// Where it begins; negative if there is none any more.
    var start = -1
    /// Its place in the table.
    var slot = 0
    /// Where the pair is that led to it; negative before the first look.
    var pair = -3
    /// At which other places in an anchor that pair may stand.
    var places: UInt8 = 0
  }

  /// The first anchor behind `hit`, or the first of all, in `count` bytes.
  @inline(never) func next(_ base: UnsafePointer<UInt8>, _ count: Int, after hit: Hit) -> Hit {
    let (pairs, words) = (UnsafePointer(self.pairs), UnsafePointer(self.words))
    // The last place at which an anchor can begin.
    let last = count &- SecretGate.anchorLength
    guard last >= 0 else { return Hit() }
    var at = hit.pair
    var places = hit.places
    if at < 0 {
      at = 0
      places = pairs[SecretGate.pair(base)] & 0b001
    }
    while true {
      while places != 0 {
        let start = at &- places.trailingZeroBitCount
        places &= places &- 1
        let raw = UnsafeRawPointer(base + start).loadUnaligned(as: UInt32.self)
        let word = UInt32(littleEndian: raw)
        var slot = SecretGate.slot(word)
        while words[slot] != 0 {
          if words[slot] == word { return Hit(start: start, slot: slot, pair: at, places: places) }
          slot = (slot &+ 1) & (SecretGate.slots - 1)
        }
      }
      at &+= 3
      if let found = SecretGate.nextPair(pairs, words, base, &at, last: last) {
        at = found
        places = pairs[SecretGate.pair(base + at)]
        continue
      }
      // Behind the last place there is room only for what begins before it.
      switch at &- last {
      case ...0: places = pairs[SecretGate.pair(base + at)]
      case 1: places = pairs[SecretGate.pair(base + at)] & 0b110
      case 2: places = pairs[SecretGate.pair(base + at)] & 0b100
      default: return Hit()
      }
    }
  }

  /// The first multiple of three, from `at` on, at which there is a pair that may be part of an anchor, the
  /// four characters of which may be one; nil, with `at` not far from the end, if there is none.
  @inline(__always) private static func nextPair(
    _ pairs: UnsafePointer<UInt8>, _ words: UnsafePointer<UInt32>, _ base: UnsafePointer<UInt8>,
    _ at: inout Int, last: Int
  ) -> Int? {
    while at &+ 21 <= last {
      let here = base + at
      if let found = nextOfFour(pairs, words, here) { return at &+ found }
      if let found = nextOfFour(pairs, words, here + 12) { return at &+ 12 &+ found }
      at &+= 24
    }
    return nil
  }

  /// Four looks at once: mostly there is nothing.
  @inline(__always) private static func nextOfFour(
    _ pairs: UnsafePointer<UInt8>, _ words: UnsafePointer<UInt32>, _ here: UnsafePointer<UInt8>
  ) -> Int? {
    let any =
      pairs[pair(here)] | pairs[pair(here + 3)] | pairs[pair(here + 6)] | pairs[pair(here + 9)]
    guard any != 0 else { return nil }
    if isAnchor(pairs, words, here) { return 0 }
    if isAnchor(pairs, words, here + 3) { return 3 }
    if isAnchor(pairs, words, here + 6) { return 6 }
    if isAnchor(pairs, words, here + 9) { return 9 }
    return nil
  }

  /// False if there is no pair of an anchor at `here`, or one with a single place in anchors, and the four
  /// characters around it are none.
  @inline(__always) private static func isAnchor(
    _ pairs: UnsafePointer<UInt8>, _ words: UnsafePointer<UInt32>, _ here: UnsafePointer<UInt8>
  ) -> Bool {
    let places = pairs[pair(here)]
    guard places != 0 else { return false }
    let raw = UnsafeRawPointer(here - places.trailingZeroBitCount).loadUnaligned(as: UInt32.self)
    return words[slot(UInt32(littleEndian: raw))] != 0 || places & (places &- 1) != 0
  }

  @inline(__always) private static func pair(_ two: UnsafePointer<UInt8>) -> Int {
    Int(UInt16(littleEndian: UnsafeRawPointer(two).loadUnaligned(as: UInt16.self)))
  }
}
