internal import Bytes

/// Takes a structured value apart: `repo:{repo}:ref:{ref}` finds the parts of a `sub` of GitHub.
///
/// A part `{name}` takes at least one character and none of them is a colon, as the issuers that
/// build such values escape colons inside of parts; `{name*}` takes colons too. A part ends where the
/// text that follows it in the pattern first stands; the last one takes the rest, up to the text with
/// which the pattern ends. There is one way at most to take a value apart, so nothing is ever tried twice:
/// the work is linear in the length of the value for any pattern within the limits.
struct ValuePattern: Sendable {
  /// Longest pattern, in bytes: 256.
  static let longest = 256
  /// Most parts of a pattern: 16.
  static let mostParts = 16

  struct Part: Sendable {
    let name: String
    let takesColons: Bool
    /// What stands behind the part; empty for the last one.
    let following: [UInt8]

    /// Byte by byte: `String` takes é and e with an accent for equal.
    func isNamed(_ name: String) -> Bool { name.utf8.elementsEqual(self.name.utf8) }
  }

  let beginning: [UInt8]
  let parts: [Part]

  init(parsing text: String) throws(PolicyError) {
    guard text.utf8.count <= ValuePattern.longest else {
      throw PolicyError(
        description: "a pattern is longer than \(ValuePattern.longest) bytes (max_pattern)")
    }
    let pieces = try TemplateText.pieces(text)
    var beginning: [UInt8] = []
    var names: [String] = []
    var texts: [[UInt8]] = []
    for piece in pieces {
      switch piece {
      case .text(let bytes) where names.isEmpty: beginning = bytes
      case .text(let bytes): texts[texts.count - 1] = bytes
      case .braces(let name):
        if let last = texts.last, last.isEmpty {
          throw PolicyError(
            description: "two parts of the pattern \"\(text)\" have nothing between them")
        }
        names.append(name)
        texts.append([])
      }
    }
    self.beginning = beginning
    parts = try ValuePattern.parts(names, texts, of: text)
  }

  private static func parts(
    _ names: [String], _ texts: [[UInt8]], of text: String
  ) throws(PolicyError) -> [Part] {
    var parts: [Part] = []
    for (name, following) in zip(names, texts) {
      let takesColons = name.utf8.last == UInt8(ascii: "*")
      let plain = takesColons ? String(name.dropLast()) : name
      guard !plain.isEmpty, !parts.contains(where: { $0.isNamed(plain) }) else {
        throw PolicyError(
          description: "the parts of the pattern \"\(text)\" need names, each its own: {repo}")
      }
      parts.append(Part(name: plain, takesColons: takesColons, following: following))
    }
    guard (1...mostParts).contains(parts.count) else {
      throw PolicyError(
        description:
          "the pattern \"\(text)\" needs 1 to \(mostParts) parts such as {repo} (max_parts)")
    }
    return parts
  }

  /// Where the parts lie in `text`, in `spans`, one behind the other; false if it does not fit.
  func match(_ text: ByteView, into spans: inout FlatArray<Span32>) -> Bool {
    spans.removeAll()
    guard ByteSearch.isThere(beginning, in: text, at: 0) else { return false }
    var at = beginning.count
    for (index, part) in parts.enumerated() {
      guard let end = end(of: part, isLast: index == parts.count - 1, text, from: at) else {
        return false
      }
      let content = text[at..<end]
      if content.isEmpty || !part.takesColons && content.contains(UInt8(ascii: ":")) {
        return false
      }
      spans.append(Span32(at, count: end - at))
      at = end + part.following.count
    }
    return true
  }

  private func end(of part: Part, isLast: Bool, _ text: ByteView, from start: Int) -> Int? {
    if isLast {
      let end = text.count - part.following.count
      return end > start && ByteSearch.isThere(part.following, in: text, at: end) ? end : nil
    }
    return ByteSearch.first(part.following, in: text, from: start + 1)
  }
}

/// Texts with braces: templates and patterns.
enum TemplateText {
  enum Piece: Equatable {
    case text([UInt8])
    /// What stands between `{` and `}`; never empty.
    case braces(String)
  }

  /// Takes a text apart: `{name}` are braces, `{{` and `}}` stand for a brace. Two texts never
  /// follow each other.
  static func pieces(_ text: String) throws(PolicyError) -> [Piece] {
    var pieces: [Piece] = []
    var literal: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == 0x7B || byte == 0x7D, rest.first != byte else {
        literal.append(byte)
        if byte == 0x7B || byte == 0x7D { rest.removeFirst() }
        continue
      }
      guard byte == 0x7B, let close = rest.firstIndex(of: 0x7D), close > rest.startIndex else {
        throw PolicyError(
          description: "the braces of \"\(text)\" do not fit: write {claim}, and {{ for a brace")
      }
      if !literal.isEmpty { pieces.append(.text(literal)) }
      literal = []
      pieces.append(.braces(String(decoding: rest[..<close], as: UTF8.self)))
      rest = rest[rest.index(after: close)...]
    }
    if !literal.isEmpty { pieces.append(.text(literal)) }
    return pieces
  }
}
