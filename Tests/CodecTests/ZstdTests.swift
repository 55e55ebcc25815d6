import Bytes
import Codec
import TestSupport
import Testing

/// What one reading of frames came to.
private struct Frames: Equatable {
  var text: [UInt8] = []
  var ends: [Int] = []
  var error: CodecError?
}

/// Reads a whole stream, giving `chunk` bytes of input and room for `limit` at a time.
private func frames(_ stream: [UInt8], chunk: Int = .max, limit: Int = 4 << 20) throws -> Frames {
  var decoder = try MemberDecoder()
  try decoder.begin(.zstd)
  var output = ByteBuffer()
  var frames = Frames()
  do {
    try stream.withUnsafeBufferPointer { all in
      var at = 0
      while true {
        let given = min(chunk, all.count - at)
        let before = output.count
        let step = try decoder.decode(
          ByteView(rebasing: all[at..<(at + given)]), into: &output, limit: limit)
        #expect(output.count - before <= limit)
        at += step.consumed
        #expect(decoder.consumed == at)
        if step.state == .memberEnd { frames.ends.append(at) }
        if step.state == .needsInput && at == all.count { break }
      }
    }
    try decoder.finish()
  } catch let error as CodecError { frames.error = error }
  frames.text = output.bytes
  return frames
}

/// Longer than a member.
private let longText = sampleText(1_100_000, seed: 4)

private func zstd(_ text: [UInt8], level: Int = 3) throws -> [UInt8] {
  try compressed(text, Compression(format: .zstd, level: level))
}

/// A frame of raw blocks of these texts, with a window of `window` and neither checksum nor size.
private func rawFrame(_ blocks: [[UInt8]], window: UInt8 = 0) -> [UInt8] {
  var frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, window]
  for (number, block) in blocks.enumerated() {
    let header = block.count << 3 | (number + 1 == blocks.count ? 1 : 0)
    frame += [0, 8, 16].map { UInt8(truncatingIfNeeded: header >> $0) } + block
  }
  return frame
}

private func skipped(_ kind: UInt8, _ content: [UInt8]) -> [UInt8] {
  [0x50 + kind, 0x2a, 0x4d, 0x18]
    + (0..<4).map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) }
    + content
}

