import Bytes
import JSONText
@testable import Report
import Search
import Testing
import Trail

/// Events at the pointers of a small dialect.
enum Sample {
  static func dialect() throws -> [Role: [JSONPointer]] {
    var dialect: [Role: [JSONPointer]] = [:]
    for (role, pointer) in [
      (Role.account, "/account"), (.action, "/action"), (.actor, "/actor"), (.time, "/time"),
      (.address, "/ip"), (.resource, "/thing"),
    ] { dialect[role] = [try JSONPointer(pointer)] }
    return dialect
  }

  /// Three events of Jane, two by one key, one of somebody unknown.
  static let lines = [
    """
    {"account":"acme","action":"read","actor":"api::K1","time":"2026-01-05T10:00:00Z","ip":"192.0.2.1","thing":"t",\
    "attribution":{"display_actor":"jane","from":"claim:email","match":"token","kind":"internal",\
    "api_key":{"id":"K1","name":"ci","type":"oidc","owner":"ops","scopes":["a","b"]}}}
    """,
    """
    {"account":"acme","action":"write","actor":"api::K1","time":"2026-01-05T11:00:00Z","ip":"192.0.2.9",\
    "attribution":{"display_actor":"jane","from":"claim:email","match":"sole","kind":"internal",\
    "api_key":{"id":"K1","name":"ci"},"flags":["skew"]},"signals":["odd"]}
    """,
    """
    {"account":"globex","action":"read","actor":"jane","time":"2026-01-06T10:00:00Z",\
    "attribution":{"display_actor":"jane","from":"actor","match":"not_applicable","kind":"external"}}
    """,
    #"{"action":"read","actor":"j\u00f6rg","time":"2026-01-07T10:00:00Z"}"#,
    #"{"action":"read"}"#,
  ]

  /// Two in which nobody is named, and one of somebody who is a candidate there.
  static let ambiguous = [
    """
    {"actor":"api::K1","attribution":{"display_actor":"ci","from":"key_name","match":"ambiguous",\
    "candidates":["jane","joe"],"candidates_total":2}}
    """,
    """
    {"actor":"api::K1","attribution":{"display_actor":"ci","from":"key_name","match":"ambiguous",\
    "candidates":["jane","j\\"1"],"candidates_total":5}}
    """,
    #"{"actor":"api::K1","attribution":{"display_actor":"jane","from":"claim:email","match":"token"}}"#,
  ]

  static func builder(
    _ lines: [String] = lines, limits: ReportLimits = ReportLimits(),
    query: SearchQuery = SearchQuery(), perChunk: Int = 3
  ) throws -> ReportBuilder {
    let builder = ReportBuilder(limits: limits, query: query)
    let event = ReportedEvent(try dialect(), .unnoted, query)
    let part = builder.part("a/part.ndjson.gz", attribution: "attribution")
    for start in stride(from: 0, to: lines.count, by: perChunk) {
      let chunk = ReportChunk(limits, query, floor: builder.details.floor)
      for number in start..<min(start + perChunk, lines.count) {
        var line = lines[number]
        line.withUTF8 { chunk.add(line: $0, event, part: part, number: number + 1) }
      }
      builder.take(chunk)
    }
    return builder
  }

  static func figures(
    _ lines: [String] = lines, limits: ReportLimits = ReportLimits(),
    query: SearchQuery = SearchQuery()
  ) throws -> ReportFigures {
    try builder(lines, limits: limits, query: query).finish(ArchiveFacts())
  }

  static func page(_ figures: ReportFigures) throws -> String {
    var page = ByteBuffer()
    try Page.append(figures, to: &page)
    return String(decoding: page.view, as: UTF8.self)
  }
}
