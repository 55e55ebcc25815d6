internal import Bytes

/// The times at which the tokens of a key begin and cease to count, in their order.
struct TokenTimes: ~Copyable {
  struct Change {
    var position: Int
    var isBeginning: Bool
    var set: Callers.Sets
  }

  private let spans: TokenSpans
  private let skew: Int64
  private let byEnd: FlatArray<Int32>
  /// How far each of the four lists was read: beginnings and ends, tolerant and exact.
  private var read: (tolerantBeginning: Int, beginning: Int, end: Int, tolerantEnd: Int) = (
    0, 0, 0, 0
  )

  init(_ spans: TokenSpans, skew: Int64) {
    self.spans = spans
    self.skew = skew
    byEnd = spans.positionsByEnd()
  }

  private func beginning(_ index: Int) -> Int64 { spans.begin(spans.byBeginning[index]) }

  private func end(_ index: Int) -> Int64 { spans.end(byEnd[index]) }

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
    index < spans.count ? time(index) : nil
  }

  /// The next change at `time`; nil if there is no other at that time.
  mutating func take(at time: Int64) -> Change? {
    while read.tolerantEnd < spans.count, end(read.tolerantEnd).saturating(plus: skew) == time,
      time != .max
    {
      read.tolerantEnd += 1
      let position = byEnd[read.tolerantEnd - 1]
      if counts(position, skew) {
        return Change(position: Int(position), isBeginning: false, set: .tolerant)
      }
    }
    while read.end < spans.count, end(read.end) == time, time != .max {
      read.end += 1
      let position = byEnd[read.end - 1]
      if counts(position, 0) {
        return Change(position: Int(position), isBeginning: false, set: .exact)
      }
    }
    while read.tolerantBeginning < spans.count,
      beginning(read.tolerantBeginning).saturatingBack(by: skew) == time
    {
      read.tolerantBeginning += 1
      let position = spans.byBeginning[read.tolerantBeginning - 1]
      if counts(position, skew) {
        return Change(position: Int(position), isBeginning: true, set: .tolerant)
      }
    }
    while read.beginning < spans.count, beginning(read.beginning) == time {
      read.beginning += 1
      let position = spans.byBeginning[read.beginning - 1]
      if counts(position, 0) {
        return Change(position: Int(position), isBeginning: true, set: .exact)
      }
    }
    return nil
  }

  /// True unless the token ends before it begins.
  private func counts(_ position: Int32, _ skew: Int64) -> Bool {
    spans.begin(position).saturatingBack(by: skew) < spans.end(position).saturating(plus: skew)
  }
}

extension Int64 {
  /// Earlier by `microseconds`; what has no beginning stays without one.
  func saturatingBack(by microseconds: Int64) -> Int64 {
    self == .min ? .min : saturating(minus: microseconds)
  }
}
