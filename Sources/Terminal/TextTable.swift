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

  /// The lines that still wait. A table without rows has no titles either.
  package mutating func finish() -> String { waiting.isEmpty ? "" : release() }

  private mutating func release() -> String {
    let widths = widths([titles] + waiting)
    defer { waiting = [] }
    self.widths = widths
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
    var line = ""
    for (column, cell) in row.enumerated() {
      let fitted = TextWidth.cut(cell, to: widths[column])
      line += fitted
      if column < row.count - 1 {
        line += String(repeating: " ", count: widths[column] - TextWidth.of(fitted) + TextTable.gap)
      }
    }
    while line.last == " " { line.removeLast() }
    // Columns of one character and the gaps between them can still be more than there is.
    return TextWidth.cut(line, to: room) + "\n"
  }
}
