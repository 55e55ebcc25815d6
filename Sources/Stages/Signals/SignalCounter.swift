internal import Crypto
internal import Bytes
internal import Engine
internal import Trail

/// Counts how often something happens within a time, by the events' own times and whatever their order in the
/// input: an event is a signal if, with those that came before it in the input, so many lie so close
/// together. These are spent by it. Events without a time are not counted.
final class SignalCounter {
  /// Events that are remembered at once, of all groups: 1,000,000. Beyond that, those that are too old for
  /// the newest go; if that does not help, all do.
  static let most = 1_000_000
  /// Events that are remembered of one group: the newest 8,192.
  static let mostOfGroup = 8192

  private let threshold: SignalThreshold
  /// Times in microseconds by group, each in their order.
  private var groups: [Digest256: [Int64]] = [:]
  private var total = 0
  private var newest = Int64.min
  /// True if events had to be forgotten that might have counted.
  private(set) var hasForgotten = false
  private let most: Int

  init(_ threshold: SignalThreshold, most: Int = SignalCounter.most) {
    self.threshold = threshold
    self.most = most
  }

  /// Takes an event for which the rule's conditions hold; true if it is a signal.
  func take(_ batch: Batch, _ index: Int, _ dialect: BoundDialect) -> Bool {
    let time = batch.records[index].time
    guard time != Record.noTime, let group = group(batch, index, dialect) else { return false }
    return take(time, group)
  }

  func take(_ time: Int64, _ group: Digest256) -> Bool {
    newest = max(newest, time)
    if total >= most { forget() }
    let before = groups[group]?.count ?? 0
    let isSignal = insert(time, &groups[group, default: []])
    total += (groups[group]?.count ?? 0) - before
    if groups[group]?.isEmpty ?? false { groups[group] = nil }
    return isSignal
  }

  /// Puts a time into its place, and takes out a window of enough around it.
  private func insert(_ time: Int64, _ times: inout [Int64]) -> Bool {
    var place = times.count
    if let last = times.last, last > time { place = SignalCounter.place(of: time, in: times) }
    times.insert(time, at: place)
    let count = threshold.atLeast
    if times.count >= count {
      for first in max(0, place - count + 1)...min(place, times.count - count) {
        let spread = times[first + count - 1].subtractingReportingOverflow(times[first])
        guard let within = threshold.within else {
          times.removeSubrange(first..<first + count)
          return true
        }
        if !spread.overflow, spread.partialValue <= within {
          times.removeSubrange(first..<first + count)
          return true
        }
      }
    }
    if times.count > SignalCounter.mostOfGroup { times.removeFirst() }
    return false
  }

  /// Behind all that are not later.
  private static func place(of time: Int64, in times: [Int64]) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func forget() {
    if let within = threshold.within {
      let (bound, overflow) = newest.subtractingReportingOverflow(within)
      for group in groups.keys {
        groups[group]?.removeAll { !overflow && $0 < bound }
        if groups[group]?.isEmpty ?? false { groups[group] = nil }
      }
      total = groups.values.reduce(0) { $0 + $1.count }
      // Half has to go, or else nearly every event would look at all of them.
      if total <= most / 2 { return }
    }
    hasForgotten = true
    groups = [:]
    total = 0
  }

  /// What is counted together, by a digest; nil for an event that has no such value.
  private func group(_ batch: Batch, _ index: Int, _ dialect: BoundDialect) -> Digest256? {
    let text: Span32?
    switch threshold.group {
    case nil: return Digest256(0, 0, 0, 0)
    case .slot(let slot): text = batch.scalar(slot, of: index)
    case .role(let role): text = dialect.scalar(role, batch, index)
    case .displayActor:
      let shown = batch[.displayActor, index]
      text = shown.isEmpty ? nil : shown
    }
    guard let text, !text.isEmpty else { return nil }
    guard case .displayActor = threshold.group, KeyUse.isKeyItself(batch, index) else {
      return SHA256.digest(batch.bytes[text])
    }
    // What a key is called is nobody else who is called so.
    var hasher = SHA256Hasher()
    hasher.update(batch.bytes[text])
    hasher.update(0xFF)
    return hasher.finalize()
  }
}
