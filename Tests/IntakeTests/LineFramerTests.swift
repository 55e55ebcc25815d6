import Disk
import Intake
import TestSupport
import Testing

@Suite struct LineFramerTests {
  private let ndjson = settings { $0.format = .ndjson }

  @Test func linesWithEveryLineEnd() throws {
    let outcome = try readEveryWay("{\"a\":1}\n\n  \r\n{\"b\": 2 }\r\n\t{} \n{\"c\":3}", ndjson)
    #expect(outcome.events == ["{\"a\":1}", "{\"b\": 2 }", "{}", "{\"c\":3}"])
    #expect(outcome.items.map(\.offset) == [0, 13, 25, 29])
  }

  @Test func byteOrderMarkAtTheStartOnly() throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let outcome = try readEveryWay(mark + Array("{}\n".utf8) + mark + Array("{}\n".utf8))
    #expect(outcome.events == ["{}", "!unexpected byte at byte 0"])
    #expect(outcome.items.map(\.offset) == [3, 6])
  }

  @Test(arguments: [
    ("{\"a\":1}{\"b\":2}  {\"c\":3}", ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"]),
    ("{\"a\":1} x", ["!unexpected byte at byte 8"]),
    ("{\"a\":1} 5", ["!a record must be a JSON object, found a number at byte 8"]),
    ("[1]", ["!a record must be a JSON object, found an array at byte 0"]),
    ("{\"a\":01}", ["!invalid number at byte 6"]),
    ("{\"a\":\u{0}}", ["!unexpected byte at byte 5"]),
    ("{\"a\":\r1}", ["{\"a\":1}"]),
    ("  {\"a\":tru}", ["!invalid literal at byte 8"]),
  ])
  func lineIsTakenWholeOrNotAtAll(_ line: String, _ expected: [String]) throws {
    let outcome = try readEveryWay("{}\n" + line + "\n{}\n", ndjson)
    #expect(outcome.events == ["{}"] + expected + ["{}"])
  }

  @Test func badLineKeepsItsBytes() throws {
    let outcome = try readEveryWay("{}\n {\"a\":1} {\"a\" \r\n", ndjson)
    #expect(outcome.items.last?.raw == "{\"a\":1} {\"a\"")
    #expect(outcome.items.last?.offset == 4)
    #expect(outcome.items.count == 2)
  }

  @Test func megabyteOfBrackets() throws {
    let line = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)
    let scratch = try TemporaryFolder()
    let path = try scratch.write("in", line + Array("\n{}\n".utf8))
    let outcome = try read([path], ndjson)
    #expect(
      outcome.events == [
        "!nested deeper than 512 levels (max_depth) at byte 512", "{}",
      ])
    #expect(outcome.items[0].raw.utf8.count == 1 << 20)
  }

  @Test func recordLongerThanTheLimitLeavesWhole() throws {
    let limited = settings {
      $0.format = .ndjson
      $0.maxRecord = 100_000
    }
    let long = "{\"a\":\"" + String(repeating: "x", count: 150_000) + "\"}"
    let scratch = try TemporaryFolder()
    let path = try scratch.write("in", "{\"b\":1}\n" + long + "\n{\"c\":1}\n" + long)
    var first: [Item]?
    for size in [977, 64 << 10, 1 << 20] {
      let items = try read([path], limited, disk: shortReads(size)).items
      if let first { #expect(first == items) }
      first = items
    }
    let reason = "!longer than max_record (100000 bytes)"
    let found = Outcome(items: first ?? [])
    #expect(found.events == ["{\"b\":1}", reason, "{\"c\":1}", reason])
    #expect(found.items[1].raw == long)
    #expect(found.items[1].offset == 8)
    #expect(found.items[2].offset == 9 + long.utf8.count)
  }

  @Test func lineOfExactlyTheLimitIsRead() throws {
    let line = "{\"a\":\"12345\"}"
    let exact = settings {
      $0.format = .ndjson
      $0.maxRecord = line.utf8.count
    }
    #expect(try readEveryWay(line + "\n" + line, exact).events == [line, line])
    let outcome = try readEveryWay(line + " \n" + line + " ", exact)
    #expect(outcome.events.allSatisfy { $0.hasPrefix("!longer than max_record (13 bytes)") })
    #expect(outcome.events.count == 2)
  }

  @Test func blanksBeforeALineAreNoPartOfIt() throws {
    let small = settings {
      $0.format = .ndjson
      $0.maxRecord = 13
      $0.leastHeld = 1
    }
    let blanks = String(repeating: " ", count: 40)
    let outcome = try readEveryWay(blanks + "\n{}\n" + blanks + "{\"a\":1}\n" + blanks, small)
    #expect(outcome.events == ["{}", "{\"a\":1}"])
    #expect(outcome.isBalanced)
  }

  @Test func carriageReturnBeforeTheLineFeedIsNoPartOfTheRecord() throws {
    let line = "{\"a\":\"12345\"}"
    let exact = settings {
      $0.format = .ndjson
      $0.maxRecord = line.utf8.count
    }
    #expect(try readEveryWay(line + "\r\n" + line + "\r", exact).events == [line, line])
    let outcome = try readEveryWay(line + "\r\r\n{}\n1" + line + "\r\n" + line + "\r\r", exact)
    #expect(outcome.events.map { $0.hasPrefix("!longer than") } == [true, false, true, true])
  }

  @Test(arguments: [
    ("{\"a\":1}", ["{\"a\":1}"], 0), ("{\"a\":1", [], 6), ("{\"a\":1}{", [], 8),
    ("12", ["!a record must be a JSON object, found a number at byte 0"], 0),
    ("  ", [], 0), ("", [], 0),
  ])
  func incompleteEndWaits(_ tail: String, _ expected: [String], _ pending: Int) throws {
    let outcome = try readEveryWay("{}\n" + tail, ndjson, tailWaits: true)
    #expect(outcome.events == ["{}"] + expected)
    #expect(outcome.facts.map(\.pendingBytes) == [pending])
  }

  @Test func incompleteEndGoesToTheQuarantine() throws {
    let outcome = try readEveryWay("{}\n{\"a\":1", ndjson)
    #expect(outcome.events == ["{}", "!the text ends inside a value at byte 6"])
    #expect(outcome.items[1].raw == "{\"a\":1")
  }

  @Test func manyBatchesAgreeWithOne() throws {
    let lines = (0..<60_000).map {
      "{\"number\":\($0),\"text\":\"\(String(repeating: "y", count: $0 % 90))\"}"
    }
    let scratch = try TemporaryFolder()
    let path = try scratch.write("in", lines.joined(separator: "\n"))
    for disk in [Disk(), shortReads(64 << 10), shortReads(99_991)] {
      #expect(try read([path], disk: disk).events == lines)
    }
  }
}
