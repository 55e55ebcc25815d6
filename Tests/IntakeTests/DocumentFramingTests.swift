import Intake
import JSONText
import TestSupport
import Testing

@Suite struct DocumentFramingTests {
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

  /// Its brackets tell where it ends.
  @Test(arguments: [
    ("{}{\"a\":x}{}", "{\"a\":x}", "unexpected byte at byte 5"),
    ("{}{\"a\":01}{}", "{\"a\":01}", "invalid number at byte 6"),
    ("{}{\"a\":NaN,\"b\":[+1,.5]}{}", "{\"a\":NaN,\"b\":[+1,.5]}", "unexpected byte at byte 5"),
    ("{}{\"a\":\"\u{1}\"}{}", "{\"a\":\"\u{1}\"}", "control character inside a string at byte 6"),
    ("{}{\"a\":\"\\x\"}{}", "{\"a\":\"\\x\"}", "invalid escape sequence at byte 6"),
    ("{}{\"a\":,}{}", "{\"a\":,}", "unexpected byte at byte 5"),
    ("{}{\"a\":1,}{}", "{\"a\":1,}", "unexpected byte at byte 7"),
    ("{}{a:1}{}", "{a:1}", "unexpected byte at byte 1"),
    ("{}{}12x{}", "12x", "invalid number at byte 2"),
  ])
  func badValueCostsOnlyItself(_ content: String, _ bad: String, _ reason: String) throws {
    for (format, text) in [
      (concatenated, content), (InputSettings(), content + "\n"),
    ] {
      let outcome = try readEveryWay(text, format)
      let others = content.hasPrefix("{}{}") ? ["{}", "{}"] : ["{}"]
      #expect(outcome.items.map(\.raw) == others + [bad, "{}"])
      #expect(outcome.items[others.count].reason == reason)
      #expect(outcome.isBalanced)
    }
    let elements = "[{}," + bad + ",{}]"
    let outcome = try readEveryWay(elements, array)
    #expect(outcome.items.map(\.raw) == ["{}", bad, "{}"])
    #expect(outcome.isBalanced)
  }

  /// They do not; and too little follows to tell where the next record begins.
  @Test(arguments: [
    ("{}{\"a\":[}]{}", "{\"a\":[}]{}", "unexpected byte at byte 6; the rest of the input"),
    ("{}{\"a\":1", "{\"a\":1", "the text ends inside a value at byte 6; the rest of the input"),
    ("{} ]{}", "]{}", "unexpected byte at byte 0; the rest of the input"),
  ])
  func badValueTakesTheRest(_ content: String, _ rest: String, _ reason: String) throws {
    let outcome = try readEveryWay(content, concatenated)
    #expect(outcome.events == ["{}", "!" + reason])
    #expect(outcome.items[1].raw == rest)
    #expect(outcome.isBalanced)
  }

  @Test func recordsThatFollowTellWhereTheyBegin() throws {
    let records = (0..<16).map { "{\"n\":\($0)}" }
    // A quote is missing: brackets tell nothing.
    let bad = "{\"n\":\"x}"
    let values = try readEveryWay(bad + records.joined() + "{]", concatenated)
    #expect(values.items.map(\.raw) == [bad] + records + ["{]"])
    #expect(values.items[0].reason.hasSuffix("; resumed"))
    let elements = "[{\"n\":-1}," + bad + "," + records.joined(separator: ",") + "]"
    let outcome = try readEveryWay(elements, array)
    #expect(outcome.items.map(\.raw) == ["{\"n\":-1}", bad + ","] + records)
    #expect(outcome.isBalanced)
    #expect(outcome.items.map(\.isResumed) == [false, false] + records.map { _ in true })
    // One fewer, and something else behind: nobody can tell.
    let few = try readEveryWay(bad + records.dropLast().joined() + "{]", concatenated)
    #expect(few.items.map(\.raw) == [bad + records.dropLast().joined() + "{]"])
  }

