import Bytes
import Engine
import TestSupport
import Testing
import Trail

@Suite struct KeyDirectoryTests {
  static func load(_ rows: [String], _ fields: KeyFields = .standard) throws -> KeyDirectory {
    var loader = KeyDirectoryLoader(fields)
    for (index, row) in rows.enumerated() {
      try withBytes(row) { try loader.add($0, line: index + 1) }
    }
    return loader.finish()
  }

  static func find(
    _ directory: KeyDirectory, _ id: String, name: String = "", at time: Int64 = 0
  ) -> KeyDirectory.Found? {
    withBytes(id) { id in
      withBytes(name) { directory.find(id, name: $0, at: time) }
    }
  }

  static func text(
    _ directory: KeyDirectory, _ found: KeyDirectory.Found?, _ detail: KeyDetail = .full
  ) -> String? {
    guard let found else { return nil }
    var buffer = ByteBuffer()
    directory.append(found, detail, to: &buffer)
    return String(decoding: buffer.view, as: UTF8.self)
  }

  /// Rows that could all hold: which does is told by what they say, whatever their order.
  @Test func theOrderOfTheRowsDecidesNothing() throws {
    let rows = [
      #"{"id":"k","name":"open"}"#, #"{"id":"k","name":"a","valid_from":1000}"#,
      #"{"id":"k","name":"b","valid_from":1000}"#,
      #"{"id":"k","name":"c","valid_from":1000,"valid_to":2000}"#,
      #"{"id":"k","name":"d","valid_from":1500,"expires_at":1600}"#,
      #"{"id":"k2","name":"a"}"#, #"{"id":"l","name":"a"}"#,
    ]
    var expected: [String?]?
    for _ in 0..<40 {
      let directory = try KeyDirectoryTests.load(rows.shuffled())
      let found = [500, 1000, 1400, 1500, 1999, 2000, 5000].map { (seconds: Int64) in
        KeyDirectoryTests.text(
          directory, KeyDirectoryTests.find(directory, "k", at: seconds * 1_000_000))
      }
      if let expected { #expect(found == expected) } else { expected = found }
    }
    #expect(expected?[0] == #"{"id":"k","name":"open"}"#)
    #expect(expected?[1] == #"{"id":"k","name":"c"}"#)
    #expect(expected?[5] == #"{"id":"k","name":"d"}"#)
  }

  @Test(arguments: [
    ([#"{"id":"k","valid_to":1000}"#, #"{"id":"k","valid_from":1000}"#], []),
    ([#"{"id":"k","valid_to":1001}"#, #"{"id":"k","valid_from":1000}"#], ["k 1 2"]),
    ([#"{"id":"k"}"#, #"{"id":"l"}"#, #"{"id":"k","name":"x"}"#], ["k 1 3"]),
    // What is there twice is no contradiction.
    ([#"{"id":"k","name":"x"}"#, #"{"id":"k","name":"x"}"#], []),
    (
      [
        #"{"id":"k"}"#, #"{"id":"k","valid_from":1000,"valid_to":2000}"#,
        #"{"id":"k","valid_from":3000}"#,
      ], ["k 1 2", "k 1 3"]
    ),
  ]) func tellsVersionsThatOverlap(_ rows: [String], _ overlaps: [String]) throws {
    let directory = try KeyDirectoryTests.load(rows)
    #expect(directory.overlaps.map { "\($0.key) \($0.lines.first) \($0.lines.second)" } == overlaps)
    #expect(directory.overlapCount == overlaps.count)
  }

  @Test func tellsTwentyOverlapsAndCountsTheOthers() throws {
    let rows = (0..<30).map { #"{"id":"k","name":"\#($0)"}"# }
    let directory = try KeyDirectoryTests.load(rows)
    #expect((directory.overlaps.count, directory.overlapCount) == (20, 29))
  }

  /// What the vendors' APIs answer, as it comes.
  @Test(arguments: [
    #"{"data":{"apiKeys":[{"id":"a","name":"n","type":"OIDC"},{"id":"b"}]}}"#,
    #"{"data":{"apiKeys":{"edges":[{"node":{"id":"a","name":"n","type":"OIDC"}},{"node":{"id":"b"}}]}}}"#,
    #"{"apiKeys":[{"id":"a","name":"n","type":"OIDC"},{"id":"b"}]}"#,
  ]) func loadsWholeAnswers(_ answer: String) throws {
    let directory = try KeyDirectoryTests.load([answer])
    #expect(directory.count == 2)
    #expect(
      KeyDirectoryTests.text(directory, KeyDirectoryTests.find(directory, "a"))
        == #"{"id":"a","name":"n","type":"oidc"}"#)
  }

  @Test(arguments: [
    #"{"data":{"apiKeys":[{"name":"n"}]}}"#, #"{"data":{"apiKeys":[7]}}"#, #"{"apiKeys":{}}"#,
    #"{"apiKeys":[{"apiKeys":[{"id":"a"}]}]}"#,
  ]) func refusesAnswersWithoutIDs(_ answer: String) {
    #expect(throws: LookupError.self) { try KeyDirectoryTests.load([answer]) }
  }

  @Test func namesTheLineInsideOfAnAnswer() {
    let error = #expect(throws: LookupError.self) {
      try KeyDirectoryTests.load(["{\"apiKeys\":[\n{\"id\":\"a\"},\n{\"name\":\"b\"}]}"])
    }
    #expect(error?.line == 3)
  }

  /// The lines of its keys are counted once, not from the beginning for each.
  @Test(.timeLimit(.minutes(1))) func manyKeysInOneAnswerAreNoBurden() throws {
    let keys = (0..<50_000).map { #"{"id":"k\#($0)","name":"n"}"# }
    let answer = "{\"apiKeys\":[\n" + (keys + [#"{"name":"x"}"#]).joined(separator: ",\n") + "]}"
    let error = #expect(throws: LookupError.self) { try KeyDirectoryTests.load([answer]) }
    #expect(error?.line == 50_002)
  }

  @Test(arguments: [
    #"[{"type":"workspace","id":"*"}]"#, #"["workspace:8f6c2c1e-7a34-4b0d-9d0e-3f6c1a5b7e90"]"#,
  ]) func keepsBothFormsOfAllowLists(_ list: String) throws {
    let row = #"{"id":"a","token_name":"t","scope":"all","scopes":["all"],"allow_list":\#(list)}"#
    let directory = try KeyDirectoryTests.load([row])
    #expect(
      KeyDirectoryTests.text(directory, KeyDirectoryTests.find(directory, "a"))
        == #"{"id":"a","name":"t","scopes":["all"],"allow_list":\#(list)}"#)
  }

  /// However many keys bear a name, a shortened id is found by halving.
  @Test func manyKeysOfOneNameAreNoBurden() throws {
    let rows = (0..<20_000).map { #"{"id":"key\#(100_000 + $0)","name":"ci"}"# }
    let directory = try KeyDirectoryTests.load(rows.shuffled())
    for number in stride(from: 0, to: 20_000, by: 7) {
      let id = "key\(100_000 + number)"
      #expect(KeyDirectoryTests.find(directory, id, name: "ci") != nil)
      #expect(KeyDirectoryTests.find(directory, String(id.dropLast()), name: "ci") == nil)
    }
    #expect(KeyDirectoryTests.find(directory, "key1199990", name: "ci") == nil)
    #expect(KeyDirectoryTests.find(directory, "key1", name: "cd") == nil)
  }

  @Test func tellsWhichVersion() throws {
    let directory = try KeyDirectoryTests.load([
      #"{"id":"k","valid_from":1000,"valid_to":2000}"#, #"{"id":"k","valid_from":2000}"#,
    ])
    let found = try #require(KeyDirectoryTests.find(directory, "k", at: 2_500_000_000))
    let version = try #require(directory.version(found))
    #expect((version.number, version.of, version.from, version.to) == (2, 2, 2_000_000_000, nil))
    let none = try #require(KeyDirectoryTests.find(directory, "k", at: 0))
    #expect(directory.version(none) == nil)
  }

  @Test(arguments: [
    (
      #"{"id":"k","name":"ci","type":"OIDC","owner":"jane","scopes":["a"],"roles":[]}"#,
      #"{"id":"k","name":"ci","type":"oidc","owner":"jane","scopes":["a"],"roles":[]}"#
    ),
    (#"{"id":"k"}"#, #"{"id":"k"}"#),
    (#"{"id":7,"name":8,"owner":true}"#, #"{"id":"7","name":"8","owner":true}"#),
    (#"{"name":null,"type":"","id":"k","owner":null}"#, #"{"id":"k"}"#),
    (
      #"{"id":"k","token_name":"backup","user_id":"u"}"#, #"{"id":"k","name":"backup","owner":"u"}"#
    ),
    (#"{"id":"k","type":"IAMUser"}"#, #"{"id":"k","type":"IAMUser"}"#),
    (#"{"id":"a\"\u0062","name":"\u00e9\n"}"#, #"{"id":"a\"b","name":"é\n"}"#),
    (#"{"id":"k","secret":"hush","name":"x"}"#, #"{"id":"k","name":"x"}"#),
    (#"{"id":"k","roles":{"secret":"hush"},"name":"x"}"#, #"{"id":"k","name":"x"}"#),
    (#"{"id":"k","roles":[{"\u0073ecret":"hush"}],"name":"x"}"#, #"{"id":"k","name":"x"}"#),
    (#"{"id":"k","scopes":{"a":{"Secret" : "hush"}},"name":"x"}"#, #"{"id":"k","name":"x"}"#),
    (#"{"id":"k","roles":[{"Hashed_Secret":"hush"}],"name":"x"}"#, #"{"id":"k","name":"x"}"#),
    (#"{"id":"k","roles":{"secretSHA":"hush"},"name":"x"}"#, #"{"id":"k","name":"x"}"#),
    (#"{"id":"k","scopes":{"user_secret":[]}}"#, #"{"id":"k","scopes":{"user_secret":[]}}"#),
    (#"{"id":"k","scopes":["secret","\\",":"]}"#, #"{"id":"k","scopes":["secret","\\",":"]}"#),
    (#"{"id":"k","name":{"a":1},"apiKeyRoleBindings":[1]}"#, #"{"id":"k","roles":[1]}"#),
    (
      #"{"id":"k","allow_list":[{"type":"workspace","id":"*"}],"effective_scope":{"site":[]}}"#,
      #"{"id":"k","allow_list":[{"type":"workspace","id":"*"}],"effective_scope":{"site":[]}}"#
    ),
  ]) func rendersWhatARowSays(_ row: String, _ full: String) throws {
    let directory = try KeyDirectoryTests.load([row])
    let id = full.contains(#"a\"b"#) ? "a\"b" : full.contains(#""7""#) ? "7" : "k"
    let found = KeyDirectoryTests.find(directory, id)
    #expect(KeyDirectoryTests.text(directory, found) == full)
  }

  @Test func hasThreeDetails() throws {
    let directory = try KeyDirectoryTests.load([
      #"{"id":"k","name":"n","type":"t","owner":"o","scopes":["s"]}"#
    ])
    let found = KeyDirectoryTests.find(directory, "k")
    #expect(KeyDirectoryTests.text(directory, found, .id) == #"{"id":"k"}"#)
    #expect(
      KeyDirectoryTests.text(directory, found, .summary)
        == #"{"id":"k","name":"n","type":"t","owner":"o"}"#)
  }

  @Test func nameIsWhereItIsSaidToBe() throws {
    let directory = try KeyDirectoryTests.load([#"{"owner":"o","id":"k","name":"é\"x"}"#])
    let found = try #require(KeyDirectoryTests.find(directory, "k"))
    let text = try #require(KeyDirectoryTests.text(directory, found, .summary))
    let span = directory.nameWithin(found)
    let within = Array(text.utf8)[Int(span.start)..<span.end]
    #expect(String(decoding: within, as: UTF8.self) == #""é\"x""#)
    #expect(String(decoding: directory.name(found), as: UTF8.self) == #""é\"x""#)
    #expect(String(decoding: directory.id(found), as: UTF8.self) == "k")
  }

  @Test func unknownKeysAreNotFound() throws {
    let directory = try KeyDirectoryTests.load([#"{"id":"k"}"#])
    #expect(KeyDirectoryTests.find(directory, "K") == nil)
    #expect(KeyDirectoryTests.find(directory, "") == nil)
    #expect(KeyDirectoryTests.find(try KeyDirectoryTests.load([]), "k") == nil)
  }

  @Test(arguments: [
    ("01K56PK", "DevopsSpaceKey", "01K56PKDVQ"),
    ("01K56PKDVQ", "anything", "01K56PKDVQ"),
    ("01K56PK", "", nil),
    ("01K56PK", "devopsspacekey", nil),
    ("01K56PX", "DevopsSpaceKey", nil),
    ("01K", "twice", nil),
    ("01KB", "twice", "01KB2"),
    ("", "DevopsSpaceKey", nil),
    ("01K56PKDVQ9", "DevopsSpaceKey", nil),
    ("01V", "versions", "01V9"),
  ]) func shortenedIDsNeedExactlyOneKey(_ id: String, _ name: String, _ expected: String?) throws {
    let directory = try KeyDirectoryTests.load([
      #"{"id":"01K56PKDVQ","name":"DevopsSpaceKey"}"#,
      #"{"id":"01K56PKZZ9","name":"DevopsSpaceKey-old"}"#,
      #"{"id":"01KA1","name":"twice"}"#, #"{"id":"01KB2","name":"twice"}"#,
      #"{"id":"01V9","name":"versions","valid_to":5}"#,
      #"{"id":"01V9","name":"versions","valid_from":5}"#,
    ])
    let found = KeyDirectoryTests.find(directory, id, name: name)
    #expect(found.map { String(decoding: directory.id($0), as: UTF8.self) } == expected)
  }

  /// Rows with the name and the span for which it holds, in seconds.
  @Test(arguments: [
    (100, nil, true), (1000, "one", false), (1999, "one", false), (2000, "two", false),
    (2999, "two", false), (3000, nil, true), (3500, "three", false), (9_999_999, "three", false),
  ]) func versionsHoldFromAndUpTo(_ seconds: Int64, _ name: String?, _ isOutside: Bool) throws {
    let rows = [
      #"{"id":"k","name":"two","valid_from":2000,"valid_to":3000}"#,
      #"{"id":"k","name":"three","valid_from":"1970-01-01T00:58:20Z"}"#,
      #"{"id":"k","name":"one","valid_from":1000,"valid_to":2000}"#,
    ]
    for rows in [rows, rows.reversed()] {
      let directory = try KeyDirectoryTests.load(rows)
      let found = try #require(
        KeyDirectoryTests.find(directory, "k", at: seconds * 1_000_000))
      #expect(found.flags == (isOutside ? AttributionFlags.keyVersionOutside.rawValue : 0))
      #expect(
        KeyDirectoryTests.text(directory, found)
          == (name.map { #"{"id":"k","name":"\#($0)"}"# } ?? #"{"id":"k"}"#))
    }
  }

  @Test func anEventWithoutATimeGetsWhatAlwaysHeld() throws {
    let directory = try KeyDirectoryTests.load([
      #"{"id":"a","name":"x"}"#, #"{"id":"b","name":"x","valid_from":1}"#,
    ])
    #expect(KeyDirectoryTests.find(directory, "a", at: Record.noTime)?.flags == 0)
    let outside = AttributionFlags.keyVersionOutside.rawValue
    #expect(KeyDirectoryTests.find(directory, "b", at: Record.noTime)?.flags == outside)
  }

  /// As encoders write it that escape every `+`.
  @Test func aTimeMayBeEscaped() throws {
    let directory = try KeyDirectoryTests.load([
      #"{"id":"k","deleted_at":"1970-01-01T01:00:10\u002B01:00"}"#
    ])
    #expect(KeyDirectoryTests.find(directory, "k", at: 9_999_999)?.flags == 0)
    let deleted = AttributionFlags.keyDeleted.rawValue
    #expect(KeyDirectoryTests.find(directory, "k", at: 10_000_000)?.flags == deleted)
  }

  @Test(
    arguments: [
      (9, AttributionFlags()), (10, .keyExpired), (20, [.keyExpired, .keyDeleted]),
    ] as [(Int64, AttributionFlags)]) func saysWhenAKeyWasNoLongerGood(
      _ seconds: Int64, _ flags: AttributionFlags
    ) throws
  {
    let directory = try KeyDirectoryTests.load([#"{"id":"k","expiresAt":10,"deleted_at":20}"#])
    let found = KeyDirectoryTests.find(directory, "k", at: seconds * 1_000_000)
    #expect(found?.flags == flags.rawValue)
  }

  /// How programs write that there is no bound.
  @Test(arguments: [
    "0", "\"0\"", "null", "\"\"", "\"0001-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00\"",
    "-62135596800",
    "253402300799", "253402300799000", "253402300799999", "\"253402300799\"", "2.53402300799e11",
    "\"9999-12-31T23:59:59.999Z\"", "\"9999-12-31\"",
  ]) func whatIsNoBoundIsNone(_ time: String) throws {
    let directory = try KeyDirectoryTests.load([
      #"{"id":"k","expires_at":\#(time),"deleted_at":\#(time),"valid_from":\#(time),"valid_to":\#(time)}"#
    ])
    for seconds: Int64 in [-70_000_000_000, 0, 1_900_000_000, 250_000_000_000] {
      let found = KeyDirectoryTests.find(directory, "k", at: seconds * 1_000_000)
      #expect(found?.hasVersion == true)
      #expect(found?.flags == 0)
    }
  }

  @Test(arguments: ["1.7e9", "1.7E+12", "\"2023-11-14T22:13:20+0000\"", "\"1700000000.0\""])
  func aTimeIsAnyNumber(_ time: String) throws {
    let directory = try KeyDirectoryTests.load([#"{"id":"k","expires_at":\#(time)}"#])
    for (seconds, flags) in [
      (1_699_999_999, 0), (1_700_000_000, AttributionFlags.keyExpired.rawValue),
    ] {
      let found = KeyDirectoryTests.find(directory, "k", at: Int64(seconds) * 1_000_000)
      #expect(found?.flags == UInt32(flags))
    }
  }

  @Test(arguments: [
    (#"{"name":"x"}"#, "needs an \"id\""), (#"{"id":""}"#, "needs an \"id\""),
    (#"{"id":{}}"#, "needs an \"id\""), ("[]", "must be an object"),
    (#"{"id":"k""#, "ends inside"), (#"{"id":"k"} x"#, "follows the value"),
    (
      #"{"message":"Bad \"c\": x","documentation_url":"y"}"#,
      #"one has "message", "documentation_url""#
    ),
    ("{}", "this one is empty"), (#"{"a":{"b":1}}"#, #"this one has "a""#),
    (#"{"id":"k","valid_from":"soon"}"#, "\"valid_from\" is no time"),
    (#"{"id":"k","expires_at":"2026-01-01T00:00:00"}"#, "\"expires_at\" is no time"),
    (#"{"id":"k","expires_at":[1]}"#, "\"expires_at\" is no time"),
    (#"{"id":"k","deleted_at":true}"#, "\"deleted_at\" is no time"),
    (#"{"id":"k","valid_from":5,"valid_to":5}"#, "must be after"),
    (#"{"key_id":"k","name":"x","key_id":"l"}"#, #"an object has the member "key_id" twice"#),
    (#"{"id":"k","\u0069d":"l"}"#, "twice"),
    (#"{"id":"k","scopes":[{"a":1,"a":2}]}"#, #"member "a" twice"#),
    (#"{"id":"k","9f8Zk3LqT0p":1,"9f8Zk3LqT0p":2}"#, "has the member … twice"),
    (#"{"9f8Zk3LqT0p":1,"secret":"hush"}"#, #": this one has …, "secret""#),
  ]) func refusesRowsWithTheirLine(_ row: String, _ reason: String) {
    let error = #expect(throws: LookupError.self) {
      try KeyDirectoryTests.load([#"{"id":"fine"}"#, row])
    }
    #expect(error?.line == 2)
    #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
  }
}
