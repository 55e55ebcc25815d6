import Bytes
import Testing

@Suite struct DeceptiveTextTests {
  @Test func rangesAreSortedAndApart() {
    let ranges = DeceptiveText.ranges
    for (range, next) in zip(ranges, ranges.dropFirst()) {
      #expect(range.upperBound + 1 < next.lowerBound)
    }
  }

  /// Each property of Unicode that makes a character deceive is in the table, and what has none of them is
  /// not.
  @Test func agreesWithTheStandardLibraryOnEveryScalar() {
    var wrong: [UInt32] = []
    for code in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(code) else { continue }
      let properties = scalar.properties
      let isDeceptive =
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: properties.isDefaultIgnorableCodePoint || properties.isBidiControl
        }
      let isExtra = code == 0x2800 || (0xFFF9...0xFFFB).contains(code)
      if DeceptiveText.isDeceptive(scalar) != (isDeceptive || isExtra) { wrong.append(code) }
    }
    #expect(wrong.isEmpty, "\(wrong.map { String($0, radix: 16) })")
  }

  @Test func bytesAndScalarsAgreeAtEveryEdge() {
    var wrong: [UInt32] = []
    let edges = DeceptiveText.ranges.flatMap { range in
      [range.lowerBound &- 1, range.lowerBound, range.upperBound, range.upperBound + 1]
    }
    for scalar in edges.compactMap({ Unicode.Scalar($0) }) {
      let bytes = Array("a\(scalar)".utf8)
      let isDeceptive = bytes.withUnsafeBufferPointer {
        DeceptiveText.isDeceptive($0, at: 1, length: bytes.count - 1)
      }
      if isDeceptive != DeceptiveText.isDeceptive(scalar) { wrong.append(scalar.value) }
    }
    #expect(wrong.isEmpty, "\(wrong.map { String($0, radix: 16) })")
  }

  @Test func replacesEachByOne() {
    #expect(
      DeceptiveText.replacing(in: "a\u{1B}[2J\u{202E}b\u{200B}\u{2028}zoë")
        == "a\u{FFFD}[2J\u{FFFD}b\u{FFFD}\u{FFFD}zoë")
  }
}
