import Settings
import Testing

private enum Detail: String, CaseIterable { case id, summary, full }

private func settings(_ text: String) throws -> Settings {
  try Settings(parse(text), what: "stage \"resolve_keys\"")
}

private func share(_ text: String) -> Limit { Share(text).map { .share($0) } ?? .none }

@Suite struct SettingsTests {
  @Test func readsEveryType() throws {
    let read = try settings(
      """
      { s: 'text', b: true, i: 7, size: '16MiB', time: '5m', share: '0.5%', detail: 'full',
        list: ['a', 'b'], one: 'a', object: { x: 1 }, objects: [{ y: 1 }, { y: 2 }], raw: [1] }
      """)
    #expect(try read.string("s") == "text")
    #expect(try read.optionalString("s") == "text")
    #expect(try read.bool("b"))
    #expect(try read.int("i", range: 0...10) == 7)
    #expect(try read.optionalInt("i", range: 0...10) == 7)
    #expect(try read.size("size") == 16 << 20)
    #expect(try read.duration("time") == 300)
    #expect(try read.percent("share") == Share("0.5%").map { .share($0) })
    #expect(try read.choice("detail", default: Detail.summary) == .full)
    #expect(try read.strings("list") == ["a", "b"])
    #expect(try read.strings("one") == ["a"])
    #expect(try read.object("object")?.int("x", range: 0...1) == 1)
    #expect(try read.objects("objects").map { try $0.int("y", range: 0...9) } == [1, 2])
    #expect(read.value("raw")?.kind == "an array")
    #expect(read.has("raw"))
    try read.finish()
  }

  @Test(arguments: ["{}", "{a: null}"]) func fallsBackWhereNothingIsGiven(text: String) throws {
    let read = try settings(text)
    #expect(try read.string("a", default: "d") == "d")
    #expect(try read.optionalString("a") == nil)
    #expect(try read.bool("a", default: true))
    #expect(try read.int("a", default: -1, range: 0...1) == -1)
    #expect(try read.optionalInt("a", range: 0...1) == nil)
    #expect(try read.size("a", default: 5) == 5)
    #expect(try read.duration("a", default: 6) == 6)
    #expect(try read.choice("a", default: Detail.summary) == .summary)
    #expect(try read.strings("a", default: ["x"]) == ["x"])
    #expect(try read.object("a") == nil)
    #expect(try read.objects("a").isEmpty)
    #expect(read.value("a") == nil && !read.has("a"))
    #expect(complaint { try read.string("a") } == "a.json5:1:1: stage \"resolve_keys\" needs \"a\"")
    try read.finish()
  }

  @Test func whoAsksForItSeesNull() throws {
    #expect(try settings("{a: null}").written("a")?.content == .null)
    #expect(try settings("{}").written("a") == nil)
  }

  @Test func tellsNullFromAbsentForLimits() throws {
    #expect(try settings("{a: null}").percent("a", default: .count(1)) == Limit.none)
    #expect(try settings("{}").percent("a", default: .count(1)) == .count(1))
    #expect(complaint { try settings("{}").percent("a") } != nil)
  }

  @Test(arguments: [
    ("'0'", 0), ("0", 0), ("4096", 4096), ("0x10", 16), ("'4096'", 4096), ("'512 KiB'", 512 << 10),
    ("'1GiB'", 1 << 30), ("'8589934591GiB'", 8_589_934_591 << 30),
  ])
  func readsSizes(text: String, bytes: Int) throws {
    #expect(try settings("{a: \(text)}").size("a") == bytes)
  }

  @Test(arguments: [
    "''", "'MiB'", "'1MB'", "'1mib'", "'-1MiB'", "'+1MiB'", "'1.5MiB'", "'1 MiB '", "' 1MiB'", "-1",
    "1.5", "'8589934592GiB'", "'99999999999999999999'", "true", "'１MiB'", "[1]",
  ])
  func refusesOtherSizes(text: String) {
    let complaint = complaint { try settings("{a: \(text)}").size("a") }
    #expect(complaint?.hasPrefix("a.json5:1:5: \"a\" must be a size such as \"16MiB\"") == true)
  }

