import Foundation
import Testing

@testable import Report

/// The files of the page as files: how they are put together, and their form, which no compiler looks at.
@Suite struct PageFilesTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func files(_ folder: String, _ kinds: Set<String>) throws -> [(
    name: String, lines: [Substring]
  )] {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: root.appending(path: folder).path)
    return try names.sorted().filter { kinds.contains(($0 as NSString).pathExtension) }.map {
      let text = try String(contentsOf: root.appending(path: "\(folder)/\($0)"), encoding: .utf8)
      return ($0, text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }

  @Test func documentHasEachPlaceOnce() {
    let places = PageFiles.document.compactMap(\.place)
    #expect(places.count == PageFiles.Place.allCases.count)
    #expect(Set(places) == Set(PageFiles.Place.allCases))
    for piece in PageFiles.document {
      #expect(!String(decoding: piece.text, as: UTF8.self).contains("{{"))
    }
  }

  @Test func documentsAreCutAtTheirPlaces() {
    let pieces = PageFiles.pieces(of: "a{{style}}{{x}}b{{policy}}{{data}}")
    #expect(pieces.map(\.place) == [.style, .policy, .data, nil])
    #expect(pieces.map { String(decoding: $0.text, as: UTF8.self) } == ["a", "{{x}}b", "", ""])
  }

  @Test func everyFileOfTheFolderIsInThePage() throws {
    let files = try Self.files("Sources/Report/Page", ["js", "css"])
    #expect(files.count >= 10)
    let page = String(decoding: PageFiles.script + PageFiles.style, as: UTF8.self)
    for file in files {
      #expect(page.contains(file.lines.joined(separator: "\n")), "\(file.name) is not in the page")
    }
  }

  @Test func filesAreTidy() throws {
    let files =
      try Self.files("Sources/Report/Page", ["js", "css", "html"])
      + Self.files("Tests/Page", ["mjs", "sh"])
    for file in files {
      #expect(file.lines.last == "" && file.lines.count <= 350, "\(file.name): \(file.lines.count)")
      for (number, line) in file.lines.enumerated() {
        let place: Comment = "\(file.name):\(number + 1)"
        #expect(line.count <= 110 && !line.contains("\t") && line.last != " ", place)
      }
    }
  }

  @Test func functionsAreShort() throws {
    for file in try Self.files("Sources/Report/Page", ["js"]) {
      // A function or a method ends where its closing brace stands as far left as its first line.
      for (first, line) in file.lines.enumerated() where line.hasSuffix(" {") {
        let indent = line.prefix { $0 == " " }
        guard indent.count <= 2, !line.hasPrefix("class ") else { continue }
        let last = file.lines[first...].firstIndex { $0.hasPrefix("\(indent)}") }
        #expect((last ?? .max) - first < 70, "\(file.name):\(first + 1)")
      }
    }
  }
}
