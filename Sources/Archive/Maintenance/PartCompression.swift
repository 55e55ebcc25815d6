package import Codec
internal import History

/// How parts are compressed that are written anew.
package enum PartCompression: Equatable, Sendable {
  /// As they were, at this level or the format's own; as gzip where it is a format that no archive is begun
  /// with.
  case kept(level: Int?)
  /// All alike.
  case changed(Compression)

  /// That of a part.
  func of(_ part: LiveFile) -> Compression {
    switch self {
    case .changed(let compression): return compression
    case .kept(let level):
      let found = CompressionFormat(part)
      let format = found.isForArchives ? found : .gzip
      return Compression(format: format, level: format == .none ? nil : level)
    }
  }

  /// That of parts that become one.
  func of(_ parts: [LiveFile]) -> Compression {
    let formats = Set(parts.map { of($0).format })
    guard let first = parts.first, formats.count == 1 else {
      switch self {
      case .changed(let compression): return compression
      case .kept(let level): return Compression(level: level)
      }
    }
    return of(first)
  }

  /// True if a part becomes one of another format.
  func changes(_ part: LiveFile) -> Bool { of(part).format != CompressionFormat(part) }
}

extension CompressionFormat {
  /// That of a part.
  fileprivate init(_ part: LiveFile) {
    self = CompressionFormat(ofLinesNamed: part.row.path) ?? .none
  }
}
