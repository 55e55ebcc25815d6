import Foundation
import JSONText
import TestSupport
import Testing

/// The JSON Parsing Test Suite, where a copy of it lies beside the package.
@Suite struct CorpusTests {
  static let folder = Repository.file("../shared/corpus/json/test_parsing")

  static func files() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    if names.isEmpty { print("skipped: no JSON corpus at ../shared/corpus/json/test_parsing") }
    return names.filter { $0.hasSuffix(".json") }.sorted()
  }

  /// The table of docs/json.md: outcome by file.
  static func decisions() throws -> [String: String] {
    let text = try String(contentsOf: Repository.file("docs/json.md"), encoding: .utf8)
    var decisions: [String: String] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("| `i_") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 2 else { throw Unexpected(reason: "table row: \(line)") }
      decisions[cells[0].trimmingCharacters(in: ["`"])] = cells[1]
    }
    return decisions
  }

  @Test func everyFileGoesAsItMust() throws {
    let decisions = try CorpusTests.decisions()
    #expect(decisions.count == 35)
    for file in CorpusTests.files() {
      let text = try Data(contentsOf: CorpusTests.folder.appendingPathComponent(file))
      let fault = scanWhole(Array(text)).fault
      let outcome = fault == .none ? "accepted" : "refused: \(fault.reason)"
      switch file.prefix(2) {
      case "y_": #expect(outcome == "accepted", "\(file)")
      case "n_": #expect(outcome != "accepted", "\(file)")
      default: #expect(outcome == decisions[file], "\(file)")
      }
    }
  }

  @Test func theTableNamesTheFilesThatThereAre() throws {
    let files = Set(CorpusTests.files().filter { $0.hasPrefix("i_") })
    guard !files.isEmpty else { return }
    #expect(try Set(CorpusTests.decisions().keys) == files)
  }
}
