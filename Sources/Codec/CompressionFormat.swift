public import Bytes

/// A format of compressed text.
///
/// What tells one format from another lies in `traits`; how text gets into it lies in `Compressor`, and how
/// it gets out again in `MemberDecoder`.
public enum CompressionFormat: String, BitwiseCopyable, CaseIterable, Sendable {
  /// RFC 1952, without time and name in the header.
  case gzip
  /// RFC 8878: frames with checksum and size.
  case zstd
  /// RFC 1950.
  case zlib
  /// The text as it is.
  case none

  /// What stands behind a member's text.
  enum Trailer {
    /// Eight bytes: RFC 1952, section 2.3.1.
    case crc32AndLength
    /// Four bytes: RFC 1950.
    case adler32
    /// Nothing, or what the library writes with the text.
    case none
  }

  struct Traits {
    /// What the name of a file ends in.
    var nameEnding = ""
    /// How a member may begin; empty where its beginning does not tell the format.
    var beginnings: [[UInt8]] = []
    var trailer = Trailer.none
    /// True if members hold deflate, which more than one library makes.
    var isDeflate = false
    var isForArchives = true
    /// False if inputs that begin so are taken for text.
    var isForInputs = false
    /// Levels of compression, and the one that is taken where none is said.
    var levels = 0...9
    var defaultLevel = 6
  }

  var traits: Traits {
    switch self {
    case .gzip:
      Traits(
        nameEnding: ".gz", beginnings: [[0x1f, 0x8b]], trailer: .crc32AndLength,
        isDeflate: true, isForInputs: true)
    case .zstd:
      Traits(
        nameEnding: ".zst", beginnings: ZstdFrame.beginnings, isForInputs: true, levels: 1...19,
        defaultLevel: 3)
    case .zlib:
      Traits(
        nameEnding: ".zz",
        beginnings: [[0x78, 0x01], [0x78, 0x5e], [0x78, 0x9c], [0x78, 0xda]],
        trailer: .adler32, isDeflate: true, isForArchives: false)
    case .none: Traits()
    }
  }

  /// How members are cut where `library` makes deflate; libdeflate and libzstd compress whole ones only.
  func pieceRule(_ library: DeflateLibrary) -> PieceRule {
    switch self {
    case .gzip, .zlib: library == .zlib ? .deflate : .whole
    case .zstd: .whole
    case .none: .independent
    }
  }

  /// Throws, with kind `.setting`, if a library is not installed that is needed to compress.
  func check(_ library: DeflateLibrary) throws(CodecError) {
    if traits.isDeflate, library == .libdeflate { _ = try LibDeflate.shared() }
    if self == .zstd { _ = try LibZstd.shared() }
  }

  /// Levels of compression, from the fastest to the smallest; of `none` they mean nothing.
  public var levels: ClosedRange<Int> { traits.levels }

  /// The level where none is said.
  public var defaultLevel: Int { traits.defaultLevel }

  /// True if more than one library makes it.
  public var isDeflate: Bool { traits.isDeflate }

  /// What the name of a compressed file ends in: `.gz`; empty for `none`.
  public var nameEnding: String { traits.nameEnding }

  /// What the name of a file of NDJSON ends in: `.ndjson.gz`.
  public var linesEnding: String { ".ndjson" + traits.nameEnding }

  /// The format of a file of NDJSON with this name; nil if it is called like none.
  public init?(ofLinesNamed name: String) {
    guard let format = Self.allCases.first(where: { name.hasSuffix($0.linesEnding) }) else {
      return nil
    }
    self = format
  }

  /// The format of a file with this name, be it of lines or of anything; `none` if it is called like none.
  public init(ofFileNamed name: String) {
    self =
      Self.allCases.first { !$0.nameEnding.isEmpty && name.hasSuffix($0.nameEnding) } ?? .none
  }

  /// False for a format that common readers of files do not know: no archive is begun with it, and what was
  /// archived with it can be read.
  public var isForArchives: Bool { traits.isForArchives }

  /// The format of a member that begins with `prefix`; `none` if it begins like no other.
  public static func recognized(in prefix: ByteView) -> CompressionFormat {
    allCases.first { $0.traits.beginnings.contains { prefix.starts(with: $0) } } ?? .none
  }

  /// The format in which an input is compressed that begins with `prefix`; `none` if it is text, and nil if
  /// that shows only with more of it.
  public static func ofInput(beginning prefix: ByteView) -> CompressionFormat? {
    let formats = allCases.filter(\.traits.isForInputs)
    if let format = formats.first(where: {
      $0.traits.beginnings.contains { prefix.starts(with: $0) }
    }) {
      return format
    }
    let isOpen = formats.contains { format in
      format.traits.beginnings.contains { $0.count > prefix.count && $0.starts(with: prefix) }
    }
    return isOpen ? nil : CompressionFormat.none
  }
}
