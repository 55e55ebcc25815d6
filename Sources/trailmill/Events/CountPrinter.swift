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
    try counts.forEach(isReversed: isReversed) { value, count in
      if format == .ndjson {
        try append(value, count)
      } else {
        try output.append(line(value, count))
      }
      left -= 1
      return left > 0
    }
    if counts.others > 0 { try output.append(lineOfOthers(counts.others)) }
    try output.flush()
  }

  private func line(_ value: ByteView, _ count: Int) -> String {
    let text = Console.escaped(String(decoding: value, as: UTF8.self))
    return format == .csv
      ? CSVWriter.line(["\(count)", text])
      : "\(count)\t\(text.isEmpty ? "-" : text == "-" ? "\\-" : text)\n"
  }

  private func append(_ value: ByteView, _ count: Int) throws {
    var line = ByteBuffer()
    line.append(utf8: "{\"value\":")
    if value.isEmpty { line.append("null") } else { JSONString.append(quoting: value, to: &line) }
    line.append(utf8: ",\"count\":\(count)}")
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
