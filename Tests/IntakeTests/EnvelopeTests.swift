import Intake
import JSONText
import Testing
import Trail

@Suite struct EnvelopeTests {
  private func slot(_ slot: AddedSlot, _ item: Item?) -> String? { item?.slots[slot.rawValue] }

  @Test func bodyIsArchivedWithItsDelivery() throws {
    let body = "{\"time\": 1700000000,\"x\":\"é\"}"
    let line =
      "{\"headers\":{\"Host\":\"h\",\"X-SIGNATURE-256\":\"sha256=ab\",\"X-Signature\":\"sha1=cd\"},"
      + "\"body\":\"{\\\"time\\\": 1700000000,\\\"x\\\":\\\"\\u00e9\\\"}\",\"received_at\":1.50}"
    let item = try readEveryWay(line + "\n").items.first
    let digest = sha256(Array(body.utf8))
    #expect(
      item?.event == String(body.dropLast())
        + ",\"delivery\":{\"signature\":\"sha256=ab\",\"body_sha256\":\"\(digest)\",\"received_at\":1.50}}"
    )
    #expect(item?.posted == body)
    #expect(item?.identity == digest)
    #expect(item?.raw == line)
    #expect(item?.time == 1_700_000_000_000_000)
    #expect(slot(.signature256, item) == "sha256=ab")
    #expect(slot(.signature1, item) == "sha1=cd")
    #expect(slot(.receivedAt, item) == "1.50")
  }

  @Test func base64AndOtherHeaders() throws {
    let line =
      "{\"isBase64Encoded\":true,\"headers\":{\"x-hub-signature-256\":[\"sha256=ef\"]},\"body\":\"eyJhIjoxfQ==\"}"
    let item = try readEveryWay(line).items.first
    #expect(item?.posted == "{\"a\":1}")
    #expect(slot(.signature256, item) == "sha256=ef")
    #expect(
      item?.event == "{\"a\":1,\"delivery\":{\"signature\":\"sha256=ef\",\"body_sha256\":\""
        + sha256(Array("{\"a\":1}".utf8)) + "\"}}")
  }

  private let always = settings { $0.envelope = .always }

  /// What is archived is what a delivery is known by; the bytes that were posted are kept for their
  /// signature.
  @Test func lineBreaksAreNoPartOfTheIdentity() throws {
    let line = "{\"headers\":{},\"body\":\" {\\n \\\"a\\\":1\\r\\n} \\n\"}"
    let item = try readEveryWay(line, always).items.first
    let posted = " {\n \"a\":1\r\n} \n"
    #expect(item?.posted == posted)
    #expect(item?.identity == sha256(Array("{ \"a\":1}".utf8)))
    #expect(slot(.postedDigest, item) == sha256(Array(posted.utf8)))
    #expect(item?.event.hasPrefix("{ \"a\":1,\"delivery\":{\"body_sha256\":") == true)
    #expect(slot(.signature256, item) == "")
    let plain = try readEveryWay("{\"headers\":{},\"body\":\"{ \\\"a\\\":1}\"}", always).items.first
    #expect(plain?.identity == item?.identity)
    #expect(slot(.postedDigest, plain) == "")
  }

  @Test(arguments: [
    ("{\"headers\":{},\"body\":\"\"}", "the body of the delivery: no value at byte 0"),
    (
      "{\"headers\":{},\"body\":\"[]\"}",
      "the body of the delivery: a record must be a JSON object, found an array at byte 0"
    ),
    (
      "{\"headers\":{},\"body\":\"{} {}\"}", "the body of the delivery: something follows the value"
    ),
    (
      "{\"headers\":{},\"body\":\"{\"}",
      "the body of the delivery: the text ends inside a value at byte 1"
    ),
    (
      "{\"headers\":{},\"body\":\"{\\\"a\\\":\\\"\\ud800\\\"}\"}",
      "the body of the delivery is no text: half of a surrogate pair is escaped in it"
    ),
    (
      "{\"headers\":{},\"isBase64Encoded\":true,\"body\":\"e\"}",
      "the body of the delivery is no base64"
    ),
  ])
  func bodyThatIsNoEvent(_ line: String, _ reason: String) throws {
    let other = "{\"headers\":{},\"body\":\"{}\"}"
    let outcome = try readEveryWay(other + "\n" + line + "\n" + other, always)
    #expect(outcome.events[1] == "!" + reason)
    #expect(outcome.items.map(\.reason.isEmpty) == [true, false, true])
    #expect(outcome.items[1].raw == line)
  }

  @Test(arguments: [
    "\"\"", "[\"a\",\"b\"]", "[]", "{}", "5", "\"\(String(repeating: "x", count: 2_000))\"",
  ])
  func headerWithoutSignatureLeavesTheWeakerOneOut(_ value: String) throws {
    let line =
      "{\"headers\":{\"X-Signature-256\":\(value),\"X-Signature\":\"sha1=cd\"},\"body\":\"{}\"}"
    let item = try readEveryWay(line).items.first
    #expect(slot(.signature256, item) == "")
    #expect(slot(.signature1, item) == "")
    #expect(item?.event.hasPrefix("{\"delivery\":{\"body_sha256\":") == true)
  }

  @Test func namesMayBeEscaped() throws {
    let line =
      "{\"h\\u0065aders\":{\"X\\u002dSignature-256\":\"sha256=ab\"},\"bod\\u0079\":\"{}\"}"
    let item = try readEveryWay(line).items.first
    #expect(slot(.signature256, item) == "sha256=ab")
    #expect(item?.posted == "{}")
  }

  @Test func policiesDecide() throws {
    let envelope = "{\"headers\":{},\"body\":\"{}\"}"
    let content = envelope + "\n{\"headers\":1,\"body\":\"{}\"}\n"
    let never = try readEveryWay(content, settings { $0.envelope = .never })
    #expect(never.events.first == envelope)
    let always = try readEveryWay(content, settings { $0.envelope = .always })
    #expect(always.events.first?.hasPrefix("{\"delivery\":") == true)
    #expect(always.items.last?.reason.hasPrefix("no delivery") == true)
  }

  /// Only a header of a delivery tells one from an event that has such members.
  @Test(arguments: [
    ("{\"headers\":{},\"body\":\"{}\"}", false),
    ("{\"headers\":{\"user-agent\":\"curl\"},\"body\":\"{}\",\"actor\":\"jane\"}", false),
    ("{\"headers\":{\"x-signature-256\":null},\"body\":\"{}\"}", true),
    ("{\"headers\":{\"X-Hub-Signature-256\":\"\"},\"body\":\"{}\"}", true),
    ("{\"headers\":{\"X-SIGNATURE\":\"sha1=ab\"},\"body\":\"{}\"}", true),
    ("{\"headers\":[\"X-Signature\"],\"body\":\"{}\"}", false),
    ("{\"headers\":{\"X-Signature\":\"sha1=ab\"},\"body\":{}}", false),
  ])
  func autoAsksForAHeaderOfADelivery(_ line: String, _ isOpened: Bool) throws {
    let item = try #require(try readEveryWay(line).items.first)
    #expect(item.event.hasPrefix("{\"delivery\":") == isOpened)
    #expect(isOpened || item.event == line)
  }

  /// Where signatures are asked for, nobody makes an event of a delivery by leaving something out.
  @Test(arguments: [
    "{\"headers\":{},\"body\":\"{}\"}", "{\"headers\":null,\"body\":\"{}\"}",
    "{\"headers\":{\"X-Signature-256\":\"sha256=ab\"},\"body\":null}", "{\"headers\":1,\"body\":2}",
    "{\"body\":\"***\",\"headers\":{},\"isBase64Encoded\":true}",
  ])
  func everythingWithBothIsADeliveryWhereSignaturesAreJudged(_ line: String) throws {
    var rules = RecordRules()
    rules.judgesSignatures = true
    let item = try #require(try readEveryWay(line, rules: rules).items.first)
    #expect(item.isDelivery)
    let others = try readEveryWay("{\"headers\":{}} {\"body\":\"{}\"}", rules: rules)
    #expect(others.items.map(\.isDelivery) == [false, false])
  }

  @Test func aBodyThatBringsTheMemberThatIsAddedIsTurnedAway() throws {
    let item = try readEveryWay(
      "{\"headers\":{},\"body\":\"{\\\"a\\\":1,\\\"delivery\\\":{}}\"}", always
    ).items.first
    #expect(
      item?.reason.hasPrefix("the body of the delivery: the event has a member \"delivery\"")
        == true)
  }

  // MARK: As gateways write them

  /// An application load balancer gives lists of values, and no others.
  @Test func listsOfValuesAreHeadersToo() throws {
    let lists = #""multiValueHeaders":{"X-Signature-256":["sha256=ab"],"Via":["a","b"]}"#
    let item = try readEveryWay("{\(lists),\"body\":\"{}\"}").items.first
    #expect(slot(.signature256, item) == "sha256=ab")
    // Where both are there, the single values count; null is none.
    let both = #"{"headers":{"X-Signature-256":"sha256=cd"},\#(lists),"body":"{}"}"#
    #expect(slot(.signature256, try readEveryWay(both).items.first) == "sha256=cd")
    let null = #"{"headers":null,\#(lists),"body":"{}"}"#
    #expect(slot(.signature256, try readEveryWay(null).items.first) == "sha256=ab")
    var rules = RecordRules()
    rules.judgesSignatures = true
    let unsigned = #"{"multiValueHeaders":{},"body":"{}"}"#
    #expect(try readEveryWay(unsigned, rules: rules).items.first?.isDelivery == true)
    #expect(try readEveryWay(unsigned).items.first?.isDelivery == false)
  }

  @Test(arguments: [
    (#""requestContext":{"timeEpoch":1732107602000}"#, "1732107602000"),
    (#""requestContext":{"requestTimeEpoch":1732107602000}"#, "1732107602000"),
    (
      #""received_at":"2024-11-20T13:00:02Z","requestContext":{"timeEpoch":1}"#,
      "\"2024-11-20T13:00:02Z\""
    ),
    (#""received_at":null,"requestContext":{"timeEpoch":1}"#, "1"),
    (#""requestContext":{}"#, ""),
  ])
  func gatewaysTellWhenTheyReceivedIt(_ members: String, _ time: String) throws {
    let line = #"{"headers":{"X-Signature-256":"sha256=ab"},\#(members),"body":"{}"}"#
    #expect(slot(.receivedAt, try readEveryWay(line).items.first) == time)
  }

  @Test func aDefinitionCanSayWhereTheTimeStands() throws {
    let elsewhere = settings { $0.receivedAt = [JSONPointer(literal: "/at")] }
    let line = #"{"at":5,"received_at":6,"headers":{"X-Signature":"sha1=ab"},"body":"{}"}"#
    #expect(slot(.receivedAt, try readEveryWay(line, elsewhere).items.first) == "5")
  }

  // MARK: What log services wrap around them

  private let wrapped = settings { $0.wrapper = JSONPointer(literal: "/message") }

  @Test func aRecordIsTakenOutOfWhatIsWrappedAroundIt() throws {
    let events = [
      #"{"received_at":7,"message":{"a":1,"time":1700000000}}"#,
      #"{"message":" {\"a\":1,\n\"time\":1700000000} "}"#,
    ]
    let outcome = try readEveryWay(events.joined(separator: "\n"), wrapped)
    #expect(outcome.events == [#"{"a":1,"time":1700000000}"#, #"{"a":1,"time":1700000000}"#])
    #expect(outcome.items.map(\.raw) == events)
    #expect(outcome.items.map(\.time) == [1_700_000_000_000_000, 1_700_000_000_000_000])
  }

  /// The wrapper may say when what it holds was received.
  @Test func aDeliveryIsTakenOutOfWhatIsWrappedAroundIt() throws {
    let inner = #"{\"headers\":{\"X-Signature-256\":\"sha256=ab\"},\"body\":\"{}\""#
    let line = #"{"received_at":7,"message":"\#(inner)}"}"#
    let item = try #require(try readEveryWay(line, wrapped).items.first)
    #expect(item.isDelivery && item.posted == "{}" && item.raw == line)
    #expect(slot(.receivedAt, item) == "7" && slot(.signature256, item) == "sha256=ab")
    let own = #"{"received_at":7,"message":"\#(inner),\"received_at\":8}"}"#
    #expect(slot(.receivedAt, try readEveryWay(own, wrapped).items.first) == "8")
  }

  @Test(arguments: [
    ("{}", "is no record: an object, or a string that holds one, belongs there"),
    (#"{"message":[]}"#, "is no record: an object, or a string that holds one, belongs there"),
    (#"{"message":"START RequestId: 1"}"#, "is no record: unexpected byte at byte 0"),
    (#"{"message":"{} {}"}"#, "is no record: something follows the value"),
    (
      #"{"message":"[]"}"#, "is no record: a record must be a JSON object, found an array at byte 0"
    ),
    (#"{"message":"{\"a\":\"\ud800\"}"}"#, "is no text: half of a surrogate pair is escaped in it"),
  ])
  func aWrapperWithoutARecordIsTurnedAway(_ line: String, _ reason: String) throws {
    let good = #"{"message":{}}"#
    let outcome = try readEveryWay(good + "\n" + line + "\n" + good, wrapped)
    #expect(outcome.items.map(\.reason.isEmpty) == [true, false, true])
    #expect(outcome.items[1].raw == line)
    #expect(outcome.items[1].reason == "what stands at /message (input.wrapper) \(reason)")
  }

  /// A member that is there twice may hide another record.
  @Test func aWrapperWithAMemberTwiceIsTurnedAway() throws {
    var rules = RecordRules()
    rules.refusesDuplicates = true
    let twice = #"{"message":{"a":1},"message":{"a":2}}"#
    let outcome = try readEveryWay(twice, wrapped, rules: rules)
    #expect(outcome.items.first?.reason.contains("\"message\" twice") == true)
  }

  @Test func severalOnALine() throws {
    let envelope = "{\"headers\":{\"X-Signature\":\"\"},\"body\":\"{\\\"a\\\":1}\"}"
    let outcome = try readEveryWay(envelope + " {\"b\":1}" + envelope + "\n")
    #expect(outcome.items.map(\.posted) == ["{\"a\":1}", "", "{\"a\":1}"])
  }
}
