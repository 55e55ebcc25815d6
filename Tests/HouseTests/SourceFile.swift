import Foundation

/// A Swift file as the tests of the house see it.
struct SourceFile {
  /// Relative to the package.
  let path: String
  let lines: [String]
  /// The lines without comments and without what stands in strings.
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    code = SourceFile.code(text).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// The folder, relative to the package.
  var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }

  /// The target that it belongs to: the folder below `Sources`.
  var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  /// Names of types that are declared at the top of the file and seen by other files.
  var declaredTypes: [String] {
    code.compactMap { line in
      guard let first = line.first, first != " " else { return nil }
      let words = SourceFile.words(line)
      let kinds: Set<String> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
      guard !words.contains("private"), !words.contains("fileprivate"),
        let kind = words.firstIndex(where: kinds.contains), words.indices.contains(kind + 1)
      else { return nil }
      return words[kind + 1]
    }
  }

  /// Every word of the code that is not a number.
  var words: Set<String> { Set(code.flatMap(SourceFile.words)) }

  /// The modules that it imports.
  var imports: [String] {
    code.compactMap { line in
      let words = SourceFile.words(line)
      guard let at = words.firstIndex(of: "import"), at <= 2, words.indices.contains(at + 1),
        words[..<at].allSatisfy(SourceFile.modifiers.contains)
      else { return nil }
      return words[at + 1]
    }
  }

  private static let modifiers: Set<String> = [
    "internal", "package", "public", "private", "_exported", "testable",
  ]

  /// Runs of letters, digits and `_`.
  static func words(_ line: String) -> [String] {
    line.utf8.split { !isWord($0) }.map { String(decoding: $0, as: UTF8.self) }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: byte >= 0x80
    }
  }

  /// `text` with comments and the contents of strings left out; line ends stay. What is interpolated in a
  /// string on one line stays too, since it is code.
  static func code(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var scanner = CodeScanner(bytes: bytes)
    return String(decoding: scanner.scan(), as: UTF8.self)
  }
}

/// Tells code from comments and strings, byte by byte.
private struct CodeScanner {
  let bytes: [UInt8]
  private var at = 0
  private var code: [UInt8] = []

  init(bytes: [UInt8]) {
    self.bytes = bytes
    code.reserveCapacity(bytes.count)
  }

  mutating func scan() -> [UInt8] {
    while at < bytes.count { step() }
    return code
  }

  private func sees(_ text: StaticString) -> Bool {
    guard at + text.utf8CodeUnitCount <= bytes.count else { return false }
    return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[at + $0] == text.utf8Start[$0] }
  }

  /// Takes one token or byte of code.
  private mutating func step() {
    if sees("//") {
      while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
    } else if sees("/*") {
      at += 2
      while at < bytes.count, !sees("*/") { skip() }
      at = min(bytes.count, at + 2)
    } else if sees("\"\"\"") {
      string(ending: "\"\"\"")
    } else if sees("\"") {
      string(ending: "\"")
    } else {
      code.append(bytes[at])
      at += 1
    }
  }

  private mutating func skip() {
    if bytes[at] == UInt8(ascii: "\n") { code.append(bytes[at]) }
    at += 1
  }

  private mutating func string(ending: StaticString) {
    code.append(UInt8(ascii: "\""))
    at += ending.utf8CodeUnitCount
    while at < bytes.count, !sees(ending) {
      if sees("\\(") {
        interpolation()
      } else if sees("\\") {
        at = min(bytes.count, at + 2)
      } else {
        skip()
      }
    }
    at = min(bytes.count, at + ending.utf8CodeUnitCount)
    code.append(UInt8(ascii: "\""))
  }

  private mutating func interpolation() {
    at += 2
    var depth = 1
    code.append(UInt8(ascii: " "))
    while at < bytes.count, depth > 0 {
      if bytes[at] == UInt8(ascii: "(") { depth += 1 }
      if bytes[at] == UInt8(ascii: ")") { depth -= 1 }
      if depth > 0 { step() } else { at += 1 }
    }
    code.append(UInt8(ascii: " "))
  }
}
