public import Bytes
internal import Engine

extension ClaimStore {
  /// What is known about a run that an event at `time` (microseconds since 1970, or `Record.noTime`) names,
  /// made with the key of the id `key`; without a key (nil) the run has to be of one key only. A run may
  /// have had several tokens: these have to come to the same.
  public func find(
    run: ByteView, key: ByteView?, at time: Int64, _ selector: PolicySelector
  ) -> ClaimAnswer {
    guard let number = runs.find(run) else { return ClaimAnswer(.none, .tokenUnknown) }
    let known = key.map { keys.find($0) ?? -1 }
    guard let group = runs.group(ofRun: number, key: known) else {
      return ClaimAnswer(.none, .tokenOfOtherKey)
    }
    let rows = runs.rows(ofGroup: group)
    let first = Int32(rows[0])
    if rows.count == 1 { return table.answer(row: first, .token, at: time, selector) }
    let timeline = timelines.find(keys.count + sharing.groups + group, selector) {
      ClaimTimeline(table, rows, selector, .always)
    }
    var answer = timeline.pointee.answer(at: 0, table, selector)
    guard answer.match == .agreed else { return answer }
    answer.match = .token
    answer.flags &= ~AttributionFlags.skew.rawValue
    // Which of the run's tokens it was is not known.
    answer.row = -1
    answer.isSplit = rows.contains {
      links.number(ofRow: Int($0)) != links.number(ofRow: Int(first))
    }
    answer.holder = answer.isSplit ? -1 : first
    answer.flags |= flags(ofRows: rows, answer.policy, at: time)
    return answer
  }

  /// What to note about an event at `time` that was made with the token of one of these rows: nothing if one
  /// of them holds then.
  private func flags(
    ofRows rows: UnsafeBufferPointer<UInt32>, _ policy: Int, at time: Int64
  ) -> UInt32 {
    var least = AttributionFlags.tokenTimeOutside.rawValue
    for row in rows {
      let flags = table.flags(of: Int(row), policy, at: time)
      if flags == 0 { return 0 }
      if flags == AttributionFlags.skew.rawValue { least = flags }
    }
    return least
  }
}
