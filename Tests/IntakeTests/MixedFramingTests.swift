import Codec
import Intake
import TestSupport
import Testing

/// Nobody says how records stand in the input.
@Suite struct MixedFramingTests {
  private func records(_ range: Range<Int>) -> [String] { range.map { "{\"n\":\($0)}" } }

  private func lines(_ range: Range<Int>) -> String {
    records(range).map { $0 + "\n" }.joined()
  }

  @Test(arguments: [
    ("{\"n\":\"torn", "the text ends inside a value at byte 10"),
    ("{\"n\":1,\"list\":[", "the text ends inside a value at byte 15"),
    ("{\"n\":", "the text ends inside a value at byte 5"),
    ("torn\"}", "invalid literal at byte 1"), ("-- log of 1 {x} {y}", "invalid number at byte 1"),
    ("{\"n\":1} started } { again", "unexpected byte at byte 8"),
    ("[{\"n\":\"torn", "control character inside a string at byte 10"),
    ("<html>", "unexpected byte at byte 0"),
    ("12", "a record must be a JSON object, found a number at byte 0"),
  ])
  func lineThatIsNoneCostsItself(_ line: String, _ reason: String) throws {
    // As the first line, and as one among others.
    for before in ["", lines(0..<3)] {
      let outcome = try readEveryWay(before + line + "\n" + lines(3..<6))
      let kept = (before.isEmpty ? [] : records(0..<3)) + records(3..<6)
      #expect(outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == kept)
      let bad = outcome.items.filter { !$0.reason.isEmpty }
      #expect(bad.map(\.raw) == [line.hasPrefix("[") ? String(line.dropFirst()) : line])
      #expect(bad.map(\.reason) == [reason], "\(bad)")
      #expect(outcome.isBalanced)
    }
  }

  @Test func oneObjectAndThenNoLineFeeds() throws {
    let outcome = try readEveryWay(lines(0..<1) + records(1..<400).joined())
    #expect(outcome.items.map(\.raw) == records(0..<400))
    let pair = try readEveryWay(
      "{\"n\":0}{\"n\":1}\n" + lines(2..<5) + "{\"n\":,}\n" + lines(5..<9))
    #expect(pair.items.map(\.raw) == records(0..<5) + ["{\"n\":,}"] + records(5..<9))
  }

  @Test func objectsOverSeveralLines() throws {
    let pretty = "{\n  \"a\": 1,\n  \"b\": [\n    {},\n    {}\n  ]\n}\n"
    let bad = "{\n  \"a\": NaN\n}\n"
    let outcome = try readEveryWay(pretty + bad + pretty + lines(0..<3) + pretty)
    #expect(outcome.items.map(\.reason) == ["", "unexpected byte at byte 9", "", "", "", "", ""])
    #expect(outcome.items[1].raw == "{\n  \"a\": NaN\n}")
    #expect(outcome.items[0].event == "{  \"a\": 1,  \"b\": [    {},    {}  ]}")
    #expect(outcome.isBalanced)
  }

