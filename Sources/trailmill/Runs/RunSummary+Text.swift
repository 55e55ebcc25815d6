internal import Bytes
internal import Engine
internal import History
internal import JSONText
internal import Pipeline
internal import Terminal

/// How a run says at its end what came of it.
enum SummaryForm: String, CaseIterable { case text, json, none }

extension RunSummary {
  /// Writes it to standard error.
  func show(_ form: SummaryForm) {
    switch form {
    case .text: Console.error(text)
    case .json: Console.error(json: json)
    case .none: break
    }
  }

  /// One line of JSON; the members are a contract with scripts.
  var json: String {
    var line = JSONWriter()
    line.member("run", run)
    let numbers: [(StaticString, Int)] = [
      ("read", tally.read), ("written", tally.written), ("duplicates", tally.duplicates),
      ("filtered", tally.filtered), ("quarantined", tally.quarantined),
      ("unreadable", tally.unreadable), ("refused", tally.refused), ("pending", pending),
      ("known", known), ("continued", continued), ("signals", signals), ("parts", parts),
      ("bytes_in", bytesIn), ("bytes_out", bytesOut),
    ]
    for (name, number) in numbers { line.member(name, Int64(number)) }
    line.member("without_time", Int64(withoutTime))
    line.member(named: "seconds", json: Figures.decimal(seconds, places: 3))
    line.member("head", head)
    for (label, counts) in classes { line.member(named: label, counts) }
    if let signalsByName { line.member(named: "signals_by_name", signalsByName) }
    for (name, count) in byteSums { line.member(named: name + "_bytes", count) }
    return line.finishLine()
  }

  /// A few lines for people.
  var text: String {
    var text = Console.printable(headline) + "\n"
    text += "  read        \(Figures.grouped(tally.read)) records, \(Figures.size(bytesIn))"
    text += " in \(Figures.decimal(seconds, places: 1)) s"
    if seconds > 0.05 { text += " (\(Figures.size(Int(Double(bytesIn) / seconds)))/s)" }
    text += "\n  written     \(Figures.grouped(tally.written))"
    if bytesOut > 0 {
      text += parts > 0 ? " in \(Figures.grouped(parts)) parts," : ","
      text += " \(Figures.size(bytesOut))"
    }
    text += "\n  duplicates  \(Figures.grouped(tally.duplicates))"
    text += "\n  filtered    \(Figures.grouped(tally.filtered))"
    text += "\n  quarantined \(Figures.grouped(tally.quarantined))"
    if tally.quarantined > 0 {
      text += " (\(Figures.grouped(tally.unreadable)) unreadable,"
      text += " \(Figures.grouped(tally.refused)) refused)"
    }
    text += "\n" + bytesText
    if pending > 0 {
      text +=
        "  pending     \(pending) input\(pending == 1 ? "" : "s") with an incomplete last line\n"
    }
    if known > 0 {
      text += "  known       \(known) input\(known == 1 ? "" : "s") read before\n"
    }
    if continued > 0 {
      text +=
        "  continued   \(continued) input\(continued == 1 ? "" : "s") read on from where they ended\n"
    }
    if skipped > 0 {
      text += "  skipped     \(skipped) names that begin with \".\" or \"_\" or are no files\n"
    }
    for (key, value) in findings { text += Console.printable("  \(key): \(value)") + "\n" }
    for notice in notices { text += Console.printable("  note: \(notice)") + "\n" }
    if let head { text += "  head        \(head)\n" }
    return text
  }

  /// The bytes of all inputs, uncompressed, and what became of them.
  private var byteSums: [(name: String, count: Int)] {
    func sum(_ figure: KeyPath<TextAccount, Int64>) -> Int {
      Int(clamping: bytes.reduce(0) { $0 + $1[keyPath: figure] })
    }
    return [
      ("text", sum(\.to) - sum(\.from) + pendingBytes), ("written", sum(\.written)),
      ("duplicates", sum(\.duplicates)), ("filtered", sum(\.filtered)),
      ("quarantined", sum(\.quarantined)), ("syntax", sum(\.syntax)), ("beside", sum(\.beside)),
      ("pending", pendingBytes),
    ]
  }

  private var bytesText: String {
    let sums = byteSums
    guard let total = sums.first?.count, total > 0 else { return "" }
    let terms = sums.dropFirst().filter { $0.count > 0 }.map {
      "\(Figures.grouped($0.count)) \($0.name)"
    }
    return "  text bytes  \(Figures.grouped(total)) = \(terms.joined(separator: " + "))\n"
  }

  private var headline: String {
    switch ending {
    case .published: "published run \(run ?? "") in \(place)"
    case .nothingNew: "nothing new for \(place)"
    case .dryRun: "dry run: nothing was published in \(place)"
    case .streamed: "written to \(place)"
    case .refused(let reason): "not published: \(reason)"
    }
  }
}
