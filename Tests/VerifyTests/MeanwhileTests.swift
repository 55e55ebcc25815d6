import Archive
import Disk
import Foundation
import History
import Synchronization
import TestArchives
import Testing
import Verify

/// Others write while an archive is verified.
@Suite struct MeanwhileTests {
  /// Verifies, and does something else before each look at the manifests, or before it reads a part.
  private func verify(
    _ archive: TestArchive, before event: DiskCall, of name: String,
    _ meanwhile: @escaping @Sendable (Int) throws -> Void
  ) throws -> VerificationReport {
    let times = Mutex(0)
    let disk = Disk { call, path in
      guard call == event, path.contains(name) else { return nil }
      let time = times.withLock { times in
        times += 1
        return times
      }
      do { try meanwhile(time) } catch { return .fail(EIO) }
      return nil
    }
    var options = VerificationOptions { _, _, _ in false }
    options.threads = 1
    var verification = try Verification(disk: disk, path: archive.path, options: options)
    return try verification.run()
  }

  /// Takes parts out, and removes them, as `expire` does without a grace.
  private static func expire(_ archive: TestArchive, _ isTaken: @escaping (LiveFile) -> Bool) throws
  {
    var taken: [String] = []
    try archive.commit(.expire) { files, commit in
      let parts = files.all(.part).filter(isTaken)
      commit.retired = parts.compactMap { $0.retired(.expired) }
      taken = parts.map(\.row.path)
    }
    for path in taken { try archive.remove(PartNames.retired(path)) }
  }

  @Test func whatANewerCommitTookOutIsNotMissing() throws {
    nonisolated(unsafe) let archive = try TestArchive.withHistory(signed: false)
    let report = try verify(archive, before: .open, of: "/part-") { time in
      if time == 1 { try MeanwhileTests.expire(archive) { $0.row.path.hasPrefix("b/") } }
    }
    #expect(report.findings == [] && report.manifests == 8)
  }

  @Test func whatNoCommitTookOutIs() throws {
    nonisolated(unsafe) let archive = try TestArchive.withHistory(signed: false)
    let path = archive.path
    let gone = try #require(
      try archive.covered().first { $0.path.hasPrefix("b/") && $0.kind == .live(.part) })
    let report = try verify(archive, before: .open, of: "/part-") { time in
      guard time == 1 else { return }
      try MeanwhileTests.expire(archive) { $0.row.path.hasPrefix("b/") && $0.row.path != gone.path }
      try Disk().remove(path + "/" + gone.path)
    }
    #expect(report.findings.map { "\($0.kind) \($0.path)" } == ["missing \(gone.path)"])
    #expect(report.manifests == 8)
  }

  /// Somebody commits all the time: it ends.
  @Test func itEndsThoughOthersWriteOn() throws {
    nonisolated(unsafe) let archive = try TestArchive.withHistory(signed: false)
    let path = archive.path
    let gone = try #require(
      try archive.covered().first { $0.path.hasPrefix("b/") && $0.kind == .live(.part) })
    try Disk().remove(path + "/" + gone.path)
    let report = try verify(archive, before: .list, of: "_trailmill/keys") { _ in
      try RunScript().run(path)
    }
    #expect(report.findings.map { "\($0.kind) \($0.path)" } == ["missing \(gone.path)"])
  }
}