  @Test func arraysAmongLines() throws {
    let outcome = try readEveryWay(
      "[\n{\"n\":0},\n{\"n\":1}\n]\n" + lines(2..<4) + "[{\"n\":4},{\"n\":05},{\"n\":6}] \n"
        + lines(7..<9)
        + "[]\n")
    #expect(
      outcome.items.map(\.raw) == records(0..<5) + ["{\"n\":05}"] + records(6..<9))
    #expect(outcome.isBalanced)
  }

  @Test func linesGoOnBehindATornArray() throws {
    let torn = try readEveryWay("[{\"n\":0}\n" + lines(1..<3))
    #expect(torn.items.filter { $0.reason.isEmpty }.map(\.raw) == records(0..<3))
    #expect(torn.items.filter { !$0.reason.isEmpty }.map(\.raw) == [""])
    let quote = try readEveryWay("[{\"n\":0},{\"n\":\"x},{\"n\":2}]\n" + lines(3..<4))
    #expect(quote.items.map(\.raw) == ["{\"n\":0}", "{\"n\":\"x},", "{\"n\":2}", "{\"n\":3}"])
    // The list ends in the middle of the line: it is inside of a record.
    let list = try readEveryWay(
      "[{\"n\":0},{\"n\":\"x,\"l\":[{\"n\":2}],\"m\":1}]\n" + lines(3..<4))
    #expect(list.items.filter { $0.reason.isEmpty }.map(\.raw) == ["{\"n\":0}", "{\"n\":3}"])
    #expect(torn.isBalanced && quote.isBalanced && list.isBalanced)
  }

  /// What closes an array too early costs no element: they go on in its line, or the line behind.
  @Test(
    arguments: [",", ",\n"],
    ["]", "]\n", "]x", "]\nx", "]{}\u{1}", "],\n", "]]", "][", "]\n[,", "]\"", "]1"])
  func aBracketTooManyClosesNoArray(_ comma: String, _ damage: String) throws {
    for place in [5, 35] {
      for isBefore in [true, false] {
        var elements = records(0..<40)
        elements[place] = isBefore ? damage + elements[place] : elements[place] + damage
        let text = "[" + elements.joined(separator: comma) + "]\n" + lines(40..<42)
        let outcome = try readEveryWay(text)
        let kept = outcome.items.filter { $0.reason.isEmpty && $0.raw != "{}" }.map(\.raw)
        #expect(kept == records(0..<42), "\(place) \(isBefore)")
        #expect(outcome.isBalanced)
      }
    }
  }

  /// A list in a line that was torn holds no records, though an array stands before.
  @Test func aListInATornLineIsNoArray() throws {
    let list = "[" + records(50..<70).joined(separator: ",") + "]"
    for torn in ["{\"n\":1,\"l\":" + list, "1,\"l\":" + list, list.dropFirst(9) + ",\"m\":1}"] {
      let outcome = try readEveryWay(
        "[" + records(0..<20).joined(separator: ",") + "]\n\(torn)\n" + lines(20..<22))
      #expect(outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == records(0..<22), "\(torn)")
    }
  }

  /// Behind what was turned away in a line a list is no array of records: it may be the rest of that.
  @Test func aListBehindADamagedObjectIsItsOwn() throws {
    let list = "[" + records(50..<70).joined(separator: ",") + "]"
    for damaged in ["{\"n\":1,\"l\"}\(list)}", "{\"n\":1,\"l\":}\(list)}", "{\"n\":1} x \(list)"] {
      let outcome = try readEveryWay(lines(0..<2) + damaged + "\n" + lines(2..<4))
      #expect(outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == records(0..<4), "\(damaged)")
      #expect(outcome.isBalanced)
    }
  }

  @Test func aMarkOfUTF8IsNoUTF16() throws {
    let text = "\u{FEFF}[\0\0\0," + records(0..<20).joined(separator: ",") + "]\n"
    let outcome = try readEveryWay(text, settings { $0.format = .array })
    #expect(outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == records(0..<20))
  }

  /// An object does not begin with an object: the brace is what is left of a line.
  @Test func aBraceAloneBeforeALineCostsNoLine() throws {
    let outcome = try readEveryWay(lines(0..<2) + "{\n" + lines(2..<5))
    #expect(outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == records(0..<5))
    #expect(outcome.items.filter { !$0.reason.isEmpty }.map(\.raw) == ["{"])
  }

  /// A whole object and words behind it: that costs the line, whatever the next ones look like.
  @Test func wordsBehindAnObjectCostItsLine() throws {
    let line = "{\"n\":1}: 2, {"
    let outcome = try readEveryWay(lines(0..<1) + line + "\n  \"n\": 3\n" + lines(4..<6))
    #expect(outcome.items.map(\.raw) == [records(0..<1)[0], line, "\"n\": 3"] + records(4..<6))
    #expect(outcome.isBalanced)
  }

  @Test func endThatCannotBeCompletedDoesNotWait() throws {
    let waits = try readEveryWay(lines(0..<2) + "{\"n\":", tailWaits: true)
    #expect(waits.facts.map(\.pendingBytes) == [5])
    for tail in ["{\"n\":x", "torn", "\"n\":1}", "{\"n\":1} x", "]"] {
      for format in [InputFormat.auto, .ndjson] {
        let outcome = try readEveryWay(
          lines(0..<2) + tail, settings { $0.format = format }, tailWaits: true)
        #expect(outcome.facts.map(\.pendingBytes) == [0], "\(tail)")
        #expect(outcome.items.last?.raw == tail)
        #expect(outcome.isBalanced)
      }
    }
    // The lines behind a torn one are there; the object below it may still be written.
    let torn = try readEveryWay("{\"n\":[\n" + lines(0..<2), tailWaits: true)
    #expect(torn.items.map(\.raw) == ["{\"n\":["] + records(0..<2))
    let pretty = try readEveryWay(lines(0..<1) + "{\n  \"n\": 1,\n", tailWaits: true)
    #expect(pretty.items.map(\.raw) == records(0..<1))
    #expect(pretty.facts.map(\.pendingBytes) == [12])
  }

  /// A line ends what stands in it, as the input does.
  @Test func valuesBehindABadOneGoOnToTheEndOfTheLine() throws {
    for end in ["", "\n", "\r\n", " \n\n" + lines(6..<8)] {
      let outcome = try readEveryWay("{\"n\":1}{\"n\":2,b\":3}{\"n\":4}{\"n\":5}" + end)
      let kept = records(1..<2) + records(4..<6) + (end.contains("n\":") ? records(6..<8) : [])
      #expect(outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == kept, "\(end)")
      #expect(outcome.isBalanced)
    }
    // One alone may be what the bad one holds, and words hold anything.
    for line in ["{\"n\":1}{\"n\":2,b\":{\"n\":3}\n", "x {\"n\":4}{\"n\":5}\n"] {
      let outcome = try readEveryWay(line + lines(6..<8))
      let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
      #expect(kept.suffix(2) == records(6..<8)[...] && kept.count <= 3, "\(line)")
    }
  }

  /// Wherever a file is cut that somebody prints objects to, the last one waits.
  @Test(arguments: ["\n", "\r\n"]) func everyCutOfAPrintedObjectWaits(_ end: String) throws {
    let object = "{\n  \"n\": 1,\n  \"l\": [\n    {\n      \"m\": []\n    }\n  ]\n}\n"
      .replacing("\n", with: end)
    let whole = Array(object.utf8)
    let scratch = try TemporaryFolder()
    for cut in 1..<object.utf8.count - end.utf8.count {
      let path = try scratch.write("in", whole + Array(whole[..<cut]))
      let outcome = try read([path], tailWaits: true)
      #expect(outcome.items.count == 1 && outcome.facts.map(\.pendingBytes) == [cut], "\(cut)")
    }
  }

  @Test func zerosBeforeALineAreNoPartOfIt() throws {
    let hole = String(repeating: "\0", count: 5000)
    for format in [InputFormat.auto, .ndjson] {
      let outcome = try readEveryWay(
        hole + lines(0..<2) + hole + lines(2..<3) + hole, settings { $0.format = format })
      #expect(
        outcome.items.map(\.raw) == [hole] + records(0..<2) + [hole] + records(2..<3) + [hole])
      #expect(outcome.isBalanced)
    }
  }

  @Test func lineLongerThanARecordLeavesWhole() throws {
    let limited = settings {
      $0.maxRecord = 1000
      $0.leastHeld = 1
    }
    let word = String(repeating: "x", count: 3000)
    let long = "{\"n\":\"" + word + "\"}"
    for line in [word, long, long + long, "{\"n\":1}" + word] {
      let outcome = try readEveryWay(lines(0..<2) + line + "\n" + lines(2..<4), limited)
      let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
      #expect(kept.filter { $0 != "{\"n\":1}" } == ["{\"n\":0}"] + records(2..<4))
      #expect(outcome.isBalanced)
      #expect(outcome.items.map(\.raw).joined().contains(line))
    }
  }

  @Test(
    arguments: [
      ([0x50, 0x4B, 3, 4, 1, 2], "zip"),
      (Array("BZh91AY&SY".utf8), "bzip2"), ([0xFF, 0xFE, 0x7B, 0], "UTF-16"),
      ([0x7B, 0, 0x22, 0, 0x61, 0], "UTF-16"), (Array("PAR1\0\0".utf8), "Parquet"),
      ([0x78, 0x9C, 0xAB, 0x56, 0x4A, 0x54, 0xB2, 0xAA], "zlib"),
    ] as [([UInt8], String)])
  func foreignFormatsAreNamed(_ bytes: [UInt8], _ name: String) throws {
    let outcome = try readEveryWay(bytes)
    #expect(outcome.items.count == 1)
    #expect(outcome.items.first?.reason.contains(name) == true)
    #expect(outcome.isBalanced)
  }

  @Test func whatIsCompressedTwiceIsNamed() throws {
    let scratch = try TemporaryFolder()
    for format in [CompressionFormat.gzip, .zstd] {
      let inner = try format == .gzip ? gzip("{}\n") : zstd("{}\n")
      for outer in try [gzip(inner), zstd(inner)] {
        let outcome = try read([scratch.write("in", outer)])
        #expect(
          outcome.items.map(\.reason)
            == ["\(format) inside of another compression: decompress it once"])
      }
    }
  }

  /// No text that somebody wrote into an event makes another format of the file.
  @Test func textIsNoForeignFormat() throws {
    let events = (0..<30).map { number in
      let padding = String(repeating: "ustar", count: 40)
      let dashes = String(repeating: "-", count: number % 5)
      return "{\"n\":\(number),\"agent\":\"\(dashes)\(padding)\"}"
    }
    for format in [InputFormat.auto, .ndjson, .concatenated] {
      let outcome = try readEveryWay(
        events.joined(separator: "\n"), settings { $0.format = format })
      #expect(outcome.items.map(\.raw) == events, "\(format)")
    }
    var isTried = false
    for padding in 0..<5 {
      let text = "[" + String(repeating: " ", count: padding) + events.joined(separator: ",") + "]"
      isTried = isTried || text.utf8.dropFirst(257).starts(with: "ustar".utf8)
      #expect(try readEveryWay(text).items.map(\.raw) == events)
    }
    #expect(isTried)
  }

  /// Bytes that a file of another format begins with cost the line in which they stand, if lines of JSON
  /// follow.
  @Test(
    arguments: [
      [0xFF, 0xFE], [0xFE, 0xFF], Array("PAR1\n".utf8), Array("PAR1".utf8), Array("Obj\u{1}".utf8),
      [0x50, 0x4B, 3, 4], [0x04, 0x22, 0x4D, 0x18],
      Array("BZh91AY&SY".utf8),
      [0xFF, 0xFE, 0, 0], [0x78, 0x9C],
    ] as [[UInt8]])
  func aBeginningAndThenLines(_ beginning: [UInt8]) throws {
    for format in [InputFormat.auto, .ndjson] {
      let outcome = try readEveryWay(
        beginning + Array(lines(0..<25).utf8), settings { $0.format = format })
      let kept = records((beginning.last == 0x0A ? 0 : 1)..<25)
      #expect(outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == kept)
      #expect(outcome.items.count == 26 - (beginning.last == 0x0A ? 0 : 1) && outcome.isBalanced)
    }
  }
}
