import Bytes
import Engine
import JSONText
import Settings
import Testing
import Trail

@Suite struct DialectSettingsTests {
  @Test func namesABuiltInOne() throws {
    let dialect = try Dialect.read(try settings(#"{ dialect: "coder" }"#))
    #expect(dialect.name == "coder")
    #expect(dialect.pointers[.time]?.map(\.description) == ["/time", "/fields/Time", "/ts"])
  }

  @Test func isSpaceliftWhereNothingIsSaid() throws {
    #expect(
      try Dialect.read(try settings("{}")).pointers[.address] == [try JSONPointer("/remoteIP")])
  }

  @Test func extendsOne() throws {
    let text = """
      { dialect: { extends: "spacelift", account: "/x", actor: ["/a", "/b"], claims: null } }
      """
    let dialect = try Dialect.read(try settings(text))
    #expect(dialect.pointers[.account]?.map(\.description) == ["/x"])
    #expect(dialect.pointers[.actor]?.map(\.description) == ["/a", "/b"])
    #expect(dialect.pointers[.claims] == [])
    #expect(dialect.pointers[.address]?.map(\.description) == ["/remoteIP"])
  }

  @Test(arguments: Dialect.builtIn.keys.sorted()) func everyBuiltInOneCanBeExtended(
    _ name: String
  ) throws {
    let base = try Dialect.named(name)
    let text = "{ dialect: { extends: \"\(name)\", actor: \"/who\", address: null } }"
    let dialect = try Dialect.read(try settings(text))
    #expect(dialect.pointers[.actor]?.map(\.description) == ["/who"])
    #expect(dialect.pointers[.address] == [])
    for role in Role.allCases where role != .actor && role != .address {
      #expect(dialect.pointers[role] == base.pointers[role], "\(role)")
    }
  }

  @Test func isWrittenInFull() throws {
    let dialect = try Dialect.read(
      try settings(#"{ dialect: { key: "/userIdentity/accessKeyId", time: "/eventTime" } }"#))
    #expect(dialect.pointers.count == 2)
  }

  @Test func saysHowTimesAreWritten() throws {
    let text =
      #"{ dialect: { time: "/t", time_zone: "+02:00", time_format: ["%F %T", "%d.%m.%Y %H"] } }"#
    let times = try Dialect.read(try settings(text)).times
    #expect(times.zone?.seconds == 7200)
    #expect(times.formats.map(\.pattern) == ["%F %T", "%d.%m.%Y %H"])
  }

  @Test(arguments: [
    (#"{ dialect: { time_zone: "Europe/Berlin" } }"#, "must be \"UTC\" or an offset"),
    (#"{ dialect: { time_format: "%F" } }"#, "says no whole time"),
    (#"{ dialect: { time_format: "%F %T" } }"#, "set \"time_zone\" too"),
    (#"{ dialect: "spacelft" }"#, "did you mean \"spacelift\"?"),
    (#"{ dialect: { extends: "codr" } }"#, "did you mean \"coder\"?"),
    (#"{ dialect: { actor: "a" } }"#, "is no JSON Pointer"),
    (#"{ dialect: { actor: 7 } }"#, "\"actor\" takes pointers, found a number"),
    (#"{ dialect: { actor: ["/a", null] } }"#, "\"actor\" takes pointers, found null"),
    (#"{ dialect: { token: { pointer: "/a", claim: "x" } } }"#, "a text at a place of \"claims\""),
    (#"{ dialect: { token: { filters: "lower" } } }"#, "needs \"pointer\""),
    (#"{ dialect: { token: { pointer: "/a", filters: "upper" } } }"#, "unknown filter \"upper\""),
    (#"{ dialect: { token: { pointer: "/a", filter: "lower" } } }"#, "did you mean \"filters\"?"),
    (#"{ dialect: { token: { pointer: "/a", filters: "default:x" } } }"#, "has a default"),
    (
      #"{ dialect: { actor: { pointer: "/a", filters: "lower" } } }"#,
      "are for \"key\", \"token\" and \"run\""
    ),
    (#"{ dialect: 7 }"#, "dialect"),
  ]) func refusesWhatIsWrong(_ text: String, _ message: String) throws {
    let settings = try settings(text)
    let error = #expect(throws: SettingsError.self) { try Dialect.read(settings) }
    #expect(error?.description.contains(message) == true)
  }

  @Test func shapesIDs() throws {
    let text = """
      { dialect: { token: [{ pointer: "/a", filters: ["strip_prefix:JTI=", "lower"] }, "/b"],
        key: { pointer: "/k", filters: null }, actor: { pointer: "/who" } } }
      """
    let dialect = try Dialect.read(try settings(text))
    for (event, token) in [
      (#"{"a":"JTI=Ab","b":"B"}"#, "ab"), (#"{"a":"JTI=","b":"B"}"#, "B"),
      (#"{"b":"JTI=B"}"#, "JTI=B"),
      (#"{"a":"\u004aTI=X"}"#, "x"), (#"{"a":17}"#, "17"), (#"{"a":{},"b":"B"}"#, "B"),
      (#"{"a":"JTI="}"#, nil), (#"{"a":[1],"b":"B"}"#, nil),
    ] {
      let (batch, bound) = batch(dialect, event)
      let found = bound.scalar(.token, batch, 0).map {
        String(decoding: batch.bytes[$0], as: UTF8.self)
      }
      #expect(found == token, "\(event)")
    }
    for (role, text) in [(Role.key, "K"), (.actor, "W")] {
      let (batch, bound) = batch(dialect, #"{"k":"K","who":"W"}"#)
      #expect(bound.scalar(role, batch, 0).map { Array(batch.bytes[$0]) } == Array(text.utf8))
    }
  }

  @Test func aTextCanBeAClaim() throws {
    let text =
      #"{ dialect: { claims: ["/c", { pointer: "/e", claim: "e\"mail" }, { pointer: "/o" }] } }"#
    let dialect = try Dialect.read(try settings(text))
    for (event, claims) in [
      (#"{"c":{"a":1},"e":"x"}"#, #"{"a":1}"#),
      (#"{"c":{},"e":"\u0078"}"#, #"{"e\"mail":"\u0078"}"#),
      (#"{"c":"x","e":"x"}"#, nil), (#"{"e":17}"#, #"{"e\"mail":17}"#), (#"{"e":{"a":1}}"#, nil),
      (#"{"e":"","o":{"a":1}}"#, #"{"a":1}"#), (#"{"o":"x"}"#, nil), ("{}", nil),
    ] {
      let (batch, bound) = batch(dialect, event)
      let found = bound.claims(batch, 0).map { String(decoding: batch.bytes[$0], as: UTF8.self) }
      #expect(found == claims, "\(event)")
    }
  }

  @Test func leavesUnknownRolesToFinish() throws {
    let settings = try settings(#"{ dialect: { actr: "/a" } }"#)
    _ = try Dialect.read(settings)
    let error = #expect(throws: SettingsError.self) { try settings.finish() }
    #expect(error?.description.contains("did you mean \"actor\"?") == true)
  }
}
