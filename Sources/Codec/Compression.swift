/// How to compress.
public struct Compression: Equatable, Sendable {
  /// Bytes of text past which a member ends, at the next line end: 1 MiB.
  public static let memberSize = 1 << 20

  /// What comes out.
  public var format: CompressionFormat
  /// From 0 (stored) to 9 (smallest).
  public var level: Int
  /// What makes it.
  public var library: DeflateLibrary

  /// Settings as given; `check` tells whether they can be honoured.
  public init(
    format: CompressionFormat = .gzip, level: Int = 6, library: DeflateLibrary = .zlib
  ) {
    self.format = format
    self.level = level
    self.library = library
  }

  /// Throws, with kind `.setting`, if no `Compressor` can be made of these settings here.
  public func check() throws(CodecError) {
    guard (0...9).contains(level) else {
      throw CodecError(.setting, "compression level out of range: \(level): use 0 to 9")
    }
    try format.check(library)
  }

  /// Throws, with kind `.setting`, if no archive can be begun with these settings here.
  public func checkForArchive() throws(CodecError) {
    guard format.isForArchives else {
      let usable = CompressionFormat.allCases.filter(\.isForArchives).map {
        "\"\($0.rawValue)\""
      }
      throw CodecError(
        .setting,
        "an archive's parts cannot have the format \"\(format.rawValue)\", which few readers of files know: "
          + "use \(usable.joined(separator: " or "))")
    }
    try check()
  }

  /// How members are cut.
  public var pieceRule: PieceRule { format.pieceRule(library) }
}
