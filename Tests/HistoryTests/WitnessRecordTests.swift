import Bytes
import Crypto
import History
import TestArchives
import TestSupport
import Testing

/// What a file of a witness holds, and what is taken for one.
@Suite struct WitnessRecordTests {
  private let key: SigningKey
  private let head = RunScript.digest("head")

  init() throws { key = try SigningKey.generate() }

  private func record(signed: Bool) throws -> WitnessRecord {
    try WitnessRecord(
      sequence: 12, head: head, time: try #require(time("2026-11-20T03:00:00.5Z")),
      signer: signed ? TestArchive.signer(key) : nil)
  }

  private func read(_ text: [UInt8], _ sequence: Int = 12) -> WitnessRecord? {
    text.withUnsafeBufferPointer { WitnessRecord($0, sequence: sequence) }
  }

  @Test func theFormIsFixed() throws {
    let text = String(decoding: try record(signed: false).text, as: UTF8.self)
    #expect(
      text
        == "{\"version\":1,\"sequence\":12,\"head\":\"\(head.hex)\",\"time\":\"2026-11-20T03:00:00.500Z\","
        + "\"signing_key\":null,\"signature\":null}\n")
  }

  @Test(arguments: [false, true]) func whatIsWrittenIsRead(_ signed: Bool) throws {
    let record = try record(signed: signed)
    #expect(read(record.text) == record && record.isSigned == signed)
    #expect(record.signingKey == (signed ? key.publicKey.hex : nil))
    #expect(read(record.text, 13) == nil)
  }

  /// With another library the signature can be checked by this text.
  @Test func whatIsSignedIsDocumented() throws {
    let text = "trailmill: witness of commit 12: head \(head.hex): 2026-11-20T03:00:00.500Z\n"
    let signature = try withBytes(text) { try key.sign($0) }
    #expect(
      String(decoding: try record(signed: true).text, as: UTF8.self).contains(
        Hex.string(signature)))
  }

  @Test func noOtherTextIsSigned() throws {
    let text = String(decoding: try record(signed: true).text, as: UTF8.self)
    for (old, new) in [
      (head.hex, RunScript.digest("x").hex), ("03:00:00.5", "03:00:01.5"),
      (key.publicKey.hex, try SigningKey.generate().publicKey.hex),
    ] {
      let record = try #require(read(Array(text.replacing(old, with: new).utf8)))
      #expect(!record.isSigned, "\(new)")
    }
    let another = text.replacing("\"sequence\":12", with: "\"sequence\":13")
    #expect(try #require(read(Array(another.utf8), 13)).isSigned == false)
  }

  @Test func everyPrefixIsIncompleteAndNoRecord() throws {
    for signed in [false, true] {
      let text = try record(signed: signed).text
      for length in 0..<text.count {
        let torn = Array(text.prefix(length))
        #expect(read(torn) == nil)
        #expect(WitnessRecord.isBeginning(torn, sequence: 12, head: head), "\(length)")
        let zeros = torn + [UInt8](repeating: 0, count: text.count - length)
        #expect(read(zeros) == nil)
        #expect(WitnessRecord.isBeginning(zeros, sequence: 12, head: head), "\(length)")
        if length > 90 {
          #expect(!WitnessRecord.isBeginning(torn, sequence: 12, head: RunScript.digest("x")))
        }
      }
      #expect(!WitnessRecord.isBeginning(text, sequence: 12, head: head))
      #expect(!WitnessRecord.isBeginning(Array(text.dropFirst()), sequence: 12, head: head))
    }
  }

  @Test(arguments: [
    ("\"version\":1", "\"version\":2"), ("\"sequence\":12", "\"sequence\":\"12\""),
    ("\"time\":\"2026", "\"time\":\"x"), ("\"signature\":\"", "\"signature\":\"0"),
    ("\"signature\":\"", "\"signature\":null,\"s\":\""), ("\"signing_key\":\"", "\"k\":\""),
    ("\"head\":\"", "\"head\":\"\",\"head\":\""), ("}\n", "}"), ("}\n", "}}\n"), ("}\n", "} x\n"),
  ])
  func anythingElseIsNone(_ old: String, _ new: String) throws {
    let text = String(decoding: try record(signed: true).text, as: UTF8.self)
    #expect(text.contains(old))
    #expect(read(Array(text.replacing(old, with: new).utf8)) == nil)
  }
}
