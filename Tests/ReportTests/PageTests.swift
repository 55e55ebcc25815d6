import Crypto
import Bytes
import Testing

@testable import Report

@Suite struct PageTests {
  static let evil = [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<!--<script>", "]]>",
    "\"><img src=x onerror=alert(1)>", "a\u{2028}b\u{2029}", "&lt;", "\\u003c/script>",
  ]

  /// Every field of an event is `text`.
  private func hostile(_ text: String) -> String {
    var quoted = ByteBuffer()
    quoted.append("\"")
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
      quoted.append(utf8: String(scalar))
    }
    quoted.append("\"")
    let value = String(decoding: quoted.view, as: UTF8.self)
    return """
      {"account":\(value),"action":\(value),"actor":\(value),"ip":\(value),"thing":\(value),\(value):1,\
      "attribution":{"display_actor":\(value),"from":\(value),"match":\(value),"kind":\(value),\
      "api_key":{"id":\(value),"name":\(value),"type":\(value),"owner":\(value),"scopes":[\(value)]},\
      "flags":[\(value)]},"signals":[\(value)]}
      """
  }

  @Test func dataCannotEndItsElement() throws {
    var facts = ArchiveFacts()
    facts.name = "</script><b>"
    let figures = try Sample.builder(Self.evil.map(hostile)).finish(facts)
    let page = try Sample.page(figures)
    let data = try #require(page.components(between: "id=\"data\">", and: "</script>"))
    #expect(!data.contains { "<>&\u{2028}\u{2029}".contains($0) })
    #expect(data.hasSuffix("}"))
    // Two elements are opened, two closed: the data and the script.
    #expect(page.ranges(of: "<script").count == 2)
    #expect(page.ranges(of: "</script").count == 2)
    #expect(data.contains("\\u003cscript\\u003ealert(1)"))
  }

  @Test func policyNamesTheDigestsOfWhatIsThere() throws {
    let page = try Sample.page(try Sample.figures())
    for (tag, directive) in [("<style>", "style-src"), ("</script>\n<script>", "script-src")] {
      let close = tag == "<style>" ? "</style>" : "</script>\n</body>"
      var text = try #require(page.components(between: tag, and: close))
      var base64 = ByteBuffer()
      text.withUTF8 { SHA256.digest($0) }.withBytes { Base64.append(encoding: $0, to: &base64) }
      let digest = String(decoding: base64.view, as: UTF8.self)
      #expect(page.contains("\(directive) 'sha256-\(digest)'"))
    }
    #expect(page.contains("default-src 'none'"))
    #expect(!page.contains("unsafe"))
  }

  @Test func scriptMakesNoMarkupAndFetchesNothing() {
    let script = String(decoding: PageFiles.script, as: UTF8.self)
    let style = String(decoding: PageFiles.style, as: UTF8.self)
    let document = PageFiles.document.map { String(decoding: $0.text, as: UTF8.self) }.joined()
    for construct in [
      "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(",
      "fetch(", "XMLHttpRequest", "import(", "srcdoc", "setTimeout(", "</",
    ] { #expect(!script.contains(construct), "\(construct)") }
    for construct in ["url(", "@import", "</"] { #expect(!style.contains(construct)) }
    for construct in ["http:", "https:", "src=", "style=\"", "onclick"] {
      #expect(!document.contains(construct))
    }
  }

  @Test func sameEventsSamePage() throws {
    #expect(try Sample.page(Sample.figures()) == Sample.page(Sample.figures()))
  }

  @Test func detailsKeepToTheirBudget() throws {
    var limits = ReportLimits()
    limits.detailBudget = 2000
    let lines = (0..<100).map { number in
      #"{"actor":"a","time":\#(1_767_610_800 + number)\#(number == 3 ? #","signals":["odd"]"# : "")}"#
    }
    let figures = try Sample.figures(lines, limits: limits)
    let kept = figures.details.map(\.line)
    #expect(kept.first == 100 && kept.last == 4, "the newest, and the one with a signal")
    #expect(kept.count > 10 && kept.count < 30)
    limits.detailBudget = 0
    #expect(try Sample.figures(lines, limits: limits).details.isEmpty)
  }

  @Test func longEventsAreNamedWithoutTheirText() throws {
    var limits = ReportLimits()
    limits.detailBytes = 100
    let figures = try Sample.figures(limits: limits)
    #expect(figures.details.count == 5)
    #expect(figures.details.count { $0.text.isEmpty } == 3)
  }
}

extension String {
  /// What stands between the first `start` and the `end` behind it.
  fileprivate func components(between start: String, and end: String) -> String? {
    guard let from = firstRange(of: start)?.upperBound,
      let to = self[from...].firstRange(of: end)?.lowerBound
    else { return nil }
    return String(self[from..<to])
  }
}
