import TestSupport
import Testing
import Trail

@Suite struct IssuerPatternTests {
  @Test(arguments: [
    ("https://a.example", "https://a.example", true),
    ("https://a.example", "https://a.example/", false),
    ("https://a.example/?x", "https://a.example/?x", true), ("é", "é", true),
    ("é", "e\u{301}", false),
    ("", "x", false),
    ("https://a/o/*", "https://a/o/x", true), ("https://a/o/*", "https://a/o/", false),
    ("https://a/o/*", "https://a/o/x/y", false), ("https://a/o/*/v2", "https://a/o/x/v2", true),
    ("https://a/o/*/v2", "https://a/o/x/y/v2", false),
    ("https://a/o/*/v2", "https://a/o//v2", false),
    ("https://a/o/*/v2", "https://a/o/../v2", false),
    ("https://a/o/*/v2", "https://a/o/.../v2", true),
    ("https://a/o/.*", "https://a/o/..", false), ("https://a/o/*.", "https://a/o/..", false),
    ("https://a/../*", "https://a/../x", false),
    ("https://a/a*b*c", "https://a/aXbYbZc", true), ("https://a/a*b*c", "https://a/abc", false),
    ("https://a/a*b*c", "https://a/aXbYc/c", false), ("https://a/x*/", "https://a/xy/", true),
    ("https://a/x*/", "https://a/xy", false), ("https://a/*%20*", "https://a/x%20y", true),
    ("https://a/*%20*", "https://a/x%20y%20z", false),
    ("https://a:8443/*", "https://a:8443/x", true),
    ("https://a/*", "https://a/é", false), ("https://a/*", "https://a/\0", false),
    ("https://a/*", "https://a/a:b", false), ("https://a/*", "https://a/a\\b", false),
  ]) func fits(_ pattern: String, _ issuer: String, _ fits: Bool) throws {
    let pattern = try IssuerPattern(pattern)
    #expect(withBytes(issuer) { pattern.matches($0) } == fits)
  }

  @Test(arguments: [
    "*", "https://*", "https://*/", "https://*.example.com/", "https://a*/x", "*://a/x",
    "http*://a/x",
    "https:///*", "a/*", "://a/*", "https://u@a/*", "https://a?/*", "https://a/*?x",
    "https://a/*#x",
    "https://a/**", "https://a/x**y", "https://a\\/*", "https:/a/*",
  ]) func isNoPattern(_ pattern: String) {
    let error = #expect(throws: PolicyError.self) { try IssuerPattern(pattern) }
    #expect(error?.description.contains("one segment of the path") == true)
  }

  /// However many stars there are: the work is at most that of the two lengths.
  @Test func manyStarsAreQuick() throws {
    let pattern = try IssuerPattern("https://a/" + String(repeating: "a*", count: 500) + "b")
    let issuer = "https://a/" + String(repeating: "a", count: 20_000)
    #expect(!withBytes(issuer) { pattern.matches($0) })
  }
}
