internal import Archive
internal import Bytes
internal import Disk
internal import JSONText
internal import Search
internal import Trail

/// How events are put out.
enum EventFormat: String, CaseIterable { case ndjson, table, csv }

/// Puts out events in the order in which they come.
struct EventPrinter {
  private static let columns = ["time", "actor", "key", "action", "resource", "address", "account"]
  /// Rows from which a table takes its widths; those behind them have to fit.
  private static let measuredRows = 1000

  private let format: EventFormat
  private let events: [ArchivedEvent]
  private let buffer = OutputBuffer()
  private var rows: [[String]] = []
  private var widths: [Int]?

  /// A printer for the archive of `files`.
  init(_ format: EventFormat, _ files: LiveFiles) throws {
    self.format = format
    var dialects = [[Role: [JSONPointer]]]()
    for dialect in files.dialects.values where !dialects.contains(dialect.pointers) {
      dialects.append(dialect.pointers)
    }
    // Which part an event is from is forgotten when events of several are put in order. Dialects hardly
    // ever differ in an archive, and where they do, the first that finds an action is right.
    if dialects.isEmpty { dialects.append([:]) }
    events = try dialects.map { try ArchivedEvent($0) }
    if format == .csv {
      try buffer.append(EventPrinter.columns.joined(separator: ",") + "\r\n")
    }
  }

  mutating func add(_ line: ByteView) throws {
    switch format {
    case .ndjson: try buffer.append(line: line)
    case .csv:
      try buffer.append(row(line).map(EventPrinter.quoted).joined(separator: ",") + "\r\n")
    case .table:
      rows.append(row(line).map(Console.printable))
      if widths == nil, rows.count == EventPrinter.measuredRows { measure() }
      if widths != nil { try flushRows() }
    }
  }

  mutating func finish() throws {
    if format == .table && !rows.isEmpty {
      if widths == nil { measure() }
      try flushRows()
    }
    try buffer.flush()
  }

  private func row(_ line: ByteView) -> [String] {
    var row: [String] = []
    for event in events {
      guard event.read(line) else { continue }
      row = [
        event.time.flatMap { Timestamp(microseconds: $0) }.map(TimeText.rfc3339) ?? "",
        text(event.displayActor ?? event.value(.actor)), text(event.keyName ?? event.keyID),
        text(event.value(.action)), text(event.value(.resource)), text(event.value(.address)),
        text(event.value(.account)),
      ]
      if !row[3].isEmpty { return row }
    }
    return row
  }

  private func text(_ view: ByteView?) -> String {
    view.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// RFC 4180.
  private static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }

  // MARK: Tables

  /// Each column as wide as its widest cell; if that is more than the terminal has, the widest give way.
  private mutating func measure() {
    var widths = EventPrinter.columns.map(\.count)
    for row in rows {
      for (column, cell) in row.enumerated() {
        widths[column] = max(widths[column], TextWidth.of(cell))
      }
    }
    let room = Process.outputColumns ?? 160
    while widths.reduce(2 * (widths.count - 1), +) > room,
      let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > 8
    {
      widths[widest] -= 1
    }
    self.widths = widths
    rows.insert(EventPrinter.columns, at: 0)
  }

  private mutating func flushRows() throws {
    guard let widths else { return }
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        let fitted = TextWidth.cut(cell, to: widths[column])
        line += fitted
        if column < row.count - 1 {
          line += String(repeating: " ", count: widths[column] - TextWidth.of(fitted) + 2)
        }
      }
      while line.last == " " { line.removeLast() }
      try buffer.append(line + "\n")
    }
    rows = []
  }
}

/// What `--count-by` counts.
enum CountedField {
  case field(SearchField)
  case kind, from, match
  case pointer(Int)

  /// The field that somebody names; a pointer is added to what `query` reads.
  init(_ name: String, _ query: inout SearchQuery) throws {
    if let field = SearchField(rawValue: name) {
      self = .field(field)
    } else if name.hasPrefix("/") {
      // A condition that everything meets, so that the place is read.
      let number = query.conditions.filter { if case .pointer = $0 { true } else { false } }.count
      do {
        query.counted = try JSONPointer(name)
      } catch { throw UsageError("--count-by: \(error)") }
      self = .pointer(number)
    } else {
      switch name {
      case "kind": self = .kind
      case "from": self = .from
      case "match": self = .match
      default:
        throw UsageError(
          "--count-by must be one of actor, key, action, resource, ip, account, signal, kind, from, match, or a "
            + "JSON Pointer, found \"\(name)\"")
      }
    }
  }
}

/// Counts events by a field.
struct EventCounts {
  private static let mostNames = 1_000_000
  private let field: CountedField?
  private var total = 0
  private var counts: [String: Int] = [:]
  private var others = 0

  init(_ field: CountedField?) { self.field = field }

  mutating func add(_ event: ArchivedEvent) {
    total += 1
    switch field {
    case nil: return
    case .field(.signal):
      var names: [String] = []
      _ = event.anySignal {
        names.append(String(decoding: $0, as: UTF8.self))
        return false
      }
      for name in names.isEmpty ? [""] : names { count(name) }
    case .field(.actor): count(event.displayActor ?? event.value(.actor))
    case .field(.key): count(event.keyName ?? event.keyID)
    case .field(.action): count(event.value(.action))
    case .field(.resource): count(event.value(.resource))
    case .field(.address): count(event.value(.address))
    case .field(.account): count(event.value(.account))
    case .kind: count(event.kind)
    case .from: count(event.from)
    case .match: count(event.match)
    case .pointer(let number): count(event.other(number))
    }
  }

  private mutating func count(_ text: ByteView?) {
    count(text.map { String(decoding: $0, as: UTF8.self) } ?? "")
  }

  private mutating func count(_ name: String) {
    if counts[name] != nil || counts.count < EventCounts.mostNames {
      counts[name, default: 0] += 1
    } else {
      others += 1
    }
  }

  /// The most frequent first, equals by name.
  func write(limit: Int) throws {
    guard field != nil else { return try Console.output("\(total)\n") }
    let buffer = OutputBuffer()
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    for (name, count) in sorted.prefix(limit) {
      try buffer.append("\(count)\t\(Console.printable(name.isEmpty ? "-" : name))\n")
    }
    if others > 0 { try buffer.append("\(others)\tof more than \(counts.count) others\n") }
    try buffer.flush()
  }
}

/// Gathers output, so that few calls write it.
final class OutputBuffer {
  private var buffer = ByteBuffer(capacity: 1 << 16)
  private let file = Disk().standardOutput

  func append(_ text: String) throws {
    buffer.append(utf8: text)
    if buffer.count >= 1 << 16 { try flush() }
  }

  func append(line: ByteView) throws {
    buffer.append(line)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= 1 << 16 { try flush() }
  }

  func flush() throws {
    try file.write(all: buffer.view)
    buffer.removeAll()
  }
}

/// Times for people and programs.
enum TimeText {
  static func rfc3339(_ time: Timestamp) -> String {
    var text = ByteBuffer(capacity: 32)
    time.append(rfc3339To: &text)
    return String(decoding: text.view, as: UTF8.self)
  }
}

/// How wide text is on a terminal.
enum TextWidth {
  static func of(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

  /// The text, or as much of it as fits, with an ellipsis.
  static func cut(_ text: String, to limit: Int) -> String {
    guard of(text) > limit else { return text }
    var kept = ""
    var used = 1
    for character in text {
      used += width(character)
      if used > limit { break }
      kept.append(character)
    }
    return kept + "…"
  }

  /// Two columns for East Asian wide characters and emoji (UAX #11), one for all else.
  private static func width(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
