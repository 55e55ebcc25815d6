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
  static func forEach(
    _ lines: [String] = lines, others: [JSONPointer] = [], _ body: (ArchivedEvent) -> Void
  ) throws {
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
    counts.forEach { value, isKey, count in
      lines.append(
        "\(String(decoding: value, as: UTF8.self))\(isKey ? KeyMark.words : "")=\(count)")
      return true
    }
    var reversed: [String] = []
    counts.forEach(isReversed: true) { value, _, count in
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
        "actor", "key", "action", "resource", "ip", "account", "signal", "candidate", "kind",
        "from", "match", "day", "hour",
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

/// A key is called as somebody is: by what, and in which version it was archived.
@Suite struct ImitationTests {
  private static func line(_ shown: String, _ from: String, _ flags: String = "") -> String {
    #"{"who":"api::01","attribution":{"display_actor":"\#(shown)","from":"\#(from)","#
      + #""api_key":{"id":"01","name":"\#(shown)"}\#(flags)}}"#
  }

  private static let flagged = #","flags":["skew","imitates_actor"]"#
  private static let lines = [
    line("jane@x", "claim:email"), line("jane@x", "claim:email"), line("jane@x", "key_name"),
    line("octo", "key_name", flagged), line("octo", "key_name", flagged), line("octo", "claim:sub"),
    line("ci", "key_name"), line("ops", "key_name"), #"{"who":"ops"}"#, line("a::b", "key_id"),
    line("x@y", "claim:email", flagged), #"{"who":"jane@x"}"#,
  ]

  private func count(_ query: SearchQuery) throws -> Int {
    var count = 0
    try Sample.forEach(Self.lines) { count += query.matches($0) ? 1 : 0 }
    return count
  }

  @Test func aKeyIsCountedApart() throws {
    var counts = EventCounts(.field(.actor), SearchQuery())
    try Sample.forEach(Self.lines) { counts.add($0) }
    var lines: [String] = []
    counts.forEach { value, isKey, count in
      lines.append(
        "\(String(decoding: value, as: UTF8.self))\(isKey ? KeyMark.words : "")=\(count)")
      return true
    }
    #expect(
      lines == [
        "jane@x=3", "octo (key)=2", "a::b (key)=1", "ci=1", "jane@x (key)=1", "octo=1", "ops=1",
        "ops (key)=1", "x@y=1",
      ])
  }

  @Test(arguments: [
    ("jane@x", 3, 1), ("octo", 1, 2), ("ci", 1, 1), ("ops", 2, 1), ("a::b", 0, 1), ("x@y", 1, 1),
    ("*", 12, 10),
  ]) func aKeyIsFoundAsAKey(_ name: String, _ asActor: Int, _ asKey: Int) throws {
    var query = SearchQuery()
    query.add(.actor, FilterText(name))
    #expect(try count(query) == asActor)
    query = SearchQuery()
    query.add(.key, FilterText(name))
    #expect(try count(query) >= asKey)
    query = SearchQuery()
    query.add(.actor, FilterText("!" + name))
    #expect(try count(query) == Self.lines.count - asActor)
  }

  @Test(arguments: [("jane@x", 3), ("octo", 1), ("ci", 0), ("ops", 1), ("01", 0), ("a::b", 0)])
  func nobodyIsAKey(_ name: String, _ expected: Int) throws {
    var query = SearchQuery()
    query.conditions = [.identity(Glob(name))]
    var count = 0
    try Sample.forEach(Self.lines) { count += query.isOfSomebody($0) ? 1 : 0 }
    #expect(count == expected)
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
