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

  /// As members of an object begin: `{"first":`, then `,"next":`.
  private var names: [[UInt8]] = []
  /// The names of the columns.
  private(set) var columns: [String] = []
  /// Names of columns that hold ids.
  private let ids: [String]
  /// By column, whether it holds ids: blanks around them are none of them, in quotes too.
  private var holdsIDs: [Bool] = []
  private var object = ByteBuffer(capacity: 1024)
  /// A quoted cell that holds quotes.
  private var cell = ByteBuffer(capacity: 256)
  /// What is known of a row that is not all there.
  private var searched = 0
  private var isInQuotes = false

  init(ids: [String] = []) { self.ids = ids }

  /// The last row as a JSON object.
  var row: ByteView { object.view }

  func next(_ text: ByteView, _ at: inout Int, isEnd: Bool) -> Event {
    guard let end = endOfRow(text, at, isEnd: isEnd) ?? (isEnd ? text.count : nil) else {
      return .needsMore
    }
    let start = at
    guard start < text.count else { return .end }
    let isUnclosed = isInQuotes
    at = min(end + 1, text.count)
    searched = 0
    isInQuotes = false
    if isUnclosed { return .fault(offset: start, reason: "a quoted cell does not end") }
    let contentEnd =
      end > start && end < text.count && text[end] == 0x0A && text[end - 1] == 0x0D ? end - 1 : end
    if contentEnd == start { return .blank }
    let line = ByteView(rebasing: text[start..<contentEnd])
    let fault = names.isEmpty ? parseNames(line) : parseRow(line)
    if let fault { return .fault(offset: start, reason: fault) }
    if object.count == 0 { return .names }
    return .row(start: start)
  }

  /// Offset of the line feed, or of the CR without one, outside quotes, that ends the row at `start`.
  private func endOfRow(_ text: ByteView, _ start: Int, isEnd: Bool) -> Int? {
    var at = start + searched
    var isInQuotes = isInQuotes
    while at < text.count {
      let byte = text[at]
      if byte == UInt8(ascii: "\"") {
        isInQuotes.toggle()
      } else if byte == 0x0A && !isInQuotes {
        self.isInQuotes = false
        return at
      } else if byte == 0x0D && !isInQuotes {
        // What follows tells whether this is the end: it may have to be read first.
        guard at + 1 < text.count || isEnd else { break }
        if at + 1 == text.count || text[at + 1] != 0x0A {
          self.isInQuotes = false
          return at
        }
      }
      at += 1
    }
    self.isInQuotes = isInQuotes
    searched = at - start
    return nil
  }

  // MARK: Cells

  private func parseNames(_ line: ByteView) -> String? {
    var at = 0
    var isLast = false
    var seen: Set<String> = []
    var found: [String] = []
    while !isLast {
      var content = ByteView(start: nil, count: 0)
      let start = at
      if let fault = parseCell(line, &at, &content, &isLast) { return fault }
      if !CSVParser.isQuoted(line, start) { content = CSVParser.withoutBlanks(content) }
      let name = String(decoding: content, as: UTF8.self)
      guard seen.insert(name).inserted else {
        return "two columns have the name \(ShownName.text(content))"
      }
      var lead = ByteBuffer(capacity: content.count + 4)
      lead.append(names.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
      JSONString.append(quoting: content, to: &lead)
      lead.append(UInt8(ascii: ":"))
      names.append(lead.bytes)
      found.append(name)
    }
    columns = found
    holdsIDs = found.map { ids.contains($0) }
    return nil
  }

  private func parseRow(_ line: ByteView) -> String? {
    object.removeAll()
    var at = 0
    var column = 0
    var isLast = false
    while !isLast {
      var content = ByteView(start: nil, count: 0)
      let start = at
      if let fault = parseCell(line, &at, &content, &isLast) { return fault }
      guard column < names.count else { return "more cells than the \(names.count) columns" }
      if holdsIDs[column] || !CSVParser.isQuoted(line, start) {
        content = CSVParser.withoutBlanks(content)
      }
      object.append(names[column])
      if CSVParser.isPlain(content) {
        object.append(UInt8(ascii: "\""))
        object.append(content)
        object.append(UInt8(ascii: "\""))
      } else {
        guard UTF8Text.isValid(content) else { return "invalid UTF-8" }
        JSONString.append(quoting: content, to: &object)
      }
      column += 1
    }
    guard column == names.count else {
      return "\(column) cells where there are \(names.count) columns"
    }
    object.append(UInt8(ascii: "}"))
    return nil
  }

  private static func isQuoted(_ line: ByteView, _ start: Int) -> Bool {
    start < line.count && line[start] == UInt8(ascii: "\"")
  }

  private static func withoutBlanks(_ content: ByteView) -> ByteView {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    var (start, end) = (0, content.count)
    while start < end, isBlank(content[start]) { start += 1 }
    while end > start, isBlank(content[end - 1]) { end -= 1 }
    return ByteView(rebasing: content[start..<end])
  }

  /// True if nothing has to be escaped or checked: printable ASCII without quotes and backslashes.
  private static func isPlain(_ content: ByteView) -> Bool {
    var odd: UInt8 = 0
    for byte in content {
      odd |= byte &- 0x20 > 0x5E ? 1 : 0
      odd |= byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? 1 : 0
    }
    return odd == 0
  }

  /// Finds the content of the cell at `at`, valid until the next call, and goes behind its comma.
  private func parseCell(
    _ line: ByteView, _ at: inout Int, _ content: inout ByteView, _ isLast: inout Bool
  ) -> String? {
    if at < line.count && line[at] == UInt8(ascii: "\"") {
      guard parseQuoted(line, &at, &content) else { return "a quoted cell does not end" }
    } else {
      let start = at
      while at < line.count && line[at] != UInt8(ascii: ",") {
        if line[at] == UInt8(ascii: "\"") { return "a quote inside a cell that is not quoted" }
        at += 1
      }
      content = ByteView(rebasing: line[start..<at])
    }
    isLast = at == line.count
    if !isLast {
      if line[at] != UInt8(ascii: ",") { return "something follows a quoted cell" }
      at += 1
    }
    return nil
  }

  /// False if the cell does not end. One that holds quotes, which are doubled, is put together.
  private func parseQuoted(
    _ line: ByteView, _ at: inout Int, _ content: inout ByteView
  ) -> Bool {
    at += 1
    cell.removeAll()
    while true {
      let start = at
      while at < line.count && line[at] != UInt8(ascii: "\"") { at += 1 }
      guard at < line.count else { return false }
      let piece = ByteView(rebasing: line[start..<at])
      at += 1
      if at == line.count || line[at] != UInt8(ascii: "\"") {
        if cell.count == 0 {
          content = piece
        } else {
          cell.append(piece)
          content = cell.view
        }
        return true
      }
      cell.append(piece)
      cell.append(UInt8(ascii: "\""))
      at += 1
    }
  }
}
