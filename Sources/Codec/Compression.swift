/// The framing of compressed output.
public enum CompressionFormat: String, BitwiseCopyable, CaseIterable, Sendable {
  /// RFC 1952, without time and name in the header.
  case gzip
  /// RFC 1950.
  case zlib
  /// The text as it is.
  case none
}

/// The library that does the work.
public enum CompressionEngine: String, CaseIterable, Sendable {
  /// zlib, which the program is linked with.
  case zlib
  /// libdeflate, which is loaded at run time where it is installed.
  case libdeflate
}

/// How to compress.
public struct Compression: Equatable, Sendable {
  /// Bytes of text past which a member ends, at the next line end: 1 MiB.
  public static let memberSize = 1 << 20

  /// The framing.
  public var format: CompressionFormat
  /// From 0 (stored) to 9 (smallest).
  public var level: Int
  /// The library.
  public var engine: CompressionEngine

  /// Text in a piece of a member, where members are compressed in pieces: 128 KiB.
  public static let pieceSize = 128 << 10
  /// The text before a piece that it can refer to: 32 KiB.
  public static let dictionarySize = 32 << 10

  /// Settings as given; `check` tells whether they can be honoured.
  public init(
    format: CompressionFormat = .gzip, level: Int = 6, engine: CompressionEngine = .zlib
  ) {
    self.format = format
    self.level = level
    self.engine = engine
  }

  /// Throws, with kind `.setting`, if no `Compressor` can be made of these settings here.
  public func check() throws(CodecError) {
    guard (0...9).contains(level) else {
      throw CodecError(.setting, "compression level out of range: \(level): use 0 to 9")
    }
    if format != .none, engine == .libdeflate { _ = try LibDeflate.shared() }
  }
}
