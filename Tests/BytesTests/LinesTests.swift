import Bytes
import TestSupport
import Testing

struct LinesTests {
  @Test(arguments: ["", "a", "a\n", "a\nb", "\n\n", "a\n\nb\n", "\na"])
  func linesAreWhatLiesBetweenLineFeeds(_ text: String) {
    var lines: [String] = []
    withBytes(text) {
      $0.forEachLine { lines.append(String(decoding: $0, as: UTF8.self)) }
    }
    var expected = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if expected.last == "" { expected.removeLast() }
    #expect(lines == expected)
  }

  /// Against the library's own search, over a small alphabet, so that beginnings repeat.
  @Test func aNeedleIsFoundWhereItIs() {
    var random = SeededGenerator(seed: 5)
    func next(_ bound: Int) -> Int { random.next(below: bound) }
    for _ in 0..<20_000 {
      let text = (0..<next(24)).map { _ in UInt8(ascii: "a") + UInt8(next(3)) }
      let needle = (0..<next(5)).map { _ in UInt8(ascii: "a") + UInt8(next(3)) }
      let expected =
        needle.isEmpty
        || text.indices.contains { text[$0...].starts(with: needle) }
      #expect(text.withUnsafeBufferPointer { ByteNeedle(needle).isIn($0) } == expected)
    }
  }
}
