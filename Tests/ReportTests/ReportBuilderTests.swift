import Bytes
import JSONText
import Search
import TestSupport
import Testing
import Trail

@testable import Report

@Suite struct ReportBuilderTests {
  private func names(_ figures: ReportFigures, _ dimension: Dimension) -> [String: Int] {
    let names = figures.names[dimension] ?? []
    return Dictionary(uniqueKeysWithValues: names.dropFirst(2).map { ($0.name, $0.count) })
  }

  @Test func countsWhatEventsHave() throws {
    let figures = try Sample.figures()
    #expect(figures.events == 5)
    #expect(names(figures, .actor) == ["jane": 3, "jörg": 1])
    #expect(names(figures, .key) == ["K1": 2])
    #expect(names(figures, .action) == ["read": 4, "write": 1])
    #expect(names(figures, .account) == ["acme": 2, "globex": 1])
    #expect(names(figures, .address) == ["192.0.2.1": 1, "192.0.2.9": 1])
    #expect(names(figures, .match) == ["token": 1, "sole": 1, "not_applicable": 1])
    #expect(names(figures, .flags) == [#"["skew"]"#: 1])
    #expect(figures.names[.kind]?.map(\.count) == [2, 2, 1, 0, 0])
    #expect(figures.cells.reduce(0) { $0 + $1.count } == 5)
    #expect(figures.cells.count { $0.codes.bucket == EventCodes.noTime } == 1)
  }

  @Test func keepsWhatIsKnownOfKeysAndWhen() throws {
    let figures = try Sample.figures()
    let key = figures.keys[2]
    #expect(key.name == "ci" && key.type == "oidc" && key.owner == "ops")
    #expect(key.scopes == #"["a","b"]"#)
    let jane = try #require(figures.names[.actor]?[2])
    #expect(ReportText.time(jane.first) == "2026-01-05T10:00:00Z")
    #expect(ReportText.time(jane.last) == "2026-01-06T10:00:00Z")
  }

  @Test func keepsToWhatIsAsked() throws {
    var query = SearchQuery()
    query.window = TimeWindow(
      since: time("2026-01-05T11:00:00Z"), until: time("2026-01-07T10:00:00Z"))
    #expect(try Sample.figures(query: query).events == 2)
    query.add(.account, FilterText("glob*"))
    query.conditions.append(.pointer(try JSONPointer("/attribution/kind"), Glob("external")))
    let figures = try Sample.figures(query: query)
    #expect(figures.events == 1 && names(figures, .account) == ["globex": 1])
    #expect(
      figures.filter
        == "account glob*, where /attribution/kind=external, since 2026-01-05T11:00:00Z, "
        + "until 2026-01-07T10:00:00Z")
  }

  @Test func whatIsNoEventIsCounted() throws {
    let figures = try Sample.figures(["nonsense", "[]", "{}"])
    #expect(figures.events == 1 && figures.unreadable == 2)
  }

  @Test func namesBeyondTheLimitAreOthers() throws {
    var limits = ReportLimits()
    limits.names = 3
    let lines = (0..<10).map { #"{"actor":"a\#($0)","time":\#(1_767_610_800 + $0)}"# }
    let figures = try Sample.figures(lines, limits: limits)
    #expect(figures.distinct[.actor] == 3)
    #expect(figures.names[.actor]?[1].count == 7)
    #expect(figures.cells.reduce(0) { $0 + $1.count } == 10)
  }

  @Test func coarserCountsKeepTheirSum() throws {
    var limits = ReportLimits()
    (limits.cells, limits.finishedCells, limits.detailBudget) = (400, 100, 0)
    let lines = (0..<5000).map { number in
      """
      {"actor":"a\(number % 37)","action":"x\(number % 11)","ip":"10.0.\(number % 9).\(number % 250)",\
      "thing":"t\(number % 501)","time":\(1_767_610_800 + number * 977)}
      """
    }
    let figures = try Sample.figures(lines, limits: limits)
    #expect(figures.cells.count <= 100)
    #expect(figures.cells.reduce(0) { $0 + $1.count } == 5000)
    // Of the whole, exact counts remain: 37 actors, and those that are listed in any case.
    #expect(figures.names[.actor]?.dropFirst(2).reduce(0) { $0 + $1.count } == 5000)
  }

  /// Workers read chunks, of whatever size: what is made of them is the same.
  @Test(arguments: [1, 7, 100, 5000]) func chunksDoNotShow(_ perChunk: Int) throws {
    var limits = ReportLimits()
    (limits.names, limits.sets, limits.detailBudget) = (40, 3, 20_000)
    var random = SeededGenerator(seed: 5)
    let lines = (0..<2000).map { _ in RandomLine.next(&random) } + Sample.lines + Sample.ambiguous
    func page(_ perChunk: Int) throws -> String {
      try Sample.page(
        Sample.builder(lines, limits: limits, perChunk: perChunk).finish(ArchiveFacts()))
    }
    #expect(try page(perChunk) == page(3))
  }

  @Test func timesAtBothEndsOfTheCalendar() throws {
    let lines = [#"{"time":"0001-01-01T00:00:00Z"}"#, #"{"time":"9999-12-31T23:59:59Z"}"#]
    let figures = try Sample.figures(lines)
    #expect(figures.cells.count == 2)
    #expect(figures.cells[1].codes.bucket - figures.cells[0].codes.bucket < Int64(Int32.max))
    _ = try Sample.page(figures)
    _ = TextReport.text(figures, width: 80, isUnicode: true)
  }

  @Test func longNamesStayTwo() throws {
    let long = String(repeating: "ä", count: 1000)
    let figures = try Sample.figures([#"{"actor":"\#(long)1"}"#, #"{"actor":"\#(long)2"}"#])
    let actors = try #require(figures.names[.actor]).dropFirst(2)
    #expect(actors.count == 2 && actors.allSatisfy { $0.name.utf8.count <= 512 })
  }
}

/// Events of few names and many, short and long, some signalled, some without a time, some that are none.
private enum RandomLine {
  static func next(_ random: inout SeededGenerator) -> String {
    if random.chance(2) { return "[]" }
    let time = random.chance(90) ? ",\"time\":\(1_767_610_800 + random.next(below: 500_000))" : ""
    let signals = random.chance(5) ? ",\"signals\":[\"s\(random.next(below: 6))\"]" : ""
    let key = random.next(below: 50)
    let padding = String(repeating: "<", count: random.chance(10) ? random.next(below: 900) : 0)
    return """
      {"actor":"a\(random.next(below: 60))","action":"x\(random.next(below: 9))","note":"\(padding)",\
      "thing":"t\(random.next(below: 500))"\(time)\(signals),"attribution":{"display_actor":\
      "d\(random.next(below: 70))","from":"key_name","api_key":{"id":"K\(key)","name":"n\(key % 7)",\
      "owner":"o\(random.next(below: 3))"}}}
      """
  }
}
