import Bytes
import Disk
import History
import JSONText
import Search
import TestArchives
import TestSupport
import Trail

/// A dialect in which an action may stand at two places.
func dialect() throws -> [Role: [JSONPointer]] {
  [
    .time: [try JSONPointer("/time")], .actor: [try JSONPointer("/actor")],
    .action: [try JSONPointer("/action"), try JSONPointer("/verb")],
    .address: [try JSONPointer("/ip")],
  ]
}

/// An event on 2026-11-20 at a time such as `10:00:00`, with more members if they are given.
func event(_ id: String, _ time: String, _ more: String = "") -> String {
  #"{"id":"\#(id)","time":"2026-11-20T\#(time)Z"\#(more)}"#
}

func window(_ since: String?, _ until: String?) -> TimeWindow {
  TimeWindow(
    since: since.flatMap { time("2026-11-20T\($0)Z") },
    until: until.flatMap { time("2026-11-20T\($0)Z") })
}

/// A query that only the window restricts.
func query(_ since: String?, _ until: String?) -> SearchQuery {
  var query = SearchQuery()
  query.window = window(since, until)
  return query
}

/// The id of an event.
func id(_ line: ByteView) -> String {
  text(line).split(separator: "\"").dropFirst(3).first.map(String.init) ?? ""
}

/// What a search finds, as ids, and what it did.
func find(
  _ archive: TestArchive, _ query: SearchQuery, order: EventOrder = .oldestFirst,
  reading unit: ArchiveSearch.Unit = .members, usesIndex: Bool = true, threads: Int = 3,
  limit: Int = .max
) throws -> (ids: [String], effort: SearchEffort) {
  let folder = try TemporaryFolder()
  var search = try ArchiveSearch(
    try archive.history, query, reading: unit, usesIndex: usesIndex, threads: threads)
  var ids: [String] = []
  try search.forEach(order, Disk(), threads: threads, temporaryFolder: folder.path) { line, _ in
    ids.append(id(line))
    return ids.count < limit
  }
  return (ids, search.effort)
}
