import Bytes
import Testing

@Suite struct PrefixDigestsTests {
  private func digests(_ length: Int) -> PrefixDigests {
    var prefixes = PrefixDigests()
    while prefixes.next <= length { prefixes.add(Digest256(UInt64(prefixes.next) << 32, 0, 0, 0)) }
    return prefixes
  }

  /// However long a text is, there are few places, the first of them at 64 KiB, and the rest evenly spread.
  @Test func placesGrowApart() {
    for length in [0, 65_535, 65_536, 100_000, 325_000, 400_000, 1 << 21, 5_000_000, 1 << 32] {
      let prefixes = digests(length)
      let places = prefixes.places
      #expect(places.count <= 64 && places.isEmpty == (length < 65_536))
      #expect(places.first.map { $0.length == 65_536 } ?? true)
      #expect(places.last.map { length - $0.length < prefixes.step } ?? true)
      #expect(zip(places, places.dropFirst()).allSatisfy { $0.length < $1.length })
      // Each stayed with the place for which it was added.
      #expect(places.allSatisfy { UInt32($0.length & 0xFFFF_FFFF) == $0.digest })
      #expect(prefixes.step == 4_096 || places.count > 30)
    }
  }

  @Test func theirTextIsRead() {
    for length in [65_536, 400_000, 5_000_000] {
      #expect(PrefixDigests(digests(length).text) == digests(length))
    }
    #expect(digests(70_000).text == "4096:0001000000011000")
    #expect(digests(70_000).upTo(69_631).text == "4096:00010000")
    for text in [
      "", ":", "4096:", "4096", "4096:0001", "4096:0001000g", "2048:00010000", "5000:00010000",
      "-4096:00010000", "4096:00010000:", "99999999999999999999:00010000",
      "4096:" + String(repeating: "00010000", count: 65),
    ] {
      #expect(PrefixDigests(text) == nil, "\(text)")
    }
    // A number that nobody could have written is no trap.
    let largest = PrefixDigests("\(1 << 62):000100000001100000011000000110000001100000011000")
    #expect(largest?.places.last?.length == Int.max && largest?.next == Int.max)
  }
}
