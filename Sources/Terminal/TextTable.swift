package import Bytes

/// Rows of text in columns. The first rows decide how wide the columns are; later cells are cut to fit, and
/// no line is wider than the terminal.
package struct TextTable {
  /// Columns become no narrower than this while another one has more.
  private static let legible = 8
  private static let gap = 2

  private let titles: [String]
  /// Columns of the terminal.
  private let room: Int
  /// The column that gives way when all others have.
  private let cutLast: Int?
  private let measuredRows: Int
  private var waiting: [[String]] = []
  private var widths: [Int]?
  /// The columns and the gaps between them are more than the terminal has.
  private var isTooWide = false

  /// A table with these column titles; the first `measuredRows` rows decide the widths. Where there is too
  /// little room the column `cutLast` keeps its own the longest.
  package init(titles: [String], room: Int, cutLast: Int? = nil, measuredRows: Int = 1000) {
    self.titles = titles
    self.room = max(1, room)
    self.cutLast = cutLast
    self.measuredRows = measuredRows
  }

  /// Adds a row, and returns the lines that can be written now, each with its line feed.
  package mutating func add(_ row: [String]) -> String {
    if let widths { return line(row, widths) }
    waiting.append(row)
    return waiting.count == measuredRows ? release() : ""
  }

  /// Adds a row of `count` cells from outside, without what a terminal would obey, and puts out the lines
  /// that can be written now. `cell` gives the bytes of each, UTF-8, which are used before the next is asked
  /// for.
  package mutating func add(
    _ count: Int, to output: OutputBuffer, _ cell: (_ column: Int) -> ByteView
  ) throws {
    guard let widths, !isTooWide, count > 0 else {
      let row = (0..<count).map { Console.printable(String(decoding: cell($0), as: UTF8.self)) }
      return try output.append(add(row))
    }
    try output.appendLine { line in
      let start = line.count
      for column in 0..<count {
        let used = TextTable.append(cell(column), width: widths[column], to: &line)
        guard column < count - 1 else { break }
        for _ in 0..<(widths[column] - used + TextTable.gap) { line.append(UInt8(ascii: " ")) }
      }
      while line.count > start, line.view[line.count - 1] == UInt8(ascii: " ") {
        line.truncate(to: line.count - 1)
      }
    }
  }

  /// Appends a cell, cut to `width` columns, and returns how many it takes.
  private static func append(_ cell: ByteView, width: Int, to line: inout ByteBuffer) -> Int {
    guard TerminalControl.isPlain(cell) else {
      let text = TextWidth.cut(
        Console.printable(String(decoding: cell, as: UTF8.self)), to: width)
      line.append(utf8: text)
      return TextWidth.of(text)
    }
    guard cell.count > width else {
      line.append(cell)
      return cell.count
    }
    line.append(ByteView(rebasing: cell[..<max(0, width - 1)]))
    line.append(utf8: TextWidth.cutMark)
    return max(1, width)
  }

  /// The lines that still wait. A table without rows has no titles either.
  package mutating func finish() -> String { waiting.isEmpty ? "" : release() }

  private mutating func release() -> String {
    let widths = widths([titles] + waiting)
    defer { waiting = [] }
    self.widths = widths
    isTooWide = widths.reduce(TextTable.gap * (widths.count - 1), +) > room
    return ([titles] + waiting).map { line($0, widths) }.joined()
  }

  /// Each column as wide as its widest cell; if that is more than the terminal has, the widest give way, and
  /// those that are legible no longer only when all are as narrow.
  private func widths(_ rows: [[String]]) -> [Int] {
    var widths = [Int](repeating: 0, count: rows.first?.count ?? 0)
    for row in rows {
      for (column, cell) in row.enumerated() {
        widths[column] = max(widths[column], TextWidth.of(cell))
      }
    }
    let others = widths.indices.filter { $0 != cutLast }
    for (columns, least) in [(others, TextTable.legible), (others, 1), (Array(widths.indices), 1)] {
      while widths.reduce(TextTable.gap * (widths.count - 1), +) > room,
        let widest = columns.max(by: { widths[$0] < widths[$1] }), widths[widest] > least
      {
        widths[widest] -= 1
      }
    }
    return widths
  }

  private func line(_ row: [String], _ widths: [Int]) -> String {
    var line: [UInt8] = []
    for (column, cell) in row.enumerated() {
      let width = TextWidth.of(cell)
      let fits = width <= widths[column]
      let fitted = fits ? cell : TextWidth.cut(cell, to: widths[column])
      line.append(contentsOf: fitted.utf8)
      guard column < row.count - 1 else { break }
      let free = widths[column] - (fits ? width : TextWidth.of(fitted))
      line.append(contentsOf: repeatElement(UInt8(ascii: " "), count: free + TextTable.gap))
    }
    while line.last == UInt8(ascii: " ") { line.removeLast() }
    // Columns of one character and the gaps between them can still be more than there is.
    return TextWidth.cut(String(decoding: line, as: UTF8.self), to: room) + "\n"
  }
}
