internal import Bytes
internal import JSONText
internal import Search
internal import Terminal

/// Puts out how many events have which value, on standard output.
///
/// As a table and as CSV values are written with escapes, so that two that differ never look like one; no
/// value is a `-` alone in a table, a cell without text in CSV, and null in NDJSON.
struct CountPrinter {
  /// What stands for values that were too many: no value is written so.
  private static let others = "\\(others)"

  private let format: EventFormat
  private let field: CountedField
  private let output = OutputBuffer()

  /// A printer of counts by `field`.
  init(_ format: EventFormat, by field: CountedField) {
    self.format = format
    self.field = field
  }

  /// Puts out the first `limit` values, and how many events have those that were not told apart.
  func put(_ counts: EventCounts, isReversed: Bool, limit: Int) throws {
    var left = limit
    if format == .csv, counts.values + counts.others > 0 {
      try output.append(CSVWriter.line(["count", field.name]))
    }
    try counts.forEach(isReversed: isReversed) { value, isKey, count in
      if format == .ndjson {
        try append(value, isKey, count)
      } else {
        try output.append(line(value, isKey, count))
      }
      left -= 1
      return left > 0
    }
    if counts.others > 0 { try output.append(lineOfOthers(counts.others)) }
    try output.flush()
  }

  private func line(_ value: ByteView, _ isKey: Bool, _ count: Int) -> String {
    let text = CountPrinter.text(String(decoding: value, as: UTF8.self), isKey: isKey)
    return format == .csv
      ? CSVWriter.line(["\(count)", text])
      : "\(count)\t\(text.isEmpty ? "-" : text == "-" ? "\\-" : text)\n"
  }

  /// What is counted, with escapes, and behind what a key is called that it is one. A value that ends so by
  /// itself gets an escape more: it is another one.
  static func text(_ value: String, isKey: Bool) -> String {
    let text = Console.escaped(value)
    if isKey { return text + KeyMark.words }
    guard value.utf8.reversed().starts(with: KeyMark.words.utf8.reversed()) else { return text }
    return text.dropLast(KeyMark.words.utf8.count) + " \\" + KeyMark.words.dropFirst()
  }

  private func append(_ value: ByteView, _ isKey: Bool, _ count: Int) throws {
    var line = ByteBuffer()
    line.append(utf8: "{\"value\":")
    if value.isEmpty { line.append("null") } else { JSONString.append(quoting: value, to: &line) }
    line.append(utf8: isKey ? ",\"is_key\":true,\"count\":\(count)}" : ",\"count\":\(count)}")
    try output.append(json: line.view)
  }

  private func lineOfOthers(_ count: Int) -> String {
    switch format {
    case .table: "\(count)\t\(CountPrinter.others)\n"
    case .csv: CSVWriter.line(["\(count)", CountPrinter.others])
    case .ndjson: "{\"others\":true,\"count\":\(count)}\n"
    }
  }
}
