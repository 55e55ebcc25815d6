import Testing

/// The house holds to its rules, and the rules find what they are for.
@Suite struct TidyTests {
  // MARK: The house

  @Test func linesAreShort() { expectNone(House.sources + House.tests, Tidy.longLines) }
  @Test func filesAreShort() { expectNone(House.sources, Tidy.length) }
  @Test func functionsFitOnAScreen() { expectNone(House.sources, Tidy.longFunctions) }
  @Test func commentsSayWhatTheyAreAbout() { expectNone(House.sources, Tidy.emptyComments) }
  @Test func sourcesAreFreeOfForbiddenConstructs() { expectNone(House.sources, Tidy.forbidden) }

  @Test func noTwoFilesHaveOneName() {
    let files = Dictionary(grouping: House.sources, by: \.name)
    for (_, same) in files.sorted(by: { $0.key < $1.key }) where same.count > 1 {
      Issue.record("two files of one name: \(same.map(\.path).joined(separator: ", "))")
    }
  }

  @Test func foldersAreSmall() {
    for (folder, files) in Dictionary(grouping: House.sources, by: \.folder)
    where files.count > Tidy.largestFolder {
      Issue.record("\(folder) has \(files.count) Swift files: \(Tidy.largestFolder) at most")
    }
  }

  /// Tables of what there is name everything that there is: that is what they are for.
  private static let tables: Set<String> = ["Commands.swift", "AllStages.swift"]

  @Test func noFileKnowsTooMuch() {
    var homes: [String: Set<String>] = [:]
    for file in House.sources {
      for type in file.declaredTypes { homes[type, default: []].insert(file.path) }
    }
    for file in House.sources where !Self.tables.contains(file.name) {
      let known = file.words.reduce(into: Set<String>()) { known, word in
        for home in homes[word] ?? [] where home != file.path { known.insert(home) }
      }
      if known.count > Tidy.widestFanOut {
        Issue.record(
          "\(file.path) names types of \(known.count) other files: \(Tidy.widestFanOut) at most")
      }
    }
  }

  /// A name that is declared has to be used: by a second mention, anywhere in the sources.
  @Test func everyDeclarationIsNamedSomewhere() {
    let kinds: Set<String> = [
      "func", "struct", "class", "enum", "protocol", "typealias", "var", "let",
    ]
    var counts: [String: Int] = [:]
    var declared: [(name: String, place: String)] = []
    for file in House.sources {
      for (number, line) in file.code.enumerated() {
        let words = SourceFile.words(line)
        for word in words { counts[word, default: 0] += 1 }
        for (kind, name) in zip(words, words.dropFirst()) where kinds.contains(kind) {
          declared.append((name, "\(file.path):\(number + 1)"))
        }
      }
    }
    for (name, place) in declared where counts[name] == 1 {
      Issue.record("\(place): \(name) is named nowhere else")
    }
  }

  private func expectNone(_ files: [SourceFile], _ rule: (SourceFile) -> [String]) {
    #expect(!files.isEmpty)
    for found in files.flatMap(rule) { Issue.record("\(found)") }
  }

  // MARK: The rules

  private func file(_ text: String) -> SourceFile {
    SourceFile(path: "Sources/Room/File.swift", text: text)
  }

  @Test func aLongLineIsFoundInACommentToo() {
    let fits = String(repeating: "é", count: Tidy.longestLine)
    #expect(Tidy.longLines(file(fits)).isEmpty)
    #expect(Tidy.longLines(file("//" + fits)) == ["Sources/Room/File.swift:1: 112 columns"])
  }

  @Test func aLongFileIsFound() {
    #expect(Tidy.length(file(String(repeating: "\n", count: Tidy.longestFile))).isEmpty)
    #expect(Tidy.length(file(String(repeating: "\n", count: Tidy.longestFile + 1))).count == 1)
  }

  @Test(arguments: [68, 69]) func aLongFunctionIsFound(_ lines: Int) {
    let body = String(repeating: "    work()\n", count: lines)
    let text = "struct S {\n  package static func f(\n    _ a: Int\n  ) {\n" + body + "  }\n}\n"
    let short =
      "struct S {\n  func f() {\n" + String(repeating: "    work()\n", count: lines) + "  }\n}\n"
    #expect(Tidy.longFunctions(file(text)).count == 1)
    #expect(Tidy.longFunctions(file(short)).count == (lines + 2 > Tidy.longestFunction ? 1 : 0))
  }

  @Test func aCommentThatNeedsTheLineAboveIsFound() {
    #expect(Tidy.emptyComments(file("  /// The same for files.")).count == 1)
    #expect(Tidy.emptyComments(file("  /// One row.")).isEmpty)
  }

  @Test func whatIsForbiddenIsFoundInCodeAlone() {
    #expect(Tidy.forbidden(file("let x = try! f()")).count == 1)
    #expect(Tidy.forbidden(file("// never try! this\nlet s = \"try! it\"")).isEmpty)
    #expect(Tidy.forbidden(file("let s = \"\\(try! f())\"")).count == 1)
    #expect(Tidy.forbidden(file("// TODO: later")).count == 1)
  }

  @Test func codeIsWhatIsNoCommentAndNoString() {
    let text =
      "let a = \"b // c\" // d\nlet e = \"\"\"\n  f\n  \"\"\"\n/* g\n */ h \"i\\\"j\" k \"\\(l(\"m\")) n\""
    let words = file(text).words
    #expect(words == ["let", "a", "e", "h", "k", "l"])
    #expect(file(text).code.count == 6)
  }

  @Test func importsAndTypesAreRead() {
    let text =
      "@_exported public import Glibc\ninternal import Bytes\nimport Engine\nlet important = 1\nprivate struct P {}\npackage final class Q {\n  struct R {}\n}\n"
    #expect(file(text).imports == ["Glibc", "Bytes", "Engine"])
    #expect(file(text).declaredTypes == ["Q"])
  }
}
