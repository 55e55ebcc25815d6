import Bytes
import JSONText
import Testing

/// What is located, and where.
@Suite struct ScannerTests {
  // MARK: Pointers

  @Test(
    arguments: [
      ("", #" {"a":1} "#, #"{"a":1}"#), ("", "5", "5"), ("/a", #"{"a":1}"#, "1"),
      ("/a", #"{ "b" : 0 , "a" : "x" }"#, #""x""#), ("/a/b/c", #"{"a":{"b":{"c":null}}}"#, "null"),
      ("/a", #"{"a":{ "b": [1, 2] }, "c":3}"#, #"{ "b": [1, 2] }"#), ("/a", #"{"a":{}}"#, "{}"),
      ("/a", #"{"a":[ ]}"#, "[ ]"), ("/0", "[7,8]", "7"), ("/1", "[7,8]", "8"),
      ("/1/1", "[0,[1,true]]", "true"), ("/a/0/b", #"{"a":[{"b":false}]}"#, "false"),
      ("/12", "[0,1,2,3,4,5,6,7,8,9,10,11,12]", "12"), ("/", #"{"":1}"#, "1"),
      ("//", #"{"":{"":2}}"#, "2"), ("/a~1b", #"{"a/b":1}"#, "1"), ("/m~0n", #"{"m~n":1}"#, "1"),
      ("/~01", #"{"~1":1}"#, "1"), ("/0", #"{"0":1}"#, "1"), ("/01", #"{"01":1}"#, "1"),
      ("/actor", #"{"\u0061ctor":1}"#, "1"), ("/a\"b", #"{"a\"b":1}"#, "1"),
      ("/é", #"{"\u00e9":1}"#, "1"), ("/😀", #"{"\uD83D\uDE00":1}"#, "1"),
      ("/\n", #"{"\n":1}"#, "1"),
      ("/a/b", #"{"\u0061":{"\u0062":-1.5e3}}"#, "-1.5e3"), ("/\u{FFFD}", #"{"\uD800":1}"#, "1"),
    ])
  func locates(_ pointer: String, _ json: String, _ value: String) throws {
    #expect(try located([pointer], in: json) == [value])
  }

  @Test(
    arguments: [
      ("/a", "{}"), ("/a", "[1]"), ("/a", "1"), ("/a/b", #"{"a":1}"#), ("/a/b", #"{"a":[1]}"#),
      ("/01", "[1,2]"), ("/-", "[1]"), ("/2", "[1,2]"), ("/+1", "[1,2]"), ("/1", "[]"),
      ("/a", #"{"A":1}"#), ("/a", #"{"a ":1}"#), ("/a", #"{"b":{"a":1}}"#),
      ("/a~1b", #"{"a":{"b":1}}"#),
      ("/caf\u{E9}", #"{"cafe\u0301":1}"#), ("/9999999999", "[1]"), ("/a/b", #"{"a/b":1}"#),
      ("/\\u0061", #"{"a":1}"#),
    ])
  func findsNothing(_ pointer: String, _ json: String) throws {
    #expect(try located([pointer], in: json) == [nil])
  }

  @Test func overlappingPointers() throws {
    let found = try located(
      ["", "/a", "/a/b", "/a/b/0", "/a/c"], in: #"{"a":{"b":[1],"c":"x"},"d":0}"#)
    #expect(
      found == [
        #"{"a":{"b":[1],"c":"x"},"d":0}"#, #"{"b":[1],"c":"x"}"#, "[1]", "1", #""x""#,
      ])
  }

  @Test func fieldsSayWhatAndWhere() throws {
    let names = ["/o", "/a", "/s", "/e", "/n", "/t", "/f", "/z", "/missing"]
    let json = #"{"o":{},"a":[],"s":"x","e":"\n","n":1,"t":true,"f":false,"z":null}"#
    let fields = scanWhole(json, try pointers(names)).fields
    #expect(
      fields.map(\.kind) == [
        .object, .array, .string, .string, .number, .true, .false, .null, .missing,
      ])
    #expect(fields.map(\.isEscaped) == (0..<9).map { $0 == 3 })
    #expect(fields[2].start == 19 && fields[2].count == 3)
    #expect(fields[2].content.start == 20 && fields[2].content.count == 1)
    #expect(fields[2].span.start == 19 && fields[2].span.count == 3)
    #expect(fields[8].start == 0 && fields[8].count == 0)
  }

  /// A scanner is used for one record after another.
  @Test func nothingIsLeftFromTheScanBefore() throws {
    let scanner = JSONText.Scanner(try pointers(["/a", "/a/b"]))
    var kinds: [[ValueKind]] = []
    for text in [#"{"a":{"b":1}}"#, "{}", "broken", #"{"a":{"c":1}}"#, "[", #"{"a":{"b":"x"}}"#] {
      withUnsafeTemporaryAllocation(of: Field.self, capacity: 2) { fields in
        guard let base = fields.baseAddress else { return }
        let bytes = Array(text.utf8)
        let scan = bytes.withUnsafeBufferPointer { scanner.scanWhole($0, fields: base) }
        if scan.fault == .none { kinds.append(fields.map(\.kind)) }
      }
    }
    #expect(
      kinds == [
        [.object, .number], [.missing, .missing], [.object, .missing], [.object, .string],
      ])
  }

  // MARK: Duplicate keys

  @Test(
    arguments: [
      (#"{"a":1,"a":2}"#, ["2", nil, nil]),
      (#"{"a":{"b":1},"a":{"c":2}}"#, [#"{"c":2}"#, nil, "2"]),
      (#"{"a":{"b":1},"a":2}"#, ["2", nil, nil]),
      (#"{"a":1,"a":{"b":2}}"#, [#"{"b":2}"#, "2", nil]),
      (#"{"a":{"b":1,"b":2},"x":{"b":3}}"#, [#"{"b":1,"b":2}"#, "2", nil]),
      (#"{"a":{"b":1},"a":{"c":2},"a":{"b":3}}"#, [#"{"b":3}"#, "3", nil]),
      (#"{"a":{"b":1},"\u0061":{}}"#, ["{}", nil, nil]),
      (#"{"a":{"b":1},"a":[]}"#, ["[]", nil, nil]),
      (#"{"a":{"b":{"d":1},"c":1},"a":null}"#, ["null", nil, nil]),
    ] as [(String, [String?])])
  func theLastOneWins(_ json: String, _ values: [String?]) throws {
    #expect(try located(["/a", "/a/b", "/a/c"], in: json) == values)
  }

  @Test func theLastOneWinsThoughOnlyWhatIsBelowWasAskedFor() throws {
    #expect(try located(["/a/b/c"], in: #"{"a":{"b":{"c":1}},"a":{"b":5}}"#) == [nil])
    #expect(try located(["/a/b/c"], in: #"{"a":{"b":{"c":1},"b":[]}}"#) == [nil])
    #expect(try located(["/a/0"], in: #"{"a":[1],"a":[]}"#) == [nil])
    #expect(try located(["/a/0"], in: #"{"a":[1],"a":[2]}"#) == ["2"])
    #expect(try located(["/a/0"], in: #"{"a":[1],"a":{"0":3}}"#) == ["3"])
  }

  // MARK: What a scan says about the value

  @Test(
    arguments: [
      ("{}", false), (" \n{}", false), ("{}\n", false), ("{\n}", true), ("{ }", false),
      ("[1,\r2]", true), ("{\"a\"\n:1}", true), ("{\"a\":\n1}", true), ("{\"a\":1\n}", true),
      ("{\"a\":1,\n\"b\":2}", true), (#"{"a":"\n"}"#, false), ("[\t1 ]", false),
      ("\r\n1\r\n", false),
    ])
  func noticesLineBreaksBetweenTokens(_ json: String, _ hasLineBreaks: Bool) {
    #expect(scanWhole(json).scan.hasLineBreaks == hasLineBreaks)
  }

  @Test(
    arguments: [
      ("{}", true), (" { \n } ", true), ("[]", false), ("{\"a\":{}}", false), ("[{}]", false),
      ("1", false), ("{\"a\":1}", false),
    ])
  func noticesTheEmptyObject(_ json: String, _ isEmpty: Bool) {
    #expect(scanWhole(json).scan.isEmptyObject == isEmpty)
  }

  @Test func readsValuesOneAfterAnother() throws {
    let text = Array(#"  {"a":1}{"a":2}[3] "a"null 5 {"a":"x"}"#.utf8)
    let set = try pointers(["/a"])
    var at = 0
    var values: [String] = []
    var kinds: [ValueKind] = []
    while true {
      let result = scan(text, from: at, set)
      guard result.fault == .none else {
        #expect(result.fault == .emptyText)
        break
      }
      values.append(String(decoding: text[result.scan.start..<result.scan.end], as: UTF8.self))
      kinds.append(result.fields[0].kind)
      if let field = result.fields.first, field.kind != .missing {
        // Fields count from the start of the text, not of the value.
        #expect(Int(field.start) >= result.scan.start && field.span.end <= result.scan.end)
      }
      at = result.scan.end
    }
    #expect(values == [#"{"a":1}"#, #"{"a":2}"#, "[3]", "\"a\"", "null", "5", #"{"a":"x"}"#])
    #expect(kinds == [.number, .number, .missing, .missing, .missing, .missing, .string])
  }

  @Test func scanStopsBehindTheValueWhateverFollows() {
    for rest in ["", "garbage", "}", ",", "\0", "\"", "]"] {
      let result = scan(Array(("[1]" + rest).utf8))
      #expect(result.fault == .none && result.scan.end == 3)
    }
  }

  // MARK: Collecting

  static func collected(_ patterns: [String], _ json: String) throws -> [String] {
    let scanner = JSONText.Scanner(try pointers(patterns, wildcards: true))
    let bytes = Array(json.utf8)
    var found: [String] = []
    let scan = bytes.withUnsafeBufferPointer { text in
      scanner.collect(text) { match in
        let span = match.field.span
        let value = String(decoding: text[Int(span.start)..<span.end], as: UTF8.self)
        found.append("\(match.slot):\(value)")
      }
    }
    if scan.fault != .none { throw Unexpected(reason: scan.fault.reason) }
    return found
  }

  @Test(
    arguments: [
      (["/a"], #"{"a":1,"b":2}"#, ["0:1"]),
      (["/a"], #"{"a":1,"a":2,"\u0061":3}"#, ["0:1", "0:2", "0:3"]),
      (["/*"], #"{"a":1,"b":2,"a":3}"#, ["0:1", "0:2", "0:3"]),
      (["/*"], "[1,[2]]", ["0:1", "0:[2]"]),
      (["/*/b"], #"{"x":{"b":1},"y":{"c":2},"z":{"b":3,"b":4}}"#, ["0:1", "0:3", "0:4"]),
      (["/a/*/c"], #"{"a":[{"c":1},{"d":2},{"c":3}]}"#, ["0:1", "0:3"]),
      (["/*/*"], "[[1,2],{\"a\":3},4]", ["0:1", "0:2", "0:3"]),
      (["/a/b", "/*/c"], #"{"a":{"b":1,"c":2},"d":{"b":3,"c":4}}"#, ["0:1", "1:2", "1:4"]),
      (["/a", "/a/b"], #"{"a":{"b":1}}"#, ["1:1", #"0:{"b":1}"#]),
      (["", "/*"], "[1,2]", ["1:1", "1:2", "0:[1,2]"]),
      (["/a/b"], #"{"a":{"b":1},"a":{"b":2}}"#, ["0:1", "0:2"]),
      (["/a/*/x", "/a/b/*"], #"{"a":{"b":{"x":1,"y":2},"c":{"x":3}}}"#, ["0:1", "1:2", "0:3"]),
    ])
  func collects(_ patterns: [String], _ json: String, _ expected: [String]) throws {
    #expect(try ScannerTests.collected(patterns, json) == expected)
  }

  @Test func aValueThatSeveralPointersMatchIsReportedOnce() throws {
    let json = #"{"a":{"b":1,"c":2},"d":{"b":3}}"#
    let found = try ScannerTests.collected(["/a/*", "/*/b", "/a/b"], json)
    #expect(found.map { $0.split(separator: ":")[1] } == ["1", "2", "3"])
  }

  @Test func aBrokenTextIsNotCollectedFrom() throws {
    let scanner = JSONText.Scanner(try pointers(["/a"]))
    let bytes = Array(#"{"a":1,"#.utf8)
    var count = 0
    let scan = bytes.withUnsafeBufferPointer { scanner.collect($0) { _ in count += 1 } }
    #expect(scan.fault == .unexpectedEnd)
    #expect(count == 0)
  }
}
