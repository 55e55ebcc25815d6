internal import Platform

/// An exact set of digests: the first 160 bits of a SHA-256, 20 bytes each.
///
/// The digest's first byte chooses one of 256 shards; each is an open-addressing table that is at
/// most 7/10 full and then grows by half. A shard that has just grown is 7/15 full, which makes
/// 20 · 15/7 = 42.9 bytes a digest; the table that it outgrew lives on only while its entries move,
/// and is 1/256 of the whole. So the set never takes more than 48 bytes a digest, growth included
/// (below some 7,000 digests the first tables, 320 KiB in all, weigh more).
///
/// Someone who chooses payloads cannot choose where they land: every bit of a SHA-256 depends on
/// all of the payload, and the best known way to make many digests agree in the bits that place
/// them (the first byte and bytes 8 to 15) is to try that many payloads, so a run of equal
/// positions long enough to hurt costs more than the slowness it buys. Two payloads that agree in
/// all 160 bits cost some 2^80 trials. That is why positions need no secret here.
///
/// Placing by the high half of (bits × capacity) keeps entries in the order of those bits, so that
/// growing walks both tables from front to back.
public struct DigestSet: ~Copyable {
  /// Number of bytes of each digest that are kept and compared.
  public static let digestBytes = 20

  @usableFromInline struct Shard: BitwiseCopyable {
    var entries: UnsafeMutableRawPointer?
    var capacity = 0
    var count = 0
  }

  /// A digest in registers. All zero marks a free entry.
  private struct Digest: Equatable {
    var first: UInt64
    var second: UInt64
    var third: UInt32

    @inline(__always)
    init(at address: UnsafeRawPointer) {
      first = address.loadUnaligned(as: UInt64.self)
      second = address.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      third = address.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
    }

    @inline(__always) var isZero: Bool { first | second | UInt64(third) == 0 }

    @inline(__always)
    func store(at address: UnsafeMutableRawPointer) {
      address.storeBytes(of: first, as: UInt64.self)
      address.storeBytes(of: second, toByteOffset: 8, as: UInt64.self)
      address.storeBytes(of: third, toByteOffset: 16, as: UInt32.self)
    }
  }

  private static let firstCapacity = 64
  private var shards: FlatArray<Shard>
  /// The digest of zeros is legal, and would look like a free entry.
  private var hasZero = false
  /// Number of digests.
  public private(set) var count = 0
  /// Memory owned now, in bytes.
  public private(set) var memoryBytes: Int
  /// The most memory that was owned at any time, in bytes.
  public private(set) var peakMemoryBytes: Int

  /// Makes an empty set.
  public init() {
    shards = FlatArray(capacity: 256)
    shards.append(repeating: Shard(), count: 256)
    memoryBytes = 256 * MemoryLayout<Shard>.stride
    peakMemoryBytes = memoryBytes
  }

  deinit {
    for shard in shards.elements { free(shard.entries) }
  }

  /// Adds a digest, of which the first 20 bytes are read; true if it was not there before.
  public mutating func insert(_ digest: UnsafePointer<UInt8>) -> Bool {
    let key = Digest(at: digest)
    if key.isZero {
      guard !hasZero else { return false }
      hasZero = true
      count += 1
      return true
    }
    let index = Int(digest[0])
    if shards[index].capacity == 0 { grow(index) }
    let shard = shards[index]
    guard let entry = Self.entry(of: key, in: shard) else { return false }
    key.store(at: entry)
    count += 1
    shards[index].count = shard.count + 1
    if (shard.count + 1) * 10 > shard.capacity * 7 { grow(index) }
    return true
  }

  /// Whether a digest, of which the first 20 bytes are read, is there.
  public func contains(_ digest: UnsafePointer<UInt8>) -> Bool {
    let key = Digest(at: digest)
    if key.isZero { return hasZero }
    let shard = shards[Int(digest[0])]
    return shard.capacity > 0 && Self.entry(of: key, in: shard) == nil
  }

  /// The free entry where a digest belongs; nil if it is in the shard already.
  @inline(__always)
  private static func entry(of key: Digest, in shard: Shard) -> UnsafeMutableRawPointer? {
    guard let entries = shard.entries else { return nil }
    var at = Int(key.second.multipliedFullWidth(by: UInt64(shard.capacity)).high)
    while true {
      let entry = entries + at * digestBytes
      let found = Digest(at: entry)
      if found == key { return nil }
      if found.isZero { return entry }
      at += 1
      if at == shard.capacity { at = 0 }
    }
  }

  private mutating func grow(_ index: Int) {
    let old = shards[index]
    let capacity = max(Self.firstCapacity, old.capacity + old.capacity / 2)
    guard let entries = calloc(capacity, Self.digestBytes) else {
      preconditionFailure("out of memory for the digests of \(count) records")
    }
    let new = Shard(entries: entries, capacity: capacity, count: old.count)
    if let outgrown = old.entries {
      for at in 0..<old.capacity {
        let key = Digest(at: outgrown + at * Self.digestBytes)
        if !key.isZero, let entry = Self.entry(of: key, in: new) { key.store(at: entry) }
      }
    }
    memoryBytes += capacity * Self.digestBytes
    peakMemoryBytes = max(peakMemoryBytes, memoryBytes)
    free(old.entries)
    memoryBytes -= old.capacity * Self.digestBytes
    shards[index] = new
  }
}

// The memory has one owner, as the type cannot be copied, and a change needs exclusive access.
extension DigestSet: @unchecked Sendable {}
