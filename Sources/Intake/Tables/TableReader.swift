package import Bytes
package import Disk
package import JSONText

/// A lookup table that is not what it should be.
package struct TableError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  package let file: String
  /// The line, counted from 1.
  package let line: Int
  /// What is wrong.
  package let reason: String

  /// An error in `line` of `file`.
  package init(file: String, line: Int, reason: String) {
    self.file = file
    self.line = line
    self.reason = reason
  }

  /// What is wrong: where.
  package var description: String { "\(reason): \(file):\(line)" }
}

/// What is known about a table that was read.
package struct TableFacts: Equatable, Sendable {
  /// Rows.
  package var rows = 0
  /// Bytes, as stored.
  package var bytes = 0
  /// SHA-256 of the bytes as stored.
  package var digest: Digest256?
  /// What stands in it, for messages, without a value.
  package var sketch = ""
}

/// What is asked of the columns of a CSV.
package struct TableColumns: Sendable {
  /// Names of which it has to have one; none if any will do.
  package let required: [String]
  /// Names of columns that hold ids: blanks around an id are none of it.
  package let ids: [String]

  /// Columns of which a CSV has to have one of `required`.
  package init(required: [String] = [], ids: [String] = []) {
    self.required = required
    self.ids = ids
  }
}

/// Reads the rows of a lookup table one by one, whatever its size.
///
/// A table that begins with `{` or `[` is JSON: objects one after the other, an array of objects,
/// or, with a pointer, records in larger documents. Any other is CSV (RFC 4180) with a line of names
/// at its beginning; its cells become strings without the blanks around them, and lines may also end with CR
/// alone. Either may be compressed, as inputs may be.
package struct TableReader {
  /// Longest row: 16 MiB.
  package static let longestRow = 16 << 20

  /// The file.
  package let path: String
  private let disk: Disk
  private let records: JSONPointer?
  private let columns: TableColumns

  /// A reader of the file at `path`; `records` is where its rows lie in larger documents, `columns` what is
  /// asked of a CSV.
  package init(
    disk: Disk, path: String, records: JSONPointer? = nil, columns: TableColumns = TableColumns()
  ) {
    self.disk = disk
    self.path = path
    self.records = records
    self.columns = columns
  }

  /// Calls `body` with the text of each row, a JSON object, and the line on which it begins. The
  /// text is valid until `body` returns. Throws `TableError` where the file is no table, `DiskError`
  /// or `IntakeError` where it cannot be read, and what `body` throws.
  package func forEachRow(_ body: (_ row: ByteView, _ line: Int) throws -> Void) throws
    -> TableFacts
  {
    let stream = try InputStream(
      disk, path, damaged: .fail, isDigested: true, InputProgress())
    var beginning = InputBeginning(stream)
    let format = try beginning.tableFormat()
    try beginning.read(beyond: TableSketch.longestBeginning)
    let window = TableWindow(stream, beginning.bytes(), path: path)
    var facts = TableFacts()
    let count: (ByteView, Int) throws -> Void = { row, line in
      facts.rows += 1
      try body(row, line)
    }
    var sketch = window.sketch
    if let format {
      try forEachValue(window, format, count)
    } else {
      try forEachLine(window, &sketch, count)
    }
    facts.sketch = sketch.description
    let input = try stream.finish(pending: 0)
    facts.bytes = input.bytes
    facts.digest = input.digest
    return facts
  }

  private func forEachValue(
    _ window: TableWindow, _ format: InputFormat, _ body: (ByteView, Int) throws -> Void
  ) throws {
    let walker = ValueWalker(format: format, records: records, limit: Self.longestRow)
    while true {
      switch walker.next(window.text, &window.at, isEnd: window.isEnded) {
      case .needsMore: try window.more()
      case .record(let start, let end):
        let row = ByteView(rebasing: window.text[start..<end])
        let line = window.line(at: start)
        guard row.first == UInt8(ascii: "{") else {
          throw TableError(file: path, line: line, reason: "a row is no object")
        }
        try body(row, line)
      case .oversize(isRecord: true):
        throw window.error(window.at, "a row is longer than \(Self.longestRow) bytes")
      case .oversize(isRecord: false):
        while true {
          if let end = walker.pass(window.rest) {
            window.at += end
            break
          }
          window.at = window.text.count
          guard !window.isEnded else {
            throw window.error(window.at, ScanFault.unexpectedEnd.reason)
          }
          try window.more()
        }
      case .fault(let reason, let offset, _):
        throw window.error(window.at + offset, reason)
      case .end:
        guard let records, walker.documentsWithoutRecords > 0 else { return }
        throw window.error(window.at, "there is nothing at \"\(records)\"")
      }
    }
  }

  private func forEachLine(
    _ window: TableWindow, _ sketch: inout TableSketch, _ body: (ByteView, Int) throws -> Void
  ) throws {
    let parser = CSVParser(ids: columns.ids)
    while true {
      switch parser.next(window.text, &window.at, isEnd: window.isEnded) {
      case .needsMore:
        guard window.rest.count <= Self.longestRow else {
          throw window.error(window.at, "a row is longer than \(Self.longestRow) bytes")
        }
        try window.more()
      case .names:
        try check(parser.columns, window)
        sketch = TableSketch(columns: parser.columns)
      case .blank: break
      case .row(let start): try body(parser.row, window.line(at: start))
      case .fault(let offset, let reason):
        // A page of text may be no line of names either.
        let isPage = !columns.required.isEmpty && parser.columns.isEmpty
        throw window.error(
          offset, isPage ? "\(reason), in a file that holds \(window.sketch)" : reason)
      case .end: return
      }
    }
  }

  /// An error page is a line of names too.
  private func check(_ found: [String], _ window: TableWindow) throws {
    let required = columns.required
    guard !required.isEmpty, !required.contains(where: { found.contains($0) }) else { return }
    let wanted = required.map { "\"\($0)\"" }.joined(separator: " or ")
    throw TableError(
      file: path, line: 1,
      reason: "there is no column \(wanted) in a file that holds \(window.sketch)")
  }
}

