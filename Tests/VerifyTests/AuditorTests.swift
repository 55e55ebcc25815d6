import Disk
import Foundation
import TestArchives
import Testing
import Verify

/// An auditor may read an archive, but not its quarantine, which is nobody's but the owner's.
@Suite struct AuditorTests {
  private func verify(
    _ archive: TestArchive, withoutReading folder: String
  ) throws -> VerificationReport {
    let disk = Disk { call, path in
      call == .open && path.contains(folder) ? .fail(EACCES) : nil
    }
    var verification = try Verification(
      disk: disk, path: archive.path, options: VerificationOptions { _, _, _ in false })
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
}
