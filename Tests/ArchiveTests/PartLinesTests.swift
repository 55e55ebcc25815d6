import Bytes
import Codec
import Disk
import Foundation
import History
import Testing

@testable import Archive

struct PartLinesTests {
  /// An archive of one part.
  private struct OnePart {
    let folder: TemporaryFolder
    let history: ArchiveHistory
    let part: LiveFile
    let members: [IndexedMember]
    var file: URL { URL(fileURLWithPath: folder.path + "/archive/" + part.row.path) }

    init(_ lines: [String], _ format: CompressionFormat = .gzip) throws {
      folder = try TemporaryFolder()
      let archive = try opened(folder.path + "/archive")
      let run = try archive.beginRun()
      let builder = try PartBuilder(
        run.place, compression: Compression(format: format, level: 1), partSize: 1 << 30,
        firstIndex: 0, pointers: [:])
      try builder.begin("a")
      for line in lines {
        try Array(line.utf8).withUnsafeBufferPointer { try builder.append($0) }
      }
      try builder.end()
      var commit = Commit(try RunScript(inputs: []).facts)
      commit.parts = builder.parts
      commit.files[.index] = try run.stageIndex(adding: builder, to: nil)
      _ = try run.publish(commit)
      try archive.close()
      history = try ArchiveHistory(disk: Disk(), path: folder.path + "/archive")
      let files = try LiveFiles(history)
      part = try #require(files.all(.part).first)
      var indexes = SearchIndexes(history, files, of: [part])
      let found = try indexes.map(threads: 1) { _, index in (0..<index.count).map(index.member) }
      members = try #require(found.first ?? nil)
    }

    func lines(_ member: IndexedMember?, longestLine: Int = 1 << 20) throws -> [String] {
      var lines: [String] = []
      try PartLines(history, longestLine: longestLine)
        .forEach(of: part, member, ofText: { _ in true }) {
          lines.append(String(decoding: $0, as: UTF8.self))
        }
      return lines
    }

    /// Puts another byte at a place of the part.
    func alter(at place: Int) throws {
      var bytes = try Data(contentsOf: file)
      bytes[place] ^= 0x20
      try bytes.write(to: file)
    }
  }

  private static let many = (0..<30).map { number in
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

  @Test(arguments: [0, 100, -5])
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
