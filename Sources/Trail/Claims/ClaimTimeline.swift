internal import Bytes

// What the tokens of one key come to at every time: nobody, one of them, several that agree, or several
// that do not. A sweep over the times at which tokens begin and cease to count keeps, of those that
// count at the moment, how many there are, how many different things they would show and how many
// different values each claim has; where that changes, a new segment begins. So an event costs a binary
// search, however many tokens were valid at once, and the work of the sweep is n log n in the number of
// the key's tokens, paid once.
//
// A number that is the exclusive-or of all that are in a set is, as soon as there is only one, that one:
// so one of many is never looked for.
//
// Two sets are kept: the tokens that count with the tolerance for clocks, which decide, and those that
// count without. Where the two would give different matches, the tolerance has decided (`skew`).

/// What the tokens of one key come to, by time, for events that one selector describes.
struct ClaimTimeline: ~Copyable {
  /// Which tokens count at which time.
  enum Counting {
    /// Those whose time it is, give or take so many microseconds.
    case whenValid(skew: Int64)
    /// All of them.
    case always
  }

  /// What several tokens agree on.
  struct Agreement: BitwiseCopyable {
    var policy: Int16
    var candidate: Int16
    var flags: UInt32
    var display: Int
    var displayCount: UInt32
    var claimsCount: UInt32
  }

  /// Two bits for the kind, one for `skew`, and a number: of a row of the store or of an agreement.
  struct State: Equatable, BitwiseCopyable {
    static let none = State(rawValue: 0)
    var rawValue: UInt32
    enum Kind: UInt32 { case none, sole, agreed, ambiguous }

    init(rawValue: UInt32) { self.rawValue = rawValue }

    init(_ kind: Kind, skew: Bool = false, number: UInt32 = 0) {
      rawValue = kind.rawValue << 30 | (skew ? 1 << 29 : 0) | number
    }

    var kind: Kind { Kind(rawValue: rawValue >> 30) ?? .none }
    var isSkewed: Bool { rawValue & 1 << 29 != 0 }
    var number: Int { Int(rawValue & (1 << 29 - 1)) }
  }

  /// When each segment begins, and what holds from there on; before the first nothing does.
  private var starts = FlatArray<Int64>()
  private var states = FlatArray<State>()
  private var agreements = FlatArray<Agreement>(capacity: 1)
  private var text = ByteBuffer()
  private let policyOfCandidate: [Int]

  /// Works the timeline of the rows with these numbers out.
  init(
    _ store: ClaimStore, _ rows: UnsafeBufferPointer<UInt32>,
    _ selector: PolicySelector, _ counting: Counting
  ) {
    policyOfCandidate = store.policyOfCandidate
    var callers = Callers(store, rows, selector)
    switch counting {
    case .always:
      for position in 0..<rows.count { callers.add(position, to: .both) }
      append(state(&callers, rows), from: .min)
    case .whenValid(let skew):
      sweep(TokenTimes(store, rows, skew), &callers, rows)
    }
  }

  private mutating func sweep(
    _ times: consuming TokenTimes, _ callers: inout Callers,
    _ rows: UnsafeBufferPointer<UInt32>
  ) {
    while let time = times.next {
      while let change = times.take(at: time) {
        if change.isBeginning {
          callers.add(change.position, to: change.set)
        } else {
          callers.remove(change.position, from: change.set)
        }
      }
      append(state(&callers, rows), from: time)
    }
  }

  private mutating func append(_ state: State, from time: Int64) {
    if starts.count > 0 ? states[states.count - 1] == state : state == .none { return }
    starts.append(time)
    states.append(state)
  }

  private mutating func state(
    _ callers: inout Callers, _ rows: UnsafeBufferPointer<UInt32>
  ) -> State {
    switch callers.tolerant.count {
    case 0: return .none
    case 1: return State(.sole, number: rows[callers.tolerant.positions])
    case _ where callers.tolerant.distinct > 1:
      return State(.ambiguous, skew: callers.exact.distinct < 2)
    default:
      let number = callers.agreement(of: policyOfCandidate, text: &text, &agreements)
      return State(.agreed, skew: callers.exact.count < 2, number: UInt32(number))
    }
  }

  private func state(at time: Int64) -> State {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? .none : states[low - 1]
  }

  /// What can be said about an event at `time`.
  func answer(
    at time: Int64, _ store: ClaimStore, _ selector: PolicySelector
  ) -> ClaimStore.Answer {
    let state = state(at: time)
    let skew: AttributionFlags = state.isSkewed ? .skew : []
    switch state.kind {
    case .none: return ClaimStore.Answer(.none)
    case .sole: return store.answer(row: Int32(state.number), .sole, at: time, selector)
    case .ambiguous: return ClaimStore.Answer(.ambiguous, skew)
    case .agreed:
      let agreement = agreements[state.number]
      var answer = ClaimStore.Answer(.agreed, skew)
      answer.flags |= agreement.flags
      answer.policy = Int(agreement.policy)
      answer.candidate = Int(agreement.candidate)
      let start = UnsafePointer(text.base) + agreement.display
      answer.display = ByteView(start: start, count: Int(agreement.displayCount))
      answer.claims = ByteView(
        start: start + Int(agreement.displayCount), count: Int(agreement.claimsCount))
      return answer
    }
  }
}

/// The times at which tokens begin and cease to count, in their order.
private struct TokenTimes: ~Copyable {
  struct Change {
    var position: Int
    var isBeginning: Bool
    var set: Callers.Sets
  }

  private let store: Unmanaged<ClaimStore>
  private let rows: UnsafeBufferPointer<UInt32>
  private let skew: Int64
  private var byBeginning: FlatArray<Int32>
  private var byEnd: FlatArray<Int32>
  /// How far each of the four lists was read: beginnings and ends, tolerant and exact.
  private var read: (tolerantBeginning: Int, beginning: Int, end: Int, tolerantEnd: Int) = (
    0, 0, 0, 0
  )

  init(
    _ store: ClaimStore, _ rows: UnsafeBufferPointer<UInt32>, _ skew: Int64
  ) {
    self.store = Unmanaged.passUnretained(store)
    self.rows = rows
    self.skew = skew
    let all = store.rows.elements
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
    return store._withUnsafeGuaranteedRef { $0.rows[row].issuedAt }
  }

  private func end(_ index: Int) -> Int64 {
    let row = Int(rows[Int(byEnd[index])])
    return store._withUnsafeGuaranteedRef { $0.rows[row].expiresAt }
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
    let row = store._withUnsafeGuaranteedRef { $0.rows[Int(rows[position])] }
    return row.issuedAt.saturatingBack(by: skew) < row.expiresAt.saturating(plus: skew)
  }
}

extension Int64 {
  /// Earlier by `microseconds`; what has no beginning stays without one.
  fileprivate func saturatingBack(by microseconds: Int64) -> Int64 {
    self == .min ? .min : saturating(minus: microseconds)
  }
}
