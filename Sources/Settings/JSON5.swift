package import Bytes

/// JSON5 as https://spec.json5.org defines it, narrower in three points: a key must not occur twice
/// in an object, an escape must not leave half a surrogate pair, and a control character other than
/// a tab must be escaped in a string.
package enum JSON5 {
  /// The most levels of objects and arrays within each other.
  package static let maxDepth = JSON5Parser.maxDepth
  /// The most bytes of a document.
  package static let maxBytes = 16 << 20

  /// Reads a document, which may begin with a byte order mark. `file` is its name for messages.
  package static func parse(_ bytes: ByteView, file: String) throws(SettingsError) -> JSON5Value {
    let start = SourcePosition(file: file, line: 1, column: 1)
    guard bytes.count <= maxBytes else {
      throw start.error("the file has \(bytes.count) bytes: a definition has at most \(maxBytes)")
    }
    var parser = JSON5Parser(try scalars(bytes, from: start), file: file)
    return try parser.document()
  }

  private static func scalars(
    _ bytes: ByteView, from start: SourcePosition
  ) throws(SettingsError) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(bytes.count)
    var decoder = Unicode.UTF8()
    var iterator = bytes.makeIterator()
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): scalars.append(scalar)
      case .emptyInput: return scalars
      case .error:
        var parser = JSON5Parser(scalars, file: start.file)
        while parser.peek != nil { parser.advance() }
        throw parser.position.error("the text is not UTF-8 from here on: save the file as UTF-8")
      }
    }
  }
}