  @Test(arguments: [("'0s'", 0), ("'60s'", 60), ("'2 h'", 7200), ("'7d'", 604_800)])
  func readsDurations(text: String, seconds: Int) throws {
    #expect(try settings("{a: \(text)}").duration("a") == seconds)
  }

  @Test(arguments: ["60", "'60'", "'5min'", "'-5m'", "'5M'", "''", "'s'", "'9223372036854775807m'"])
  func refusesOtherDurations(text: String) {
    let complaint = complaint { try settings("{a: \(text)}").duration("a") }
    #expect(complaint?.hasPrefix("a.json5:1:5: \"a\" must be a duration such as \"60s\"") == true)
  }

  @Test(arguments: [
    ("'1%'", Limit.share(.onePercent)), ("'0.5 %'", share("0.5%")), ("'100%'", share("100%")),
    ("'0%'", share("0%")), ("20", .count(20)), ("'20'", .count(20)), ("0", .count(0)),
  ])
  func readsLimits(text: String, limit: Limit) throws {
    #expect(try settings("{a: \(text)}").percent("a") == limit)
  }

  @Test(arguments: [
    "'%'", "'101%'", "'100.1%'", "'1.0000000000001%'", "'-1%'", "'1e1%'", "'.5%'", "'1.%'",
    "'1.2.3%'", "'nan%'", "-1",
    "0.5",
    "''", "true",
  ])
  func refusesOtherLimits(text: String) {
    #expect(complaint { try settings("{a: \(text)}").percent("a") } != nil)
  }

  @Test(arguments: [
    ("29%", 29, 100, false), ("29%", 30, 100, true), ("0.99%", 99, 10_000, false),
    ("0.99%", 100, 10_000, true), ("0.000000000001%", 92_234, Int.max, true),
    ("0%", 1, Int.max, true),
    ("0%", 0, 0, false),
    ("100.00%", Int.max, Int.max, false), ("1%", 92_233_720_368_547_759, Int.max, true),
  ])
  func sharesAreExact(_ text: String, _ count: Int, _ total: Int, _ isExceeded: Bool) throws {
    #expect(try #require(Share(text)).isExceeded(by: count, of: total) == isExceeded)
  }

  @Test(arguments: [
    ("'a\\u0000b'", "\"a\" holds a NUL, which no path can: leave it out"),
    ("['x', 'a\\0']", "\"a\" holds a NUL, which no path can: leave it out"),
    (
      "'s3://b/a'",
      "\"a\" is a URL, and only files and folders of this machine are read and written: s3://b/a: name a path"
        + " (./s3://b/a if a folder is called that)"
    ),
  ])
  func pathsAreOfThisMachine(_ value: String, _ message: String) throws {
    let read = try settings("{a: \(value)}")
    #expect(complaint { try read.paths("a") } == "a.json5:1:5: " + message)
    guard value.hasPrefix("'") else { return }
    #expect(complaint { try read.path("a") } == "a.json5:1:5: " + message)
    #expect(complaint { try read.optionalPath("a") } == "a.json5:1:5: " + message)
    read.hideValues()
    #expect(complaint { try read.path("a") }?.contains("s3://b/a") == false)
    #expect(try settings("{}").optionalPath("a") == nil)
    #expect(try settings("{}").paths("a") == [])
  }

  /// A key that is no plain word may be a secret in a wrong place.
  @Test(arguments: [
    ("whsec_9f8Zk3", "unknown key: stage \"resolve_keys\" takes \"env\""),
    ("envwhsec_9f8Zk3", "unknown key: did you mean \"env\"?"),
    ("env2", "unknown key \"env2\": did you mean \"env\"?"),
    ("duplicates", "unknown key \"duplicates\": stage \"resolve_keys\" takes \"env\""),
  ])
  func keysThatMayBeSecrets(_ key: String, _ message: String) throws {
    let read = try settings("{\(key): 1}")
    _ = read.has("env")
    #expect(complaint { try read.finish() } == "a.json5:1:2: " + message)
  }

