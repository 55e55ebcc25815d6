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
    #expect(item?.identity == body)
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
    #expect(item?.identity == "{\"a\":1}")
    #expect(slot(.signature256, item) == "sha256=ef")
    #expect(
      item?.event == "{\"a\":1,\"delivery\":{\"signature\":\"sha256=ef\",\"body_sha256\":\""
        + sha256(Array("{\"a\":1}".utf8)) + "\"}}")
  }

  @Test func lineBreaksGoButTheIdentityKeepsThem() throws {
    let item = try readEveryWay("{\"headers\":{},\"body\":\" {\\n \\\"a\\\":1\\r\\n} \\n\"}").items
      .first
    #expect(item?.identity == " {\n \"a\":1\r\n} \n")
    #expect(item?.event.hasPrefix("{ \"a\":1,\"delivery\":{\"body_sha256\":") == true)
    #expect(slot(.signature256, item) == "")
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
    let outcome = try readEveryWay("{}\n" + line + "\n{}")
    #expect(outcome.events == ["{}", "!" + reason, "{}"])
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
    #expect(item?.identity == "{}")
  }

  @Test func policiesDecide() throws {
    let envelope = "{\"headers\":{},\"body\":\"{}\"}"
    let content = envelope + "\n{\"headers\":1,\"body\":\"{}\"}\n"
    let never = try readEveryWay(content, settings { $0.envelope = .never })
    #expect(never.events.first == envelope)
    let auto = try readEveryWay(content)
    #expect(auto.events.last == "{\"headers\":1,\"body\":\"{}\"}")
    let always = try readEveryWay(content, settings { $0.envelope = .always })
    #expect(always.events.first?.hasPrefix("{\"delivery\":") == true)
    #expect(always.items.last?.reason.hasPrefix("no delivery") == true)
  }

  @Test func membersInsideABodyAreTheVendors() throws {
    let item = try readEveryWay(
      "{\"headers\":{},\"body\":\"{\\\"a\\\":1,\\\"delivery\\\":{}}\"}"
    ).items.first
    #expect(item?.event.hasPrefix("{\"a\":1,\"delivery\":{},\"delivery\":{") == true)
  }

  @Test func severalOnALine() throws {
    let envelope = "{\"headers\":{},\"body\":\"{\\\"a\\\":1}\"}"
    let outcome = try readEveryWay(envelope + " {\"b\":1}" + envelope + "\n")
    #expect(outcome.items.map(\.identity) == ["{\"a\":1}", "", "{\"a\":1}"])
  }
}
