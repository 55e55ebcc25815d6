import Bytes
import Testing
import Trail

@testable import Report
@testable import Stages

/// Names that the page repeats, because it explains them, are those that the program writes.
@Suite struct PageWordsTests {
  private static let script = String(decoding: PageFiles.script, as: UTF8.self)

  /// The names in a table of the script: a line each, `name: 'meaning',`.
  private func names(_ table: String) throws -> [String] {
    let start = try #require(Self.script.firstRange(of: "const \(table) = wordTable({\n"))
    let end = try #require(Self.script[start.upperBound...].firstRange(of: "\n});"))
    let lines = Self.script[start.upperBound..<end.lowerBound].split(separator: "\n")
    let names = lines.compactMap { $0.wholeMatch(of: /\ \ (\w+): '[^']+',/).map { String($0.1) } }
    #expect(names.count == lines.count, "\(table) has a line that is no entry")
    return names
  }

  private func number(_ name: String) throws -> Int? {
    let definition = try Regex("\nconst \(name) = (\\d+);\n", as: (Substring, Substring).self)
    return Self.script.firstMatch(of: definition).flatMap { Int($0.1) }
  }

  @Test func matches() throws {
    #expect(try names("MATCH_WORDS") == ClaimMatch.allCases.map(\.name))
  }

  @Test func sources() throws {
    #expect(try names("FROM_WORDS") == Fallback.allCases.map(\.rawValue))
  }

  @Test func kinds() throws {
    let kinds = ActorKind.allCases.map(\.rawValue)
    #expect(try names("KIND_WORDS") == kinds)
    #expect(ReportChunk.kinds == [""] + kinds)
    #expect(try number("UNKNOWN_KIND") == ReportChunk.kinds.firstIndex(of: "unknown"))
    #expect(Self.script.contains("\nconst KINDS = \(Array(1...kinds.count));\n"))
  }

  @Test func flags() throws {
    #expect(try names("FLAG_WORDS") == AttributionFlags.names.map(\.description))
  }

  @Test func numbersOfNothingAndOthers() throws {
    #expect(try number("NOTHING") == Int(NameTable.nothing))
    #expect(try number("OTHERS") == Int(NameTable.others))
  }

  @Test func dimensionsThatTheScriptNames() throws {
    let dimensions = Set(PageData.dimensions.map(\.0.description))
    #expect(dimensions.count == Dimension.allCases.count)
    #expect(Set(PageData.dimensions.map(\.1)) == Set(Dimension.allCases))
    for list in ["LISTS", "NAME_FIELDS"] {
      let pattern = try Regex(
        "\nconst \(list) = \\[([^\\]]*)\\];\n", as: (Substring, Substring).self)
      let match = try #require(Self.script.firstMatch(of: pattern))
      let names = match.1.matches(of: /'(\w+)'/).map { String($0.1) }
      #expect(!names.isEmpty && dimensions.isSuperset(of: names), "\(list)")
    }
  }

  /// The characters that the page replaces are those that deceive wherever text is shown.
  @Test func charactersThatDeceive() throws {
    let pattern = /\nconst DECEPTIVE = new RegExp\(\n((?:.*\n)+?)\);\n/
    let match = try #require(Self.script.firstMatch(of: pattern))
    let ranges = try match.1.matches(of: /\\\\u{([0-9a-f]+)}(?:-\\\\u{([0-9a-f]+)})?/).map {
      range in
      let first = try #require(UInt32(range.1, radix: 16))
      return first...(try range.2.map { try #require(UInt32($0, radix: 16)) } ?? first)
    }
    #expect(ranges == DeceptiveText.ranges)
  }
}
