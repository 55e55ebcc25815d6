import Intake
import JSONText
import Testing

/// Values in which a comma or a colon is missing or too much: their brackets tell where they end, unless a
/// quote is missing too.
@Suite struct DoubtfulValueTests {
  private static let formats: [InputFormat] = [.array, .concatenated, .auto]

  /// Sixty records, the one with the number 20 replaced.
  private func text(_ value: String, _ format: InputFormat) -> String {
    var records = (0..<60).map { "{\"id\":\($0),\"s\":\"t\"}" }
    records[20] = value
    return format == .array ? "[" + records.joined(separator: ",") + "]" : records.joined()
  }

  private func outcome(_ value: String, _ format: InputFormat) throws -> Outcome {
    try readEveryWay(text(value, format), settings { $0.format = format })
  }

  @Test(arguments: [
    "{\"id\":1 \"b\":2}", "{\"id\" 4}", "{\"id\":[1 2]}", "{\"id\":1:2}", "{\"id\":1;\"b\":2}",
    "{\"id\"}",
    "{\"id\":\"a\" \"b\"}", "{\"id\":\"he said \"hi\" to\",\"b\":1}", "{\"id\",\"b\":1}", "{:1}",
    "{\"id\"::1}", "{\"a\":[\"x\" \"y\" 3],\"b\" \"z\"}",
  ])
  func costItselfAlone(_ value: String) throws {
    for format in Self.formats {
      let outcome = try outcome(value, format)
      #expect(outcome.items.filter { !$0.reason.isEmpty }.map(\.raw) == [value], "\(format)")
      #expect(outcome.items.count == 60 && outcome.isBalanced, "\(format)")
      #expect(!outcome.items.contains { $0.reason.contains("resumed") }, "\(format)")
    }
  }

  /// Where a quote is missing, or one too much, what stands between tokens looks like strings.
  @Test(arguments: [
    "{\"id\":20,\"s\":\"t}", "{\"id\":20,\"s:\"t\"}", "{\"id\":20,s\":\"t\"}",
    "{\"id\":20,\"s\":t\"}",
    "{\"id\":20,\"s\":\"5\" screen\"}", "{\"id\":20,\"s\":\"\\\"}",
  ])
  func aQuoteThatIsMissingCostsNoOther(_ value: String) throws {
    let outcome = try outcome(value, .array)
    let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
    #expect(kept == (0..<60).filter { $0 != 20 }.map { "{\"id\":\($0),\"s\":\"t\"}" })
    #expect(outcome.isBalanced)
  }

  /// A bracket too many ends a list early: what stood in that is no record, but what follows the list is.
  @Test(arguments: [
    "[]\"id\":\"IN\"},{\"id\":2,\"x\":1}]", "[]\"id\":\"IN\"},{\"id\":2},{\"id\":3}]",
    "[{\"id\":1},]\"id\":\"IN\"},{\"id\":2}]", "{}\"id\":\"IN\"},{\"id\":2}]",
  ])
  func aBracketTooManyOpensNoList(_ list: String) throws {
    let value = "{\"id\":20,\"args\":\(list),\"more\":1}"
    let records = (0..<60).filter { $0 != 20 }.map { "{\"id\":\($0),\"s\":\"t\"}" }
    let outcome = try outcome(value, .array)
    #expect(outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == records)
    #expect(outcome.isBalanced)
    let document = "{\"r\":\(text(value, .array)),\"next\":null}"
    let inner = try readEveryWay(document, settings { $0.records = try JSONPointer("/r/*") })
    #expect(inner.items.filter { $0.reason.isEmpty }.map(\.raw) == records)
    #expect(inner.isBalanced)
  }

  /// Longer than a doubt may last, it is as if its end could not be told: the next records are looked for.
  @Test(arguments: [65_000, 66_000])
  func aDoubtLastsSoFar(_ length: Int) throws {
    let value = "{\"id\":1 \"b\":\"" + String(repeating: "x", count: length) + "\"}"
    let outcome = try outcome(value, .array)
    #expect(outcome.items.count == 60 && outcome.isBalanced)
    let reasons = outcome.items.map(\.reason).filter { !$0.isEmpty }
    #expect(reasons.count == 1 && reasons[0].hasSuffix("; resumed") == (length > 65_536))
  }

