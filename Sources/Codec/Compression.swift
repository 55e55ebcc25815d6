/// How to compress.
public struct Compression: Equatable, Sendable {
  /// Bytes of text past which a member ends, at the next line end: 1 MiB.
  public static let memberSize = 1 << 20

  /// What comes out.
  public var format: CompressionFormat
  /// One of the format's levels: of gzip and zlib from 0 (stored) to 9 (smallest), of zstd from 1 to 19.
  public var level: Int
  /// What makes it.
  public var library: DeflateLibrary

  /// Settings as given, without a level the format's own; `check` tells whether they can be honoured.
  public init(
    format: CompressionFormat = .gzip, level: Int? = nil, library: DeflateLibrary = .zlib
  ) {
    self.format = format
    self.level = level ?? format.defaultLevel
    self.library = library
  }

  /// Throws, with kind `.setting`, if no `Compressor` can be made of these settings here.
  public func check() throws(CodecError) {
    let levels = format.levels
    guard levels.contains(level) else {
      throw CodecError(
        .setting,
        "compression level out of range: \(level): use \(levels.lowerBound) to \(levels.upperBound)"
      )
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
          + "use \(usable.dropLast().joined(separator: ", ")) or \(usable[usable.count - 1])")
    }
    try check()
  }

  /// How members are cut.
  public var pieceRule: PieceRule { format.pieceRule(library) }
}
