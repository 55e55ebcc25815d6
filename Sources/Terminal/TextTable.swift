/// Rows of text in columns. The first rows decide how wide the columns are; later cells are cut to fit.
package struct TextTable {
  /// Columns become no narrower than this where the terminal has too little room.
  private static let narrowest = 8
  private static let gap = 2

  private let titles: [String]
  /// Columns of the terminal.
  private let room: Int
  private let measuredRows: Int
  private var waiting: [[String]] = []
  private var widths: [Int]?

  /// A table with these column titles; the first `measuredRows` rows decide the widths.
  package init(titles: [String], room: Int, measuredRows: Int = 1000) {
    self.titles = titles
    self.room = room
    self.measuredRows = measuredRows
  }

  /// Adds a row, and returns the lines that can be written now, each with its line feed.
  package mutating func add(_ row: [String]) -> String {
    if let widths { return TextTable.line(row, widths) }
    waiting.append(row)
    return waiting.count == measuredRows ? release() : ""
  }

  /// The lines that still wait. A table without rows has no titles either.
  package mutating func finish() -> String { waiting.isEmpty ? "" : release() }

  private mutating func release() -> String {
    let widths = TextTable.widths([titles] + waiting, room: room)
    defer { waiting = [] }
    self.widths = widths
    return ([titles] + waiting).map { TextTable.line($0, widths) }.joined()
  }

  /// Each column as wide as its widest cell; if that is more than the terminal has, the widest give way.
  private static func widths(_ rows: [[String]], room: Int) -> [Int] {
    var widths = [Int](repeating: 0, count: rows.first?.count ?? 0)
    for row in rows {
      for (column, cell) in row.enumerated() {
        widths[column] = max(widths[column], TextWidth.of(cell))
      }
    }
    while widths.reduce(gap * (widths.count - 1), +) > room,
      let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > narrowest
    {
      widths[widest] -= 1
    }
    return widths
  }

  private static func line(_ row: [String], _ widths: [Int]) -> String {
    var line = ""
    for (column, cell) in row.enumerated() {
      let fitted = TextWidth.cut(cell, to: widths[column])
      line += fitted
      if column < row.count - 1 {
        line += String(repeating: " ", count: widths[column] - TextWidth.of(fitted) + gap)
      }
    }
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }
}
