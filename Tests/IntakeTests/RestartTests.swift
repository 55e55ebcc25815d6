import Intake
import JSONText
import TestSupport
import Testing

/// Documents end to end of which one is damaged: the next one begins as they do, and leads to records.
@Suite struct RestartTests {
  private func record(_ number: Int) -> String {
    "{\"time\":\"t\(number)\",\"who\":{\"name\":\"n\",\"tags\":[{\"k\":1}]},\"what\":\"x\"}"
  }

  private func document(_ first: Int, _ count: Int, meta: Bool = false) -> String {
    let records = (first..<first + count).map(record).joined(separator: ",")
    return meta
      ? "{\"page\":{\"n\":1},\"Records\":[\(records)],\"next\":null}" : "{\"Records\":[\(records)]}"
  }

  private func kept(_ text: String, pointer: String = "/Records/*") throws -> [String] {
    let outcome = try readEveryWay(text, settings { $0.records = try JSONPointer(pointer) })
    #expect(outcome.isBalanced, "\(text)")
    return outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
  }

  @Test(arguments: [1, 2, 5, 20], [false, true]) func aCutCostsNoOtherDocument(
    _ count: Int, _ meta: Bool
  ) throws {
    let documents = (0..<6).map { document($0 * count, count, meta: meta) }
    let scratch = try TemporaryFolder()
    for damaged in [0, 1, 4] {
      let head = documents[..<damaged].joined()
      for cut in stride(from: 1, to: documents[damaged].count, by: 7) {
        // What was cut before a value takes the next document for that.
        let torn = documents[damaged].prefix(cut)
        let ends = torn.trimmingWhitespaceAtTheEnd().last
        let isBeforeValue = ends == ":" || ends == "," || ends == "["
        let text = head + torn + documents[(damaged + 1)...].joined()
        let chosen = try settings { $0.records = try JSONPointer("/Records/*") }
        let outcome = try read([try scratch.write("in", text)], chosen)
        let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
        let others = (0..<6).filter { $0 < damaged || $0 > damaged + (isBeforeValue ? 1 : 0) }
        let expected = others.flatMap { ($0 * count..<($0 + 1) * count).map(record) }
        #expect(Set(kept).isSuperset(of: expected), "\(damaged) cut at \(cut)")
        #expect(kept.allSatisfy { $0.hasPrefix("{\"time\"") }, "\(kept)")
      }
    }
  }

  /// The same however the bytes come, and of nothing but a head no document is made.
  @Test func aHeadInsideOfAnEventIsNone() throws {
    let inner = document(50, 20)
    let torn = "{\"time\":\"t0\",\"who\":\"a\"b\",\"what\":\(inner)}"
    let text = "{\"Records\":[\(record(1)),\(torn),\(record(2)),\(record(3))]}" + document(4, 2)
    #expect(try kept(text) == [1, 2, 3, 4, 5].map(record))
    let cut = "{\"Records\":[\(record(1)),{\"time\":\"\0\",\"what\":\(inner)"
    #expect(try kept(cut) == [record(1)])
    #expect(try kept(cut + document(2, 3)) == [1, 2, 3, 4].map(record))
  }

  @Test func aDocumentWhereARecordShouldBe() throws {
    let head = "{\"Records\":["
    for torn in [head, "\(head)\(record(0)),", "\(head)\(record(0))],\"next\":"] {
      let kept = try kept(torn + document(1, 2) + document(3, 1))
      #expect(kept.suffix(3) == [1, 2, 3].map(record)[...], "\(torn)")
    }
  }

  /// A brace is lost in a value beside the records: they are in it, and it is kept.
  @Test(arguments: [",\"Records\"", " , \"Records\" "]) func whatHoldsTheRecordsIsNotBeside(
    _ name: String
  ) throws {
    let records = (0..<25).map(record).joined(separator: ",")
    let chosen = try settings { $0.records = try JSONPointer("/Records/*") }
    for meta in ["{\"a\":1", "{\"a\":nan", "{\"a\":{\"b\":[1]}"] {
      let torn = "{\"meta\":\(meta)\(name):[\(records)]}"
      let outcome = try readEveryWay(torn + document(30, 2), chosen)
      let (rows, kept) = (
        outcome.items.filter { !$0.reason.isEmpty }, outcome.items.filter { $0.reason.isEmpty }
      )
      #expect(kept.map(\.raw).suffix(2) == [30, 31].map(record)[...], "\(meta)")
      #expect(kept.count == 27 || rows.contains { $0.raw.contains(records) }, "\(meta)")
      #expect(outcome.isBalanced)
      let alone = try readEveryWay(torn, chosen)
      #expect(alone.items.contains { $0.raw.contains(record(24)) } && alone.isBalanced)
    }
    // With its brace it is beside, whatever it holds.
    let whole = "{\"meta\":{\"a\":1\(name):[\(records)]},\"Records\":[\(record(1))]}"
    let outcome = try readEveryWay(whole + whole, chosen)
    #expect(outcome.items.map(\.raw) == [record(1), record(1)])
  }

  /// The bracket is lost that the array of the records begins with: they are no members of its first one.
  @Test func membersOfARecordAreNone() throws {
    let records = (0..<20).map { "{\"x\":{\"k\":1},\"id\":\($0)}" }
    #expect(try kept("{\"Records\":" + records.joined(separator: ",") + "]}") == records)
    let map = "{\"Records\":{\"a\":{\"k\":1},\"b\":{\"k\":2}}}"
    #expect(try kept(map + map).count == 4)
    #expect(try kept("{\"a\":{\"k\":1}}{\"b\":{\"k\":2}}", pointer: "/*").count == 2)
    #expect(try kept("[{\"a\":{\"k\":1}},{\"b\":{\"k\":2}}]", pointer: "/*/*").count == 2)
  }
}

extension Substring {
  fileprivate func trimmingWhitespaceAtTheEnd() -> Substring {
    var text = self
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return text
  }
}
