import Bytes
import Codec
import Foundation
import History
import Testing

@testable import Archive

struct PartLinesTests {
  static let many = (0..<30).map { number in
    "{\"n\":\(number),\"text\":\"\(String(repeating: "x", count: 100_000))\"}"
  }

  @Test(arguments: CompressionFormat.allCases)
  func membersHoldTheLinesOfThePart(_ format: CompressionFormat) throws {
    let archive = try OnePart(PartLinesTests.many, format)
    #expect(archive.part.row.path.hasSuffix(format.linesEnding))
    #expect(archive.members.count == 3)
    #expect(try archive.lines(nil) == PartLinesTests.many)
    #expect(try archive.members.flatMap { try archive.lines($0) } == PartLinesTests.many)
  }

  @Test(arguments: CompressionFormat.allCases)
  func memberEndsAreThoseOfTheIndex(_ format: CompressionFormat) throws {
    let archive = try OnePart(PartLinesTests.many, format)
    var ends: [Int64] = []
    var records = 0
    let lines = try PartLines(archive.history)
    try lines.forEach(of: archive.part, memberEnd: { ends.append($0) }) { _ in records += 1 }
    // Text as it is has no members: there the ends are as far apart as those of members.
    let indexed = archive.members.map { $0.offset + Int64($0.storedCount) }
    #expect(format == .none ? ends.last == indexed.last : ends == indexed)
    #expect(records == PartLinesTests.many.count)
    #expect(Int64(lines.bytesRead) == archive.part.row.bytes)
    #expect(lines.textRead == PartLinesTests.many.reduce(0) { $0 + $1.utf8.count + 1 })
  }

  @Test func aMemberThatIsNotWantedHasNoLines() throws {
    let archive = try OnePart(["{}"])
    let lines = try PartLines(archive.history)
    try lines.forEach(of: archive.part, archive.members[0], ofText: { _ in false }) { _ in
      Issue.record("a line of a member that is not wanted")
    }
    #expect(lines.textRead == 3)
  }

  @Test(arguments: CompressionFormat.allCases)
  func aLineBeyondTheLimitIsDamage(_ format: CompressionFormat) throws {
    let archive = try OnePart([String(repeating: "x", count: 300_000)], format)
    #expect(try archive.lines(nil, longestLine: 300_001).count == 1)
    let error = #expect(throws: ArchiveError.self) { try archive.lines(nil, longestLine: 262_000) }
    #expect(error?.kind == .damaged)
    #expect(error?.description.contains("a line is longer than 262000 bytes") == true)
  }

  /// A long line is taken only of a part that is the one that was committed.
  @Test func aLongLineIsLookedAtBeforeItIsTaken() throws {
    let line = "{\"x\":\"\(String(repeating: "x", count: 3_000_000))\"}"
    let archive = try OnePart([line, "{}"], .none)
    let lines = try PartLines(archive.history, longestLine: 4_000_000, longestUnchecked: 100_000)
    var count = 0
    try lines.forEach(of: archive.part) { _ in count += 1 }
    #expect(count == 2)
    // Altered behind the line: it would be found only when that was taken.
    try archive.alter(at: line.utf8.count + 1)
    let error = #expect(throws: ArchiveError.self) {
      try lines.forEach(of: archive.part) { _ in Issue.record("a line of another part") }
    }
    #expect(error?.description.contains("its digest is another") == true)
  }

  /// A small file can hold lines for days.
  @Test(arguments: [("\n", "a line is empty"), ("{}\n", "more lines than the 5 of its row")])
  func thereAreNoMoreLinesThanCommitted(_ line: String, _ told: String) throws {
    let archive = try OnePart(Array(repeating: "{\"number\":1234567}", count: 5), .none)
    let size = Int(archive.part.row.bytes)
    let text = String(String(repeating: line, count: size).prefix(size))
    try Data(text.utf8).write(to: archive.file)
    var count = 0
    let error = #expect(throws: ArchiveError.self) {
      try PartLines(archive.history).forEach(of: archive.part) { _ in count += 1 }
    }
    #expect(error?.kind == .damaged && error?.description.contains(told) == true)
    #expect(count <= 5)
  }

  /// Of a member there is as much text as its index says.
  @Test(arguments: [(200_000, "more than 300012 bytes"), (-1000, "the index says 300012")])
  func aMemberHasTheTextOfItsIndex(_ more: Int, _ told: String) throws {
    func line(_ count: Int) -> String { "{\"text\":\"\(String(repeating: "x", count: count))\"}" }
    let archive = try OnePart([line(300_000)])
    let member = try #require(archive.members.first)
    var stored = ByteBuffer()
    let compressor = try Compressor(Compression())
    try Array((line(300_000 + more) + "\n").utf8).withUnsafeBufferPointer {
      try compressor.compress($0, into: &stored)
    }
    // What is left is padding, as gzip takes it.
    stored.append(zeros: Int(archive.part.row.bytes) - stored.count)
    try Data(stored.bytes).write(to: archive.file)
    let error = #expect(throws: ArchiveError.self) {
      try archive.lines(member, longestLine: 1 << 30)
    }
    #expect(error?.description.contains(told) == true, "\(String(describing: error))")
  }

  @Test(arguments: CompressionFormat.allCases)
  func aMemberBeyondTheLimitIsDamage(_ format: CompressionFormat) throws {
    let archive = try OnePart([String(repeating: "x", count: 2 << 20)], format)
    let member = try #require(archive.members.first)
    #expect(try archive.lines(member, longestLine: 1 << 21).count == 1)
    let error = #expect(throws: ArchiveError.self) {
      try archive.lines(member, longestLine: 1 << 20)
    }
    #expect(error?.kind == .damaged)
    #expect(error?.description.contains("more than 2097152 bytes of text") == true)
  }

  @Test(arguments: [0, 2, -5])
  func whatWasAlteredIsNotRead(at place: Int) throws {
    let archive = try OnePart(PartLinesTests.many)
    let first = archive.members[0]
    try archive.alter(at: place < 0 ? first.storedCount + place : place)
    for member in [nil, first] {
      let error = #expect(throws: ArchiveError.self) { try archive.lines(member) }
      #expect(error?.kind == .damaged)
    }
    #expect(try archive.lines(archive.members[1]).isEmpty == false)
  }

  @Test func whatTheReaderThrowsComesOut() throws {
    struct Enough: Error {}
    let archive = try OnePart(["{}"])
    for member in [nil, archive.members[0]] {
      #expect(throws: Enough.self) {
        try PartLines(archive.history).forEach(of: archive.part, member, ofText: { _ in true }) {
          _ in throw Enough()
        }
      }
    }
  }
}
