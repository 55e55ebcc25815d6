internal import Bytes
internal import Engine
internal import JSONText
internal import Stages

/// What a run says at its end.
struct Summary {
  /// What became of the run.
  enum Ending {
    case published, nothingNew, dryRun, streamed, refused(String)
  }

  var ending: Ending
  /// `<run>` of the part names; nil where there is no archive.
  var run: String?
  var tally: Tally
  /// Inputs whose incomplete last line waits for the next run.
  var pending: Int
  /// Inputs of which nothing was left to read.
  var known = 0
  /// Inputs of which the beginning was read before.
  var continued = 0
  /// Names that were passed over in folders.
  var skipped: Int
  var parts: Int
  var bytesIn: Int
  var bytesOut: Int
  var seconds: Double
  /// The digest that proves the archive; nil where there is none.
  var head: String?
  /// Where it went, for people.
  var place: String
  /// How many kept records each class of a label has: of `match` and `from`.
  var classes: [(label: String, counts: [(name: String, count: Int)])] = []
  /// Marked records, deliveries without a valid signature, and silences.
  var signals = 0
  /// How often each rule held, of those that did; nil if nobody looked for signals.
  var signalsByName: [(name: String, count: Int)]?
  /// Lines from stages: what they counted.
  var findings: [(key: String, value: String)] = []
  /// Things that somebody should look at: damage, where the quarantine is.
  var notices: [String] = []

  /// Writes it to standard error.
  func show(_ form: RunOptions.SummaryForm) {
    switch form {
    case .text: Console.error(text)
    case .json: Console.error(json)
    case .none: break
    }
  }

  mutating func take(_ tally: SignalTally?) {
    guard let tally else { return }
    signals = tally.total
    signalsByName = tally.found.map { (name: $0.name, count: $0.count) }
  }

  mutating func take(_ delivery: Delivery) {
    parts = delivery.parts
    bytesOut = delivery.bytes
    run = delivery.run
    head = delivery.head
  }

  /// One line of JSON; the members are a contract with scripts.
  var json: String {
    var text = ByteBuffer(capacity: 512)
    text.append("{\"run\":")
    append(string: run, to: &text)
    let numbers: [(StaticString, Int)] = [
      ("read", tally.read), ("written", tally.written), ("duplicates", tally.duplicates),
      ("filtered", tally.filtered), ("quarantined", tally.quarantined),
      ("unreadable", tally.unreadable), ("refused", tally.refused), ("pending", pending),
      ("known", known), ("continued", continued),
      ("signals", signals), ("parts", parts), ("bytes_in", bytesIn), ("bytes_out", bytesOut),
    ]
    for (key, value) in numbers {
      text.append(",\"")
      text.append(key)
      text.append("\":")
      text.append(decimal: value)
    }
    text.append(",\"seconds\":")
    text.append(utf8: Summary.decimal(seconds, places: 3))
    text.append(",\"head\":")
    append(string: head, to: &text)
    for (label, counts) in classes { append(label, counts, to: &text) }
    if let signalsByName { append("signals_by_name", signalsByName, to: &text) }
    text.append("}\n")
    return String(decoding: text.view, as: UTF8.self)
  }

  private func append(
    _ label: String, _ counts: [(name: String, count: Int)], to text: inout ByteBuffer
  ) {
    text.append(",")
    JSONString.append(quoting: label, to: &text)
    text.append(":{")
    for (number, entry) in counts.enumerated() {
      if number > 0 { text.append(",") }
      JSONString.append(quoting: entry.name, to: &text)
      text.append(":")
      text.append(decimal: entry.count)
    }
    text.append("}")
  }

  private func append(string: String?, to text: inout ByteBuffer) {
    if let string {
      JSONString.append(quoting: string, to: &text)
    } else {
      text.append("null")
    }
  }

  /// A few lines for people.
  var text: String {
    var text = Console.printable(headline) + "\n"
    text += "  read        \(Summary.grouped(tally.read)) records, \(Summary.size(bytesIn))"
    text += " in \(Summary.decimal(seconds, places: 1)) s"
    if seconds > 0.05 { text += " (\(Summary.size(Int(Double(bytesIn) / seconds)))/s)" }
    text += "\n  written     \(Summary.grouped(tally.written))"
    if bytesOut > 0 {
      text += parts > 0 ? " in \(Summary.grouped(parts)) parts," : ","
      text += " \(Summary.size(bytesOut))"
    }
    text += "\n  duplicates  \(Summary.grouped(tally.duplicates))"
    text += "\n  filtered    \(Summary.grouped(tally.filtered))"
    text += "\n  quarantined \(Summary.grouped(tally.quarantined))"
    if tally.quarantined > 0 {
      text += " (\(Summary.grouped(tally.unreadable)) unreadable,"
      text += " \(Summary.grouped(tally.refused)) refused)"
    }
    text += "\n"
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

  private var headline: String {
    switch ending {
    case .published: "published run \(run ?? "") in \(place)"
    case .nothingNew: "nothing new for \(place)"
    case .dryRun: "dry run: nothing was published in \(place)"
    case .streamed: "written to \(place)"
    case .refused(let reason): "not published: \(reason)"
    }
  }

  // MARK: Figures for people

  static func grouped(_ value: Int) -> String {
    var digits = Array(String(value))
    var at = digits.count - 3
    while at > 0 {
      digits.insert(",", at: at)
      at -= 3
    }
    return String(digits)
  }

  static func size(_ bytes: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1024 && unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return decimal(value, places: unit == 0 ? 0 : 1) + " " + units[unit]
  }

  static func decimal(_ value: Double, places: Int) -> String {
    let scale = (0..<places).reduce(1) { result, _ in result * 10 }
    let scaled = (max(0, value) * Double(scale)).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let whole = Int(scaled) / scale
    guard places > 0 else { return "\(whole)" }
    let fraction = String(Int(scaled) % scale)
    return "\(whole)." + String(repeating: "0", count: places - fraction.count) + fraction
  }
}
