import Verify
import Search
import Disk
import JSONText
import TestSupport
import TestArchives
import Testing

struct EventSearchTests {
  private func search(
    _ archive: TestArchive, _ conditions: [(String, String)], since: String? = nil,
    until: String? = nil
  ) throws -> (EventSearch, EventMatches) {
    let conditions = try conditions.map { EventCondition(try .init($0.0), is: $0.1) }
    let search = try EventSearch(
      try archive.history, conditions, 
      window: TimeWindow(since: since.flatMap(time), until: until.flatMap(time)))
    return (search, try search.run(threads: 3))
  }

  private func lines(_ archive: TestArchive, _ conditions: [(String, String)]) throws -> [Int] {
    try search(archive, conditions).1.first(100).map { $0.index + 1 }
  }

  @Test func valuesAreTextsOrAsWritten() throws {
    let archive = try TestArchive()
    try archive.commit([
      [
        #"{"a":"x","b":{"c":[1,true]}}"#, #"{"a":"\u0078"}"#, #"{"a":"x/\"y"}"#, #"{"a":"x\/\"y"}"#,
        #"{"a":1.50,"x":"1.5"}"#, #"{"a":"1.5"}"#, #"{"a":null,"b":"x null"}"#, #"{"a":""}"#,
        #"{"a":"z","a":"x2"}"#, #"{"a":"\ud800"}"#, #"{"a":["x"],"a/b":"x"}"#,
        #"{"a":"\uD83D\uDE00"}"#,
        "no JSON x",
      ]
    ])
    let table: [([(String, String)], [Int])] = [
      ([("/a", "x")], [1, 2]), ([("/a", "x"), ("/b/c/0", "1")], [1]), ([("/b/c/1", "true")], [1]),
      ([("/a", "x"), ("/a", "y")], []), ([("/a", "x"), ("/a", "x")], [1, 2]),
      ([("/a", "x/\"y")], [3, 4]), ([("/a", "1.5")], [6]), ([("/a", "1.50")], [5]),
      ([("/a", "null")], []), ([("/a", "")], [8]), ([("/a", "x2")], [9]), ([("/a", "z")], []),
      ([("/a", "\u{FFFD}")], []), ([("/a~1b", "x")], [11]), ([("/a", "😀")], [12]),
      ([("/missing", "x")], []), ([("", "x")], []),
    ]
    for (conditions, expected) in table {
      #expect(try lines(archive, conditions) == expected, "\(conditions)")
    }
  }

  @Test func severalAreCountedAndOneIsChosen() throws {
    let archive = try TestArchive()
    try archive.commit([
      (0..<30).map { "{\"a\":\($0 % 3)}" }, ["{\"b\":1}"], (0..<9).map { _ in "{\"a\":1}" },
    ])
    let (search, matches) = try search(archive, [("/a", "1")])
    #expect(matches.count == 19)
    #expect(matches.first(7).map(\.index) == [1, 4, 7, 10, 13, 0, 1])
    let chosen = try (0...20).map { try search.place($0, of: matches)?.index }
    let expected: [Int?] = [nil, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28] + Array(0...8) + [nil]
    #expect(chosen == expected)
  }

  @Test func theWindowRulesPartsOut() throws {
    let archive = try TestArchive()
    try archive.commit([["{\"a\":1}"]])
    try archive.commit(
      [["{\"a\":1}"]], first: "2026-11-21T00:00:00Z", last: "2026-11-21T23:00:00Z")
    func count(_ since: String?, _ until: String?) throws -> Int {
      try search(archive, [("/a", "1")], since: since, until: until).1.count
    }
    #expect(try count(nil, nil) == 2)
    #expect(try count("2026-11-20T01:59:59Z", nil) == 2)
    #expect(try count("2026-11-20T02:00:00Z", nil) == 1)
    #expect(try count(nil, "2026-11-21T00:00:00Z") == 1)
    #expect(try count(nil, "2026-11-21T00:00:01Z") == 2)
    #expect(try count("2026-11-22T00:00:00Z", nil) == 0)
  }
}
