internal import Codec
internal import CommandLine

extension OptionKind where Value == Compression {
  /// A format, and a level behind a colon.
  static var compression: Self { compression(CompressionFormat.allCases) }

  /// One of these formats, and a level behind a colon.
  static func compression(_ formats: [CompressionFormat]) -> Self {
    let names = formats.map(\.rawValue)
    return Self(
      "FORMAT[:LEVEL]", .words(names),
      demand:
        "must be \(names.dropLast().joined(separator: ", ")) or \(names[names.count - 1]), with a "
        + "level such as gzip:9 or zstd:3"
    ) { text, _ in
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count <= 2, let format = CompressionFormat(rawValue: String(parts[0])),
        formats.contains(format)
      else { return nil }
      guard parts.count == 2 else { return Compression(format: format) }
      guard let level = Int(parts[1]), format.levels.contains(level) else { return nil }
      return Compression(format: format, level: level)
    }
  }
}

extension CompressionFormat {
  /// What the help says of formats and levels.
  static let shownLevels = "gzip (level 0 to 9), zstd (1 to 19), zlib or none"
}
