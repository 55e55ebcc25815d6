import Bytes
import Engine
import Testing

@Suite struct RedactTests {
  private let bench = Workbench(environment: ["S": "key"])

  /// Pointers, an event, and what is left of it.
  static let removals: [(String, String, String)] = [
    ("/a", #"{"a":1,"b":2}"#, #"{"b":2}"#),
    ("/b", #"{"a":1,"b":2}"#, #"{"a":1}"#),
    ("/b", #"{"a":1,"b":2,"c":3}"#, #"{"a":1,"c":3}"#),
    ("/a", #"{"a":1}"#, "{}"),
    ("/a", #"{ "a" : 1 , "b" : 2 }"#, #"{ "b" : 2 }"#),
    ("/b", #"{ "a" : 1 , "b" : 2 }"#, #"{ "a" : 1  }"#),
    ("/a", #"{"a":1,"a":2,"b":3,"a":4}"#, #"{"b":3}"#),
    ("/a", #"{"a":1,"a":2}"#, "{}"),
    ("/a", #"{"\u0061":1,"b":2}"#, #"{"b":2}"#),
    (#"/a\\"b"#, #"{"x":1,"a\\\"b":2}"#, #"{"x":1}"#),
    (#"/\""#, #"{"x":1,"\"":2,"y":3}"#, #"{"x":1,"y":3}"#),
    (#"/\\"#, #"{"x":1,"\\":2,"y":3}"#, #"{"x":1,"y":3}"#),
    ("/a/b", #"{"a":{"b":{"c":[1,{}]},"d":1},"e":1}"#, #"{"a":{"d":1},"e":1}"#),
    ("/a/b", #"{"a":{"b":1}}"#, #"{"a":{}}"#),
    ("/*/s", #"{"a":{"s":1},"b":{"s":"x","t":2},"c":3}"#, #"{"a":{},"b":{"t":2},"c":3}"#),
    ("/l/*/s", #"{"l":[{"s":1,"t":1},{"s":2}]}"#, #"{"l":[{"t":1},{}]}"#),
    ("/l/0", #"{"l":[1,2]}"#, #"{"l":[null,2]}"#),
    ("/l/*", #"{"l":[1,"x",{"y":1}]}"#, #"{"l":[null,null,null]}"#),
    ("/*", #"{"a":1,"b":2}"#, "{}"),
    ("/a', '/a/b", #"{"a":{"b":1},"c":1}"#, #"{"c":1}"#),
    ("/a/b', '/a", #"{"a":{"b":1},"c":1}"#, #"{"c":1}"#),
    ("/a', '/b', '/c", #"{"x":0,"a":1,"b":2,"c":3}"#, #"{"x":0}"#),
  ]

  @Test(arguments: removals) func removes(_ pointers: String, _ event: String, _ rest: String)
    throws
  {
    let outcome = try bench.result(event, "{ stage: 'redact', remove: ['\(pointers)'] }")
    let added = outcome.firstRange(of: "\"altered\":")
    let start = try #require(added).lowerBound
    let before = outcome[..<start]
    #expect(
      before == rest.dropLast() || before == rest.dropLast() + ",", "\(event) became \(outcome)")
    #expect((rest == "{}") == (before == "{"))
  }

  /// A digest is longer than a digit: without a bound an event could grow beyond all memory.
  @Test(arguments: [(100_000, false), (100_001, true)])
  func tooManyValuesAreRefused(_ count: Int, _ isRefused: Bool) throws {
    let event = "{\"l\":[" + [String](repeating: "1", count: count).joined(separator: ",") + "]}"
    let outcome = try bench.result(
      event, "{ stage: 'redact', hash: ['/l/*'], secret: { env: 'S' } }")
    #expect(outcome.contains("max_redactions") == isRefused)
  }

  @Test func leavesAloneWhatItDoesNotFind() throws {
    for event in ["{}", #"{"b":{"a":1}}"#, #"{"l":[null]}"#] {
      #expect(try bench.result(event, "{ stage: 'redact', remove: ['/a', '/l/0'] }") == event)
    }
  }

  @Test func hashesWhatAValueStandsFor() throws {
    let stage = "{ stage: 'redact', hash: ['/a', '/b', '/c', '/d'], secret: { env: 'S' } }"
    let outcome = try bench.result(#"{"a":"jane","b":"\u006aane","c":null,"d":[1, 2]}"#, stage)
    let jane = try signature("jane", secret: "key").replacing("sha256=", with: "hmac-sha256:")
    let list = try signature("[1, 2]", secret: "key").replacing("sha256=", with: "hmac-sha256:")
    #expect(
      outcome
        == #"{"a":"\#(jane)","b":"\#(jane)","c":null,"d":"\#(list)","altered":["/a","/b","/d"]}"#)
  }

  @Test func isIdempotent() throws {
    let stage = "{ stage: 'redact', remove: ['/x'], hash: ['/a'], secret: { env: 'S' } }"
    let first = try bench.result(#"{"a":"jane","x":1,"b":2}"#, stage)
    let split = try #require(first.firstRange(of: ",\"altered\":"))
    // As a reader hands the output to a second run.
    var again = Event(first[..<split.lowerBound] + "}")
    again.altered = String(first[split.upperBound...].dropLast())
    #expect(try bench.run([again], stage).outcome(0) == first)
  }

  @Test func joinsWhatWasAlteredBefore() throws {
    var event = Event(#"{"a":1,"b":2,"c":3}"#)
    event.altered = #"["/z","/a"]"#
    let batch = try bench.run(
      [event], "{ stage: 'redact', remove: ['/a', '/b'] }", "{ stage: 'redact', remove: ['/c'] }")
    #expect(batch.outcome(0) == #"{"altered":["/z","/a","/b","/c"]}"#)
  }

  @Test func laterStagesSeeWhatIsLeft() throws {
    let events = [#"{"x":"long value","a":"keep"}"#, #"{"x":1,"a":"drop"}"#].map(Event.init)
    let batch = try bench.run(
      events, "{ stage: 'redact', remove: ['/x'] }",
      "{ stage: 'select', where: [{ pointer: '/a', equals: 'keep' }, { pointer: '/x', exists: false }] }"
    )
    #expect(batch.verdicts == [.keep, .filtered])
  }

  @Test func eventsThatDifferInWhatIsRemovedStayTwo() throws {
    let events = [#"{"x":1}"#, #"{"x":2}"#, #"{"x":1}"#].map(Event.init)
    let batch = try bench.run(
      events, "{ stage: 'redact', remove: ['/x'] }", "{ stage: 'deduplicate' }")
    #expect(batch.verdicts == [.keep, .keep, .duplicate])
  }

  @Test(arguments: [
    ("", "needs \"remove\" or \"hash\""), ("remove: ['']", "names the whole event"),
    ("remove: ['a']", "is no JSON Pointer"), ("remove: ['/a', '/a']", "a second time"),
    ("hash: ['/a']", "\"hash\" needs \"secret\""),
    ("hash: ['/a'], secret: { env: 'NOWHERE' }", "is not set"),
    ("hash: ['/a'], secret: { value: 'x' }", "would put a secret into the definition"),
  ]) func refusesWrongSettings(_ settings: String, _ message: String) {
    let error = bench.error("{ stage: 'redact', \(settings) }")
    #expect(error.contains(message), "\(error)")
  }
}
