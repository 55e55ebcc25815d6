import History
import Verify
import Archive
import Bytes
import Disk
import Foundation
import TestSupport
import TestArchives
import Testing

/// Lists of signals, and what runs remember to find them.
@Suite struct SignalFilesTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/archive" }

  init() throws { folder = try TemporaryFolder() }

  /// A run that lists `lines` and remembers `memory`; returns what it found remembered.
  @discardableResult private func publish(_ lines: String, memory: String?) throws -> String? {
    let archive = try opened(path)
    defer { try? archive.close() }
    let run = try archive.beginRun()
    let recalled = try run.watchText().map { String(decoding: $0, as: UTF8.self) }
    var commit = Commit(try RunScript(inputs: []).facts)
    commit.facts.counts = .init()
    let list = StagedSignals(run)
    try withBytes(lines) { try list.append($0) }
    commit.files[.signals] = try list.finish()
    if let memory {
      let watch = try run.stageWatch(Array(memory.utf8), rows: 1)
      commit.files[.watch] = watch.file
      commit.retired += [watch.superseded].compactMap { $0 }
    }
    let published = try run.publish(commit)
    let place = published.files[.signals].map { path + "/" + $0 }
    #expect((place != nil) == !lines.isEmpty)
    #expect(place.map { FileManager.default.fileExists(atPath: $0) } ?? true)
    return recalled
  }

  private func live(_ kind: FileKind) throws -> [ManifestRow] {
    try LiveFiles(ArchiveHistory(disk: Disk(), path: path)).all(kind).map(\.row)
  }

  private func expectSound() throws {
    let options = VerificationOptions { _, _, _ in false }
    var verification = try Verification(disk: Disk(), path: path, options: options)
    #expect(try verification.run().findings.isEmpty)
  }

  @Test func theNewestMemoryStandsForThoseBefore() throws {
    #expect(try publish("{}\n{}\n", memory: "a\n") == nil)
    #expect(try publish("", memory: "b\n") == "a\n")
    #expect(try publish("{}\n", memory: nil) == "b\n")
    #expect(try publish("", memory: nil) == "b\n")
    #expect(try live(.signals).map(\.records) == [2, 1])
    #expect(try live(.watch).map(\.bytes) == [2])
    try expectSound()
  }

  @Test func aCheckpointKnowsTheMemory() throws {
    for number in 1...34 {
      let before = try publish("", memory: number % 2 == 0 ? "\(number)\n" : nil)
      #expect(before == (number > 2 ? "\((number - 1) / 2 * 2)\n" : nil))
    }
    try expectSound()
  }

  @Test func whatWasAlteredIsAnErrorAndWhatIsGoneIsLearnedAnew() throws {
    try publish("", memory: "a\n")
    let row = try #require(try live(.watch).first)
    try Data("b\n".utf8).write(to: URL(fileURLWithPath: path + "/" + row.path))
    let error = #expect(throws: ArchiveError.self) { try publish("", memory: "c\n") }
    #expect(error?.kind == .damaged)
    #expect(error?.description.contains("learns anew") == true)
    try FileManager.default.removeItem(atPath: path + "/" + row.path)
    #expect(try publish("", memory: "c\n") == nil)
    #expect(try publish("", memory: nil) == "c\n")
    try expectSound()
  }

  @Test func listsExpireAsQuarantinesDo() throws {
    try publish("{}\n", memory: "a\n")
    let files = try LiveFiles(ArchiveHistory(disk: Disk(), path: path))
    let later = try #require(time("2027-01-01T00:00:00Z"))
    #expect(Retention(files, before: later).expired.map(\.records) == [1])
    let earlier = try #require(time("2026-01-01T00:00:00Z"))
    #expect(Retention(files, before: earlier).expired.isEmpty)
  }
}
