import Archive
import Codec
import Foundation
import TestSupport
import Testing

struct PathTextTests {
  private func folder(_ layout: String, _ value: String) throws -> String {
    try LayoutProbe(layout).folder("{\"v\":\(quoted(value))}")
  }

  @Test(arguments: [
    ("acme", "acme"), ("jane.doe@example.com", "jane.doe@example.com"), ("a_b-c.d", "a_b-c.d"),
    ("..", "%2E."), (".hidden", "%2Ehidden"), ("_trailmill", "%5Ftrailmill"), ("-rf", "%2Drf"),
    ("a/b\\c", "a%2Fb%5Cc"), ("../../etc", "%2E.%2F..%2Fetc"), ("", "~empty"),
    ("~empty", "%7Eempty"), ("a b", "a%20b"), ("100%", "100%25"), ("k=v:w", "k%3Dv%3Aw"),
    ("\u{0}\n\u{7f}", "%00%0A%7F"), ("é", "%C3%A9"), ("e\u{301}", "e%CC%81"),
    ("unknown", "%75nknown"), ("Unknown", "%55nknown"), ("unknown2", "unknown2"),
    ("__HIVE_DEFAULT_PARTITION__", "%5F_HIVE_DEFAULT_PARTITION__"),
    ("x.ndjson.gz", "x.ndjson.g%7A"), ("x.ndjson.zz", "x.ndjson.z%7A"),
    (".ndjson.zz", "%2Endjson.zz"),
    ("x.ndjson", "x.ndjso%6E"), ("ndjson", "ndjson"), ("x.gz", "x.gz"),
    ("*?\"<>|#'", "%2A%3F%22%3C%3E%7C%23%27"),
  ])
  func howValuesAreWritten(value: String, folder expected: String) throws {
    #expect(try folder("{/v}", value) == expected)
  }

  @Test func aValueBehindAKeyThatReadsUnknownIsNoDefault() throws {
    #expect(try folder("v={/v}", "unknown") == "v=unknown")
  }

