internal import History
internal import Bytes
internal import Disk
internal import JSONText
internal import Report
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
  private let files: LiveFiles
  /// By the number of the commit, which has one dialect.
  private var readers: [Int: ArchivedEvent] = [:]
  private let buffer = OutputBuffer()
  private var rows: [[String]] = []
  private var widths: [Int]?
  /// Where nothing is found, nothing is printed, not even what the columns are called.
  private var hasHead = false

  /// A printer for the archive of `files`.
  init(_ format: EventFormat, _ files: LiveFiles) throws {
    self.format = format
    self.files = files
  }

  /// Puts out an event of a part.
  mutating func add(_ line: ByteView, of part: LiveFile) throws {
    switch format {
    // A file gets events and texts as they are, a terminal nothing that it would obey.
    case .ndjson where Process.isOutputTerminal:
      try buffer.append(Console.printableJSON(String(decoding: line, as: UTF8.self)) + "\n")
    case .ndjson: try buffer.append(line: line)
    case .csv:
      if !hasHead {
        try buffer.append(EventPrinter.columns.joined(separator: ",") + "\r\n")
        hasHead = true
      }
      let row = try row(line, part)
      let cells = Process.isOutputTerminal ? row.map(Console.printable) : row
      try buffer.append(cells.map(EventPrinter.quoted).joined(separator: ",") + "\r\n")
    case .table:
      rows.append(try row(line, part).map(Console.printable))
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

  private mutating func row(_ line: ByteView, _ part: LiveFile) throws -> [String] {
    let event =
      readers[part.sequence] ?? ArchivedEvent(files.dialect(of: part).pointers)
    readers[part.sequence] = event
    guard event.read(line) else { return [] }
    return [
      event.time.flatMap { Timestamp(microseconds: $0) }.map(TimeText.rfc3339) ?? "",
      text(event.shownActor), text(event.shownKey),
      text(event.value(.action)), text(event.value(.resource)), text(event.value(.address)),
      text(event.value(.account)),
    ]
  }

  private func text(_ view: ByteView?) -> String {
    view.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// RFC 4180.
  private static func quoted(_ cell: String) -> String {
    // Byte by byte: a mark that combines with a comma makes one character of both, and no other cell.
    guard cell.utf8.contains(where: { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }) else { return cell }
    var quoted = "\""
    for scalar in cell.unicodeScalars {
      if scalar == "\"" { quoted.unicodeScalars.append("\"") }
      quoted.unicodeScalars.append(scalar)
    }
    quoted.unicodeScalars.append("\"")
    return quoted
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
    } else if name.unicodeScalars.first == "/" {
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
  /// Bytes of all names that are told apart: 256 MiB.
  private static let mostBytes = 256 << 20
  private let field: CountedField?
  private var total = 0
  /// By bytes: texts that only look alike are different names.
  private var counts: [[UInt8]: Int] = [:]
  private var bytes = 0
  private var others = 0

  init(_ field: CountedField?) { self.field = field }

  mutating func add(_ event: ArchivedEvent) {
    total += 1
    switch field {
    case nil: return
    case .field(.signal):
      var names: [[UInt8]] = []
      _ = event.anySignal {
        names.append(Array($0))
        return false
      }
      for name in names.isEmpty ? [[]] : names { count(name) }
    case .field(.actor): count(event.shownActor)
    case .field(.key): count(event.shownKey)
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
    count(text.map { Array($0) } ?? [])
  }

  private mutating func count(_ name: [UInt8]) {
    if counts[name] != nil {
      counts[name, default: 0] += 1
    } else if counts.count < EventCounts.mostNames, bytes + name.count <= EventCounts.mostBytes {
      counts[name] = 1
      bytes += name.count
    } else {
      others += 1
    }
  }

  /// The most frequent first, equals by name.
  func write(limit: Int) throws {
    guard field != nil else { return try Console.output("\(total)\n") }
    let buffer = OutputBuffer()
    for (name, count) in NamedCounts.sorted(counts).prefix(limit) {
      try buffer.append("\(count)\t\(Console.printable(name.isEmpty ? "-" : name))\n")
    }
    if others > 0 { try buffer.append("\(others)\tof more than \(counts.count) others\n") }
    try buffer.flush()
  }
}

/// Names and how often each was seen.
enum NamedCounts {
  /// The most frequent first, equals by their bytes.
  static func sorted(_ counts: [[UInt8]: Int]) -> [(name: String, count: Int)] {
    counts.sorted {
      $0.value == $1.value ? $0.key.lexicographicallyPrecedes($1.key) : $0.value > $1.value
    }.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }
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
