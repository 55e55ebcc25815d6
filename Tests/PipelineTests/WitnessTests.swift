import Bytes
import Disk
import Engine
import Foundation
import History
import Pipeline
import Settings
import TestSupport
import Testing

/// A witness keeps what a signature cannot tell: that the newest commits are missing.
@Suite struct WitnessTests {
  private let mill: Mill

  init() throws {
    mill = try Mill()
    try mill.key("first")
    try FileManager.default.createDirectory(
      atPath: mill.folder("witness"), withIntermediateDirectories: false)
  }

  private func record(_ sequence: Int) throws -> WitnessRecord {
    let text = try mill.folder.bytes(mill.witness(sequence))
    return try #require(text.withUnsafeBufferPointer { WitnessRecord($0, sequence: sequence) })
  }

  private func refusal(_ key: String? = "first") -> String {
    let before = mill.folder.files(below: "witness")
    let (kind, text) = mill.refusal(key, witness: true)
    #expect(kind == .damaged && text.contains("the witness contradicts the archive"), "\(text)")
    #expect(mill.folder.files(below: "witness") == before)
    return text
  }

  // MARK: What it gets

  @Test(arguments: [nil, "first"]) func everyCommitGetsAFile(_ key: String?) throws {
    for sequence in 1...3 {
      let summary = try mill.night(key, witness: true)
      #expect(summary.unwitnessed == nil && summary.notices == [])
      let record = try record(sequence)
      #expect(record.head.hex == summary.head)
      #expect(record.isSigned == (key != nil))
      #expect(try mill.folder.mode(mill.witness(sequence)) == 0o644)
    }
    #expect(mill.folder.files(below: "witness").count == 3)
  }

  @Test func whatACrashLeftOutIsAddedThoughNothingIsNew() throws {
    try mill.input("a", [1])
    let definition = try mill.definition(
      output: mill.signed("first", witness: true, heartbeat: false))
    _ = try mill.run(definition, ["a"])
    try mill.night("first")
    try mill.night("first")
    let summary = try mill.run(definition, ["a"]).summary
    #expect(summary.ending == .nothingNew && summary.unwitnessed == nil)
    for sequence in 1...3 { _ = try record(sequence) }
    try mill.remove(mill.witness(2))
    _ = try mill.run(definition, ["a"])
    _ = try record(2)
  }

