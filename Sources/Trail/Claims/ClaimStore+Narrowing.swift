public import Bytes
internal import Engine
internal import JSONText

// Where rows have conditions, an event can contradict some of the tokens that its time allows. This is looked
// at event by event, for what an event says is in no table; only keys of which a row has conditions pay for
// it.

/// Looks at an event for what the conditions of a claim store ask for. One for each worker.
public struct ConditionReader: ~Copyable {
  private let conditions: TokenConditions
  private let scanner: Scanner
  private var fields: FlatArray<Field>
  private var event = ByteBuffer()
  private var scratch = ByteBuffer()

  /// A reader for the conditions of a store; nil if it has none.
  public init?(_ store: ClaimStore) {
    guard let conditions = store.conditions else { return nil }
    self.conditions = conditions
    scanner = Scanner(conditions.pointers)
    fields = FlatArray(capacity: max(conditions.pointers.count, 1))
    fields.append(repeating: .missing, count: max(conditions.pointers.count, 1))
  }

  /// Looks at the next event, valid JSON without its closing brace; false if it is none.
  public mutating func read(body: ByteView) -> Bool {
    guard let target = fields.elements.baseAddress else { return false }
    event.removeAll()
    event.append(body)
    event.append(UInt8(ascii: "}"))
    return scanner.scanWhole(event.view, fields: target).fault == .none
  }

  /// Where the event contradicts condition `number`, a pointer; nil if it does not.
  public mutating func contradiction(of number: Int) -> String? {
    fields.elements.baseAddress.flatMap {
      conditions.contradiction(of: number, event.view, $0, &scratch)
    }
  }
}

extension ClaimStore {
  /// Tokens among which an event is looked at for conditions: 10,000. Among more nothing is narrowed.
  public static let mostNarrowed = 10_000

  /// What can be said about an event (its `body` is without the closing brace), made at `time` with the key
  /// of the id `key`, once the tokens that it contradicts are left out of those that led to `answer`; handed
  /// to `use`, during whose time it is valid.
  public func narrow<Result>(
    _ answer: ClaimAnswer, key: ByteView, at time: Int64, body: ByteView,
    _ selector: PolicySelector, _ reader: inout ConditionReader,
    _ use: (ClaimAnswer) -> Result
  ) -> Result {
    guard let contest = contested(answer, key, time, selector), reader.read(body: body) else {
      return use(answer)
    }
    let kept = contest.positions.filter { position in
      table.condition(of: contest.row(position)).map { reader.contradiction(of: $0) == nil } ?? true
    }
    if kept.count == contest.positions.count { return use(answer) }
    if kept.isEmpty { return use(ClaimAnswer(.none)) }
    let flags = isSkewDecisive(contest, kept, time) ? AttributionFlags.skew : []
    if answer.match == .agreed {
      // All who are left come to the same if all of them did.
      var answer = answer
      answer.flags |= flags.rawValue
      return use(answer)
    }
    if kept.count == 1 {
      var narrowed = table.answer(
        row: Int32(contest.row(kept[0])), .narrowed, at: time, selector)
      narrowed.flags |= flags.rawValue
      return use(narrowed)
    }
    return kept.map { contest.rows[$0] }.withUnsafeBufferPointer { rows in
      let timeline = ClaimTimeline(
        table, rows, selector, .always, contest.roots, positions: kept)
      var narrowed = timeline.answer(at: 0, table, selector)
      if narrowed.match == .agreed { narrowed.match = .narrowed }
      narrowed.flags |= flags.rawValue
      return use(narrowed)
    }
  }

  /// Tokens of a key among which an event is looked at.
  private struct Contest {
    /// The rows of the key.
    let rows: UnsafeBufferPointer<UInt32>
    /// Which of them count.
    let positions: [Int]
    let roots: ChainRoots?
    let selector: PolicySelector

    func row(_ position: Int) -> Int { Int(rows[position]) }
  }

  /// The tokens that count at `time`, if one of the key's has a condition.
  private func contested(
    _ answer: ClaimAnswer, _ key: ByteView, _ time: Int64, _ selector: PolicySelector
  ) -> Contest? {
    guard answer.match == .sole || answer.match == .agreed || answer.match == .ambiguous,
      time != Record.noTime, let key = keys.find(key)
    else { return nil }
    let timeline = timeline(ofKey: key, selector)
    guard let spans = timeline.pointee.spans,
      let positions = spans.positions(
        at: time, skew: table.skew, limit: ClaimStore.mostNarrowed)
    else { return nil }
    // Rows of a key come in the order of their numbers.
    return Contest(
      rows: byKey.rows(of: key), positions: positions.sorted(), roots: timeline.pointee.roots,
      selector: selector)
  }

  // MARK: The tolerance for clocks

  /// True if the match would be another without the tolerance.
  private func isSkewDecisive(_ contest: Contest, _ kept: [Int], _ time: Int64) -> Bool {
    func isExact(_ position: Int) -> Bool {
      let row = contest.rows[position]
      let policy = shown(row, contest.selector).policy
      return AttributionFlags.ofTime(
        time, from: table.rows[Int(row)].issuedAt, to: table.end(of: Int(row), policy: policy),
        skew: 0
      ).isEmpty
    }
    return outcome(contest, contest.positions, kept)
      != outcome(contest, contest.positions.filter(isExact), kept.filter(isExact))
  }

  private func outcome(_ contest: Contest, _ possible: [Int], _ kept: [Int]) -> ClaimMatch {
    if kept.isEmpty { return .none }
    if possible.count == 1 { return .sole }
    if isAlike(contest, possible) { return .agreed }
    return isAlike(contest, kept) ? .narrowed : .ambiguous
  }

  private func isAlike(_ contest: Contest, _ positions: [Int]) -> Bool {
    func identity(_ position: Int) -> ByteView {
      contest.roots?.root(of: position)?.identity
        ?? shown(contest.rows[position], contest.selector).identity
    }
    guard let first = positions.first else { return true }
    let common = identity(first)
    return positions.allSatisfy { identity($0).elementsEqual(common) }
  }
}
