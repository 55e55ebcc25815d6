import Archive
import Bytes
import Disk
import Foundation
import History
import TestArchives
import TestSupport
import Testing

/// Two archives that begin with one empty witness at the same time.
@Suite struct SharedWitnessTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func theLaterOneIsToldWhatToDo() throws {
    try FileManager.default.createDirectory(
      atPath: folder("witness"), withIntermediateDirectories: false)
    var witnesses: [ArchiveWitness] = []
    var archives: [ArchiveDirectory] = []
    for name in ["one", "other"] {
      let archive = try opened(folder(name))
      archives.append(archive)
      witnesses.append(try ArchiveWitness(Disk(), folder: folder("witness"), of: archive))
    }
    for (number, (archive, witness)) in zip(archives, witnesses).enumerated() {
      var script = RunScript(inputs: [])
      script.clock = "2026-11-2\(number)T03:00:00Z"
      let published = try archive.beginRun().publish(Commit(try script.facts))
      witness.witness(published, nil)
      try archive.close()
    }
    #expect(witnesses[0].failure == nil)
    let failure = try #require(witnesses[1].failure)
    #expect(failure.contains("the witness is that of another archive: give this one a folder"))
    #expect(!failure.contains("the next run adds"))
    #expect(failure.contains(archives[0].head?.digest.hex ?? "none"))
  }
}