@Suite(.enabled(if: zstdIsInstalled)) struct ZstdTests {
  private static let hello = Array("hello\n".utf8)

  @Test(arguments: 1...19) func everyLevelComesBack(_ level: Int) throws {
    for count in [0, 1, 1000, longText.count] {
      let text = Array(longText.prefix(count))
      let frame = try zstd(text, level: level)
      let areEqual = try frames(frame) == Frames(text: text, ends: [frame.count])
      #expect(areEqual, "\(count)")
    }
  }

  @Test(arguments: [1, 3, 19]) func aFrameHasItsSizeAndAChecksumAndIsOneSegment(_ level: Int) throws
  {
    for count in [0, 1, 255, 256, 70_000, 1_100_000] {
      let frame = try zstd(Array(longText.prefix(count)), level: level)
      #expect(Array(frame[..<4]) == [0x28, 0xb5, 0x2f, 0xfd])
      // Checksum, one segment, no dictionary.
      #expect(frame[4] & 0b10_0111 == 0b10_0100, "\(count)")
      let bytes = [1, 2, 4, 8][Int(frame[4] >> 6)]
      let said = (0..<bytes).reduce(0) { $0 | Int(frame[5 + $1]) << (8 * $1) }
      #expect(said + (bytes == 2 ? 256 : 0) == count)
    }
  }

  @Test func whatWasCompressedBeforeDoesNotMatter() throws {
    let text = longText
    let expected = try zstd(text, level: 5)
    let compressor = try Compressor(Compression(format: .zstd, level: 5))
    for seed in 0..<6 {
      var output = ByteBuffer()
      let other = sampleText(seed * 50_000, seed: UInt64(seed))
      try other.withUnsafeBufferPointer { try compressor.compress($0, into: &output) }
      output.removeAll()
      try text.withUnsafeBufferPointer { try compressor.compress($0, into: &output) }
      let areEqual = output.bytes == expected
      #expect(areEqual)
    }
  }

  @Test(arguments: [1, 3, 17, 1000, .max], [1, 100, 131_072, 1 << 20])
  func piecesDoNotMatter(chunk: Int, limit: Int) throws {
    let texts = [Self.hello, [], sampleText(5000, seed: 1), [UInt8](repeating: 7, count: 3000)]
    let random = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    var stream: [UInt8] = skipped(3, [1, 2, 3])
    var ends: [Int] = []
    for text in texts + [random] {
      stream += try zstd(text)
      ends.append(stream.count)
      stream += skipped(UInt8(ends.count), Array(repeating: 9, count: ends.count * 100 - 100))
    }
    stream += rawFrame([Self.hello, [], Self.hello], window: 8)
    ends.append(stream.count)
    let found = try frames(stream, chunk: chunk, limit: limit)
    let expected = texts.flatMap { $0 } + random + Self.hello + Self.hello
    #expect(found.error == nil && found.ends == ends)
    let areEqual = found.text == expected
    #expect(areEqual)
  }

  /// A block that is not compressed gives its text byte by byte: what fills the room need not be followed by
  /// more.
  @Test func textThatFillsTheRoomIsNotWaitedFor() throws {
    let stream = rawFrame([Self.hello, Self.hello], window: 8)
    var decoder = try MemberDecoder()
    try decoder.begin(.zstd)
    var output = ByteBuffer()
    for byte in stream {
      var rest = [byte]
      var calls = 0
      while calls < 5 {
        let step = try rest.withUnsafeBufferPointer {
          try decoder.decode($0, into: &output, limit: 1)
        }
        rest.removeFirst(step.consumed)
        if rest.isEmpty, step.state != .outputFull { break }
        calls += 1
      }
      #expect(calls < 5)
    }
    try decoder.finish()
    #expect(output.bytes == Self.hello + Self.hello)
  }

  @Test func everyTruncationIsTold() throws {
    let good = try zstd(Self.hello)
    let text = sampleText(2000, seed: 9)
    let stream = try good + zstd(text) + rawFrame([text], window: 8)
    let ends = try frames(stream).ends
    for length in 1..<stream.count where !ends.contains(length) {
      let whole = try frames(Array(stream[..<length]))
      #expect(try frames(Array(stream[..<length]), chunk: 1) == whole)
      #expect(whole.error?.kind == .truncated && whole.error?.damage?.offset == length)
      #expect(whole.error?.message == "zstd stream is truncated")
      #expect(whole.error?.damage?.memberOffset == ends.last { $0 < length } ?? 0)
      #expect(whole.error?.damage?.delivered == whole.text.count)
      #expect((Self.hello + text + text).starts(with: whole.text))
    }
    #expect(try frames([]).error?.kind == .truncated)
  }

  @Test func blocksBeforeADamageAreDelivered() throws {
    let text = longText
    var frame = try zstd(text)
    // The last four bytes are the checksum.
    frame[frame.count - 1] ^= 1
    for chunk in [5000, Int.max] {
      let found = try frames(try zstd(Self.hello) + frame, chunk: chunk)
      #expect(found.error?.kind == .checksum)
      #expect(found.error?.message == "a zstd frame has a wrong checksum")
      #expect(found.error?.damage?.verified == Self.hello.count)
      #expect(found.error?.damage?.memberOffset == found.ends[0])
      let areEqual = found.text == Self.hello + text
      #expect(areEqual)
    }
  }

  @Test func everyFlippedBitIsFoundOrHarmless() throws {
    let text = sampleText(600, seed: 5)
    let frame = try zstd(text)
    var harmless = 0
    for bit in 0..<(frame.count * 8) {
      var damaged = frame
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      let found = try frames(damaged)
      #expect(try frames(damaged, chunk: 7, limit: 50) == found, "bit \(bit)")
      if found.error == nil, found.text == text { harmless += 1 }
      // Without its checksum a frame may still be one, and so may one that is skipped.
      let isToldByHeader = bit / 8 > 4
      #expect(found.error != nil || found.text == text || !isToldByHeader, "bit \(bit)")
    }
    #expect(harmless < 40)
  }

  @Test(arguments: ["garbage", "(\u{b5}", "\0\0", "\n", "P*M"], [1, 1000])
  func whatFollowsAFrameAndIsNone(_ garbage: String, _ chunk: Int) throws {
    let frame = try zstd(Self.hello)
    let found = try frames(frame + Array(garbage.utf8), chunk: chunk)
    #expect(found.text == Self.hello && found.ends == [frame.count])
    let isCut = garbage == "P*M"
    #expect(found.error?.kind == (isCut ? .truncated : .garbage))
    if !isCut {
      #expect(found.error?.message == "garbage after zstd frame")
      #expect(found.error?.damage?.offset == frame.count)
    }
    #expect(try frames(Array("no frame".utf8)).error?.kind == .corrupt)
  }

  /// The window's byte: five bits of the power of two, from 2^10 on, and three of eighths beside it.
  @Test func aWindowHasALimit() throws {
    let atLimit = rawFrame([Self.hello], window: (27 - 10) << 3)
    #expect(try frames(atLimit) == Frames(text: Self.hello, ends: [atLimit.count]))
    for window: UInt8 in [(27 - 10) << 3 | 1, (28 - 10) << 3, 0xff] {
      for chunk in [1, Int.max] {
        let found = try frames(rawFrame([Self.hello], window: window), chunk: chunk)
        #expect(found.error?.kind == .limit && found.text.isEmpty)
        #expect(
          found.error?.message
            == "a zstd frame refers back to more than 128 MiB (limit of its window)")
        #expect(found.error?.damage?.offset == 0)
      }
    }
    // One segment of 2^27 bytes and one more: eight bytes of size.
    let single: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 1, 0, 0, 8, 0, 0, 0, 0]
    #expect(try frames(single + [1, 0, 0]).error?.kind == .limit)
  }

  @Test func aDictionaryIsNotThere() throws {
    let frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 0, 1, 0, 0]
    #expect(try frames(frame).error?.message == "a zstd frame needs a dictionary")
  }

  @Test func aBombIsBoundByTheLimit() throws {
    // Blocks of 128 KiB that are one byte each, without a size.
    var bomb: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, (20 - 10) << 3]
    for number in 0..<400 {
      let header = (128 << 10) << 3 | 2 | (number == 399 ? 1 : 0)
      bomb += [0, 8, 16].map { UInt8(truncatingIfNeeded: header >> $0) } + [65]
    }
    var decoder = try MemberDecoder()
    try decoder.begin(.zstd)
    var output = ByteBuffer()
    let state = try bomb.withUnsafeBufferPointer {
      try decoder.decode($0, into: &output, limit: 1000).state
    }
    #expect(state == .outputFull && output.count == 1000 && output.capacity < 1 << 20)
    #expect(try frames(bomb).text.count == 400 * (128 << 10))
    // Another that says a size and has none.
    let empty: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 4, 1, 0, 0]
    let found = try frames(empty)
    #expect(found.error?.kind == .corrupt && found.text.isEmpty)
  }

  @Test func blocksThatAreNone() throws {
    let start: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, 0]
    for block: [UInt8] in [[7, 0, 0], [1, 0, 0x10], [0xf9, 0xff, 0xff]] {
      let found = try frames(start + block + [UInt8](repeating: 0, count: 300_000))
      #expect(found.error?.kind == .corrupt, "\(block)")
    }
  }

  @Test func aStreamOfSkippedFramesIsEmpty() throws {
    #expect(try frames(skipped(0, []) + skipped(15, [1])) == Frames())
    #expect(try frames(skipped(0, [1, 2]).dropLast()).error?.kind == .truncated)
  }

  @Test func anErrorStaysUntilAnotherStreamBegins() throws {
    var decoder = try MemberDecoder()
    try decoder.begin(.zstd)
    var output = ByteBuffer()
    for _ in 0..<2 {
      #expect(throws: CodecError.self) {
        try withBytes("nonsense") { _ = try decoder.decode($0, into: &output, limit: 10) }
      }
    }
    #expect(throws: CodecError.self) { try decoder.finish() }
    try decoder.begin(.zstd)
    let frame = try zstd(Self.hello)
    _ = try frame.withUnsafeBufferPointer { try decoder.decode($0, into: &output, limit: 100) }
    #expect(output.bytes == Self.hello)
    try decoder.finish()
  }
}
