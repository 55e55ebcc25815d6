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
  private var agreements = FlatArray<Callers.Agreement>(capacity: 1)
  private var text = ByteBuffer()
  private var candidates: CandidateLists
  private let policyOfCandidate: [Int]
  /// When each token counts, where rows have conditions.
  private(set) var spans: TokenSpans?
  /// Who is at the root of each of them then, where there are chains.
  private(set) var roots: ChainRoots?

  /// Works the timeline of the rows with these numbers out, of which `roots` knows who is at the root; that
  /// of row k is at `positions[k]`, or at k.
  init(
    _ table: ClaimRows, _ rows: UnsafeBufferPointer<UInt32>,
    _ selector: PolicySelector, _ counting: Counting, _ roots: ChainRoots? = nil,
    positions: [Int]? = nil
  ) {
    policyOfCandidate = table.policyOfCandidate
    var callers = Callers(table, rows, selector) { place in
      roots.flatMap { $0.root(of: positions?[place] ?? place) }
    }
    candidates = CandidateLists([])
    switch counting {
    case .always:
      for position in 0..<rows.count { callers.add(position, to: .both) }
      append(state(&callers, rows, isInferred: false), from: .min)
    case .whenValid(let skew):
      let spans = ClaimTimeline.spans(table, rows, callers)
      if rows.contains(where: { table.condition(of: Int($0)) != nil }) {
        self.spans = spans
        self.roots = roots
      }
      sweep(TokenTimes(spans, skew: skew), &callers, rows)
    }
    candidates = callers.candidates
  }

  private static func spans(
    _ table: ClaimRows, _ rows: UnsafeBufferPointer<UInt32>, _ callers: borrowing Callers
  ) -> TokenSpans {
    var begins = FlatArray<Int64>(capacity: rows.count)
    var ends = FlatArray<Int64>(capacity: rows.count)
    for (position, row) in rows.enumerated() {
      let policy = callers.policy(of: position)
      begins.append(table.rows[Int(row)].issuedAt)
      // A session that may last for ever, for all that is known, bars inference for ever.
      ends.append(
        table.end(
          of: Int(row), policy: policy,
          unknown: table.inference(ofPolicy: policy).isAllowed ? nil : .max))
    }
    return TokenSpans(begins: begins, ends: ends)
  }

  private mutating func sweep(
    _ times: consuming TokenTimes, _ callers: inout Callers,
    _ rows: UnsafeBufferPointer<UInt32>
  ) {
    while let time = ClaimTimeline.earlier(times.next, callers.nextCover) {
      callers.passCovers(time)
      while let change = times.take(at: time) {
        if change.isBeginning {
          callers.add(change.position, to: change.set)
        } else {
          callers.remove(change.position, from: change.set)
        }
      }
      append(state(&callers, rows, isInferred: true), from: time)
    }
  }

  private static func earlier(_ one: Int64?, _ other: Int64?) -> Int64? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
  }

  private mutating func append(_ state: State, from time: Int64) {
    if starts.count > 0 ? states[states.count - 1] == state : state == .none { return }
    starts.append(time)
    states.append(state)
  }

  private mutating func state(
    _ callers: inout Callers, _ rows: UnsafeBufferPointer<UInt32>, isInferred: Bool
  ) -> State {
    let isBarred = callers.isBarred
    switch callers.tolerant.count {
    case 0: return .none
    case _ where isInferred && isBarred.tolerant:
      return State(.none, skew: !isBarred.exact && callers.exact.count > 0)
    case 1: return State(.sole, number: rows[callers.tolerant.positions])
    case _ where callers.tolerant.distinct > 1:
      return State(
        .ambiguous, skew: callers.exact.distinct < 2,
        number: UInt32(
          callers.candidates.current(total: callers.tolerant.distinct, flags: callers.chainFlags)))
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
    at time: Int64, _ table: ClaimRows, _ selector: PolicySelector
  ) -> ClaimAnswer {
    let state = state(at: time)
    let skew: AttributionFlags = state.isSkewed ? .skew : []
    switch state.kind {
    case .none: return ClaimAnswer(.none, skew)
    case .sole: return table.answer(row: Int32(state.number), .sole, at: time, selector)
    case .ambiguous:
      var answer = ClaimAnswer(.ambiguous, skew)
      candidates.complete(&answer, state.number)
      return answer
    case .agreed:
      let agreement = agreements[state.number]
      var answer = ClaimAnswer(.agreed, skew)
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