/// The piece of a table that is in memory.
final class TableWindow {
  private static let piece = 1 << 20

  private let stream: InputStream
  private let path: String
  private var bytes: ByteBuffer
  private var counted = 0
  private var lines = 1
  /// What was used of `text`.
  var at = 0
  private(set) var isEnded = false
  /// What stands in the table, for messages.
  let sketch: TableSketch

  init(_ stream: InputStream, _ start: consuming ByteBuffer, path: String) {
    self.stream = stream
    self.path = path
    let shown = ByteView(rebasing: start.view.prefix(TableSketch.longestBeginning))
    sketch = TableSketch(shown, isWhole: shown.count == start.count)
    bytes = start
  }

  var text: ByteView { bytes.view }
  var rest: ByteView { ByteView(rebasing: bytes.view[at...]) }

  /// Forgets what was used, and reads on.
  func more() throws {
    _ = line(at: at)
    bytes.removeFirst(at)
    counted -= at
    at = 0
    if try stream.read(into: &bytes, upTo: Self.piece) == 0 { isEnded = true }
  }

  /// The line of the byte at `offset`, which must not lie before one that was asked for.
  func line(at offset: Int) -> Int {
    let text = bytes.view
    guard offset > counted else { return lines }
    lines += ByteView(rebasing: text[counted..<offset]).total { $0 == 0x0A ? 1 : 0 }
    var at = counted
    // A CR before a line feed ends no line by itself.
    while let found = ByteView(rebasing: text[..<offset]).place(of: 0x0D, from: at) {
      at = found + 1
      if at == text.count || text[at] != 0x0A { lines += 1 }
    }
    counted = offset
    return lines
  }

  func error(_ offset: Int, _ reason: String) -> TableError {
    TableError(file: path, line: line(at: min(offset, bytes.count)), reason: reason)
  }
}

extension InputBeginning {
  /// How the JSON stands; nil if the table is CSV.
  mutating func tableFormat() throws -> InputFormat? {
    switch try firstByte() {
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "{"), nil: .concatenated
    default: nil
    }
  }
}
