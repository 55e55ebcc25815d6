public import Bytes

/// A format of compressed text.
///
/// What tells one format from another lies in `traits`; how text gets into it lies in `Compressor`, and how
/// it gets out again in `MemberDecoder`.
public enum CompressionFormat: String, BitwiseCopyable, CaseIterable, Sendable {
  /// RFC 1952, without time and name in the header.
  case gzip
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
    var pieces = PieceRule.independent
    var isForArchives = true
  }

  var traits: Traits {
    switch self {
    case .gzip:
      Traits(
        nameEnding: ".gz", beginnings: [[0x1f, 0x8b]], trailer: .crc32AndLength,
        pieces: .deflate)
    case .zlib:
      Traits(
        nameEnding: ".zz",
        beginnings: [[0x78, 0x01], [0x78, 0x5e], [0x78, 0x9c], [0x78, 0xda]],
        trailer: .adler32, pieces: .deflate, isForArchives: false)
    case .none: Traits()
    }
  }

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

  /// False for a format that common readers of files do not know: no archive is begun with it, and what was
  /// archived with it can be read.
  public var isForArchives: Bool { traits.isForArchives }

  /// The format of a member that begins with `prefix`; `none` if it begins like no other.
  public static func recognized(in prefix: ByteView) -> CompressionFormat {
    allCases.first { $0.traits.beginnings.contains { prefix.starts(with: $0) } } ?? .none
  }
}
