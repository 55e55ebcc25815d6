import Codec
import History
import Testing

@testable import TestArchives

@Suite struct PartBuilderTests {
  /// As in a run: lines that reach the size of a member exactly end it.
  @Test func aMemberEndsWithTheLineThatReachesItsSize() throws {
    let size = Compression.memberSize
    for (lines, expected) in [
      ([size, 100], [size, 100]), ([size - 1, 100, 100], [size + 99, 100]),
      ([size - 100, 100, 100], [size, 100]), ([size + 1, 100], [size + 1, 100]),
    ] {
      let archive = try TestArchive()
      let texts = lines.map { "\"\(String(repeating: "x", count: $0 - 3))\"" }
      let run = try archive.commit(events: [("p", texts)], [:])
      #expect(try gunzip(archive.read(run.paths[0])).map(\.count) == expected, "\(lines)")
    }
  }
}
