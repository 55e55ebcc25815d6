import Crypto
import Bytes
import Disk
import Engine
import TestSupport
import Testing

@Suite struct VerifySignatureTests {
  /// The example that GitHub publishes for its webhooks.
  static let published = (
    secret: "It's a Secret to Everybody", body: "Hello, World!",
    signature: "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
  )

  private let bench = Workbench(environment: [
    "S": "current", "OLD": "old", "EMPTY": "", "BLANK": " \t",
    "ENDS": "current\n", "BYTES": "a\u{FFFD}b", "G": published.secret,
    "WIDE": "\u{A0}\u{3000}", "MARK": "\u{FEFF}current",
  ])
  private static let stage = #"{ stage: "verify_signature", secrets: [{ env: "S" }] }"#
  private static let body = #"{"actor":"jane","timestamp":1795179600000}"#

  @Test func acceptsThePublishedExample() throws {
    var event = Event.delivery("{}", sha256: VerifySignatureTests.published.signature)
    event.posted = VerifySignatureTests.published.body
    let stage = #"{ stage: "verify_signature", secrets: [{ env: "G" }] }"#
    #expect(try bench.run([event], stage).verdicts == [.keep])
    event.posted = "Hello, World?"
    #expect(try bench.run([event], stage).outcome(0) == "refused: the signature does not fit")
  }

  struct Case: Sendable {
    var name: String
    var change: @Sendable (String) -> String
    var reason: String?
  }

  static let malformed: [Case] = [
    Case(name: "right", change: { $0 }, reason: nil),
    Case(name: "truncated", change: { String($0.dropLast(2)) }, reason: "malformed"),
    Case(name: "truncated to nothing", change: { _ in "sha256=" }, reason: "malformed"),
    Case(name: "longer", change: { $0 + "00" }, reason: "malformed"),
    Case(
      name: "upper case", change: { "sha256=" + $0.dropFirst(7).uppercased() }, reason: "malformed"),
    Case(name: "no prefix", change: { String($0.dropFirst(7)) }, reason: "malformed"),
    Case(name: "wrong prefix", change: { "sha512=" + $0.dropFirst(7) }, reason: "malformed"),
    Case(
      name: "no digits", change: { _ in "sha256=" + String(repeating: "g", count: 64) },
      reason: "malformed"),
    Case(
      name: "no text", change: { _ in "sha256=" + String(repeating: "\0", count: 64) },
      reason: "malformed"),
    Case(
      name: "all zero", change: { _ in "sha256=" + String(repeating: "0", count: 64) },
      reason: "does not fit"),
    Case(
      name: "one bit off", change: { $0.dropLast() + ($0.last == "0" ? "1" : "0") },
      reason: "does not fit"),
  ]

