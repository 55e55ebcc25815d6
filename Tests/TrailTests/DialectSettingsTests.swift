import Bytes
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
    (#"{ dialect: 7 }"#, "dialect"),
  ]) func refusesWhatIsWrong(_ text: String, _ message: String) throws {
    let settings = try settings(text)
    let error = #expect(throws: SettingsError.self) { try Dialect.read(settings) }
    #expect(error?.description.contains(message) == true)
  }

  @Test func leavesUnknownRolesToFinish() throws {
    let settings = try settings(#"{ dialect: { actr: "/a" } }"#)
    _ = try Dialect.read(settings)
    let error = #expect(throws: SettingsError.self) { try settings.finish() }
    #expect(error?.description.contains("did you mean \"actor\"?") == true)
  }
}