  /// The first in a row of fewer than 16, up to the end.
  @Test(arguments: [
    // Behind a missing comma; a row before it ends there.
    ("[{\"n\":0},{\"n\":\"x},{\"n\":1} ", "{\"n\":2},{\"n\":3}]"),
    // A bad value among them, and as the last.
    ("[{\"n\":0},{\"n\":\"x},", "{\"n\":2},{\"n\":03},{\"n\":NaN}]"),
    // A value is missing.
    ("[{\"n\":0},{\"n\":\"x},", "{\"n\":2},,{\"n\":3},]"),
    // The first name is escaped.
    ("[{\"n\":0},{\"n\":\"x},", "{\"\\u006e\":2},{\"n\":3}]"),
    ("[{\"\\u006E\":0},{\"n\":\"x},", "{\"\\u006e\":2},{\"n\":3}]"),
    // No record before, and something that begins in another way.
    ("[{\"n\":\"x},{\"m\":1},", "{\"n\":2},{\"n\":3}]"),
    // Another array follows.
    ("[{\"n\":0},{\"n\":\"x},", "{\"n\":2}][][{\"n\":3}]"),
  ])
  func recordsUpToTheEnd(_ before: String, _ after: String) throws {
    let outcome = try readEveryWay(before + after, array)
    let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
    #expect(kept.contains { $0.hasSuffix("\":2}") }, "\(outcome.items)")
    #expect(outcome.isBalanced)
  }

  @Test(arguments: [
    "{\"n\":0}{\"n\":\"x}{\"n\":2}{\"n\":03}{\"n\":NaN}", "{\"n\":\"x}{\"m\":1}{\"n\":2}{\"n\":3}",
    "{\"n\":\"x}{\"\\u006e\":2}{\"n\":3}",
  ])
  func valuesUpToTheEnd(_ content: String) throws {
    let outcome = try readEveryWay(content, concatenated)
    let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
    #expect(kept.contains { $0.hasSuffix("\":2}") }, "\(outcome.items)")
    #expect(outcome.isBalanced)
  }

  @Test func whatStandsInsideARecordNeverBecomesOne() throws {
    let inner = (0..<40).map { "{\"n\":\($0)}" }.joined(separator: ",")
    // The list ends, and what follows it is not what follows the last record.
    let bad = "{\"n\":\"x,\"list\":[" + inner + "],\"m\":1}"
    let good = (0..<3).map { "{\"n\":\"good \($0)\"}" }
    let outcome = try readEveryWay(
      "[{\"n\":0}," + bad + "," + good.joined(separator: ",") + "]", array)
    #expect(outcome.items.map(\.raw) == ["{\"n\":0}", bad + ","] + good)
    // Text in a string has its quotes escaped.
    let text = String(repeating: "},{\\\"n\\\":1", count: 40)
    let strings = try readEveryWay(
      "[{\"n\":0},{\"n\":\"x,\"s\":\"" + text + "\"}," + good.joined(separator: ",") + "]", array)
    #expect(strings.items.filter { $0.reason.isEmpty }.map(\.raw) == ["{\"n\":0}"] + good)
  }

  /// A quote or bracket too many makes a string or a list of what follows.
  @Test(arguments: [
    ("[{\"n\":0},\":1},", "{\"n\":2},{\"n\":3}]"),
    ("[{\"n\":0},[", "{\"n\":2},{\"n\":3}]"),
  ])
  func valueThatSwallowsRecords(_ before: String, _ after: String) throws {
    let outcome = try readEveryWay(before + after, array)
    let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
    #expect(kept == ["{\"n\":0}", "{\"n\":2}", "{\"n\":3}"])
    #expect(outcome.isBalanced)
    // Where something follows as it should, it costs itself.
    for value in ["\"{\"", "[{\"n\":1}]"] {
      let plain = try readEveryWay("[{\"n\":0}," + value + " ,{\"n\":2}]", array)
      #expect(plain.items.map(\.raw) == ["{\"n\":0}", value, "{\"n\":2}"])
      #expect(plain.items[1].reason.hasPrefix("a record must be a JSON object, found a"))
    }
  }

  @Test func listIsNoRowWhateverFollowsIt() throws {
    let list = (0..<20).map { "{\"n\":\($0)}" }.joined(separator: ",")
    for behind in ["{}", "x", " :", "\"\"}"] {
      let outcome = try readEveryWay(
        "[{\"n\":-1},{\"n\":\"x},{\"m\":[" + list + "]" + behind + ",{\"n\":-2}]", array)
      let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
      #expect(kept == ["{\"n\":-1}", "{\"n\":-2}"], "\(behind): \(outcome.items)")
      #expect(outcome.isBalanced)
    }
  }

  @Test func missingValueCostsNothing() throws {
    let outcome = try readEveryWay("[{\"a\":1},,{\"b\":1},][{\"c\":1}]", array)
    #expect(outcome.items.map(\.raw) == ["{\"a\":1}", "", "{\"b\":1}", "", "{\"c\":1}"])
    #expect(outcome.isBalanced)
  }

