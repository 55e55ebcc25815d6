import Bytes
import Testing
import Trail

@Suite struct LearnedRowsTests {
  private static func source(_ file: String, _ record: Int) -> LearnedFrom {
    LearnedFrom(file: file, record: record, offset: record * 10, action: [0x61], time: 0)
  }

  private static func finish(_ rows: LearnedRows) -> [String] {
    var lines: [String] = []
    let count = rows.finish { lines.append(String(decoding: $0, as: UTF8.self)) }
    #expect(count == lines.count)
    return lines
  }

  private static func row(_ text: String, identity: Int = 4, rank: Int = 0) -> LearnedRow {
    LearnedRow(text: Array(text.utf8), identity: identity, rank: rank)
  }

  private static func names(_ lines: [String]) -> [String] {
    lines.map { String($0.prefix { $0 != "," }) }
  }

  @Test func orderDoesNotMatterAndWhatIsToldTwiceCountsOnce() {
    let given = [
      ("{\"b\":1", "y", 1), ("{\"a\":1", "x", 2), ("{\"a\":1", "x", 1), ("{\"a\":1", "w", 9),
    ]
    var results: Set<[String]> = []
    for turned in [given, given.reversed(), [given[2], given[0], given[3], given[1]]] {
      let rows = LearnedRows()
      for (text, file, record) in turned {
        #expect(rows.add(Self.row(text), Self.source(file, record)))
      }
      results.insert(Self.finish(rows))
    }
    let from = #""offset":90,"action":"a","time":"1970-01-01T00:00:00Z"}}"#
    #expect(results.count == 1)
    #expect(results.first?.count == 2)
    #expect(results.first?.first == #"{"a":1,"learned_from":{"file":"w","record":9,"# + from)
  }

  @Test func ofOneCredentialThoseCountThatSayMostOfWhoAsked() {
    let given = [
      Self.row("{\"a\":1", rank: 1), Self.row("{\"a\":2", rank: 3), Self.row("{\"a\":3", rank: 3),
      Self.row("{\"a\":4", rank: 2), Self.row("{\"a\":2", rank: 3), Self.row("{\"b\":1", rank: 1),
    ]
    for turned in [given, given.reversed()] {
      let rows = LearnedRows()
      for (number, row) in turned.enumerated() { #expect(rows.add(row, Self.source("f", number))) }
      #expect(Self.names(Self.finish(rows)) == ["{\"a\":2", "{\"a\":3", "{\"b\":1"])
    }
  }

  @Test func memoryIsBounded() {
    let rows = LearnedRows(mostBytes: 400)
    var taken = 0
    for record in 1...100 where rows.add(Self.row("{"), Self.source("f", record)) { taken += 1 }
    #expect(taken > 1)
    #expect(taken < 10)
    #expect(rows.count == taken)
  }
}
