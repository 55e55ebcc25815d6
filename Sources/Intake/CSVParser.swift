internal import Bytes
internal import JSONText

/// Makes JSON objects of the rows of a CSV text (RFC 4180) that comes in pieces.
///
/// A row is parsed when all of it is there; where it ends is looked for once, whatever the pieces.
final class CSVParser {
  enum Event: Equatable {
    case needsMore
    /// The names were read.
    case names
    /// A line without cells.
    case blank
    /// A row that begins there: see `row`.
    case row(start: Int)
    case fault(offset: Int, reason: String)
    case end
  }

  private var names: [[UInt8]] = []
  private var object = ByteBuffer(capacity: 1024)
  private var cell = ByteBuffer(capacity: 256)
  /// What is known of a row that is not all there.
  private var searched = 0
  private var isInQuotes = false

  /// The last row as a JSON object.
  var row: ByteView { object.view }

  func next(_ text: ByteView, _ at: inout Int, isEnd: Bool) -> Event {
    guard let end = endOfRow(text, at) ?? (isEnd ? text.count : nil) else { return .needsMore }
    let start = at
    guard start < text.count else { return .end }
    let isUnclosed = isInQuotes
    at = min(end + 1, text.count)
    searched = 0
    isInQuotes = false
    if isUnclosed { return .fault(offset: start, reason: "a quoted cell does not end") }
    let contentEnd = end > start && text[end - 1] == 0x0D ? end - 1 : end
    if contentEnd == start { return .blank }
    let line = ByteView(rebasing: text[start..<contentEnd])
    let fault = names.isEmpty ? parseNames(line) : parseRow(line)
    if let fault { return .fault(offset: start, reason: fault) }
    if object.count == 0 { return .names }
    return .row(start: start)
  }

  /// Offset of the line feed, outside quotes, that ends the row at `start`.
  private func endOfRow(_ text: ByteView, _ start: Int) -> Int? {
    var at = start + searched
    while at < text.count {
      let byte = text[at]
      if byte == UInt8(ascii: "\"") {
        isInQuotes.toggle()
      } else if byte == 0x0A && !isInQuotes {
        return at
      }
      at += 1
    }
    searched = at - start
    return nil
  }

  // MARK: Cells

  private func parseNames(_ line: ByteView) -> String? {
    var at = 0
    var isLast = false
    while !isLast {
      if let fault = parseCell(line, &at, &isLast) { return fault }
      var name = ByteBuffer(capacity: cell.count + 2)
      JSONString.append(quoting: cell.view, to: &name)
      if names.contains(name.bytes) {
        return "two columns have the name \(String(decoding: name.view, as: UTF8.self))"
      }
      names.append(name.bytes)
    }
    return nil
  }

  private func parseRow(_ line: ByteView) -> String? {
    object.removeAll()
    object.append(UInt8(ascii: "{"))
    var at = 0
    var column = 0
    var isLast = false
    while !isLast {
      if let fault = parseCell(line, &at, &isLast) { return fault }
      guard column < names.count else { return "more cells than the \(names.count) columns" }
      if column > 0 { object.append(UInt8(ascii: ",")) }
      names[column].withUnsafeBufferPointer { object.append($0) }
      object.append(UInt8(ascii: ":"))
      JSONString.append(quoting: cell.view, to: &object)
      column += 1
    }
    guard column == names.count else {
      return "\(column) cells where there are \(names.count) columns"
    }
    object.append(UInt8(ascii: "}"))
    return nil
  }

  /// Puts the cell at `at` into `cell`, and goes behind its comma.
  private func parseCell(
    _ line: ByteView, _ at: inout Int, _ isLast: inout Bool
  ) -> String? {
    cell.removeAll()
    if at < line.count && line[at] == UInt8(ascii: "\"") {
      if let fault = parseQuoted(line, &at) { return fault }
    } else {
      let start = at
      while at < line.count && line[at] != UInt8(ascii: ",") {
        if line[at] == UInt8(ascii: "\"") { return "a quote inside a cell that is not quoted" }
        at += 1
      }
      cell.append(ByteView(rebasing: line[start..<at]))
    }
    isLast = at == line.count
    if !isLast {
      if line[at] != UInt8(ascii: ",") { return "something follows a quoted cell" }
      at += 1
    }
    return UTF8Text.isValid(cell.view) ? nil : "invalid UTF-8"
  }

  private func parseQuoted(_ line: ByteView, _ at: inout Int) -> String? {
    at += 1
    while true {
      let start = at
      while at < line.count && line[at] != UInt8(ascii: "\"") { at += 1 }
      cell.append(ByteView(rebasing: line[start..<at]))
      guard at < line.count else { return "a quoted cell does not end" }
      at += 1
      guard at < line.count && line[at] == UInt8(ascii: "\"") else { return nil }
      cell.append(UInt8(ascii: "\""))
      at += 1
    }
  }
}
