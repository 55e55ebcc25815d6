import Bytes
import Crypto
import Disk
import Foundation
import History
import TestArchives
import TestSupport
import Testing
import Verify

/// What a witness and signatures tell, and say of which commits they tell nothing.
@Suite struct WitnessComparisonTests {
  private let archive: TestArchive

  init() throws {
    archive = try TestArchive()
    for number in 1...4 { try archive.run(number, signed: true) }
    try archive.folder.write("witness/lost+found/x")
    let heads = try archive.history.heads(from: 1, newest: try #require(archive.head))
    for (sequence, head) in zip(1..., heads) { try witness(sequence, head, archive.key) }
  }

  private func name(_ sequence: Int) -> String { "witness/00000000000\(sequence).json" }

  private func witness(_ sequence: Int, _ head: Digest256, _ key: SigningKey?) throws {
    let record = try WitnessRecord(
      sequence: sequence, head: head, time: try #require(time("2026-11-20T03:00:00Z")),
      signer: key.map { TestArchive.signer($0) })
    try archive.folder.write(name(sequence), record.text)
  }

  private func remove(_ sequence: Int) throws {
    try FileManager.default.removeItem(atPath: archive.folder(name(sequence)))
  }

  private func verify(
    _ change: (inout VerificationOptions) -> Void = { _ in }
  ) throws -> (findings: [String], notes: [String]) {
    let folder = try WitnessFolder(disk: Disk(), path: archive.folder("witness"))
    let report = try archive.verify {
      $0.witness = folder
      change(&$0)
    }
    let findings = report.findings.map {
      "\($0.kind.rawValue) \($0.path.replacing(archive.folder.path + "/", with: ""))"
    }
    return (findings, report.notes)
  }

  @Test func whereAllFitsItSaysSo() throws {
    let (findings, notes) = try verify { $0.publicKey = archive.key.publicKey.hex }
    #expect(findings == [])
    #expect(
      notes == [
        "commits with a file of the witness: 1 to 4; newest commits without one: 0",
        "names in the witness that are none of its files: 1",
      ])
  }

  @Test func itSaysWhichHaveNone() throws {
    for sequence in [1, 4] { try remove(sequence) }
    #expect(
      try verify().notes[0]
        == "commits with a file of the witness: 2 to 3; newest commits without one: 1")
    try remove(2)
    try archive.run(5, signed: true)
    #expect(
      try verify().notes[0]
        == "commits with a file of the witness: 3 to 3; newest commits without one: 2")
    try remove(3)
    #expect(
      try verify().notes[0]
        == "commits with a file of the witness: none; newest commits without one: 5")
  }

  @Test func aGapIsTold() throws {
    try remove(3)
    let (findings, notes) = try verify()
    #expect(findings == [])
    #expect(
      notes[0]
        == "commits with a file of the witness: 1 to 4 but for 1, such as 3; newest commits without one: 0"
    )
  }

  @Test func everyCommitThatWasCutOffIsNamed() throws {
    for sequence in 3...4 {
      for row in try archive.history.rows(of: try archive.history.header(sequence)) {
        if row.kind.file != nil { try? archive.remove(row.path) }
      }
    }
    for sequence in 3...4 {
      for ending in ["json", "ndjson", "sig"] {
        try archive.remove("_trailmill/manifests/00000000000\(sequence).\(ending)")
      }
    }
    #expect(try archive.findings { $0.publicKey = archive.key.publicKey.hex } == [])
    #expect(
      try verify().findings == [
        "cut _trailmill/manifests/000000000003.json", "cut _trailmill/manifests/000000000004.json",
      ])
    try archive.folder.write(name(4), [])
    #expect(try verify().findings.count == 2)
  }

  @Test func eachFileThatContradictsIsNamed() throws {
    try witness(1, RunScript.digest("x"), archive.key)
    try archive.folder.write(name(2), "garbage")
    try archive.folder.write(name(3), Array(repeating: 0x20, count: 5000))
    #expect(try verify().findings == (1...3).map { "witness \(name($0))" })
    try remove(1)
    try remove(2)
    try archive.folder.link(name(1), to: archive.folder(name(4)))
    try archive.folder.write(name(2) + "/x")
    #expect(try verify().findings == (1...3).map { "witness \(name($0))" })
  }

  @Test func aFileThatIsIncompleteIsANote() throws {
    try archive.folder.write(name(4), "{\"version\":1,\"sequ")
    let (findings, notes) = try verify()
    #expect(findings == [] && notes[0].hasSuffix("newest commits without one: 1"))
    #expect(notes[1].hasPrefix("files of the witness that are incomplete, after a crash: 1"))
  }

  @Test func filesOfSignedCommitsAreSigned() throws {
    let head = try #require(archive.head)
    for key in [nil, try SigningKey.generate()] {
      try witness(4, head, key)
      #expect(try verify().findings == ["witness \(name(4))"])
      #expect(
        try verify { $0.publicKey = archive.key.publicKey.hex }.findings == ["witness \(name(4))"])
    }
    let unsigned = try TestArchive()
    try unsigned.run(1)
    try FileManager.default.removeItem(atPath: archive.folder("witness"))
    let record = try WitnessRecord(
      sequence: 1, head: try #require(unsigned.head),
      time: try #require(time("2026-11-20T03:00:00Z")), signer: nil)
    try archive.folder.write(name(1), record.text)
    let folder = try WitnessFolder(disk: Disk(), path: archive.folder("witness"))
    #expect(try unsigned.findings { $0.witness = folder } == [])
  }

  // MARK: Where signing begins

  @Test func commitsUpToTheHeadThatIsNamedNeedNoSignature() throws {
    let archive = try TestArchive()
    try archive.run(1)
    let head = try #require(archive.head)
    try archive.run(2)
    try archive.run(3, signed: true)
    let key = archive.key.publicKey.hex
    func path(_ sequence: Int) -> String { "_trailmill/manifests/00000000000\(sequence).json" }
    #expect(
      try archive.findings { $0.publicKey = key } == [1, 2].map { "signature \(path($0))" })
    let report = try archive.verify {
      $0.publicKey = key
      $0.signingFrom = head
    }
    #expect(report.findings.map(\.path) == [path(2)])
    #expect(report.notes == ["commits that need no signature, as --signing-from says: 1 to 1"])
    let findings = try archive.findings {
      $0.publicKey = key
      $0.signingFrom = RunScript.digest("x")
    }
    #expect(findings == ["signature \(path(1))", "signature \(path(2))", "head \(path(3))"])
  }

  @Test func anOldKeySignsNothingAnyMore() throws {
    let archive = try TestArchive()
    let next = try SigningKey.generate()
    var script = RunScript()
    for signer in [
      TestArchive.signer(archive.key), TestArchive.signer(next, after: archive.key),
      TestArchive.signer(archive.key), TestArchive.signer(next),
    ] {
      script.signer = signer
      try script.run(archive.path)
    }
    for key in [archive.key, next] {
      #expect(
        try archive.findings { $0.publicKey = key.publicKey.hex }
          == ["signature _trailmill/manifests/000000000003.json"])
    }
  }
}
