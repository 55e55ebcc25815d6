import Intake
import JSONText
import TestSupport
import Testing

@Suite struct ValueFramerTests {
  private let concatenated = settings { $0.format = .concatenated }
  private let array = settings { $0.format = .array }

  private func at(_ pointer: String) throws -> InputSettings {
    try settings { $0.records = try JSONPointer(pointer) }
  }

  @Test func valuesWithNothingBetween() throws {
    let outcome = try readEveryWay(
      "{\"a\":\"}{\"}{\"b\":[{}]} \n {\n \"c\" : 3\r\n}{}", concatenated)
    #expect(outcome.events == ["{\"a\":\"}{\"}", "{\"b\":[{}]}", "{ \"c\" : 3}", "{}"])
    #expect(outcome.items.map(\.offset) == [0, 10, 23, 36])
  }

  @Test func valueThatIsNoObjectCostsOnlyItself() throws {
    let outcome = try readEveryWay("{} 12 \"x\" [1] true{}", concatenated)
    #expect(outcome.items.map(\.raw) == ["{}", "12", "\"x\"", "[1]", "true", "{}"])
    #expect(
      outcome.items.filter { $0.reason.hasPrefix("a record must be a JSON object, found ") }.count
        == 4)
  }

  @Test(arguments: [
    ("{}{\"a\":x}{}", "{\"a\":x}{}", "unexpected byte at byte 5"),
    ("{} ]{}", "]{}", "unexpected byte at byte 0"),
    ("{}{\"a\":1", "{\"a\":1", "the text ends inside a value at byte 6"),
    ("{}{\"a\":[}]{}", "{\"a\":[}]{}", "unexpected byte at byte 6"),
    ("{}12x{}", "12x{}", "invalid number at byte 2"),
  ])
  func badValueTakesTheRest(_ content: String, _ rest: String, _ reason: String) throws {
    let outcome = try readEveryWay(content, concatenated)
    #expect(outcome.events == ["{}", "!" + reason])
    #expect(outcome.items[1].raw == rest)
  }

  @Test func restThatIsTooLongIsAnExcerpt() throws {
    let rest = "{]" + String(repeating: "z", count: 90_000)
    let limited = settings {
      $0.format = .concatenated
      $0.maxRecord = 70_000
    }
    let scratch = try TemporaryFolder()
    let path = try scratch.write("in", "{}" + rest)
    for size in [1_009, 64 << 10, 1 << 20] {
      let outcome = try read([path], limited, disk: shortReads(size))
      #expect(
        outcome.events == [
          "{}",
          "!unexpected byte at byte 1; the rest of the input: \(rest.utf8.count) bytes, sha256 "
            + sha256(Array(rest.utf8)),
        ])
      #expect(outcome.items[1].raw == String(rest.prefix(64 << 10)))
    }
  }

  @Test func recordLongerThanTheLimit() throws {
    let long = "{\"a\":\"" + String(repeating: "\\\"}", count: 40_000) + "\"}"
    let limited = settings {
      $0.format = .array
      $0.maxRecord = 70_000
    }
    let scratch = try TemporaryFolder()
    let path = try scratch.write("in", "[{\"b\":1}, " + long + " ,{\"c\":1}," + long + "]")
    for size in [1_009, 64 << 10, 1 << 20] {
      let outcome = try read([path], limited, disk: shortReads(size))
      let reason =
        "!longer than max_record (70000 bytes): \(long.utf8.count) bytes, sha256 "
        + sha256(Array(long.utf8))
      #expect(outcome.events == ["{\"b\":1}", reason, "{\"c\":1}", reason])
      #expect(
        outcome.items.map(\.offset) == [
          1, 10, 10 + long.utf8.count + 2, 10 + long.utf8.count + 10,
        ])
      #expect(outcome.items[1].raw == String(long.prefix(64 << 10)))
    }
  }

  @Test func arraysOneAfterTheOther() throws {
    let outcome = try readEveryWay(
      " [ {\"a\":1} , {\"b\":2}\n]\n[]\r\n[[{}],{\"c\":3}]", array)
    #expect(
      outcome.events == [
        "{\"a\":1}", "{\"b\":2}", "!a record must be a JSON object, found an array at byte 0",
        "{\"c\":3}",
      ])
  }

  @Test(arguments: [
    ("[{},]", "unexpected byte at byte 0", "]"),
    ("[{}", "the text ends inside a document at byte 0", ""),
    ("[{},", "the text ends inside a document at byte 0", ""),
    ("[{} {}]", "unexpected byte at byte 0", "{}]"),
    ("[{}]{}", "an array must begin with \"[\" at byte 0", "{}"),
    ("[{}}", "unexpected byte at byte 0", "}"),
  ])
  func brokenArray(_ content: String, _ reason: String, _ rest: String) throws {
    let outcome = try readEveryWay(content, array)
    #expect(outcome.events == ["{}", "!" + reason])
    #expect(outcome.items.last?.raw == rest)
  }

  @Test func pagesOfAnAPI() throws {
    let page =
      "{\"count\":2, \"more\":{\"audit_logs\":[{\"no\":1}]},\n"
      + " \"audit_logs\" : [ {\"a\":1}, {\"b\":[2]} ] , \"next\":null}"
    let outcome = try readEveryWay(
      page + "\n" + page + "{\"audit_logs\":[]}" + "{\"other\":[{}]} [] 7 ", at("/audit_logs/*"))
    #expect(outcome.events == ["{\"a\":1}", "{\"b\":[2]}", "{\"a\":1}", "{\"b\":[2]}"])
    #expect(outcome.facts.map(\.documentsWithoutRecords) == [3])
  }

  @Test func wildcardsOnSeveralLevels() throws {
    let content =
      "{\"p\":[{\"r\":{\"x\":{\"a\":1},\"y\":{\"b\":1}}},{\"q\":1},{\"r\":[{\"c\":1}]}]}"
    #expect(
      try readEveryWay(content, at("/p/*/r/*")).events == ["{\"a\":1}", "{\"b\":1}", "{\"c\":1}"])
    #expect(try readEveryWay(content, at("/p/2/r/0")).events == ["{\"c\":1}"])
    #expect(try readEveryWay("{\"a~/\\u00e9\":{\"c\":1}}", at("/a~0~1é")).events == ["{\"c\":1}"])
  }

  @Test(arguments: [
    ("{\"r\":[{}],\"x\":tru}", "invalid literal at byte 3"),
    ("{\"r\":[{}] \"x\":1}", "unexpected byte at byte 0"),
    ("{\"r\":[{}],\"x\" 1}", "unexpected byte at byte 0"),
    ("{\"r\":[{}],x:1}", "unexpected byte at byte 0"),
    ("{\"r\":[{}],\"x", "the text ends inside a value at byte 2"),
    ("{\"r\":[{}],\"x\":1", "the text ends inside a document at byte 0"),
  ])
  func brokenOuterDocument(_ content: String, _ reason: String) throws {
    #expect(try readEveryWay(content, at("/r/*")).events == ["{}", "!" + reason])
  }

  @Test func spaceBeforeAColonIsNotHeld() throws {
    let space = String(repeating: " ", count: 3 << 20)
    let scratch = try TemporaryFolder()
    let path = try scratch.write("in", "{\"r\"\(space):[{\"a\":1}]}")
    let outcome = try read([path], at("/r/*"))
    #expect(outcome.events == ["{\"a\":1}"])
    #expect(outcome.items.map(\.offset) == [space.utf8.count + 6])
    #expect(outcome.mostBytes < 3 << 20)
  }

  @Test func skippedMemberMayBeLongerThanARecord() throws {
    let noise = "[" + String(repeating: "\"]]\",", count: 30_000) + "1]"
    let limited = try settings {
      $0.records = try JSONPointer("/r/*")
      $0.maxRecord = 50_000
    }
    let scratch = try TemporaryFolder()
    let path = try scratch.write(
      "in", "{\"n\":\(noise),\"r\":[{\"a\":1}],\"m\":\(noise)} {\"r\":[{\"b\":1}]}")
    for size in [1_009, 1 << 20] {
      let outcome = try read([path], limited, disk: shortReads(size))
      #expect(outcome.events == ["{\"a\":1}", "{\"b\":1}"])
      #expect(outcome.items.map(\.offset) == [noise.utf8.count + 11, noise.utf8.count * 2 + 32])
    }
  }

  @Test func incompleteEndOfConcatenatedValuesWaits() throws {
    let outcome = try readEveryWay("{}{\"a\":", concatenated, tailWaits: true)
    #expect(outcome.events == ["{}"])
    #expect(outcome.facts.map(\.pendingBytes) == [5])
    #expect(try readEveryWay("[{},{\"a\":", array, tailWaits: true).events.count == 2)
  }
}
