import Intake
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

  @Test func severalOnALine() throws {
    let envelope = "{\"headers\":{\"X-Signature\":\"\"},\"body\":\"{\\\"a\\\":1}\"}"
    let outcome = try readEveryWay(envelope + " {\"b\":1}" + envelope + "\n")
    #expect(outcome.items.map(\.posted) == ["{\"a\":1}", "", "{\"a\":1}"])
  }
}
