internal import Bytes

/// Sorts digests that lie end to end, where they are.
///
/// Their bits are as good as random, so the first bytes put each close to its place: one pass by the
/// first byte (American flag sort), then each of the 256 parts again while it is large, and the small
/// ones by insertion. Someone who chooses payloads cannot choose digests, so no part stays large.
enum DigestSort {
  private static let size = DigestFileFormat.digestSize

  static func sort(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress else { return }
    let count = bytes.count / size
    UnsafeMutableRawPointer(base).withMemoryRebound(to: RawDigest.self, capacity: count) {
      sort(UnsafeMutableBufferPointer(start: $0, count: count), byte: 0)
    }
  }

  private typealias RawDigest = (UInt64, UInt64, UInt64, UInt64)

  private static func key(_ digest: RawDigest, _ byte: Int) -> Int {
    Int(truncatingIfNeeded: (UInt64(bigEndian: digest.0) >> UInt64(56 - byte * 8)) & 0xFF)
  }

  private static func precedes(_ left: RawDigest, _ right: RawDigest) -> Bool {
    Digest256(
      UInt64(bigEndian: left.0), UInt64(bigEndian: left.1), UInt64(bigEndian: left.2),
      UInt64(bigEndian: left.3))
      < Digest256(
        UInt64(bigEndian: right.0), UInt64(bigEndian: right.1), UInt64(bigEndian: right.2),
        UInt64(bigEndian: right.3))
  }

  private static func sort(_ digests: UnsafeMutableBufferPointer<RawDigest>, byte: Int) {
    guard digests.count > 32, byte < 8 else { return insertionSort(digests) }
    var ends = [Int](repeating: 0, count: 257)
    for digest in digests { ends[key(digest, byte) + 1] += 1 }
    for bucket in 0..<256 { ends[bucket + 1] += ends[bucket] }
    var next = ends
    for bucket in 0..<256 {
      while next[bucket] < ends[bucket + 1] {
        let at = next[bucket]
        let home = key(digests[at], byte)
        if home == bucket {
          next[bucket] += 1
        } else {
          digests.swapAt(at, next[home])
          next[home] += 1
        }
      }
    }
    for bucket in 0..<256 where ends[bucket + 1] - ends[bucket] > 1 {
      sort(.init(rebasing: digests[ends[bucket]..<ends[bucket + 1]]), byte: byte + 1)
    }
  }

  private static func insertionSort(_ digests: UnsafeMutableBufferPointer<RawDigest>) {
    guard digests.count > 1 else { return }
    for index in 1..<digests.count {
      let digest = digests[index]
      var at = index
      while at > 0, precedes(digest, digests[at - 1]) {
        digests[at] = digests[at - 1]
        at -= 1
      }
      digests[at] = digest
    }
  }
}
