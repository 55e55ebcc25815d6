import Bytes
import Engine
import Stages
import Testing
import Trail

@Suite struct ResolveKeysTests {
  private let bench = Workbench(tables: [
    "keys.json": [
      #"{"id":"01J","name":"ci-deployer","type":"OIDC","owner":"jane","scopes":["s"],"secret":"HUSH"}"#,
      #"{"id":"01K56PKDVQ","name":"DevopsSpaceKey","type":"SECRET"}"#,
      #"{"id":"01V","name":"before","valid_to":1000}"#,
      #"{"id":"01V","name":"after","valid_from":1000,"expires_at":2000}"#,
      #"{"id":"01W","name":"later","valid_from":1000}"#,
      #"{"id":"01X1","name":"two","valid_from":3000}"#,
      #"{"id":"01X2","name":"two","valid_from":3000}"#,
    ],
    "mapped.json": [#"{"AccessKeyId":"AK","UserName":"jane","name":"not this"}"#],
  ])
  private static let stage = #"{ stage: "resolve_keys", directory: "keys.json" }"#

  @Test(arguments: [
    (
      #"{"actor":"api::01J"}"#,
      #"{"actor":{"source":"api","id":"01J"},"api_key":{"id":"01J","name":"ci-deployer","type":"oidc","owner":"jane"}}"#
    ),
    (
      #"{"actor":"api::01K56PK::DevopsSpaceKey"}"#,
      #"{"actor":{"source":"api","id":"01K56PK"},"api_key":{"id":"01K56PKDVQ","name":"DevopsSpaceKey","type":"secret"}}"#
    ),
    (#"{"actor":"github::jane"}"#, #"{"actor":{"source":"github","id":"jane"}}"#),
    (#"{"actor":"jane@example.com"}"#, #"{"actor":{"id":"jane@example.com"}}"#),
    (#"{"action":"x"}"#, nil), (#"{"actor":null}"#, nil), (#"{"actor":["api::01J"]}"#, nil),
    (
      #"{"actor":"api::01X"}"#,
      #"{"actor":{"source":"api","id":"01X"},"api_key":{"id":"01X"},"flags":["key_unknown"]}"#
    ),
    (
      #"{"actor":"api::a\"\n\u202e"}"#,
      "{\"actor\":{\"source\":\"api\",\"id\":\"a\\\"\\n\u{202e}\"},\"api_key\":{\"id\":\"a\\\"\\n\u{202e}\"},\"flags\":[\"key_unknown\"]}"
    ),
    (
      #"{"actor":"api::01V","timestamp":999}"#,
      #"{"actor":{"source":"api","id":"01V"},"api_key":{"id":"01V","name":"before"}}"#
    ),
    (
      #"{"actor":"api::01V","timestamp":2000}"#,
      #"{"actor":{"source":"api","id":"01V"},"api_key":{"id":"01V","name":"after"},"flags":["key_expired"]}"#
    ),
    (
      #"{"actor":"api::01W","timestamp":999}"#,
      #"{"actor":{"source":"api","id":"01W"},"api_key":{"id":"01W"},"flags":["key_version_outside"]}"#
    ),
    // Of a version that has only an end nobody knows whether it held at no time.
    (
      #"{"actor":"api::01V"}"#,
      #"{"actor":{"source":"api","id":"01V"},"api_key":{"id":"01V"},"flags":["key_version_outside"]}"#
    ),
    (
      #"{"actor":"api::01::after","timestamp":999}"#,
      #"{"actor":{"source":"api","id":"01"},"api_key":{"id":"01"},"flags":["key_unknown"]}"#
    ),
    (
      #"{"actor":"api::01::after","timestamp":1000}"#,
      #"{"actor":{"source":"api","id":"01"},"api_key":{"id":"01V","name":"after"}}"#
    ),
  ]) func addsTheKeyThatWasUsed(_ event: String, _ attribution: String?) throws {
    let batch = try bench.run([Event(event)], ResolveKeysTests.stage)
    let added = attribution.map { ",\"attribution\":\($0)" } ?? ""
    #expect(batch.outcome(0) == event.dropLast() + added + "}")
  }

  private static let joining = Workbench(
    tables: [
      "keys.json": [#"{"id":"01J","name":"ci-deployer"}"#, #"{"id":"01K","name":"other"}"#],
      "tokens.ndjson": [
        #"{"key_id":"01J","token_id":"r1"}"#, #"{"key_id":"01J","request_id":"r2"}"#,
        #"{"key_id":"01J","request_id":"r3"}"#, #"{"key_id":"01K","token_id":"r3"}"#,
        #"{"key_id":"01J","request_id":"r3"}"#, #"{"key_id":"01J","token_id":"r4"}"#,
        #"{"key_id":"01J","token_id":"r4"}"#, #"{"key_id":"01GONE","token_id":"r5"}"#,
        #"{"key_id":"01J"}"#,
      ],
    ], dialect: #"{ extends: "coder", token: ["/request_id"] }"#)

  /// A key that the event names itself counts, and of a request with two keys none does.
  @Test(arguments: [
    ("r1", "", "01J"), ("r2", "", "01J"), ("r3", "", nil), ("r4", "", "01J"), ("r9", "", nil),
    ("", "", nil), ("r1", #","additional_fields":{"request_api_key":{"id":"01K"}}"#, "01K"),
  ]) func findsTheKeyOfARequest(_ request: String, _ more: String, _ key: String?) throws {
    let event = #"{"user":{"username":"jane"},"request_id":"\#(request)"\#(more)}"#
    let stage = #"{ stage: "resolve_keys", directory: "keys.json", tokens: "tokens.ndjson" }"#
    let batch = try ResolveKeysTests.joining.run([Event(event)], stage)
    let outcome = batch.outcome(0)
    let name = key == "01J" ? "ci-deployer" : "other"
    let found = key.map { #","api_key":{"id":"\#($0)","name":"\#(name)"}"# } ?? ""
    #expect(outcome.contains(#""actor":{"id":"jane"}\#(found)}"#))
    #expect(outcome.contains(#""request_api_key":{"id":"01J","token_name":"ci"#) == (key == "01J"))
  }

  @Test func aKeyOfARequestMayBeUnknown() throws {
    let event = #"{"user":{"username":"jane"},"request_id":"r5"}"#
    let stage = #"{ stage: "resolve_keys", directory: "keys.json", tokens: "tokens.ndjson" }"#
    let outcome = try ResolveKeysTests.joining.run([Event(event)], stage).outcome(0)
    #expect(outcome.contains(#""api_key":{"id":"01GONE"},"flags":["key_unknown"]"#))
  }

  @Test(arguments: [
    ("id", #"{"id":"01J"}"#),
    ("summary", #"{"id":"01J","name":"ci-deployer","type":"oidc","owner":"jane"}"#),
    ("full", #"{"id":"01J","name":"ci-deployer","type":"oidc","owner":"jane","scopes":["s"]}"#),
    (
      "reference",
      #"{"id":"01J","name":"ci-deployer","digest":"661318011eb157ff738aa7cc81d41512"}"#
    ),
  ]) func hasFourDetails(_ detail: String, _ key: String) throws {
    let stage = #"{ stage: "resolve_keys", directory: "keys.json", detail: "\#(detail)" }"#
    let batch = try bench.run([Event(#"{"actor":"api::01J"}"#)], stage)
    #expect(try batch.attribution(0, "api_key") == key)
  }

  @Test func theRegistryHasWhatEventsReferTo() throws {
    let stage = #"{ stage: "resolve_keys", directory: "keys.json", detail: "reference" }"#
    let made = try bench.make(stage)
    let events = ["api::01J", "api::01X", "github::01J", "api::01W", "api::01J"].map {
      Event("{\"actor\":\"\($0)\"}")
    }
    _ = try bench.run(events, on: made)
    let rows = made.context.results.usedKeys.map { String(decoding: $0.text, as: UTF8.self) }
    #expect(
      rows == [
        #"{"id":"01J","name":"ci-deployer","type":"oidc","owner":"jane","scopes":["s"]}"#
      ])
    let plain = try bench.make(ResolveKeysTests.stage)
    _ = try bench.run(events, on: plain)
    #expect(plain.context.results.usedKeys == [])
  }

  @Test func theKeysPlaceCanBeElsewhere() throws {
    var bench = bench
    bench.dialect = #"{ actor: "/user", key: "/accessKey" }"#
    let stage = """
      { stage: "resolve_keys", directory: "mapped.json",
        fields: { id: "/AccessKeyId", name: ["/Name", "/UserName"] } }
      """
    let batch = try bench.run([Event(#"{"user":"arn:x","accessKey":"AK"}"#)], stage)
    #expect(
      try batch.attribution(0) == #"{"actor":{"id":"arn:x"},"api_key":{"id":"AK","name":"jane"}}"#)
  }

  @Test func unknownKeysAreNoted() throws {
    let made = try bench.make(ResolveKeysTests.stage)
    #expect(made.context.results.counters.map(\.name) == ["unknown keys"])
    #expect(made.context.results.counters.map(\.listsNames) == [true])
    #expect(made.context.results.tables.map(\.path) == ["keys.json"])
    let events = ["api::01X", "api::01J", "github::01X", "api::01X::n"].map {
      Event("{\"actor\":\"\($0)\"}")
    }
    let batch = try bench.run(events, on: made)
    let names = (0..<batch.notes.count).map {
      String(decoding: batch.bytes[batch.notes[$0].name], as: UTF8.self)
    }
    #expect(names == ["01X", "01X"])
  }

  @Test func tellsWhatItFound() throws {
    let made = try bench.make(ResolveKeysTests.stage)
    let events =
      ["api::01J", "api::01X", "jane", "api::01W", "api::01::later"].map {
        Event("{\"actor\":\"\($0)\"}")
      }
      + ["api::01W", "api::01::later", "api::01::two"].map {
        Event("{\"actor\":\"\($0)\",\"timestamp\":\($0.hasSuffix("two") ? 3000 : 999)}")
      }
    let batch = try bench.run(events, on: made)
    guard case .pure(let stage) = made.steps[0], let stage = stage as? any Explaining else {
      Issue.record("the stage explains nothing")
      return
    }
    #expect(stage.explain(batch, 0) == [#"key 01J found: "ci-deployer""#])
    #expect(stage.explain(batch, 1) == ["key 01X is not in the directory"])
    #expect(stage.explain(batch, 2) == ["the actor is no API key"])
    #expect(
      (3..<events.count).map { stage.explain(batch, $0) } == [
        [
          "key 01W is in the directory, but each version of it has a bound, and the event has no usable time"
        ],
        [
          "key 01 is not in the directory: a key that begins so is called later, but not at all times,"
            + " and the event has none"
        ],
        ["key 01W is in the directory, but no version of it holds at the event's time"],
        [
          "key 01 is not in the directory: a key that begins so is called later, but was not at the"
            + " event's time"
        ],
        [
          "key 01 is not in the directory: several keys that begin so were called two at the event's time"
        ],
      ])
  }

  @Test(arguments: [
    ("", "needs \"directory\""), ("directory: 'missing.json'", "cannot open: missing.json"),
    ("directory: 'keys.json', detail: 'all'", "\"summary\""),
    ("directory: 'keys.json', fields: { name: '/secret' }", "points to a secret"),
    ("directory: 'keys.json', fields: { name: '/oidc/Secret/x' }", "points to a secret"),
    ("directory: 'keys.json', fields: { id: '/nowhere' }", "keys.json: line 1: a row of a key"),
    ("directory: 'keys.json', fields: { nme: '/x' }", "did you mean \"name\"?"),
  ]) func refusesWrongSettings(_ settings: String, _ message: String) {
    let error = bench.error("{ stage: 'resolve_keys', \(settings) }")
    #expect(error.contains(message), "\(error)")
  }
}
