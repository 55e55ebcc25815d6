import Bytes
import Engine
import TestSupport
import Testing
import Trail

/// What else rows of a claim store say has to fit an event.
@Suite struct NarrowingTests {
  private static let rows = [
    row("jane", #"{"/ip":"203.0.113.7"}"#), row("joe", #"{"/ip":["203.0.113.8","10.0.0.0/8"]}"#),
    row("kim", #"{"/ip":"203.0.113.9","/agent/os":"linux"}"#),
  ]

  private static func row(_ name: String, _ condition: String?, _ iat: Int = 1000) -> String {
    let condition = condition.map { ",\"where\":\($0)" } ?? ""
    return #"{"key_id":"k","token_id":"\#(name)","iat":\#(iat),"exp":2000\#(condition),"#
      + #""claims":{"email":"\#(name)"}}"#
  }

  /// The match, what is shown, the candidates and the flags.
  private static func narrow(
    _ store: ClaimStore, _ event: String, at seconds: Int64 = 1500
  ) throws -> String {
    let time = seconds * 1_000_000
    guard var reader = ConditionReader(store) else { return "no conditions" }
    return withBytes("k") { key in
      withBytes(String(event.dropLast())) { body in
        let answer = store.infer(key: key, at: time, PolicySelector())
        return store.narrow(answer, key: key, at: time, body: body, PolicySelector(), &reader) {
          answer in
          let text = ClaimStoreTests.describe(store, answer).split(separator: " ").filter {
            !$0.hasPrefix("{")
          }
          return (text.map(String.init) + [String(decoding: answer.candidates, as: UTF8.self)])
            .filter { !$0.isEmpty }.joined(separator: " ")
        }
      }
    }
  }

  @Test(arguments: [
    (#"{"ip":"203.0.113.7"}"#, #"narrowed "jane""#),
    (#"{"ip":"203.0.113.7:443"}"#, #"narrowed "jane""#),
    (#"{"ip":"::ffff:203.0.113.7"}"#, #"narrowed "jane""#),
    (#"{"ip":"10.9.8.7"}"#, #"narrowed "joe""#),
    (#"{"ip":"203.0.113.9","agent":{"os":"linux"}}"#, #"narrowed "kim""#),
    (#"{"ip":"203.0.113.9"}"#, #"narrowed "kim""#),
    (#"{"ip":"203.0.113.9","agent":{"os":"mac"}}"#, "none"), (#"{"ip":"192.0.2.1"}"#, "none"),
    // What is not there contradicts nothing, nor does what is no address contradict one.
    (#"{"ip":"no address"}"#, #"ambiguous ["jane","joe","kim"]"#),
    (#"{"ip":"build.example.com","agent":{"os":"mac"}}"#, #"ambiguous ["jane","joe"]"#),
    (#"{"ip":"203.0.113.7\ud800"}"#, #"ambiguous ["jane","joe","kim"]"#),
    (#"{"ip":""}"#, #"ambiguous ["jane","joe","kim"]"#),
    (#"{"ip":null}"#, #"ambiguous ["jane","joe","kim"]"#),
    (#"{"ip":{"a":1}}"#, #"ambiguous ["jane","joe","kim"]"#),
    (#"{}"#, #"ambiguous ["jane","joe","kim"]"#),
    (#"{"agent":{"os":"mac"}}"#, #"ambiguous ["jane","joe"]"#),
  ]) func leavesOutWhatTheEventContradicts(_ event: String, _ expected: String) throws {
    for rows in [NarrowingTests.rows, NarrowingTests.rows.reversed()] {
      #expect(try NarrowingTests.narrow(try ClaimStoreTests.load(rows), event) == expected)
    }
  }

  @Test func aTokenWithoutConditionsAlwaysMayHaveBeenIt() throws {
    let rows = NarrowingTests.rows + [NarrowingTests.row("max", nil)]
    let store = try ClaimStoreTests.load(rows)
    #expect(
      try NarrowingTests.narrow(store, #"{"ip":"203.0.113.7"}"#) == #"ambiguous ["jane","max"]"#)
    #expect(try NarrowingTests.narrow(store, #"{"ip":"192.0.2.1"}"#) == #"narrowed "max""#)
  }

  @Test func theSoleTokenCanBeContradicted() throws {
    let store = try ClaimStoreTests.load([NarrowingTests.rows[0]])
    #expect(try NarrowingTests.narrow(store, "{}") == #"sole "jane""#)
    #expect(try NarrowingTests.narrow(store, #"{"ip":"192.0.2.1"}"#) == "none")
  }

  /// Two tokens of Jane's, from two places: they agree whatever the event says, unless it contradicts both.
  @Test func thoseWhoAgreeStillDo() throws {
    let twice = [
      #"{"key_id":"k","token_id":"a","where":{"/ip":"203.0.113.7"},"claims":{"email":"jane"}}"#,
      #"{"key_id":"k","token_id":"b","where":{"/ip":"203.0.113.8"},"claims":{"email":"jane"}}"#,
    ]
    let store = try ClaimStoreTests.load(twice)
    #expect(try NarrowingTests.narrow(store, #"{"ip":"203.0.113.7"}"#) == #"agreed "jane""#)
    #expect(try NarrowingTests.narrow(store, #"{"ip":"192.0.2.1"}"#) == "none")
    let others = try ClaimStoreTests.load(
      twice + [#"{"key_id":"k","where":{"/ip":"192.0.2.1"},"claims":{"email":"joe"}}"#])
    #expect(try NarrowingTests.narrow(others, "{}") == #"ambiguous ["jane","joe"]"#)
    #expect(try NarrowingTests.narrow(others, #"{"ip":"203.0.113.7"}"#) == #"narrowed "jane""#)
  }

  @Test func theToleranceForClocksIsTold() throws {
    let rows = [NarrowingTests.rows[0], NarrowingTests.row("joe", #"{"/ip":"203.0.113.8"}"#, 1540)]
    let store = try ClaimStoreTests.load(rows)
    // Without the tolerance there were Jane alone.
    #expect(try NarrowingTests.narrow(store, #"{"ip":"203.0.113.7"}"#) == #"narrowed "jane" skew"#)
    #expect(try NarrowingTests.narrow(store, #"{"ip":"203.0.113.8"}"#) == #"narrowed "joe" skew"#)
    #expect(
      try NarrowingTests.narrow(store, #"{"ip":"203.0.113.8"}"#, at: 1600) == #"narrowed "joe""#)
  }

  @Test(arguments: [
    (#"{"/n":1}"#, #"{"n":1.0}"#, true), (#"{"/n":1}"#, #"{"n":2}"#, false),
    (#"{"/n":"1"}"#, #"{"n":1}"#, true), (#"{"/n":true}"#, #"{"n":"true"}"#, true),
    (#"{"/a~1b":"x"}"#, #"{"a/b":"x"}"#, true), (#"{"/l/0":"x"}"#, #"{"l":["y"]}"#, false),
    (#"{"/s":"\u0061"}"#, #"{"s":"a"}"#, true), (#"{"/s":"A"}"#, #"{"s":"a"}"#, false),
    ("{}", #"{"s":"a"}"#, true),
  ]) func comparesValues(_ condition: String, _ event: String, _ fits: Bool) throws {
    let store = try ClaimStoreTests.load([NarrowingTests.row("jane", condition)])
    #expect(try NarrowingTests.narrow(store, event) == (fits ? #"sole "jane""# : "none"))
  }

  /// Looking for those that count at a time costs no more for all the others.
  @Test func findsThoseOfTheTime() throws {
    let rows = (0..<3000).map { number in
      #"{"key_id":"k","token_id":"\#(number)","iat":\#(1000 + number * 10),"exp":\#(1015 + number * 10),"#
        + #""where":{"/n":\#(number)},"claims":{"email":"p\#(number)"}}"#
    }
    let policies = try DisplayPolicies(
      [DisplayPolicy(show: ["email"])], retain: [], inference: .on())
    var loader = ClaimStoreLoader(policies, skew: 0)
    for row in rows.shuffled() { try withBytes(row) { try loader.add($0, line: 1) } }
    let store = loader.finish()
    for number in [0, 1, 2, 63, 64, 1999, 2047, 2048, 2998, 2999] {
      // Of two at that time the event fits one.
      let expected = number == 0 ? #"sole "p0""# : #"narrowed "p\#(number)""#
      #expect(
        try NarrowingTests.narrow(store, #"{"n":\#(number)}"#, at: Int64(1002 + number * 10))
          == expected)
    }
  }
}
