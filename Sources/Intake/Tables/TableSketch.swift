internal import Bytes
internal import JSONText

/// What stands in a file that is no table, for messages. Tables hold secrets and tokens, so nothing is quoted
/// but names of columns and members, and the first tags and the title of a page.
struct TableSketch: CustomStringConvertible {
  /// Bytes of the beginning that are looked at.
  static let longestBeginning = 8 << 10
  /// Characters of the longest title that is shown, and tags at most.
  private static let longestTitle = 80
  private static let mostTags = 3

  /// Such as `an object with "message"`, or `the columns "name", "secret"`.
  let description: String

  /// A sketch of the text that begins so; `isWhole` if that is all of it.
  init(_ text: ByteView, isWhole: Bool) {
    let start = Scanner.skipWhitespace(text, from: 0)
    guard start < text.count else {
      description = "nothing"
      return
    }
    let content = ByteView(rebasing: text[start...])
    switch content[0] {
    case UInt8(ascii: "{"): description = TableSketch.object(content)
    case UInt8(ascii: "["): description = TableSketch.array(content)
    case UInt8(ascii: "<"): description = TableSketch.page(content)
    default:
      description =
        ForeignFormat(text)?.reason ?? TableSketch.columns(content)
        ?? (isWhole ? "text of \(Figures.grouped(text.count)) bytes" : "text") + " that is no table"
    }
  }

  /// A sketch of a CSV with these columns.
  init(columns: [String]) {
    let names = columns.map { name in
      var name = name
      return name.withUTF8 { ShownName.text($0) }
    }
    description = TableSketch.columns(named: names)
  }

  private static func columns(named names: [String]) -> String {
    "the column\(names.count == 1 ? "" : "s") \(ShownName.list(names))"
  }

  private static func object(_ content: ByteView) -> String {
    let names = ShownName.members(of: content)
    return names.isEmpty ? "an empty object" : "an object with \(ShownName.list(names))"
  }

  private static func array(_ content: ByteView) -> String {
    let next = Scanner.skipWhitespace(content, from: 1)
    let isEmpty = next < content.count && content[next] == UInt8(ascii: "]")
    return isEmpty ? "an empty array" : "an array"
  }

  // MARK: Columns

  /// The names in the first line; nil if nothing separates any.
  private static func columns(_ content: ByteView) -> String? {
    let line = ByteView(rebasing: content.prefix { $0 != 0x0A && $0 != 0x0D })
    let separators: [(byte: UInt8, noun: String)] = [
      (UInt8(ascii: ","), ""), (UInt8(ascii: ";"), "semicolons"), (0x09, "tabs"),
      (UInt8(ascii: "|"), "bars"),
    ]
    guard let (byte, noun) = separators.first(where: { line.contains($0.byte) }) else { return nil }
    let names = line.split(separator: byte, omittingEmptySubsequences: false).map { cell in
      let isAround = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: "\"") }
      let start = cell.firstIndex { !isAround($0) } ?? cell.endIndex
      let end = cell[start...].lastIndex { !isAround($0) }.map { $0 + 1 } ?? start
      return ShownName.text(ByteView(rebasing: cell[start..<end]))
    }
    let hint = noun.isEmpty ? "" : " with \(noun) between them, where commas belong"
    return columns(named: names) + hint
  }

  // MARK: Pages

  /// The first tags without what stands in them, and the title.
  private static func page(_ content: ByteView) -> String {
    var pieces: [String] = []
    var at = 0
    while at < content.count, pieces.count < mostTags, content[at] == UInt8(ascii: "<") {
      guard let end = content[at...].firstIndex(of: UInt8(ascii: ">")) else { break }
      let tag = tag(ByteView(rebasing: content[(at + 1)..<end]))
      if tag.lowercased() == "<title>" { break }
      pieces.append(tag)
      at = Scanner.skipWhitespace(content, from: end + 1)
    }
    if let title = title(content) { pieces.append("<title>\(title)</title>") }
    return pieces.isEmpty ? "a page" : "the page \(pieces.joined(separator: " "))"
  }

  private static func tag(_ content: ByteView) -> String {
    let words = content.split { $0 <= 0x20 }
    guard let first = words.first else { return "<…>" }
    let isDeclaration = first.first == UInt8(ascii: "!")
    let name = String(decoding: first.drop { "!?/".utf8.contains($0) }, as: UTF8.self)
    guard (1...16).contains(name.count),
      name.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == ":") })
    else { return "<…>" }
    guard isDeclaration else { return "<\(first.first == UInt8(ascii: "?") ? "?" : "")\(name)>" }
    let isHTML = words.count > 1 && words[1].map { $0 | 0x20 }.elementsEqual("html".utf8)
    return "<!\(name)\(isHTML ? " html" : "")>"
  }

  private static func title(_ content: ByteView) -> String? {
    let lowered = Array(content.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 })
    guard let start = end(of: "<title>", lowered, from: 0),
      let end = end(of: "</title>", lowered, from: start)
    else { return nil }
    let title = String(decoding: content[start..<(end - "</title>".utf8.count)], as: UTF8.self)
    let words = title.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !words.isEmpty else { return nil }
    let shown = words.unicodeScalars.prefix(longestTitle)
    let isCut = shown.count < words.unicodeScalars.count
    return DeceptiveText.replacing(in: String(shown)) + (isCut ? "…" : "")
  }

  /// Where the first appearance of `word` at or behind `start` ends.
  private static func end(of word: String, _ text: [UInt8], from start: Int) -> Int? {
    let word = Array(word.utf8)
    var at = start
    while at + word.count <= text.count {
      if text[at] == word[0], text[at..<(at + word.count)].elementsEqual(word) {
        return at + word.count
      }
      at += 1
    }
    return nil
  }
}
