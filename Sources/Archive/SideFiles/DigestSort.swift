internal import Bytes

/// Sorts digests that lie end to end, each with its day, where they are.
///
/// Their bits are as good as random, so the first bytes put each close to its place: one pass by the
/// first byte (American flag sort), then each of the 256 parts again while it is large, and the small
/// ones by insertion. Someone who chooses payloads cannot choose digests, so no part stays large.
enum DigestSort {
  private typealias Entry = DigestJournal.Entry

  static func sort(_ entries: UnsafeMutableBufferPointer<DigestJournal.Entry>) {
    sort(entries, byte: 0)
  }

  /// Brings those together for which `part` says the same number below `count`, in the order of the numbers;
  /// returns where each part begins, and the end.
  static func partition(
    _ entries: UnsafeMutableBufferPointer<DigestJournal.Entry>, into count: Int,
    _ part: (DigestJournal.Entry) -> Int
  ) -> [Int] {
    guard count > 1 else { return [0, entries.count] }
    var ends = [Int](repeating: 0, count: count + 1)
    for entry in entries { ends[part(entry) + 1] += 1 }
    for number in 0..<count { ends[number + 1] += ends[number] }
    var next = ends
    for number in 0..<count {
      while next[number] < ends[number + 1] {
        let at = next[number]
        let home = part(entries[at])
        if home == number {
          next[number] += 1
        } else {
          entries.swapAt(at, next[home])
          next[home] += 1
        }
      }
    }
    return ends
  }

  private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
    digest(left) < digest(right)
  }

  /// The digest of an entry.
  static func digest(_ entry: DigestJournal.Entry) -> Digest256 {
    Digest256(
      UInt64(bigEndian: entry.0), UInt64(bigEndian: entry.1), UInt64(bigEndian: entry.2),
      UInt64(bigEndian: entry.3))
  }

  private static func sort(_ entries: UnsafeMutableBufferPointer<Entry>, byte: Int) {
    guard entries.count > 32, byte < 8 else { return insertionSort(entries) }
    let shift = UInt64(56 - byte * 8)
    let ends = partition(entries, into: 256) {
      Int(truncatingIfNeeded: (UInt64(bigEndian: $0.0) >> shift) & 0xFF)
    }
    for bucket in 0..<256 where ends[bucket + 1] - ends[bucket] > 1 {
      sort(.init(rebasing: entries[ends[bucket]..<ends[bucket + 1]]), byte: byte + 1)
    }
  }

  private static func insertionSort(_ entries: UnsafeMutableBufferPointer<Entry>) {
    guard entries.count > 1 else { return }
    for index in 1..<entries.count {
      let entry = entries[index]
      var at = index
      while at > 0, precedes(entry, entries[at - 1]) {
        entries[at] = entries[at - 1]
        at -= 1
      }
      entries[at] = entry
    }
  }
}
