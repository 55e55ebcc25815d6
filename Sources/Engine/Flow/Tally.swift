internal import Bytes

/// What became of the records, and what stages counted.
///
/// Every record that was read is in exactly one of the other counts: they are all derived from its
/// one verdict, in one place.
public struct Tally: Sendable {
  /// Records read.
  public internal(set) var read = 0
  /// Records that went to the output.
  public internal(set) var written = 0
  /// Re-deliveries dropped.
  public internal(set) var duplicates = 0
  /// Records that were not wanted.
  public internal(set) var filtered = 0
  /// Items in the quarantine that are no records.
  public internal(set) var unreadable = 0
  /// Records in the quarantine that a stage turned away.
  public internal(set) var refused = 0
  /// Records per input, by the input's number.
  public internal(set) var recordsByInput: [Int: Int] = [:]
  /// What became of the bytes of each input, by the input's number.
  public internal(set) var bytesByInput: [Int: ByteCounts] = [:]
  /// The first item of the quarantine that is no record.
  public internal(set) var firstUnreadable: RejectSample?
  /// The first record of the quarantine that a stage turned away.
  public internal(set) var firstRefused: RejectSample?
  /// Turned away and filtered, by the step that decided (-1: the intake).
  public internal(set) var decisions: [Int: Int] = [:]
  /// Plain counters, by number.
  public internal(set) var counts: [Int: Int] = [:]
  /// Counters with names, by number.
  public internal(set) var names: [Int: NameCounts] = [:]

  /// Kept records by label, then by class.
  public internal(set) var labels: [[Int]] = []

  /// Bytes of what is no record, as they came in.
  public var unreadableBytes: Int { bytesByInput.values.reduce(0) { $0 + $1.unreadable } }

  /// Bytes of all records, as they came in.
  public var recordBytes: Int { bytesByInput.values.reduce(0) { $0 + $1.records } }

  /// Records in the quarantine.
  public var quarantined: Int { unreadable + refused }

  /// No records yet.
  public init() {}

  /// Counts a batch whose records have their final verdicts, and numbers its records.
  mutating func count(_ batch: Batch) {
    let before = recordsByInput[batch.input, default: 0]
    batch.firstOrdinal = before + 1
    let total = batch.records.count
    countBytes(batch)
    guard total > 0 else { return }
    recordsByInput[batch.input] = before + total
    read += total
    for index in 0..<total { count(batch.records[index]) }
    takeSamples(batch)
    countLabels(batch)
    for at in 0..<batch.notes.count { count(batch.notes[at], batch) }
  }

  private mutating func takeSamples(_ batch: Batch) {
    if unreadable > 0 && firstUnreadable == nil {
      firstUnreadable = RejectSample(batch, .unreadable)
    }
    if refused > 0 && firstRefused == nil { firstRefused = RejectSample(batch, .refused) }
  }

  private mutating func countBytes(_ batch: Batch) {
    var bytes = bytesByInput[batch.input] ?? ByteCounts()
    for index in 0..<batch.records.count {
      let record = batch.records[index]
      bytes.add(Int(record.raw.count), record.verdict)
    }
    if let item = batch.longItem, case .later(let piece) = item.place {
      bytes.add(Int(piece.count), item.verdict)
    }
    bytes.syntax += batch.syntaxBytes
    bytesByInput[batch.input] = bytes
  }

  private mutating func count(_ record: Record) {
    switch record.verdict {
    case .keep:
      written += 1
      return
    case .duplicate: duplicates += 1
    case .filtered: filtered += 1
    case .unreadable: unreadable += 1
    case .refused: refused += 1
    }
    decisions[Int(record.decidedBy), default: 0] += 1
  }

  private mutating func countLabels(_ batch: Batch) {
    while labels.count < batch.labelCount { labels.append([]) }
    for label in 0..<batch.labelCount {
      for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
        let value = batch.label(label, of: index)
        guard value > 0 else { continue }
        while labels[label].count <= value { labels[label].append(0) }
        labels[label][value] += 1
      }
    }
  }

  private mutating func count(_ note: Note, _ batch: Batch) {
    guard batch.records[Int(note.record)].verdict == .keep else { return }
    counts[Int(note.counter), default: 0] += 1
    guard !note.name.isEmpty else { return }
    let beginning = batch.bytes[note.name].prefix(NameCounts.longestName)
    let name = String(decoding: beginning, as: UTF8.self)
    names[Int(note.counter), default: NameCounts()].add(name)
  }
}

/// How often names were seen, exactly for the first 10,000 different ones; what comes new after
/// that is counted together, so that nobody can fill the memory with names.
public struct NameCounts: Sendable {
  /// Names that are told apart: 10,000.
  public static let limit = 10_000
  /// Bytes of a name that are looked at, 256: longer ones count by their beginning.
  public static let longestName = 256
  private var counts: [String: Int] = [:]
  /// Appearances of names beyond the limit.
  public private(set) var others = 0

  mutating func add(_ name: String) {
    if counts[name] != nil || counts.count < NameCounts.limit {
      counts[name, default: 0] += 1
    } else {
      others += 1
    }
  }

  /// Different names counted.
  public var distinct: Int { counts.count }

  /// The most frequent names, the most frequent first, equals by name.
  public func top(_ limit: Int) -> [(name: String, count: Int)] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit)
      .map { (name: $0.key, count: $0.value) }
  }
}
