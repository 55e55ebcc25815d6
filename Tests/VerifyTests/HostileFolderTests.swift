import Archive
import Disk
import Foundation
import History
import TestArchives
import TestSupport
import Testing
import Verify

/// What somebody may do who may write into an archive's folder, and what it must not cost.
@Suite struct HostileFolderTests {
  /// A file that takes no room, as long as a disk.
  @Test func nothingIsReadForDays() throws {
    let archive = try TestArchive.withHistory(signed: true)
    let head = archive.head
    for file in try archive.covered() where file.kind != .retired {
      let before = archive.read(file.path)
      try FileHandle(forWritingTo: URL(filePath: archive.path + "/" + file.path))
        .truncate(atOffset: 1 << 40)
      let findings = try archive.findings(head: head)
      #expect(findings == ["altered \(file.path)"], "\(file.path)")
      try archive.write(before, file.path)
    }
  }

  @Test func aFileIsNotReadForDaysBecauseItsRowSaysSo() throws {
    let archive = try TestArchive.withHistory(signed: false)
    let part = try #require(try archive.files.all(.part).last)
    let rows = ManifestNames.rowsPath(part.sequence)
    let before = "\"path\":\"\(part.row.path)\",\"staged\":\"\(part.row.staged ?? "")\",\"bytes\":"
    try archive.alter(rows, "\(before)\(part.row.bytes)", "\(before)\(Int64(1) << 40)")
    try FileHandle(forWritingTo: URL(filePath: archive.path + "/" + part.row.path))
      .truncate(atOffset: 1 << 40)
    #expect(try !archive.findings().isEmpty)
  }

  /// Names cost room in the report only up to a number; all are counted.
  @Test func whatWasPlantedIsCounted() throws {
    let archive = try TestArchive.withHistory(signed: false)
    let part = try #require(try archive.files.all(.part).first).row.path
    let most = VerificationReport.mostOfKind
    for number in 0..<most + 50 { try archive.write([], "a/z\(number)") }
    for number in 0..<20 { try archive.folder.link("archive/a/l\(number)", to: "nowhere") }
    try archive.write(archive.read(part), "z")
    try archive.remove(part)
    let report = try archive.verify()
    let added = report.findings.filter { $0.kind == .added }
    #expect(added.count == most && report.more == [.added: 70])
    #expect(report.count == most + 71)
    // What may be something that is lost is not passed over.
    let moved = report.findings.filter { $0.kind != .added }
    #expect(moved.map(\.path) == [part] && moved.first?.found == "z")
  }

  /// An index that is damaged retires as it is, when a new one was made.
  @Test func aDamagedIndexThatWasMadeAnewIsNoFinding() throws {
    let archive = try TestArchive.withHistory(signed: false)
    let index = try #require(try archive.files.all(.index).first).row
    try archive.write([1], index.path)
    #expect(try !archive.findings().isEmpty)
    let held = try ArchiveDirectory(disk: Disk(), path: archive.path)
    var commit = Commit(try RunScript(inputs: []).facts)
    commit.facts.kind = .index
    commit.facts.counts = RunCounts()
    commit.retired = [index.retired(.replaced)].compactMap { $0 }
    _ = try held.beginRun().publish(commit)
    try held.close()
    #expect(try archive.findings() == [])
    try archive.remove(index.path)
    #expect(try archive.findings() == [])
  }

  /// A part that was put back where it was before it was taken out would be counted twice.
  @Test func aRetiredPartAtItsOldPlaceIsAdded() throws {
    let archive = try TestArchive.withHistory(signed: false)
    let part = try #require(archive.files.former.first { $0.place != $0.path })
    try archive.write(archive.read(part.place), part.path)
    #expect(try archive.findings() == ["added \(part.path)"])
    try archive.remove(part.path)
    try archive.remove(part.place)
    #expect(try archive.findings() == [])
  }
}
