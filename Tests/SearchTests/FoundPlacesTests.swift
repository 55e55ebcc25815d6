import Bytes
import History
import JSONText
import Search
import TestArchives
import TestSupport
import Testing
import Verify

/// What `prove` asks: where events are, in parts that are as they were committed.
@Suite struct FoundPlacesTests {
  private func search(
    _ archive: TestArchive, _ conditions: [(String, String)], _ window: TimeWindow = TimeWindow()
  ) throws -> (search: ArchiveSearch, places: FoundPlaces) {
    var query = SearchQuery()
    query.conditions = try conditions.map { .text(try JSONPointer($0.0), $0.1) }
    var search = try ArchiveSearch(
      try archive.history, query, partsIn: window, reading: .wholeParts, threads: 3)
    let places = try search.places(threads: 3)
    return (search, places)
  }

  private func lines(_ archive: TestArchive, _ conditions: [(String, String)]) throws -> [Int] {
    try search(archive, conditions).places.first(100).map { $0.index + 1 }
  }

  @Test func valuesAreTextsOrAsWritten() throws {
    let archive = try TestArchive()
    try archive.commit([
      [
        #"{"a":"x","b":{"c":[1,true]}}"#, #"{"a":"\u0078"}"#, #"{"a":"x/\"y"}"#, #"{"a":"x\/\"y"}"#,
        #"{"a":1.50,"x":"1.5"}"#, #"{"a":"1.5"}"#, #"{"a":null,"b":"x null"}"#, #"{"a":""}"#,
        #"{"a":"z","a":"x2"}"#, #"{"a":"\ud800"}"#, #"{"a":["x"],"a/b":"x"}"#,
        #"{"a":"\uD83D\uDE00"}"#, #"{"a":"x*"}"#, "no JSON x",
      ]
    ])
    let table: [([(String, String)], [Int])] = [
      ([("/a", "x")], [1, 2]), ([("/a", "x"), ("/b/c/0", "1")], [1]), ([("/b/c/1", "true")], [1]),
      ([("/a", "x"), ("/a", "y")], []), ([("/a", "x"), ("/a", "x")], [1, 2]),
      ([("/a", "x/\"y")], [3, 4]), ([("/a", "1.5")], [6]), ([("/a", "1.50")], [5]),
      ([("/a", "null")], []), ([("/a", "")], [8]), ([("/a", "x2")], [9]), ([("/a", "z")], []),
      ([("/a", "\u{FFFD}")], []), ([("/a~1b", "x")], [11]), ([("/a", "😀")], [12]),
      ([("/a", "x*")], [13]), ([("/missing", "x")], []), ([("", "x")], []),
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
    let (search, places) = try search(archive, [("/a", "1")])
    #expect(places.count == 19)
    #expect(places.first(7).map(\.index) == [1, 4, 7, 10, 13, 0, 1])
    let chosen = try (0...20).map { try search.place($0, of: places)?.index }
    let expected: [Int?] = [nil, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28] + Array(0...8) + [nil]
    #expect(chosen == expected)
  }

  /// The window is about parts: one that reaches into it is read whole.
  @Test func theWindowRulesPartsOut() throws {
    let archive = try TestArchive()
    try archive.commit([["{\"a\":1}"]], first: "2026-11-20T01:00:00Z", last: "2026-11-20T02:00:00Z")
    try archive.commit([["{\"a\":1}"]], first: "2026-11-20T04:00:00Z", last: "2026-11-20T05:00:00Z")
    func count(_ since: String?, _ until: String?) throws -> Int {
      try search(archive, [("/a", "1")], window(since, until)).places.count
    }
    #expect(try count(nil, nil) == 2)
    #expect(try count("02:00:00", nil) == 2)
    #expect(try count("02:00:00.000001", nil) == 1)
    #expect(try count(nil, "04:00:00") == 1)
    #expect(try count(nil, "04:00:00.000001") == 2)
    #expect(try count("05:00:00.000001", nil) == 0)
  }

  // MARK: The index

  private func indexed() throws -> TestArchive {
    let archive = try TestArchive()
    try archive.commit(
      events: [
        (
          "a",
          [
            event("1", "10:00:00", #","action":"read","ip":"10.1.2.3""#),
            #"{"id":"2","verb":"write"}"#,
          ]
        ),
        ("b", [event("3", "11:00:00", #","action":"grow","verb":"read","ip":"10.9.2.3""#)]),
        ("c", [event("4", "11:00:00", #","attribution":{"display_actor":"read"}"#)]),
      ], dialect())
    return archive
  }

  /// Parts are ruled out where the index has terms of what stands at the pointer: at the first place of a
  /// role, or where it was added; at every other place nothing is.
  @Test(arguments: [
    ("/action", "read", 1, 1), ("/action", "write", 1, 0), ("/action", "x", 0, 0),
    ("/ip", "10.1.2.3", 1, 1),
    ("/ip", "10.1.2.4", 1, 0), ("/ip", "host", 0, 0), ("/attribution/display_actor", "read", 1, 1),
    ("/verb", "read", 3, 1), ("/verb", "write", 3, 1), ("/id", "1", 3, 1), ("/action", "", 3, 0),
  ])
  func onlyPartsThatTheIndexCannotRuleOutAreOpened(
    _ pointer: String, _ value: String, _ opened: Int, _ count: Int
  ) throws {
    let archive = try indexed()
    let (search, places) = try search(archive, [(pointer, value)])
    #expect(places.count == count)
    #expect(search.effort.openedParts == opened && search.effort.skippedParts == 3 - opened)
  }

  /// What is read has to be as it was committed. What the index rules out is not read: the index is what was
  /// committed, and so the part held no such event.
  @Test func aPartThatWasAlteredIsAnErrorWhereItIsRead() throws {
    let archive = try indexed()
    let parts = try archive.files.all(.part).map(\.row.path)
    try archive.write(Array("{\"action\":\"read\"}\n".utf8), parts[1])
    #expect(try search(archive, [("/action", "read")]).places.count == 1)
    let error = #expect(throws: ArchiveError.self) { try search(archive, [("/verb", "read")]) }
    #expect(error?.kind == .damaged && error?.description.contains(parts[1]) == true)
  }

  @Test func aDamagedIndexRulesNothingOut() throws {
    let archive = try indexed()
    let index = try #require(archive.files.all(.index).first).row.path
    try archive.write([0], index)
    let (search, places) = try search(archive, [("/action", "read")])
    #expect(places.count == 1 && search.effort.openedParts == 3)
    #expect(search.effort.unusableIndexes == [index])
  }
}
