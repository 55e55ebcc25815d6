import Disk
import Foundation
import History
import TestArchives
import Testing
import Verify

/// An auditor may read an archive, but not its quarantine, which is nobody's but the owner's.
@Suite struct AuditorTests {
  private func verify(
    _ archive: TestArchive, withoutReading folder: String, signaturesFit: Bool = false
  ) throws -> VerificationReport {
    let disk = Disk { call, path in
      call == .open && path.contains(folder) ? .fail(EACCES) : nil
    }
    var verification = try Verification(
      disk: disk, path: archive.path, options: VerificationOptions { _, _, _ in signaturesFit })
    return try verification.run()
  }

  @Test func aQuarantineThatMayNotBeReadIsNotChecked() throws {
    let report = try verify(
      try TestArchive.withHistory(signed: false), withoutReading: "/quarantine/")
    #expect(report.findings.isEmpty)
    #expect(report.notes.contains { $0.hasPrefix("quarantines that this user may not read") })
  }

  @Test func anythingElseIsAFinding() throws {
    for folder in ["/digests/", "/index/", "/part-"] {
      let report = try verify(try TestArchive.withHistory(signed: false), withoutReading: folder)
      #expect(!report.findings.isEmpty, "\(folder)")
      #expect(report.findings.allSatisfy { $0.kind == .unreadable }, "\(folder)")
    }
  }

  @Test(arguments: ["json", "ndjson", "sig"]) func soIsAFileOfAManifest(_ name: String) throws {
    let archive = try TestArchive.withHistory(signed: true)
    let report = try verify(
      archive, withoutReading: "/000000000003.\(name)", signaturesFit: true)
    let path = "_trailmill/manifests/000000000003.\(name)"
    #expect(report.findings.map { "\($0.kind) \($0.path)" } == ["unreadable \(path)"])
  }

  /// Somebody takes the permission to look into a folder away, to hide what was done elsewhere.
  @Test(
    arguments: [
      "_trailmill/digests", "_trailmill/keys", "_trailmill/retired", "_trailmill/staging",
      "_trailmill/manifests", "_trailmill", "a", "hour",
    ])
  func aFolderThatMayNotBeLookedIntoHidesNothingElse(_ folder: String) throws {
    let archive = try TestArchive.withHistory(signed: true)
    let part = try #require(try archive.files.all(.part).last).row.path
    try archive.write([1] + archive.read(part), part)
    try archive.write([1], "hour/x")
    let place = archive.path + "/" + folder
    let disk = Disk { call, path in
      (call == .list && path == place) || path.utf8.starts(with: (place + "/").utf8)
        ? .fail(EACCES) : nil
    }
    var options = VerificationOptions { _, _, _ in true }
    options.head = archive.head
    var verification = try Verification(disk: disk, path: archive.path, options: options)
    let found = try verification.run().findings.map { "\($0.kind) \($0.path)" }
    #expect(found.contains("unreadable \(folder)"), "\(found)")
    let isBlind = "_trailmill/manifests".hasPrefix(folder)
    #expect(found.contains("altered \(part)") != isBlind, "\(found)")
    #expect(found.count == (isBlind ? 1 : folder == "hour" ? 2 : 3), "\(found)")
  }
}
