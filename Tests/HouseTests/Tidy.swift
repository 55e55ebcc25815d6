/// The rules of the house for one file. Each says what it finds as `path:line: what`.
enum Tidy {
  /// Columns of the longest line.
  static let longestLine = 110
  /// Lines of the longest file.
  static let longestFile = 350
  /// Lines of the longest function.
  static let longestFunction = 70
  /// Types of other files that a file may name.
  static let widestFanOut = 28
  /// Swift files in a folder.
  static let largestFolder = 24

  static func longLines(_ file: SourceFile) -> [String] {
    file.lines.enumerated().compactMap { number, line in
      line.count <= longestLine || isData(line, file)
        ? nil : "\(file.path):\(number + 1): \(line.count) columns"
    }
  }

  /// A line of a test that is one value, an event or what becomes of it, is compared, and so stays, whole.
  private static func isData(_ line: String, _ file: SourceFile) -> Bool {
    let text = line.drop { " +=".contains($0) }
    return file.path.hasPrefix("Tests/")
      && ["#\"", "\"{", "\"[", "{\"", "\"1:", "\"add:", "\"@_"].contains { text.hasPrefix($0) }
  }

  static func length(_ file: SourceFile) -> [String] {
    let count = file.lines.count - (file.lines.last == "" ? 1 : 0)
    return count <= longestFile ? [] : ["\(file.path): \(count) lines"]
  }

  /// Functions end at the first line that closes a brace as far left as they begin: the formatter sees to
  /// that.
  static func longFunctions(_ file: SourceFile) -> [String] {
    var found: [String] = []
    for (number, line) in file.code.enumerated() {
      let indent = line.prefix { $0 == " " }
      let words = SourceFile.words(line)
      guard let kind = words.firstIndex(where: ["func", "init", "subscript"].contains),
        words[..<kind].allSatisfy(isModifier)
      else { continue }
      let rest = file.code[number...]
      guard let end = rest.firstIndex(where: { $0.hasPrefix(indent + "}") }) else { continue }
      let isOneLine =
        line.hasSuffix("}")
        || rest[..<end].dropFirst().contains {
          $0.hasPrefix(indent) && !$0.hasPrefix(indent + " ") && !$0.hasPrefix(indent + ")")
        }
      if !isOneLine, end - number + 1 > longestFunction {
        found.append("\(file.path):\(number + 1): a function of \(end - number + 1) lines")
      }
    }
    return found
  }

  private static func isModifier(_ word: String) -> Bool {
    [
      "public", "package", "internal", "private", "fileprivate", "static", "final", "class",
      "mutating", "consuming", "borrowing", "convenience", "override", "nonisolated", "inlinable",
      "inline", "__always", "never", "discardableResult", "Test", "usableFromInline", "required",
    ].contains(word)
  }

  /// A comment that needs the line above, or that says no more than the name.
  static func emptyComments(_ file: SourceFile) -> [String] {
    let beginnings = ["/// The same", "/// Its reference.", "/// Reads the settings."]
    return file.lines.enumerated().compactMap { number, line in
      let text = line.drop { $0 == " " }
      return beginnings.contains { text.hasPrefix($0) }
        ? "\(file.path):\(number + 1): \(text): say it with its nouns" : nil
    }
  }

  /// Constructs that have no place where input is hostile, or that end up in nobody's hands.
  static func forbidden(_ file: SourceFile) -> [String] {
    let constructs = ["try!", "as!", "fatalError(", "print(", "-Ounchecked"]
    var found: [String] = []
    for (number, line) in file.code.enumerated() {
      let text = line.replacing("fingerprint(", with: "")
      for construct in constructs where text.contains(construct) {
        found.append("\(file.path):\(number + 1): \(construct)")
      }
    }
    for (number, line) in file.lines.enumerated() {
      for mark in ["TODO", "FIXME", "XXX"] where SourceFile.words(line).contains(mark) {
        found.append("\(file.path):\(number + 1): \(mark)")
      }
    }
    return found
  }
}
