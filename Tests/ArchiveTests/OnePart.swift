import Bytes
import Codec
import Disk
import Foundation
import History
import TestArchives
import TestSupport
import Testing
import Trail

@testable import Archive

/// An archive of one part.
struct OnePart {
  let folder: TemporaryFolder
  var path: String { folder("archive") }
  let history: ArchiveHistory
  let part: LiveFile
  /// As the index lists them.
  let members: [IndexedMember]
  var file: URL { URL(fileURLWithPath: path + "/" + part.row.path) }

  init(_ lines: [String], _ format: CompressionFormat = .gzip, hasIndex: Bool = true) throws {
    folder = try TemporaryFolder()
    let path = folder("archive")
    let archive = try opened(path)
    let run = try archive.beginRun()
    let builder = try PartBuilder(
      run.place, compression: Compression(format: format, level: 1), partSize: 1 << 30,
      firstIndex: 0, pointers: [:])
    try builder.begin("a", .unnoted)
    for line in lines {
      try Array(line.utf8).withUnsafeBufferPointer { try builder.append($0) }
    }
    try builder.end()
    var commit = Commit(try RunScript(inputs: []).facts)
    commit.parts = builder.parts
    if hasIndex { commit.files[.index] = try run.stageIndex(adding: builder, to: nil) }
    _ = try run.publish(commit)
    try archive.close()
    history = try ArchiveHistory(disk: Disk(), path: path)
    let files = try LiveFiles(history)
    part = try #require(files.all(.part).first)
    var indexes = SearchIndexes(history, files, of: [part])
    let found = try indexes.map(threads: 1) { _, index in (0..<index.count).map(index.member) }
    members = found.first.flatMap { $0 } ?? []
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
