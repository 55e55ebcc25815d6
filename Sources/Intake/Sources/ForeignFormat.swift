internal import Bytes
internal import Codec

/// A format that is told by its first bytes, and is none that records are read from.
enum ForeignFormat: CaseIterable {
  case zstd, xz, bzip2, lz4, snappy, zlib, gzip, zip, tar, parquet, avro, orc, utf32, utf16

  /// Bytes that have to be looked at: a tar archive is told by its header's end.
  static let beginning = 512

  /// The format that begins with `text`, which is all of the input if it is shorter than `beginning`; nil for
  /// what may hold records.
  init?(_ text: ByteView) {
    guard let format = ForeignFormat.allCases.first(where: { $0.begins(text) }) else { return nil }
    self = format
  }

  /// True if a text begins as lines or documents do.
  static func isText(_ text: ByteView) -> Bool {
    guard text.count >= 4 else { return false }
    return text[0] == UInt8(ascii: "{") && text[1] != 0
      || text[0] == UInt8(ascii: "[") && text[1] != 0
      || text[..<4].contains(0x0A)
  }

  private func begins(_ text: ByteView) -> Bool {
    switch self {
    case .zstd: text.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
    case .xz: text.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])
    case .bzip2:
      text.starts(with: Array("BZh".utf8))
        && text.dropFirst(4).starts(with: [0x31, 0x41, 0x59, 0x26])
    case .lz4: text.starts(with: [0x04, 0x22, 0x4D, 0x18])
    case .snappy: text.starts(with: [0xFF, 0x06, 0x00, 0x00, 0x73, 0x4E, 0x61, 0x50, 0x70, 0x59])
    case .zlib: ForeignFormat.isZlib(text)
    case .gzip: Inflater.isGzip(prefix: text)
    case .zip:
      text.starts(with: [0x50, 0x4B, 0x03, 0x04]) || text.starts(with: [0x50, 0x4B, 0x05, 0x06])
    case .tar: text.count >= 262 && text[257..<262].elementsEqual(Array("ustar".utf8))
    case .parquet: text.starts(with: Array("PAR1".utf8))
    case .avro: text.starts(with: [0x4F, 0x62, 0x6A, 0x01])
    case .orc: text.starts(with: Array("ORC".utf8)) && text.dropFirst(3).contains { $0 < 0x09 }
    case .utf32: text.starts(with: [0xFF, 0xFE, 0, 0]) || text.starts(with: [0, 0, 0xFE, 0xFF])
    case .utf16: ForeignFormat.isUTF16(text)
    }
  }

  /// RFC 1950: method 8, a check over two bytes; and what follows is no text.
  private static func isZlib(_ text: ByteView) -> Bool {
    guard text.count > 6, text[0] == 0x78, (UInt16(text[0]) << 8 | UInt16(text[1])) % 31 == 0 else {
      return false
    }
    return text[2...].prefix(64).contains { $0 < 0x09 || $0 > 0x7E }
  }

  /// A byte order mark, or a bracket as two bytes.
  private static func isUTF16(_ text: ByteView) -> Bool {
    if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) { return true }
    guard text.count >= 4 else { return false }
    let brackets = [UInt8(ascii: "{"), UInt8(ascii: "[")]
    return text[1] == 0 && text[3] == 0 && brackets.contains(text[0])
      || text[0] == 0 && text[2] == 0 && brackets.contains(text[1])
  }

  /// What it is and what to do, for people.
  var reason: String {
    switch self {
    case .zstd: "a zstd file: decompress it first, with `zstd -dc`"
    case .xz: "an xz file: decompress it first, with `xz -dc`"
    case .bzip2: "a bzip2 file: decompress it first, with `bzip2 -dc`"
    case .lz4: "an lz4 file: decompress it first, with `lz4 -dc`"
    case .snappy: "a snappy file: decompress it first"
    case .zlib: "a zlib stream: decompress it first, with `zlib-flate -uncompress` or `pigz -dc`"
    case .gzip: "gzip inside of gzip: decompress it once, with `gzip -dc`"
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
