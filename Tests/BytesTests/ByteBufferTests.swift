import Bytes
import TestSupport
import Testing

@Suite struct ByteBufferTests {
  @Test func appendsEveryKindOfSource() {
    var buffer = ByteBuffer(capacity: 0)
    buffer.append(UInt8(ascii: "a"))
    buffer.append([0x62, 0x63])
    buffer.append("de")
    buffer.append(utf8: "é")
    withBytes("fg") { buffer.append($0) }
    withBytes("") { buffer.append($0) }
    #expect(buffer.text == "abcdeéfg")
    #expect(buffer.count == 9)
  }

  @Test func keepsItsContentsWhileItGrows() {
    var generator = SeededGenerator(seed: 1)
    var buffer = ByteBuffer()
    var expected: [UInt8] = []
    for _ in 0..<2000 {
      let piece = (0..<Int.random(in: 0...50, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      buffer.append(piece)
      expected += piece
    }
    #expect(buffer.bytes == expected)
  }

  @Test(arguments: [0, 1, 9, 10, 99, 100, 1_234_567_890, Int.max, -1, -10, Int.min])
  func writesDecimalNumbers(number: Int) {
    var buffer = ByteBuffer()
    buffer.append(decimal: number)
    #expect(buffer.text == String(number))
  }

  @Test func writesTheLargestUnsignedNumber() {
    var buffer = ByteBuffer()
    buffer.append(decimal: UInt.max)
    #expect(buffer.text == String(UInt.max))
  }

  @Test func appendsItsOwnBytesEvenWhenThatMovesThem() {
    var buffer = ByteBuffer(capacity: 16)
    buffer.append("0123456789abcdef")
    buffer.appendOwn(Span32(4, count: 12))
    #expect(buffer.text == "0123456789abcdef456789abcdef")
  }

  @Test func removesFromEitherEnd() {
    var buffer = ByteBuffer()
    buffer.append("abcdef")
    buffer.removeFirst(2)
    #expect(buffer.text == "cdef")
    buffer.truncate(to: 3)
    #expect(buffer.text == "cde")
    buffer.removeFirst(3)
    #expect(buffer.bytes == [])
  }

  @Test func forgetsButKeepsTheMemoryUntilTrimmed() {
    var buffer = ByteBuffer()
    buffer.append([UInt8](repeating: 7, count: 10_000))
    buffer.removeAll()
    #expect(buffer.count == 0)
    #expect(buffer.capacity >= 10_000)
    buffer.append("kept")
    buffer.trim(keeping: 100)
    #expect(buffer.capacity == 100)
    #expect(buffer.text == "kept")
  }

  @Test func doesNotTrimWhatIsInUse() {
    var buffer = ByteBuffer()
    buffer.append([UInt8](repeating: 7, count: 200))
    buffer.trim(keeping: 100)
    #expect(buffer.bytes == [UInt8](repeating: 7, count: 200))
  }

  @Test func lendsTheBytesOfASpan() {
    var buffer = ByteBuffer()
    buffer.append("abcdef")
    #expect(Array(buffer[Span32(2, count: 3)]) == Array("cde".utf8))
    #expect(buffer[Span32(6, count: 0)].isEmpty)
    #expect(Span32(2, count: 3).end == 5)
    #expect(Span32.empty.isEmpty)
  }

  @Test func takesBytesWrittenInPlace() {
    var buffer = ByteBuffer()
    buffer.append("a")
    buffer.reserve(1000)
    buffer.base[buffer.count] = UInt8(ascii: "b")
    buffer.advance(by: 1)
    #expect(buffer.text == "ab")
    #expect(buffer.capacity >= 1001)
  }
}