  @Test(arguments: malformed) func takesTheWholeTagOrNone(_ example: Case) throws {
    let right = try signature(VerifySignatureTests.body, secret: "current")
    let event = Event.delivery(VerifySignatureTests.body, sha256: example.change(right))
    let outcome = try bench.run([event], VerifySignatureTests.stage).outcome(0)
    if let reason = example.reason {
      #expect(
        outcome.hasPrefix("refused: ") && outcome.contains(reason), "\(example.name): \(outcome)")
    } else {
      #expect(outcome == VerifySignatureTests.body)
    }
  }

  @Test func theBytesPostedCountAndNotThoseArchived() throws {
    let posted = "{\n\"actor\":\"jane\"\n}"
    let tag = try signature(posted, secret: "current")
    let event = Event.delivery(#"{"actor":"jane"}"#, sha256: tag, posted: posted)
    #expect(try bench.run([event], VerifySignatureTests.stage).verdicts == [.keep])
  }

  /// Whoever does not know the secret can send anything as a body: it stops nothing.
  @Test(arguments: [true, false])
  func theSignatureIsJudgedBeforeTheBodyIsRead(_ isSigned: Bool) throws {
    let posted = "Hello, World!"
    let tag = try signature(posted, secret: isSigned ? "current" : "forged")
    let made = try bench.make(VerifySignatureTests.stage)
    let batch = try bench.run(
      [Event.delivery("{}", sha256: tag, posted: posted), Event.delivery("{}", posted: posted)],
      on: Workbench.Made(steps: [], context: made.context, pointers: made.pointers))
    // As the reader leaves what it could not read.
    for index in 0..<2 { batch.reject(index, .unreadable, by: -1, "no JSON") }
    for step in made.steps { if case .pure(let stage) = step { try stage.process(batch, step: 3) } }
    #expect(batch.verdicts == [isSigned ? .unreadable : .refused, .refused])
    #expect(
      batch.outcome(0) == (isSigned ? "refused: no JSON" : "refused: the signature does not fit"))
    #expect(batch.outcome(1) == "refused: the delivery has no signature")
    #expect(batch.records[1].decidedBy == 3)
  }

  @Test func whatFollowsUnreadableBytesIsNeverSigned() throws {
    let body = VerifySignatureTests.body
    let made = try bench.make(VerifySignatureTests.stage)
    let batch = try bench.run(
      [Event.delivery(body, sha256: try signature(body, secret: "current"))],
      on: Workbench.Made(steps: [], context: made.context, pointers: made.pointers))
    batch.records[0].isResumed = true
    for step in made.steps { if case .pure(let stage) = step { try stage.process(batch, step: 0) } }
    #expect(batch.outcome(0).contains("does not count as signed"))
  }

  /// No signature fits a body that could not be taken out of its envelope, also not that of no bytes at all.
  @Test func aBodyThatIsNoneIsRefused() throws {
    let made = try bench.make(VerifySignatureTests.stage)
    let batch = try bench.run(
      [Event.delivery("{}", sha256: try signature("", secret: "current"), posted: "")],
      on: Workbench.Made(steps: [], context: made.context, pointers: made.pointers))
    batch.records[0].digest = -1
    batch.reject(0, .unreadable, by: -1, "no base64")
    for step in made.steps { if case .pure(let stage) = step { try stage.process(batch, step: 0) } }
    #expect(batch.outcome(0) == "refused: the signature does not fit")
    #expect(batch.verdicts == [.refused])
  }

  @Test func sha256DecidesWhereItIsThere() throws {
    let body = VerifySignatureTests.body
    let accepting = #"{ stage: "verify_signature", secrets: [{ env: "S" }], accept_sha1: true }"#
    let good256 = try signature(body, secret: "current")
    let good1 = try signature(body, secret: "current", .sha1)
    let bad256 = try signature(body, secret: "forged")
    let bad1 = try signature(body, secret: "forged", .sha1)
    let events: [Event] = [
      .delivery(body, sha256: good256, sha1: bad1), .delivery(body, sha256: bad256, sha1: good1),
      .delivery(body, sha1: good1), .delivery(body, sha1: bad1), .delivery(body),
    ]
    #expect(
      try bench.run(events, accepting).verdicts == [.keep, .refused, .keep, .refused, .refused])
    let strict = try bench.run(events, VerifySignatureTests.stage)
    #expect(strict.verdicts == [.keep, .refused, .refused, .refused, .refused])
    #expect(strict.outcome(2) == "refused: the delivery has only a SHA-1 signature")
    #expect(strict.outcome(4) == "refused: the delivery has no signature")
  }

  @Test func secretsRotate() throws {
    let body = VerifySignatureTests.body
    let stage = """
      { stage: "verify_signature", secrets: [
        { env: "OLD", valid_to: "2026-01-01" },
        { env: "S", valid_from: "2026-01-01T00:00:00Z" } ] }
      """
    let old = try signature(body, secret: "old")
    let new = try signature(body, secret: "current")
    let cases: [(String, String?, Verdict)] = [
      (old, "\"2025-12-31T23:59:59.999Z\"", .keep), (old, "\"2026-01-01T00:00:00Z\"", .refused),
      (old, "1767225599", .keep), (old, "1767225600", .refused), (old, nil, .refused),
      (new, "\"2026-01-01T00:00:00Z\"", .keep),
      (old, "\"2026-01-01T00:59:59\\u002B01:00\"", .keep),
      (new, "\"2026-01-01T00:59:59\\u002B01:00\"", .refused), (new, "1767225599999", .refused),
      (new, nil, .refused), (new, "\"soon\"", .refused), (new, "null", .refused),
    ]
    for (tag, time, verdict) in cases {
      let event = Event.delivery(body, sha256: tag, receivedAt: time)
      #expect(try bench.run([event], stage).verdicts == [verdict], "\(tag) \(time ?? "-")")
    }
  }

  @Test(arguments: [
    ("quarantine", Verdict.refused), ("pass", .keep), ("drop", .filtered),
  ]) func unsignedIsAboutRecordsWithoutEnvelope(_ word: String, _ verdict: Verdict) throws {
    let stage = #"{ stage: "verify_signature", secrets: [{ env: "S" }], unsigned: "\#(word)" }"#
    let events = [Event("{}"), Event.delivery("{}")]
    #expect(try bench.run(events, stage).verdicts == [verdict, .refused])
  }

  /// What fits, but for a window, is told: nobody finds it otherwise.
  @Test(arguments: [
    (nil, "has no received_at"), ("\"soon\"", "has no received_at"),
    ("1767225600", "does not count at the delivery's received_at"),
    ("\"2026-01-01 01:00:00 +0100\"", "does not count at"),
  ]) func tellsWhyAWindowLeavesASecretOut(_ time: String?, _ reason: String) throws {
    let stage = #"{ stage: "verify_signature", secrets: [{ env: "S", valid_to: "2026-01-01" }] }"#
    let tag = try signature("{}", secret: "current")
    let batch = try bench.run([.delivery("{}", sha256: tag, receivedAt: time)], stage)
    #expect(batch.verdicts == [.refused])
    #expect(batch.reason(of: 0).contains(reason), "\(batch.reason(of: 0))")
    let forged = String(repeating: "0", count: 64)
    let other = try bench.run(
      [.delivery("{}", sha256: "sha256=" + forged, receivedAt: time)], stage)
    #expect(other.reason(of: 0) == "the signature does not fit")
  }

  @Test(
    arguments: [
      ([0xEF, 0xBB, 0xBF] + Array("current".utf8), "byte order mark"),
      (Array(" \t\n".utf8), "blank"),
      (Array("\n".utf8), "empty"), (Array("\r\n\r\n".utf8), "empty"),
      ([0, 0, 0, 0], "blank"), ([0x20, 0, 0, 0x0A], "blank"),
      (Array("\u{A0}\u{3000}\n".utf8), "blank"),
      (Array("\u{200B}\u{2060}\u{FEFF}".utf8), "blank"),
      ([UInt8](repeating: 0, count: 200), "blank"),
      ([0xFF, 0xFE, 0x73, 0, 0x0A, 0], "UTF-16"), ([0xFE, 0xFF, 0, 0x73], "UTF-16"),
      ([0xFF, 0xFE, 0, 0, 0x73, 0, 0, 0], "UTF-32"), ([0, 0, 0xFE, 0xFF, 0, 0, 0, 0x73], "UTF-32"),
      ([0x73, 0, 0x65, 0, 0x0D, 0, 0x0A, 0], "UTF-16"), ([0, 0x73, 0, 0x65], "UTF-16"),
    ] as [([UInt8], String)]) func refusesWhatAnEditorLeavesInAFile(
      _ bytes: [UInt8], _ message: String
    ) throws
  {
    let path = "/tmp/trailmill-secret-\(UInt64.random(in: 0 ... .max))"
    let file = try bench.disk.createExclusive(path)
    try bytes.withUnsafeBufferPointer { try file.write(all: $0) }
    try file.close()
    defer { try? bench.disk.remove(path) }
    let error = bench.error(#"{ stage: "verify_signature", secrets: [{ file: "\#(path)" }] }"#)
    #expect(error.contains(message), "\(error)")
  }

  @Test(arguments: [
    [0x01, 0x00], [0x00, 0x80], [0x73, 0x00, 0x65, 0x00, 0x63], [0x80, 0x00, 0xFF, 0xFE],
  ])
  func aSecretMayBeBinary(_ bytes: [UInt8]) throws {
    let path = "/tmp/trailmill-secret-\(UInt64.random(in: 0 ... .max))"
    let file = try bench.disk.createExclusive(path)
    try bytes.withUnsafeBufferPointer { try file.write(all: $0) }
    try file.close()
    defer { try? bench.disk.remove(path) }
    let stage = #"{ stage: "verify_signature", secrets: [{ file: "\#(path)" }] }"#
    #expect(throws: Never.self) { try bench.make(stage) }
  }

  @Test func readsASecretFromAFile() throws {
    let path = "/tmp/trailmill-secret-\(UInt64.random(in: 0 ... .max))"
    let file = try bench.disk.createExclusive(path)
    try withBytes("current\n") { try file.write(all: $0) }
    try file.close()
    defer { try? bench.disk.remove(path) }
    let tag = try signature("{}", secret: "current")
    let stage = #"{ stage: "verify_signature", secrets: [{ file: "\#(path)" }] }"#
    #expect(try bench.run([.delivery("{}", sha256: tag)], stage).verdicts == [.keep])
  }

  @Test(arguments: [
    ("secrets: []", "needs at least one secret"),
    ("accept_sha1: true", "needs at least one secret"),
    ("secrets: [{ env: 'EMPTY' }]", "EMPTY, which is empty"),
    ("secrets: [{ env: 'BLANK' }]", "BLANK, which is blank"),
    ("secrets: [{ env: 'ENDS' }]", "ENDS, which ends in a line feed"),
    ("secrets: [{ env: 'BYTES' }]", "BYTES, which holds bytes that are no UTF-8"),
    ("secrets: [{ env: 'HUSH4711HUSH4711' }]", "not the secret"),
    ("secrets: [{ file: 'hush-4711' }]", "cannot be read (there is none)"),
    ("secrets: [{ env: 'S', valid_to: 'hush' }]", "is no time"),
    ("secrets: [{ file: 'hush\\u0000' }]", "\"file\" holds a NUL"),
    ("secrets: [{ file: 'https://hush' }]", "\"file\" is a URL"),
    ("secrets: [{ env: 'S', envhush4711: 1 }]", "unknown key: did you mean \"env\"?"),
    ("secrets: [{ env: 'WIDE' }]", "WIDE, which is blank"),
    ("secrets: [{ env: 'MARK' }]", "MARK, which begins with a byte order mark"),
    ("secrets: [{ hush: 'S' }]", "one of \"env\" and \"file\""),
    ("secrets: [{ env: 'S', hush: 1 }]", "unknown key: an element of \"secrets\" takes"),
    ("secrets: ['hush']", "found a string"),
    ("secrets: [{ env: ['hush'] }]", "must be a string, found an array"),
    ("secrets: [{ env: 'S' }], unsigned: 'hush'", "found a string"),
    ("secrets: [{ env: 'S' }], accept_sha1: 'hush'", "found a string"),
    ("secrets: [{ env: 'NOWHERE' }]", "NOWHERE, which is not set"),
    ("secrets: [{ env: 'hush-4711' }]", "not the secret"),
    ("secrets: [{ value: 'x' }]", "would put a secret into the definition"),
    ("secrets: [{}]", "one of \"env\" and \"file\""),
    ("secrets: [{ env: 'S', file: 'x' }]", "one of \"env\" and \"file\""),
    ("secrets: [{ file: '/nonexistent' }]", "cannot be read"),
    ("secrets: [{ env: 'S', valid_from: 'soon' }]", "is no time"),
    ("secrets: [{ env: 'S', valid_from: '2026-01-02', valid_to: '2026-01-01' }]", "must be after"),
    ("secrets: [{ env: 'S' }], unsigned: 'maybe'", "\"quarantine\""),
    ("secrets: [{ env: 'S' }], accept_sha: true", "did you mean \"accept_sha1\"?"),
  ]) func refusesWrongSettings(_ settings: String, _ message: String) {
    let error = bench.error("{ stage: \"verify_signature\", \(settings) }")
    #expect(error.contains(message), "\(error)")
    #expect(!error.lowercased().contains("hush"))
  }
}
