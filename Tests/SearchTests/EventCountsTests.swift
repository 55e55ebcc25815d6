import Bytes
import JSONText
import Testing
import Trail

@testable import Search

/// Events as they are archived, of a vendor that keeps everything at the top.
private enum Sample {
  static let lines = [
    #"{"who":"a","what":"x","at":"2026-01-01T23:59:59Z","signals":["s1","s2"],"#
      + #""attribution":{"display_actor":"jane","from":"claim:email","claims":{"email":"j@x"}}}"#,
    #"{"who":"b","what":"x","at":"2026-01-02T00:00:00Z"}"#,
    #"{"who":"b","what":"y","at":"1969-12-31T23:00:00Z","n":7}"#,
    #"{"n":7}"#,
  ]

  /// Calls `body` with each event.
  static func forEach(others: [JSONPointer] = [], _ body: (ArchivedEvent) -> Void) throws {
    let pointers: [Role: [JSONPointer]] = [
      .actor: [try JSONPointer("/who")], .action: [try JSONPointer("/what")],
      .time: [try JSONPointer("/at")],
    ]
    let event = ArchivedEvent(pointers, .unnoted, others: others)
    for line in lines {
      Array(line.utf8).withUnsafeBufferPointer { bytes in
        #expect(event.read(bytes))
        body(event)
      }
    }
  }
}

@Suite struct EventCountsTests {
  private func counts(_ name: String?, _ query: SearchQuery = SearchQuery()) throws -> [String] {
    var query = query
    let field = try name.flatMap { try CountedField($0) }
    query.counted = field?.pointer
    var counts = EventCounts(field, query)
    try Sample.forEach(others: query.pointers) { counts.add($0) }
    #expect(counts.total == Sample.lines.count && counts.others == 0)
    var lines: [String] = []
    counts.forEach { value, count in
      lines.append("\(String(decoding: value, as: UTF8.self))=\(count)")
      return true
    }
    var reversed: [String] = []
    counts.forEach(isReversed: true) { value, count in
      reversed.append("\(String(decoding: value, as: UTF8.self))=\(count)")
      return reversed.count < 2
    }
    #expect(reversed == Array(lines.reversed().prefix(2)))
    return lines
  }

  @Test func theMostFrequentFirstEqualsByName() throws {
    #expect(try counts("action") == ["x=2", "=1", "y=1"])
    #expect(try counts("actor") == ["b=2", "=1", "jane=1"])
    #expect(try counts("from") == ["=3", "claim:email=1"])
    #expect(try counts(nil).isEmpty)
  }

  @Test func daysAndHoursComeInTheirOrderAndTheTimelessLast() throws {
    #expect(try counts("day") == ["1969-12-31=1", "2026-01-01=1", "2026-01-02=1", "=1"])
    #expect(
      try counts("hour")
        == ["1969-12-31T23:00Z=1", "2026-01-01T23:00Z=1", "2026-01-02T00:00Z=1", "=1"])
  }

  @Test func anEventCountsForEachOfItsSignals() throws {
    #expect(try counts("signal") == ["=3", "s1=1", "s2=1"])
  }

  @Test func aCountedPointerComesBehindThoseOfTheConditions() throws {
    var query = SearchQuery()
    query.conditions = [.pointer(try JSONPointer("/who"), Glob("*"))]
    #expect(try counts("/n", query) == ["=2", "7=2"])
  }

  @Test func fieldsAreNamedOrPointedAt() throws {
    #expect(
      CountedField.names == [
        "actor", "key", "action", "resource", "ip", "account", "signal", "kind", "from", "match",
        "day", "hour",
      ])
    for name in CountedField.names + ["/a~1b"] { #expect(try CountedField(name)?.name == name) }
    #expect(try CountedField("color") == nil)
    #expect(throws: PointerError.self) { try CountedField("/~2") }
  }

  @Test func namesBeyondTheBoundAreOthers() {
    let counts = NamedCounts(mostNames: 2, mostBytes: 4)
    for name in ["a", "b", "c", "a"] { counts.add(Array(name.utf8)) }
    #expect(counts.count == 2 && counts.others == 1)
    let long = NamedCounts(mostNames: 9, mostBytes: 4)
    for name in ["abc", "de", "f", "abc"] { long.add(Array(name.utf8)) }
    #expect(long.ranked.map(\.name) == ["abc", "f"] && long.others == 1)
  }
}

@Suite struct IdentityStoryTests {
  @Test func aStoryHasNamesAndDays() throws {
    var story = IdentityStory()
    try Sample.forEach { story.add($0) }
    #expect(story.events == 4)
    #expect(story.first?.rfc3339 == "1969-12-31T23:00:00Z")
    #expect(story.last?.rfc3339 == "2026-01-02T00:00:00Z")
    #expect(story[.shownAs].ranked.map(\.name) == ["b", "jane"])
    #expect(story[.claims].ranked.map(\.name) == ["j@x"])
    #expect(story[.signals].count == 2 && story[.keys].count == 0)
    // The days begin at midnight, before 1970 too.
    #expect(
      story.eventsByDay.map { "\($0.day.rfc3339.prefix(10))=\($0.count)" }
        == ["1969-12-31=1", "2026-01-01=1", "2026-01-02=1"])
  }
}
