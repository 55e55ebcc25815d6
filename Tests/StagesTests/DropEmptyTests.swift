import Foundation
import Stages
import Testing

/// The example of CONTRIBUTING.md compiles as it is printed there, and does what it says.
@Suite struct DropEmptyTests {
  private static let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  /// The fenced block of Swift, without the indentation of the list in which it stands.
  private func printed() throws -> String {
    let page = Self.here.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "CONTRIBUTING.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let block = try #require(text.firstMatch(of: /(?ms)^( *)```swift\n(.*?)^ *```$/))
    let indent = String(block.1)
    return block.2.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix(indent) ? String($0.dropFirst(indent.count)) : String($0) }
      .joined(separator: "\n")
  }

  @Test func isWhatIsPrinted() throws {
    let file = Self.here.appending(path: "DropEmpty.swift")
    let compiled = try String(contentsOf: file, encoding: .utf8)
    let printed = try printed()
    #expect(printed.contains("enum DropEmpty"))
    #expect(compiled.hasSuffix("to the letter.\n\n" + printed))
  }

  /// An event, and what becomes of it.
  @Test(arguments: [
    (#"{"action":"stack.create"}"#, #"{"action":"stack.create"}"#), ("{}", "filtered"),
    (#"{"actor":"jane@example.com"}"#, "filtered"), (#"{"action":null}"#, "filtered"),
  ])
  func filtersWhatHasNoAction(_ event: String, _ outcome: String) throws {
    let bench = Workbench(others: [DropEmpty.self])
    #expect(try bench.result(event, DropEmpty.manual.example) == outcome)
  }
}