  @Test func anEmptyOneBeginsWithTheNewestCommit() throws {
    for _ in 1...3 { try mill.night("first") }
    let summary = try mill.night("first", witness: true)
    #expect(
      mill.folder.files(below: "witness").keys.sorted() == [
        "000000000003.json", "000000000004.json",
      ])
    #expect(
      summary.notices.contains { $0.contains("the witness is empty, and begins with commit 3") })
  }

  @Test func aRehearsalAddsNothing() throws {
    try mill.night("first")
    try mill.input("a", [1])
    let definition = try mill.definition(output: mill.signed("first", witness: true))
    _ = try mill.run(definition, ["a"]) { $0.isDryRun = true }
    #expect(mill.folder.files(below: "witness").isEmpty)
  }

  @Test func aCommitWhoseSignatureDoesNotFitIsNotWitnessed() throws {
    try mill.night("first", witness: true)
    for _ in 1...2 { try mill.night("first") }
    try mill.folder.write(mill.manifest(2, ".sig"), Array(repeating: 7, count: 64))
    let summary = try mill.night("first", witness: true)
    #expect(!mill.folder.exists(mill.witness(2)) && mill.folder.exists(mill.witness(3)))
    #expect(
      summary.notices == ["commit 2 is not witnessed: its signature does not fit"])
  }

  // MARK: What contradicts

  @Test func whatWasCutOffIsNoticed() throws {
    try mill.night("first", witness: true)
    try mill.keep("archive", as: "earlier")
    try mill.night("first", witness: true)
    try mill.keep("earlier", as: "archive")
    #expect(refusal().contains("there is a file of commit 2"))
    try mill.remove("archive")
    #expect(refusal().contains("it has no commit"))
    #expect(!mill.folder.exists("archive"))
  }

  /// Also if nothing of what it says can be read: it was made when the commit was there.
  @Test func anIncompleteFileOfACommitThatIsNotThereTellsOfIt() throws {
    try mill.night("first", witness: true)
    try mill.folder.write(mill.witness(2), [])
    #expect(refusal().contains("there is a file of commit 2"))
  }

  @Test func twoArchivesDoNotShareOne() throws {
    try mill.night("first", witness: true)
    try mill.keep("archive", as: "other")
    try mill.remove("archive")
    for _ in 1...2 { try mill.night("first") }
    #expect(refusal().contains("the witness is that of another archive"))
  }

  @Test func aRewrittenHistoryIsNoticedAtAnyCommit() throws {
    for _ in 1...4 { try mill.night(nil, witness: true) }
    try mill.remove("archive")
    for _ in 1...4 { try mill.night(nil) }
    for sequence in 1...3 { try mill.remove(mill.witness(sequence)) }
    #expect(refusal(nil).contains("000000000004.json says that commit 4 has the head"))
  }

  @Test(arguments: ["a link", "a folder", "long", "garbage", "of another commit", "no JSON", "two"])
  func whatIsNoFileOfItIsRefused(_ what: String) throws {
    for _ in 1...2 { try mill.night("first", witness: true) }
    let place = mill.witness(1)
    let text = try #require(mill.folder.text(place))
    try mill.remove(place)
    switch what {
    case "a link":
      try mill.folder.write("elsewhere", text)
      try mill.folder.link(place, to: mill.folder("elsewhere"))
    case "a folder":
      try FileManager.default.createDirectory(
        atPath: mill.folder(place), withIntermediateDirectories: false)
    case "long": try mill.folder.write(place, text + String(repeating: " ", count: 4096))
    case "garbage": try mill.folder.write(place, "no witness")
    case "of another commit": try mill.folder.write(place, try mill.folder.bytes(mill.witness(2)))
    case "no JSON": try mill.folder.write(place, text.dropLast(3) + "\n")
    default: try mill.folder.write(place, text.dropLast(2) + ",\"head\":\"x\"}\n")
    }
    #expect(refusal().contains(place))
  }

  @Test(.timeLimit(.minutes(1))) func aPipeIsNotWaitedFor() throws {
    for _ in 1...2 { try mill.night("first", witness: true) }
    try mill.remove(mill.witness(1))
    #expect(mkfifo(mill.folder(mill.witness(1)), 0o600) == 0)
    #expect(refusal().contains("is no regular file"))
  }

  @Test func otherNamesArePassedOver() throws {
    for name in ["lost+found/x", "README", "1.json", "000000000009.json.tmp", "0000000000001.json"]
    {
      try mill.folder.write("witness/" + name)
    }
    try mill.night("first", witness: true)
    _ = try record(1)
    #expect(try mill.night("first", witness: true).unwitnessed == nil)
  }

  @Test func itDoesNotLieInAnArchive() throws {
    for place in ["archive", "archive/witness", "archive/_trailmill/witness", "link/witness"] {
      try? mill.folder.link("link", to: mill.folder("archive"))
      let output = "{ archive: \"ARCHIVE\", witness: \"\(mill.folder(place))\" }"
      try mill.folder.write("empty", [])
      #expect(throws: UsageError.self) {
        try mill.run(try mill.definition(output: output), ["empty"])
      }
      #expect(!mill.folder.exists("archive"))
    }
  }

  @Test func itIsNoInput() throws {
    try mill.input("in/a", [1])
    try mill.folder.write("in/witness/.keep")
    let definition = try mill.definition(
      output: "{ archive: \"ARCHIVE\", witness: \"\(mill.folder("in/witness"))\" }")
    #expect(try mill.run(definition, ["in"]).summary.unwitnessed == nil)
    #expect(mill.folder.exists("in/witness/000000000001.json"))
    let summary = try mill.run(definition, ["in"]).summary
    #expect(summary.ending == .nothingNew && summary.tally.read == 0)
  }

  // MARK: What is incomplete

  @Test(arguments: [0, 1, 30, 200, -1]) func anIncompleteFileIsReplaced(_ length: Int) throws {
    for _ in 1...2 { try mill.night("first", witness: true) }
    for sequence in 1...2 {
      let text = try mill.folder.bytes(mill.witness(sequence))
      let torn =
        length < 0 ? [UInt8](repeating: 0, count: text.count) : Array(text.prefix(length))
      try mill.folder.write(mill.witness(sequence), torn)
    }
    #expect(try mill.night("first", witness: true).unwitnessed == nil)
    for sequence in 1...3 { _ = try record(sequence) }
  }

  /// As in a bucket with object lock.
  @Test func oneThatCannotBeReplacedStaysAndIsTold() throws {
    let locked = Disk { call, path in
      call == .remove && path.contains("/witness/") ? .fail(EPERM) : nil
    }
    let mill = try Mill(disk: locked)
    try mill.folder.write("witness/x")
    for _ in 1...2 { try mill.night(nil, witness: true) }
    try mill.folder.write(mill.witness(1), [])
    let summary = try mill.night(nil, witness: true)
    #expect(summary.unwitnessed == nil && mill.folder.exists(mill.witness(3)))
    #expect(summary.notices.contains { $0.contains("is incomplete, and cannot be replaced") })
  }

  // MARK: What cannot be reached

  @Test func whatCannotBeReachedKeepsNobodyFromPublishing() throws {
    try mill.remove("witness")
    let summary = try mill.night("first", witness: true)
    #expect(summary.ending == .published)
    #expect(summary.unwitnessed?.contains("cannot list: \(mill.folder("witness"))") == true)
    #expect(!mill.folder.exists("witness"))
    try FileManager.default.createDirectory(
      atPath: mill.folder("witness"), withIntermediateDirectories: false)
    #expect(try mill.night("first", witness: true).unwitnessed == nil)
    #expect(mill.folder.files(below: "witness").count == 2)
  }

  @Test(arguments: [DiskCall.list, .open, .create, .write, .sync, .close])
  func aFailureIsToldAndTheNextRunMendsIt(_ call: DiskCall) throws {
    let switched = Switch()
    let mill = try Mill(
      disk: Disk { found, path in
        switched.isOn && found == call && path.contains("/witness") ? .fail(EIO) : nil
      })
    try mill.folder.write("witness/x")
    try mill.night(nil, witness: true)
    switched.isOn = true
    let summary = try mill.night(nil, witness: true)
    #expect(summary.ending == .published)
    #expect(summary.unwitnessed?.contains("Input/output error") == true)
    switched.isOn = false
    #expect(try mill.night(nil, witness: true).unwitnessed == nil)
    for sequence in 1...3 { #expect(mill.folder.exists(mill.witness(sequence))) }
  }

  @Test func aFolderThatCannotBeSyncedIsNoFault() throws {
    let mill = try Mill(
      disk: Disk { call, path in
        call == .sync && path.hasSuffix("/witness") ? .fail(EINVAL) : nil
      })
    try mill.folder.write("witness/x")
    #expect(try mill.night(nil, witness: true).unwitnessed == nil)
  }
}

/// A fault that is switched on between two runs of one thread.
private final class Switch: @unchecked Sendable {
  var isOn = false
}
