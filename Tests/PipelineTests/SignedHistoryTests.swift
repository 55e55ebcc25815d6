import Crypto
import Foundation
import History
import Pipeline
import Settings
import TestSupport
import Testing

/// Whoever signs vouches for all that was before: nothing is signed on top of what is not.
@Suite struct SignedHistoryTests {
  private let mill: Mill

  init() throws {
    mill = try Mill()
    for name in ["first", "second", "stranger"] { try mill.key(name) }
  }

  private func head(_ summary: RunSummary) throws -> String { try #require(summary.head) }

  @Test func theFirstCommitNeedsNothingBefore() throws {
    for sequence in 1...3 {
      try mill.night("first")
      #expect(mill.folder.exists(mill.manifest(sequence, ".sig")))
    }
  }

  @Test func nothingIsSignedOnTopOfWhatIsNot() throws {
    let head = try head(mill.night(nil))
    let (kind, text) = mill.refusal("first")
    #expect(kind == .damaged)
    #expect(text.contains("commit 1 of \(mill.archive) is not signed, and may be forged"))
    #expect(text.contains("signing_from: \"\(head)\"") && text.hasSuffix("nothing was published"))
  }

  @Test func aForgedHistoryIsNotLaundered() throws {
    try mill.night("first")
    try mill.night("first")
    try mill.remove("archive")
    for _ in 1...2 { try mill.night(nil) }
    #expect(mill.refusal("first").text.contains("commit 2 of"))
  }

  @Test func signingBeginsBehindTheHeadThatIsNamed() throws {
    let first = try head(mill.night(nil))
    let second = try head(mill.night(nil))
    #expect(mill.refusal("first", from: first).text.contains("commit 2 of"))
    #expect(mill.refusal("first", from: String(repeating: "0", count: 64)).kind == .damaged)
    try mill.night("first", from: second)
    // It is said once; to go on saying it does no harm.
    try mill.night("first", from: second)
    try mill.night("first")
  }

  @Test func whatIsSignedOnceStaysSigned() throws {
    try mill.night("first")
    #expect(mill.refusal(nil).text.contains("the archive's manifests are signed"))
  }

  @Test func anArchiveThatLacksWhereSigningBeginsIsCut() throws {
    let head = try head(mill.night(nil))
    try mill.remove("archive")
    let (kind, text) = mill.refusal("first", from: head)
    #expect(kind == .damaged && text.contains("has no commit") && text.contains(head))
    #expect(!mill.folder.exists("archive"))
  }

  @Test(arguments: ["missing", "empty", "of another header", "by another key", "a folder"])
  func aSignatureHasToFit(_ what: String) throws {
    try mill.night("first")
    let old = try mill.folder.bytes(mill.manifest(1, ".sig"))
    try mill.night("first")
    let place = mill.manifest(2, ".sig")
    switch what {
    case "missing": try mill.remove(place)
    case "empty": try mill.folder.write(place, [])
    case "of another header": try mill.folder.write(place, old)
    case "by another key":
      let header = try mill.folder.bytes(mill.manifest(2, ".json"))
      let stranger = try mill.key("stranger")
      try mill.folder.write(
        place, try header.withUnsafeBufferPointer { try stranger.sign($0) })
    default:
      try mill.remove(place)
      try FileManager.default.createDirectory(
        atPath: mill.folder(place), withIntermediateDirectories: false)
    }
    let (kind, text) = mill.refusal("first")
    #expect(kind == .damaged && text.contains("commit 2 of \(mill.archive) is not signed rightly"))
  }

  @Test func aNewKeyNeedsTheOldOneToVouchForIt() throws {
    try mill.night("first")
    let (kind, text) = mill.refusal("second")
    #expect(kind == .damaged && text.contains("is signed by another key"))
    #expect(text.contains("previous_signing_key"))
    #expect(mill.refusal("second", previous: "stranger").kind == .damaged)
    try mill.night("second", previous: "first")
    // The old one may stay in the definition, and may go.
    try mill.night("second", previous: "first")
    try mill.night("second")
    #expect(mill.refusal("first").text.contains("is signed by another key"))
    #expect(mill.refusal("first", previous: "stranger").kind == .damaged)
  }

  @Test func whereTheOldKeyIsLostSigningBeginsAnew() throws {
    try mill.night("first")
    let head = try head(mill.night("first"))
    try mill.night("second", from: head)
    try mill.night("second")
  }

  @Test func aRehearsalIsRefusedToo() throws {
    try mill.night(nil)
    try mill.input("a", [1])
    let definition = try mill.definition(output: mill.signed("first"))
    #expect(throws: ArchiveError.self) { try mill.run(definition, ["a"]) { $0.isDryRun = true } }
  }

  @Test func retryingIsRefusedToo() throws {
    try mill.input("a", [1], text: "{\"no event\n")
    _ = try mill.run(
      try mill.definition(rest: "limits: { unreadable: null }"), ["a"])
    let definition = try mill.definition(
      output: mill.signed("first"), rest: "limits: { unreadable: null }")
    let request = try RetryRequest(definition, archive: mill.archive, threads: 1)
    #expect(throws: ArchiveError.self) { try request.run(mill.environment) }
  }

  /// What the state was put together from would be signed with the next checkpoint.
  @Test func headersSinceTheCheckpointHaveToBeThoseOfTheChain() throws {
    for _ in 1...3 { try mill.night("first") }
    let place = mill.manifest(2, ".json")
    let text = try #require(mill.folder.text(place))
    try mill.folder.write(place, text.replacing("\"kind\":\"run\"", with: "\"kind\":\"retry\""))
    let (kind, refusal) = mill.refusal("first")
    #expect(kind == .damaged && refusal.contains("is not the one of which the next one speaks"))
    #expect(refusal.contains(place))
  }
}