  @Test(arguments: ["null", "{}", "[1]", "{\"v\":1}"])
  func whatIsMissing(json: String) throws {
    #expect(
      try LayoutProbe("{/v}/v={/v}").folder("{\"v\":\(json)}")
        == "unknown/v=__HIVE_DEFAULT_PARTITION__")
  }

  @Test(arguments: [("12.50", "12.50"), ("-3", "%2D3"), ("true", "true"), ("1E+2", "1E%2B2")])
  func numbersAndBooleansAsWritten(json: String, folder: String) throws {
    #expect(try LayoutProbe("{/v}").folder("{\"v\":\(json)}") == folder)
  }

  @Test func theFirstOfTheDialectsPointersThatIsThereCounts() throws {
    let probe = try LayoutProbe("{account}")
    #expect(probe.folder("{\"account\":null,\"accountName\":\"b\"}") == "b")
    #expect(probe.folder("{\"account\":[],\"accountName\":\"b\"}") == "unknown")
  }

  @Test func withoutATimeEveryFolderOfTimeSaysSo() throws {
    let hive = "__HIVE_DEFAULT_PARTITION__"
    #expect(try LayoutProbe("hive").folder("{}") == "acct=\(hive)/dt=\(hive)/hr=\(hive)")
    #expect(try LayoutProbe("firehose").folder("{}") == "unknown/unknown/unknown/unknown")
  }

  @Test func aNameOverItsLimitIsCutAndKeepsItsDigest() throws {
    let atLimit = String(repeating: "a", count: 200)
    #expect(try folder("{/v}", atLimit) == atLimit)
    let cut = try folder("{/v}", atLimit + "a")
    let other = try folder("{/v}", atLimit + "b")
    #expect(cut.utf8.count == 200 && cut != other)
    #expect(cut.hasPrefix(String(repeating: "a", count: 159) + "~"))
    // printf %0201d 0 | tr 0 a | sha256sum
    #expect(cut.hasSuffix("~" + sha256Hex(atLimit + "a").prefix(40)))
    // Who writes that very name does not get there.
    #expect(try folder("{/v}", cut) != cut)
    // Nor is a character: some readers refuse what is no UTF-8.
    for (text, count) in [("é", 26), ("平", 17), ("🚀", 13)] {
      let name = try folder("{/v}", "xx" + String(repeating: text, count: 70))
      let kept = name.prefix { $0 != "~" }.removingPercentEncoding
      #expect(kept == "xx" + String(repeating: text, count: count), "\(name)")
    }
    // No escape is cut in two.
    let escaped = try folder("{/v}", String(repeating: "/", count: 100))
    #expect(escaped.hasPrefix(String(repeating: "%2F", count: 53) + "~"))
  }

  @Test func twoDifferentRecordsShareAFolderOnlyIfTheyShareAKey() throws {
    #expect(
      try LayoutProbe("{hour}").key("{}", time: "2026-01-01T05:00:00Z")
        == LayoutProbe("{hour}").key("{}", time: "1999-12-31T05:59:00Z"))
    #expect(
      try LayoutProbe("{hour}").key("{}", time: "2026-01-01T05:00:00Z")
        != LayoutProbe("{hour}").key("{}"))
  }

  @Test func whereAValueEndsCanBeTold() throws {
    let probe = try LayoutProbe("{/a}-{/b}")
    #expect(probe.folder("{\"a\":\"x-y\",\"b\":\"z-z\"}") == "x%2Dy-z-z")
    #expect(probe.folder("{\"a\":\"x\",\"b\":\"y-z\"}") == "x-y-z")
  }

  static let hostile = [
    "a", "A", "-", "_", ".", "..", "~", "%", "2", "D", "/", "\\", "\u{0}", "\n", "é", "e\u{301}",
    "unknown", "__HIVE_DEFAULT_PARTITION__", "=", "@", ".ndjson.gz", ".ndjson", "gz", "~empty",
    "%2D", "-a",
    String(repeating: "x", count: 70), String(repeating: "x", count: 199),
    String(repeating: "/", count: 80), "2026-01-01", "\u{202E}", "\u{1F600}",
  ]

  @Test(arguments: [
    "{/a}", "a={/a}", "{/a}-{/b}", "k={/a}_{/b}", "x.{/a}.{/b}", "{/a}/{/b}", "{/a}@{/b}-x-{date}",
    "{hour}{/a}",
  ])
  func differentValuesNeverMeet(layout: String) throws {
    let probe = try LayoutProbe(layout)
    let usesSecond = layout.contains("{/b}")
    var random = SeededGenerator(seed: 20_260_727)
    var keys: [String: [UInt8]] = [:]
    var values: [[UInt8]: [String?]] = [:]
    for _ in 0..<4000 {
      let pair = [randomValue(&random), usesSecond ? randomValue(&random) : nil]
      let members = zip(["a", "b"], pair).compactMap { name, value in
        value.map { "\"\(name)\":\(quoted($0))" }
      }
      let key = probe.key("{" + members.joined(separator: ",") + "}")
      let folder = key.withUnsafeBufferPointer { probe.layout.folder(forKey: $0) }
      #expect(keys[folder, default: key] == key, "\(pair) at \(folder)")
      let known = values[key, default: pair]
      #expect(known.map { $0.map { Array($0.utf8) } } == pair.map { $0.map { Array($0.utf8) } })
      keys[folder] = key
      values[key] = pair
      expectSafe(folder)
    }
    #expect(keys.count > 500)
  }

  private func randomValue(_ random: inout SeededGenerator) -> String? {
    if random.next(below: 20) == 0 { return nil }
    // Of few texts many values nearly meet; of many texts few do, but strangely.
    let texts = random.next(below: 3) > 0 ? ["a", "-", "_", ".", "@"] : PathTextTests.hostile
    return (0..<random.next(below: 5)).map { _ in texts[random.next(below: texts.count)] }.joined()
  }

  private func expectSafe(_ folder: String) {
    for component in folder.split(separator: "/", omittingEmptySubsequences: false) {
      #expect(component.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }, "\(component)")
      #expect((1...255).contains(component.utf8.count), "\(component)")
      #expect(component.first != "." && component.first != "_", "\(component)")
      #expect(CompressionFormat(ofLinesNamed: String(component)) == nil, "\(component)")
    }
  }
}
