internal import Bytes
internal import Codec
internal import JSONText

/// A format that is told by its first bytes, and is none that records are read from.
enum ForeignFormat: CaseIterable {
  case zstd, xz, bzip2, lz4, snappy, zlib, gzip, zip, tar, parquet, avro, orc, utf32, utf16

  /// Bytes that are looked at: those of a tar archive's header.
  static let beginning = 512

  /// The format that begins with `text`, of which no more than `beginning` bytes are looked at; nil for what
  /// may hold records. No JSON text has such a beginning, whatever it says.
  init?(_ text: ByteView) {
    let text = ByteView(rebasing: text.prefix(ForeignFormat.beginning))
    guard !ForeignFormat.isText(text),
      let format = ForeignFormat.allCases.first(where: { $0.begins(text) })
    else { return nil }
    self = format
  }

  /// True if a text is none of these, whatever follows: it begins as documents do, or its first line ends and
  /// it does not begin with what one of them is told by.
  static func isText(_ text: ByteView) -> Bool {
    if text.count > 1, text[0] == UInt8(ascii: "{") || text[0] == UInt8(ascii: "["), text[1] != 0 {
      return true
    }
    guard let end = text.firstIndex(where: { $0 == 0x0A || $0 == 0 }), text[end] == 0x0A else {
      return false
    }
    return !allCases.contains { $0.mayBegin(text) }
  }

  /// The bytes with which a file of this format begins; empty where no fixed ones tell it.
  private var signatures: [[UInt8]] {
    switch self {
    case .zstd: [[0x28, 0xB5, 0x2F, 0xFD]]
    case .xz: [[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]]
    case .bzip2: [Array("BZh".utf8)]
    case .lz4: [[0x04, 0x22, 0x4D, 0x18]]
    case .snappy: [[0xFF, 0x06, 0x00, 0x00, 0x73, 0x4E, 0x61, 0x50, 0x70, 0x59]]
    case .zlib: [[0x78, 0x01], [0x78, 0x5E], [0x78, 0x9C], [0x78, 0xDA]]
    case .gzip: [[0x1F, 0x8B]]
    case .zip: [[0x50, 0x4B, 0x03, 0x04], [0x50, 0x4B, 0x05, 0x06]]
    case .tar: []
    case .parquet: [Array("PAR1".utf8)]
    case .avro: [[0x4F, 0x62, 0x6A, 0x01]]
    case .orc: [Array("ORC".utf8)]
    case .utf32: [[0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]]
    case .utf16: [[0xFF, 0xFE], [0xFE, 0xFF]]
    }
  }

  /// What is there of a text is what a file of this format begins with.
  private func mayBegin(_ text: ByteView) -> Bool {
    signatures.contains { $0.prefix(text.count).elementsEqual(text.prefix($0.count)) }
  }

  private func begins(_ text: ByteView) -> Bool {
    switch self {
    case .tar: return ForeignFormat.isTar(text)
    case .utf16 where ForeignFormat.isWide(text, bytes: 2): return true
    case .utf32 where ForeignFormat.isWide(text, bytes: 4): return true
    default: break
    }
    guard let signature = signatures.first(where: { text.starts(with: $0) }),
      !ForeignFormat.isJSON(ByteView(rebasing: text[signature.count...]))
    else { return false }
    return switch self {
    case .bzip2: text.dropFirst(4).starts(with: [0x31, 0x41, 0x59, 0x26])
    case .zlib: text[2...].prefix(64).contains { $0 < 0x09 || $0 > 0x7E }
    case .orc: text.dropFirst(3).contains { $0 < 0x09 }
    case .utf16: text.count < 4 || text[2] != 0 || text[3] != 0
    default: true
    }
  }

  /// What follows the first bytes plainly is JSON: a line, or the first of them, begins with an object or an
  /// array of some, and there is no byte of control, of which every such format has some.
  private static func isJSON(_ text: ByteView) -> Bool {
    guard text.allSatisfy({ $0 >= 0x20 || $0.isSpace }) else { return false }
    var start = 0
    while true {
      let first = Scanner.skipWhitespace(text, from: start)
      guard first < text.count else { return false }
      let next = Scanner.skipWhitespace(text, from: first + 1)
      if next < text.count, isPair(text[first], text[next]) { return true }
      guard let lineFeed = text.place(of: 0x0A, from: first) else { return false }
      start = lineFeed + 1
    }
  }

  private static func isPair(_ first: UInt8, _ next: UInt8) -> Bool {
    switch first {
    case UInt8(ascii: "{"): next == UInt8(ascii: "\"") || next == UInt8(ascii: "}")
    case UInt8(ascii: "["): next == UInt8(ascii: "{") || next == UInt8(ascii: "]")
    default: false
    }
  }

  /// POSIX.1-1988: the header has its magic, and in octal digits the sum of its bytes, with blanks for those
  /// digits.
  private static func isTar(_ text: ByteView) -> Bool {
    guard text.count == beginning, text[257..<262].elementsEqual(Array("ustar".utf8)) else {
      return false
    }
    var sum = 0
    for place in 0..<beginning { sum += 148..<156 ~= place ? 0x20 : Int(text[place]) }
    var told = 0
    for byte in text[148..<156].drop(while: { $0 == 0x20 }) {
      guard UInt8(ascii: "0")...UInt8(ascii: "7") ~= byte else { break }
      told = told << 3 | Int(byte - UInt8(ascii: "0"))
    }
    return told == sum && text.contains(0)
  }

  /// A bracket and the character behind it, which is no NUL, in so many bytes each.
  private static func isWide(_ text: ByteView, bytes: Int) -> Bool {
    guard text.count >= 2 * bytes else { return false }
    return [0, bytes - 1].contains { low in
      (0..<2 * bytes).allSatisfy { (text[$0] == 0) == ($0 % bytes != low) }
        && [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(text[low])
    }
  }

  /// What it is and what to do, for people.
  var reason: String {
    switch self {
    case .zstd: "zstd inside of another compression: decompress it once"
    case .xz: "an xz file: decompress it first, with `xz -dc`"
    case .bzip2: "a bzip2 file: decompress it first, with `bzip2 -dc`"
    case .lz4: "an lz4 file: decompress it first, with `lz4 -dc`"
    case .snappy: "a snappy file: decompress it first"
    case .zlib: "a zlib stream: decompress it first, with `zlib-flate -uncompress` or `pigz -dc`"
    case .gzip: "gzip inside of another compression: decompress it once"
    case .zip: "a zip archive: unpack it first, with `unzip -p`"
    case .tar: "a tar archive: unpack it first, with `tar -xO`"
    case .parquet: "a Parquet file: export it as NDJSON"
    case .avro: "an Avro file: export it as NDJSON"
    case .orc: "an ORC file: export it as NDJSON"
    case .utf16: "UTF-16 text: convert it first, with `iconv -f UTF-16 -t UTF-8`"
    case .utf32: "UTF-32 text: convert it first, with `iconv -f UTF-32 -t UTF-8`"
    }
  }
}
