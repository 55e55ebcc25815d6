import Bytes
import Codec
import Testing

struct MemberDecoderTests {
  @Test func theBeginningTellsTheFormat() throws {
    for format in CompressionFormat.allCases {
      for level in format.levels {
        let member = try compressed(Array("{}\n".utf8), Compression(format: format, level: level))
        let found = member.withUnsafeBufferPointer { CompressionFormat.recognized(in: $0) }
        #expect(found == format)
      }
    }
    #expect(CompressionFormat.recognized(in: ByteView(start: nil, count: 0)) == .none)
  }

  @Test func anInputIsTextWhereItBeginsLikeNothingElse() {
    let cases: [([UInt8], CompressionFormat?)] = [
      ([], nil), ([0x1f], nil), ([0x1f, 0x8b], .gzip), ([0x1f, 0x8b, 8], .gzip),
      ([0x1f, 0x8c], CompressionFormat.none), ([0x8b, 0x1f], CompressionFormat.none),
      ([0x28, 0xb5, 0x2f], nil), ([0x28, 0xb5, 0x2f, 0xfd], .zstd),
      ([0x28, 0xb5, 0x2f, 0xfc], CompressionFormat.none), ([0x5f, 0x2a, 0x4d], nil),
      ([0x5f, 0x2a, 0x4d, 0x18], .zstd), ([0x50, 0x2a, 0x4d, 0x18, 0], .zstd),
      ([0x60, 0x2a, 0x4d, 0x18], CompressionFormat.none), ([0x78, 0x9c], CompressionFormat.none),
      (Array("{}".utf8), CompressionFormat.none), (Array("P".utf8), nil),
    ]
    for (prefix, expected) in cases {
      #expect(prefix.withUnsafeBufferPointer(CompressionFormat.ofInput) == expected)
    }
  }

  @Test func theNameTellsTheFormat() {
    for format in CompressionFormat.allCases {
      #expect(CompressionFormat(ofLinesNamed: "a/part" + format.linesEnding) == format)
    }
    #expect(CompressionFormat(ofLinesNamed: "a/part.gz") == nil)
    #expect(CompressionFormat(ofLinesNamed: "a/ndjson") == nil)
    #expect(CompressionFormat(ofFileNamed: "a.rejects.gz") == .gzip)
    #expect(CompressionFormat(ofFileNamed: "a.ndjson.zst") == .zstd)
    #expect(CompressionFormat(ofFileNamed: "a.ndjson") == .none)
  }

  @Test(arguments: CompressionFormat.allCases, [1, 7, 1 << 20])
  func allMembersComeBack(_ format: CompressionFormat, limit: Int) throws {
    let texts = [sampleText(3000, seed: 1), [], sampleText(10, seed: 2)]
    var stored: [UInt8] = []
    var ends: [Int] = []
    for text in texts {
      stored += try compressed(text, Compression(format: format))
      ends.append(stored.count)
    }
    var decoder = try MemberDecoder()
    // What was read before must not matter.
    for _ in 0..<2 {
      try decoder.begin(format)
      let (text, found) = try read(&decoder, stored, limit: limit)
      #expect(text == texts.flatMap { $0 })
      #expect(found == (format == .none ? [] : ends))
      #expect(decoder.consumed == stored.count)
    }
  }

  private func read(
    _ decoder: inout MemberDecoder, _ stored: [UInt8], limit: Int
  ) throws -> ([UInt8], [Int]) {
    var output = ByteBuffer()
    var ends: [Int] = []
    var at = 0
    while true {
      let step = try stored.withUnsafeBufferPointer {
        try decoder.decode(ByteView(rebasing: $0[at...]), into: &output, limit: limit)
      }
      at += step.consumed
      if step.state == .memberEnd { ends.append(at) }
      if step.state == .needsInput { break }
    }
    try decoder.finish()
    return (output.bytes, ends)
  }

  @Test(arguments: [CompressionFormat.gzip, .zstd, .zlib])
  func aCutMemberIsTruncated(_ format: CompressionFormat) throws {
    let member = try compressed(sampleText(100, seed: 3), Compression(format: format))
    var decoder = try MemberDecoder()
    try decoder.begin(format)
    let error = #expect(throws: CodecError.self) {
      _ = try read(&decoder, member.dropLast(), limit: 1 << 20)
    }
    #expect(error?.kind == .truncated && error?.message == "\(format) stream is truncated")
  }

  @Test(arguments: [CompressionFormat.gzip, .zstd, .zlib])
  func whatIsNoMemberIsNotReadAsOne(_ format: CompressionFormat) throws {
    let other: CompressionFormat = format == .gzip ? .zlib : .gzip
    let mixed =
      try compressed([65], Compression(format: format))
      + compressed([66], Compression(format: other))
    var decoder = try MemberDecoder()
    try decoder.begin(format)
    let error = #expect(throws: CodecError.self) { _ = try read(&decoder, mixed, limit: 100) }
    #expect(error?.kind == .garbage)
  }

  @Test func archivesAreMadeOfWhatIsReadEverywhere() throws {
    try Compression(format: .gzip).checkForArchive()
    try Compression(format: .none).checkForArchive()
    let error = #expect(throws: CodecError.self) {
      try Compression(format: .zlib).checkForArchive()
    }
    #expect(
      error?.kind == .setting && error?.message.contains("\"gzip\", \"zstd\" or \"none\"") == true)
  }
}
