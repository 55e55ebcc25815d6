internal import Bytes

/// The times at which tokens begin and cease to count, in their order.
struct TokenTimes: ~Copyable {
  struct Change {
    var position: Int
    var isBeginning: Bool
    var set: Callers.Sets
  }

  private let table: Unmanaged<ClaimRows>
  private let rows: UnsafeBufferPointer<UInt32>
  private let skew: Int64
  private var byBeginning: FlatArray<Int32>
  private var byEnd: FlatArray<Int32>
  /// How far each of the four lists was read: beginnings and ends, tolerant and exact.
  private var read: (tolerantBeginning: Int, beginning: Int, end: Int, tolerantEnd: Int) = (
    0, 0, 0, 0
  )

  init(
    _ table: ClaimRows, _ rows: UnsafeBufferPointer<UInt32>, _ skew: Int64
  ) {
    self.table = Unmanaged.passUnretained(table)
    self.rows = rows
    self.skew = skew
    let all = table.rows.elements
    byBeginning = TokenTimes.sorted(rows.count) { all[Int(rows[$0])].issuedAt }
    byEnd = TokenTimes.sorted(rows.count) { all[Int(rows[$0])].expiresAt }
  }

  private static func sorted(_ count: Int, by time: (Int) -> Int64) -> FlatArray<Int32> {
    var positions = FlatArray<Int32>(capacity: count)
    for position in 0..<count { positions.append(Int32(position)) }
    var elements = positions.elements
    elements.sort { time(Int($0)) < time(Int($1)) }
    return positions
  }

  private func beginning(_ index: Int) -> Int64 {
    let row = Int(rows[Int(byBeginning[index])])
    return table._withUnsafeGuaranteedRef { $0.rows[row].issuedAt }
  }

  private func end(_ index: Int) -> Int64 {
    let row = Int(rows[Int(byEnd[index])])
    return table._withUnsafeGuaranteedRef { $0.rows[row].expiresAt }
  }

  /// The next time at which something changes; nil if nothing does any more. What never ends has no
  /// end to come to.
  var next: Int64? {
    var next: Int64?
    func take(_ time: Int64?) { if let time { next = min(next ?? time, time) } }
    take(upcoming(read.tolerantBeginning) { beginning($0).saturatingBack(by: skew) })
    take(upcoming(read.beginning) { beginning($0) })
    take(upcoming(read.end) { end($0) }.flatMap { $0 == .max ? nil : $0 })
    take(
      upcoming(read.tolerantEnd) { end($0).saturating(plus: skew) }
        .flatMap { $0 == .max ? nil : $0 })
    return next
  }

  private func upcoming(_ index: Int, _ time: (Int) -> Int64) -> Int64? {
    index < rows.count ? time(index) : nil
  }

  /// The next change at `time`; nil if there is no other at that time.
  mutating func take(at time: Int64) -> Change? {
    while read.tolerantEnd < rows.count, end(read.tolerantEnd).saturating(plus: skew) == time,
      time != .max
    {
      read.tolerantEnd += 1
      let position = Int(byEnd[read.tolerantEnd - 1])
      if counts(position, skew) {
        return Change(position: position, isBeginning: false, set: .tolerant)
      }
    }
    while read.end < rows.count, end(read.end) == time, time != .max {
      read.end += 1
      let position = Int(byEnd[read.end - 1])
      if counts(position, 0) {
        return Change(position: position, isBeginning: false, set: .exact)
      }
    }
    while read.tolerantBeginning < rows.count,
      beginning(read.tolerantBeginning).saturatingBack(by: skew) == time
    {
      read.tolerantBeginning += 1
      let position = Int(byBeginning[read.tolerantBeginning - 1])
      if counts(position, skew) {
        return Change(position: position, isBeginning: true, set: .tolerant)
      }
    }
    while read.beginning < rows.count, beginning(read.beginning) == time {
      read.beginning += 1
      let position = Int(byBeginning[read.beginning - 1])
      if counts(position, 0) {
        return Change(position: position, isBeginning: true, set: .exact)
      }
    }
    return nil
  }

  /// True unless the token ends before it begins.
  private func counts(_ position: Int, _ skew: Int64) -> Bool {
    let row = table._withUnsafeGuaranteedRef { $0.rows[Int(rows[position])] }
    return row.issuedAt.saturatingBack(by: skew) < row.expiresAt.saturating(plus: skew)
  }
}

extension Int64 {
  /// Earlier by `microseconds`; what has no beginning stays without one.
  fileprivate func saturatingBack(by microseconds: Int64) -> Int64 {
    self == .min ? .min : saturating(minus: microseconds)
  }
}
