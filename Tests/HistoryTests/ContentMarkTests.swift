import History
import Bytes
import Testing

struct ContentMarkTests {
  private func mark(_ bytes: [UInt8], total: Int? = nil) -> ContentMark? {
    bytes.withUnsafeBufferPointer { ContentMark($0, total: Int64(total ?? bytes.count)) }
  }

  private var bytes: [UInt8] { (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

  @Test func coversAPowerOfTwo() {
    #expect(mark([]) == nil)
    for (total, length) in [(1, 1), (2, 2), (3, 2), (4095, 2048), (4096, 4096), (9_000_000, 4096)] {
      #expect(mark(bytes, total: total)?.length == length)
    }
    // A file cannot be shorter than it says.
    #expect(mark([1, 2, 3], total: 4096) == nil)
  }

  @Test func dependsOnTheBeginningAlone() {
    var other = bytes
    other[4096] ^= 1
    #expect(mark(bytes) == mark(other))
    other[4095] ^= 1
    #expect(mark(bytes) != mark(other))
    #expect(mark(Array(bytes.prefix(3))) == mark(Array(bytes.prefix(2)) + [99]))
  }

  @Test func whatHasGrownIsFoundByItsOldMark() {
    var ledger: [ContentMark: Int] = [:]
    for size in 1...5000 where size % 7 == 0 {
      if let mark = mark(Array(bytes.prefix(size))) { ledger[mark] = size }
    }
    // 1, 2, 4 … 4,096 bytes.
    #expect(ledger.count <= 13)
  }
}