  /// A bracket too many before an element makes a list of all that follow: longer than a record may be, it is
  /// none.
  @Test(arguments: ["[", "[ "]) func aBracketTooManySwallowsNone(_ damage: String) throws {
    let records = (0..<200).map { "{\"id\":\($0),\"s\":\"t\"}" }
    var damaged = records
    damaged[40] = damage + records[40]
    for limit in [1 << 10, 1 << 20] {
      for format in [InputFormat.array, .auto] {
        let chosen = settings {
          $0.format = format
          $0.maxRecord = limit
        }
        let outcome = try readEveryWay("[" + damaged.joined(separator: ",") + "]", chosen)
        #expect(outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == records, "\(limit)")
        #expect(outcome.isBalanced)
      }
    }
  }

  /// In a larger document, too, where a name behind the list shows that an object is around.
  @Test(arguments: ["[", "1,[", "a,[[\n", "[\n"])
  func aBracketTooManyInALargerDocument(_ damage: String) throws {
    var records = (0..<60).map { "{\"id\":\($0),\"s\":\"t\"}" }
    let kept = records
    records[20] = damage + records[20]
    let chosen = try settings { $0.records = try JSONPointer("/r/*") }
    let outcome = try readEveryWay(
      "{\"r\":[" + records.joined(separator: ",") + "],\"next\":null}", chosen)
    #expect(outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == kept)
    #expect(outcome.isBalanced)
  }

  /// What is left of a first record tells nothing of how the others begin.
  @Test(arguments: ["{\"\":1},{\\\"n\\\":2}\"}", "{\"i}\":1}}", "{\"x\":1}\"}"])
  func aFirstRecordThatIsDamagedCostsNoOther(_ value: String) throws {
    for format in [InputFormat.array, .concatenated] {
      let records = [value] + (1..<60).map { "{\"id\":\($0)}" }
      let separator = format == .array ? "," : ""
      let text = (format == .array ? "[" : "") + records.joined(separator: separator)
      let outcome = try readEveryWay(
        text + (format == .array ? "]" : ""), settings { $0.format = format })
      let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
      #expect(Array(kept.suffix(59)) == Array(records.dropFirst()), "\(format)")
    }
  }

  /// A quote too many makes strings of what stands between the members: what follows such a value tells.
  @Test(arguments: ["\":-1.5}", "1\"[}", "x}\":1}}", "\",}", "\n}\"}"])
  func aRecordThatLostItsBeginningCostsNoOther(_ value: String) throws {
    let outcome = try outcome(value, .concatenated)
    let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
    #expect(kept == (0..<60).filter { $0 != 20 }.map { "{\"id\":\($0),\"s\":\"t\"}" })
    #expect(outcome.isBalanced)
  }

  /// Another row of records may begin with a value that one before it has passed over.
  @Test func aRowMayBeginWithWhatIsNoRecord() throws {
    let good = (0..<5).map { "{\"id\":\($0)}" }
    let text = "{\"id\":\"x\\q\\ \"\\z}{\"other\":1}{\"id\":01}" + good.joined() + "\u{1}"
    let outcome = try readEveryWay(text, settings { $0.format = .concatenated })
    #expect(outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == good)
    #expect(outcome.isBalanced)
  }

  /// Nothing is looked at again and again.
  @Test func manyListsThatAreNeverClosed() throws {
    for unit in ["[{\"id\":1},", "[{\"id\":1},\n", "{\"id\":1,\"b\":["] {
      let text = "[" + String(repeating: unit, count: 2_000)
      for format in [InputFormat.array, .auto] {
        let outcome = try readEveryWay(text, settings { $0.format = format })
        #expect(outcome.isBalanced)
      }
    }
  }

  /// What is no JSON between documents, or instead of one, lies beside nothing.
  @Test func whatStandsForADocumentIsKept() throws {
    let records = try settings { $0.records = try JSONPointer("/r/*") }
    for (text, bad) in [
      ("{\"r\":[{}]}garbage{\"r\":[{}]}", ["garbage"]),
      ("<html>Bad gateway</html>", ["<html>Bad gateway</html>"]),
      ("\0\0\0{\"r\":[{}]}", ["\0\0\0"]), ("{\"r\":[{}]}\nnull 5{\"r\":[{}]}", []),
    ] {
      let outcome = try readEveryWay(text, records)
      #expect(outcome.items.filter { !$0.reason.isEmpty }.map(\.raw) == bad, "\(text)")
      #expect(outcome.isBalanced)
    }
  }
}