  @Test func listThatLostItsBracketDoesNotBecomeRecords() throws {
    let list = (0..<20).map { "{\"n\":\($0)}" }.joined(separator: ",")
    let bad = "{\"n\":[" + list + ",},"
    let outcome = try readEveryWay("[{\"n\":-1}," + bad + "{\"n\":1,\"m\":[" + list + "]}]", array)
    #expect(
      outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == [
        "{\"n\":-1}", "{\"n\":1,\"m\":[" + list + "]}",
      ])
    #expect(outcome.isBalanced)
  }

  /// Two damages: where records go on cannot be told from the first, and a list of one is torn.
  @Test func tornListDoesNotBecomeRecords() throws {
    func list(_ separator: String = ",") -> String {
      "[\n" + (0..<19).map { "{\"n\": \($0)}" }.joined(separator: ",") + separator + "{\"n\": 19}]"
    }
    func event(_ number: Int, _ list: String) -> String { "{\"n\":-\(number),\"v\": \(list)}" }
    let events = (2..<6).map { event($0, list()) }
    for junk in ["\u{1}", "x", "}", "\"", ",\u{1},"] {
      for ending in [event(7, list()) + "]", ""] {
        let behind = (events + [event(6, list(junk)), ending]).joined(separator: ",\n")
        let outcome = try readEveryWay("[{\"n\":-1,\"v\":{n\":1}},\n" + behind, array)
        #expect(!outcome.events.contains { $0.hasPrefix("{\"n\": ") }, "\(junk): \(outcome.events)")
        #expect(outcome.isBalanced)
      }
    }
  }

  /// The string that lost its quote goes on up to the first quote of the record behind.
  @Test func lostQuoteCostsNoRecordOfSeveralLines() throws {
    func pretty(_ number: Int) -> String { "{\r\n\t \"n\": \(number),\n  \"s\": \"x\"\n}" }
    for value in ["\"x}", "\"{\\\"n\\\":90}}", "[\"}\\n{\\\"n\\\":90}"] {
      for (before, between, after, format) in [("[", ",", "]", array), ("", "", "", concatenated)] {
        let records = [pretty(1), pretty(2), "{\"n\":3,\"v\":\(value)"] + (4..<9).map(pretty)
        let outcome = try readEveryWay(before + records.joined(separator: between) + after, format)
        #expect(
          outcome.events.filter { !$0.hasPrefix("!") }
            == [1, 2, 4, 5, 6, 7, 8].map { pretty($0).filter { !$0.isNewline } },
          "\(value): \(outcome.events)")
        #expect(outcome.isBalanced)
      }
    }
  }

  /// Of one record, or of several: none of what a record holds is one.
  @Test func membersOfTheFirstRecordAreNone() throws {
    let first = "{\"n\":1,\"v\":{\"n\":2}}"
    for rest in ["", ",{\"n\":3}"] {
      let outcome = try readEveryWay(
        "{\"r\": " + first + rest + "],\"next\":null}{\"r\":[{\"n\":4}]}", at("/r/*"))
      #expect(outcome.events.contains(first))
      #expect(outcome.events.contains("{\"n\":4}"))
      #expect(!outcome.events.contains("{\"n\":2}"))
      #expect(outcome.isBalanced)
    }
  }

  @Test func deepValueCostsOnlyItself() throws {
    let deep =
      "{\"a\":" + String(repeating: "[", count: 600) + String(repeating: "]", count: 600) + "}"
    let outcome = try readEveryWay("[{\"n\":1}," + deep + ",{\"n\":2}]", array)
    #expect(outcome.items.map(\.raw) == ["{\"n\":1}", deep, "{\"n\":2}"])
    #expect(outcome.items[1].reason.hasPrefix("nested deeper than 512 levels (max_depth)"))
  }

  @Test func restThatIsTooLongLeavesWhole() throws {
    let rest = "{]" + String(repeating: "z", count: 3_000_000)
    let limited = settings {
      $0.format = .concatenated
      $0.maxRecord = 70_000
    }
    let scratch = try TemporaryFolder()
    let path = try scratch.write("in", "{}" + rest)
    for size in [10_009, 64 << 10, 1 << 20] {
      let outcome = try read([path], limited, disk: shortReads(size))
      #expect(outcome.events == ["{}", "!unexpected byte at byte 1"])
      #expect(outcome.items[1].raw == rest)
      #expect(outcome.mostBytes < 3 << 20)
      #expect(outcome.isBalanced)
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
      let reason = "!longer than max_record (70000 bytes)"
      #expect(outcome.events == ["{\"b\":1}", reason, "{\"c\":1}", reason])
      #expect(
        outcome.items.map(\.offset) == [
          1, 10, 10 + long.utf8.count + 2, 10 + long.utf8.count + 10,
        ])
      #expect(outcome.items[1].raw == long)
      #expect(outcome.isBalanced)
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
    ("[{},]", "unexpected byte at byte 0", ""),
    ("[{}", "the text ends inside a document at byte 0", ""),
    ("[{},", "the text ends inside a document at byte 0", ""),
    ("[{} {}]", "unexpected byte at byte 0; the rest of the input", "{}]"),
    ("[{}]{}", "an array must begin with \"[\" at byte 0; the rest of the input", "{}"),
    ("[{}}", "unexpected byte at byte 0; the rest of the input", "}"),
  ])
  func brokenArray(_ content: String, _ reason: String, _ rest: String) throws {
    let outcome = try readEveryWay(content, array)
    #expect(outcome.events == ["{}", "!" + reason])
    #expect(outcome.items.last?.raw == rest)
  }

  /// A way that ends at something else than an array or object leads nowhere; an empty array is a place, on
  /// any level where there could be anything.
  @Test(arguments: [
    ("/x/*", #"{"x":null}"#, false), ("/x/*", #"{"x":5}"#, false), ("/x/*", #"{"x":"no"}"#, false),
    ("/x/*", #"{"x":true}"#, false), ("/x/*", #"{"x":[]}"#, true), ("/x/*", #"{"x":{}}"#, true),
    ("/x/*", #"{"x":[{}]}"#, true), ("/x/*", "null", false), ("/*", "7", false), ("/*", "[]", true),
    ("/x/*/y/*", #"{"x":[]}"#, true), ("/x/*/y/*", #"{"x":[{"y":null}]}"#, false),
    ("/x/*/y/*", #"{"x":[{"y":1},{"y":[]}]}"#, true), ("/x/y/*", #"{"x":{"y":""}}"#, false),
    ("/x/0/*", #"{"x":[[]]}"#, true), ("/x/1/*", #"{"x":[[]]}"#, false), ("/x", #"{"x":{}}"#, true),
  ])
  func whereAPointerLeads(_ pointer: String, _ document: String, _ isPlace: Bool) throws {
    let facts = try readEveryWay(document, at(pointer)).facts
    #expect(facts.map(\.documentsWithRecords) == [isPlace ? 1 : 0])
    #expect(facts.map(\.documentsWithoutRecords) == [isPlace ? 0 : 1])
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
    ("{\"r\":[{}] \"x\":1}", "unexpected byte at byte 0; the rest of the input"),
    ("{\"r\":[{}],\"x\" 1}", "unexpected byte at byte 0; the rest of the input"),
    ("{\"r\":[{}],x:1}", "unexpected byte at byte 0; the rest of the input"),
    ("{\"r\":[{}],\"x", "the text ends inside a value at byte 2; the rest of the input"),
    ("{\"r\":[{}],\"x\":1", "the text ends inside a document at byte 0"),
  ])
  func brokenOuterDocument(_ content: String, _ reason: String) throws {
    let outcome = try readEveryWay(content, at("/r/*"))
    #expect(outcome.events == ["{}", "!" + reason])
    #expect(outcome.isBalanced)
  }

  @Test(arguments: ["tru", "01", "\"\u{1}\"", "{\"a\":NaN}", "[[1,],]", "\"\\q\""])
  func badValueBesideRecordsCostsNothing(_ value: String) throws {
    let outcome = try readEveryWay(
      "{\"x\":\(value),\"r\":[{}],\"y\":\(value)}{\"r\":[{}]}", at("/r/*"))
    #expect(outcome.events == ["{}", "{}"])
    #expect(outcome.isBalanced)
  }

  /// A row of records goes on in the next document, past whatever lies beside.
  @Test func rowsOverSeveralDocuments() throws {
    let page = "{\"x\":nan,\"r\":[{\"n\":2},{\"n\":3}],\"y\":01}"
    let outcome = try readEveryWay(
      "{\"r\":[{\"n\":0},{\"n\":\"x},{\"n\":1}],\"y\":\"\u{1}\"}" + page, at("/r/*"))
    let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
    #expect(kept == (0..<4).map { "{\"n\":\($0)}" })
    #expect(outcome.isBalanced)
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
    // No further byte makes an object of that.
    let list = try readEveryWay("{}[{", concatenated, tailWaits: true)
    #expect(list.items.map(\.raw) == ["{}", "[{"])
    #expect(try readEveryWay("[{},{\"a\":", array, tailWaits: true).events.count == 2)
  }
}