  @Test func saysWhatItExpectedAndFound() {
    func complaint(_ value: String, _ read: (Settings) throws -> Any) -> String? {
      SettingsTestsSupport.complaint("{\n  a: \(value) }", read)
    }
    #expect(complaint("1") { try $0.string("a") } == "\"a\" must be a string, found 1")
    #expect(complaint("[]") { try $0.string("a") } == "\"a\" must be a string, found an array")
    #expect(
      complaint("'true'") { try $0.bool("a") } == "\"a\" must be true or false, found \"true\"")
    #expect(
      complaint("12") { try $0.int("a", range: 0...9) }
        == "\"a\" must be a whole number from 0 to 9, found 12")
    #expect(
      complaint("0") { try $0.int("a", range: 1...Int.max) }
        == "\"a\" must be a whole number from 1 on, found 0")
    #expect(
      complaint("'2d'") { try $0.duration("a", range: 1...60) }
        == "\"a\" must be a duration such as \"60s\" (s, m, h or d) from 1 to 60 seconds, found \"2d\""
    )
    #expect(
      complaint("'sumary'") { try $0.choice("a", default: Detail.id) }
        == "\"a\" must be one of \"id\", \"summary\", \"full\", found \"sumary\": "
        + "did you mean \"summary\"?")
    #expect(
      complaint("3") { try $0.choice("a", default: Detail.id) }
        == "\"a\" must be one of \"id\", \"summary\", \"full\", found 3")
    #expect(
      complaint("['x', 1]") { try $0.strings("a") } == "\"a\" must be an array of strings, found 1")
    #expect(complaint("{}") { try $0.strings("a") }?.contains("an array of strings") == true)
    #expect(
      complaint("'x'") { try $0.object("a") as Any } == "\"a\" must be an object, found a string")
    #expect(
      complaint("[1]") { try $0.objects("a") }
        == "an element of \"a\" must be an object, found a number")
    #expect(
      complaint("{}") { try $0.objects("a") }
        == "\"a\" must be an array of objects, found an object")
    // A list of objects may be one of secrets: what stands there instead may be the secret.
    #expect(
      complaint("'x'") { try $0.objects("a") }
        == "\"a\" must be an array of objects, found a string")
  }

  @Test func refusesWhatIsNoObject() {
    #expect(
      complaint { try settings("\n[]") }
        == "a.json5:2:1: stage \"resolve_keys\" must be an object, found an array")
  }

  @Test func refusesKeysThatNobodyAskedFor() throws {
    let read = try settings("{ directory: 'x',\n  detial: 'full' }")
    _ = try read.string("directory")
    _ = try read.choice("detail", default: Detail.id)
    #expect(
      complaint { try read.finish() }
        == "a.json5:2:3: unknown key \"detial\": did you mean \"detail\"?")
    let far = try settings("{ zzz: 1 }")
    #expect(
      complaint { try far.finish() }
        == "a.json5:1:3: unknown key \"zzz\": stage \"resolve_keys\" takes none")
    _ = try far.optionalString("directory")
    #expect(
      complaint { try far.finish() }
        == "a.json5:1:3: unknown key \"zzz\": stage \"resolve_keys\" takes \"directory\"")
  }

  @Test func refusesThemInObjectsWithinToo() throws {
    let read = try settings("{ a: { x: 1 }, b: [{}, { isuer: 1 }] }")
    _ = try read.object("a")?.value("x")
    for object in try read.objects("b") { _ = try object.optionalString("issuer") }
    #expect(
      complaint { try read.finish() }
        == "a.json5:1:26: unknown key \"isuer\": did you mean \"issuer\"?")
  }

  @Test func seesTheMisspeltKeyBehindAMissingOne() throws {
    let read = try settings("{ directry: 'x' }")
    #expect(
      complaint { try read.string("directory") }
        == "a.json5:1:3: unknown key \"directry\": did you mean \"directory\"?")
  }

  @Test func knowsPositionsForErrorsOfItsUser() throws {
    let read = try settings("{ a: 1,\n b: 2 }")
    #expect(read.position(of: "b").line == 2)
    #expect(read.position(of: "missing") == read.position)
    #expect(read.error("b", "is odd").description == "a.json5:2:5: \"b\" is odd")
  }
}

private enum SettingsTestsSupport {
  /// What reading says is wrong, if it says so at line 2.
  static func complaint(_ text: String, _ read: (Settings) throws -> Any) -> String? {
    do {
      _ = try read(settings(text))
      return nil
    } catch let error as SettingsError {
      return error.line == 2 ? error.message : "at line \(error.line)"
    } catch {
      return "\(error)"
    }
  }
}
