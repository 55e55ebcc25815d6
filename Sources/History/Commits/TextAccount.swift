/// What became of every byte of an input's text that a run has read: uncompressed, from where it began to
/// where it ended.
package struct TextAccount: Equatable, Sendable {
  /// Offset of the first byte.
  package var from: Int64
  /// Offset behind the last one.
  package var to: Int64
  /// Bytes of records that were written, as they came in.
  package var written: Int64
  /// Bytes of re-deliveries.
  package var duplicates: Int64
  /// Bytes of records that were not wanted.
  package var filtered: Int64
  /// Bytes that the quarantine holds.
  package var quarantined: Int64
  /// White space, line ends, a byte order mark, and the brackets and commas around records.
  package var syntax: Int64
  /// Members around records.
  package var beside: Int64

  package init(
    from: Int64, to: Int64, written: Int64, duplicates: Int64, filtered: Int64, quarantined: Int64,
    syntax: Int64, beside: Int64
  ) {
    self.from = from
    self.to = to
    self.written = written
    self.duplicates = duplicates
    self.filtered = filtered
    self.quarantined = quarantined
    self.syntax = syntax
    self.beside = beside
  }

  /// The names of the figures in a manifest, in their order.
  static let names = [
    "from", "to", "written", "duplicates", "filtered", "quarantined", "syntax", "beside",
  ]

  /// The figures in the order of `names`.
  package var figures: [Int64] {
    [from, to, written, duplicates, filtered, quarantined, syntax, beside]
  }

  /// The account with these figures; nil unless there are as many as `names`.
  init?(figures: [Int64]) {
    guard figures.count == TextAccount.names.count else { return nil }
    self.init(
      from: figures[0], to: figures[1], written: figures[2], duplicates: figures[3],
      filtered: figures[4], quarantined: figures[5], syntax: figures[6], beside: figures[7])
  }

  /// True if every byte is in one of the sums, and none in two.
  package var isBalanced: Bool {
    var rest = to
    for figure in [from] + figures.dropFirst(2) {
      guard figure >= 0 else { return false }
      let (next, overflow) = rest.subtractingReportingOverflow(figure)
      if overflow { return false }
      rest = next
    }
    return rest == 0
  }
}
