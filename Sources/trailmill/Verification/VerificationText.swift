internal import Bytes
internal import JSONText
internal import Terminal
internal import Verify

/// What a verification says on standard output: a line for each finding, and one at the end.
struct VerificationText {
  private let form: ReportForm

  init(_ form: ReportForm) { self.form = form }

  func finding(_ finding: VerificationFinding) -> String {
    switch form {
    case .text:
      Console.printable(
        "\(finding.kind.rawValue): \(finding.path): expected \(finding.expected): "
          + "found \(finding.found)") + "\n"
    case .json: VerificationText.json(finding)
    }
  }

  /// How many findings of a kind there are beside those that were shown.
  func more(_ kind: VerificationFinding.Kind, _ count: Int) -> String {
    switch form {
    case .text: return "\(kind.rawValue): and \(Figures.grouped(count)) more\n"
    case .json:
      var line = JSONWriter()
      line.member("kind", kind.rawValue)
      line.member("more", Int64(count))
      return line.finishLine()
    }
  }

  /// The notes, and what was read and found in all.
  func end(_ report: VerificationReport) -> String {
    switch form {
    case .text: VerificationText.text(report)
    case .json: VerificationText.json(report)
    }
  }

  private static func text(_ report: VerificationReport) -> String {
    let notes = report.notes.map { Console.printable("note: \($0)") + "\n" }.joined()
    let counts = [
      Figures.counted(report.manifests, "manifest"), Figures.counted(report.parts, "part"),
      Figures.counted(Int(report.bytes), "byte"), Figures.counted(report.records, "record"),
      Figures.counted(report.count, "finding"),
    ]
    return notes + counts.joined(separator: ", ") + ", head \(report.head?.hex ?? "none")\n"
  }

  private static func json(_ finding: VerificationFinding) -> String {
    var line = JSONWriter()
    line.member("kind", finding.kind.rawValue)
    line.member("path", finding.path)
    line.member("expected", finding.expected)
    line.member("found", finding.found)
    return line.finishLine()
  }

  private static func json(_ report: VerificationReport) -> String {
    var line = JSONWriter()
    line.member("manifests", Int64(report.manifests))
    line.member("parts", Int64(report.parts))
    line.member("bytes", Int64(report.bytes))
    line.member("records", Int64(report.records))
    line.member("findings", Int64(report.count))
    line.member("unchecked", Int64(report.unchecked))
    line.member("notes", report.notes)
    line.member("head", report.head)
    return line.finishLine()
  }
}
