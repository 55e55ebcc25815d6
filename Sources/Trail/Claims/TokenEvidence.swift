internal import Bytes

/// What few rows of a claim store say beside the rest, apart from `ClaimRow`: rows come by the million.
struct TokenEvidence: ~Copyable {
  struct Entry: BitwiseCopyable {
    /// The row that says so.
    var row: UInt32
    /// The number of its condition; `unconditional` if it has none.
    var condition = TokenEvidence.unconditional
    /// When the session ends, in microseconds since 1970; `unknownEnd` if the row does not say.
    var sessionEnd = TokenEvidence.unknownEnd
  }

  static let unconditional = UInt32.max
  static let unknownEnd = Int64.min

  /// By row.
  private var entries = FlatArray<Entry>()

  /// Takes in what the next row says; rows come in their order.
  mutating func add(_ entry: Entry) { entries.append(entry) }

  var isEmpty: Bool { entries.count == 0 }

  var memoryBytes: Int { entries.memoryBytes }

  /// When the session of a row ends; `unknownEnd` if it does not say.
  func sessionEnd(of row: Int) -> Int64 { entry(of: row)?.sessionEnd ?? TokenEvidence.unknownEnd }

  /// The number of the condition of a row; `unconditional` if it has none.
  func condition(of row: Int) -> UInt32 { entry(of: row)?.condition ?? TokenEvidence.unconditional }

  /// What a row says; nil if nothing.
  func entry(of row: Int) -> Entry? {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if Int(entries[middle].row) < row { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && Int(entries[low].row) == row ? entries[low] : nil
  }
}
