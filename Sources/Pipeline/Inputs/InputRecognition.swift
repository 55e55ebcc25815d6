internal import Settings
internal import History
internal import Bytes
internal import Disk
internal import Intake

/// Finds out which inputs an archive knows, by their content: what was read is not read again, what has
/// grown is continued.
struct InputRecognition {
  let ledger: Ledger
  let plan: Digest256
  let window: TimeWindow
  /// True if the definition drops what was written before.
  let deduplicates: Bool
  let disk: Disk

  /// What the archive knows of each input, by its number; standard input and pipes are not read before
  /// their time. Without `asksLedger` only copies are found.
  func recognise(_ names: [String], asksLedger: Bool = true) throws -> [Int: InputHistory] {
    var histories: [Int: InputHistory] = [:]
    var copies = Copies()
    for (number, name) in names.enumerated() where name != "-" {
      guard let prefix = try KnownPrefix(disk, name) else { continue }
      if try copies.hasSeen(prefix, name, disk) {
        histories[number] = .known
      } else if asksLedger {
        histories[number] = try history(prefix, name)
      }
    }
    return histories
  }

  /// Finds inputs with the same content. Only those that are as long and begin alike are read for that,
  /// each once.
  private struct Copies {
    private struct Beginning: Hashable {
      var mark: ContentMark
      var size: Int64
    }

    /// The first input that begins so, until there is a second.
    private var first: [Beginning: String] = [:]
    private var digests: [Beginning: Set<Digest256>] = [:]

    mutating func hasSeen(_ prefix: KnownPrefix, _ name: String, _ disk: Disk) throws -> Bool {
      let mark = prefix.first.withUnsafeBufferPointer { ContentMark($0, total: prefix.size) }
      guard let mark else { return false }
      let beginning = Beginning(mark: mark, size: prefix.size)
      if let earlier = first.removeValue(forKey: beginning) {
        digests[beginning] = Set([try Copies.digest(KnownPrefix(disk, earlier))].compactMap { $0 })
      } else if digests[beginning] == nil {
        first[beginning] = name
        return false
      }
      guard let digest = try Copies.digest(prefix) else { return false }
      return digests[beginning]?.insert(digest).inserted == false
    }

    private static func digest(_ prefix: KnownPrefix?) throws -> Digest256? {
      guard let prefix else { return nil }
      return try prefix.digests(ofFirst: [prefix.size])[prefix.size]
    }
  }

  private func history(_ prefix: KnownPrefix, _ name: String) throws -> InputHistory? {
    let matches = try matches(prefix)
    let own = matches.filter { $0.wasRead(under: plan, window) }
    if let longest = own.max(by: { $0.input.bytes < $1.input.bytes }) {
      if longest.input.bytes == prefix.size { return .known }
      if let place = continuation(longest, prefix) { return .continued(place) }
      try requireDeduplicate(
        [longest], "the input has grown in a way that cannot be continued", name)
      return nil
    }
    if let other = matches.first {
      let how =
        other.plan == plan
        ? "under another window of time" : "under another plan (framing, dialect, stages)"
      try requireDeduplicate(matches, "the input was read before, \(how)", name)
    } else if let closed = prefix.first.withUnsafeBufferPointer({
      ledger.closedInput($0, shorterThan: prefix.size)
    }) {
      try requireDeduplicate([closed], "the input begins like an array that was read before", name)
    }
    return nil
  }

  /// The inputs that this one is, or begins with.
  private func matches(_ prefix: KnownPrefix) throws -> [Ledger.Entry] {
    let lengths = prefix.first.withUnsafeBufferPointer {
      ledger.lengths($0, size: prefix.size)
    }
    let digests = try prefix.digests(ofFirst: lengths)
    return prefix.first.withUnsafeBufferPointer { first in
      digests.sorted { $0.key < $1.key }.flatMap {
        ledger.entries(first, bytes: $0.key, sha256: $0.value)
      }
    }
  }

  private func continuation(_ entry: Ledger.Entry, _ prefix: KnownPrefix) -> InputContinuation? {
    guard entry.input.damage == nil, let digest = entry.input.sha256,
      let name = entry.input.format,
      let format = InputFormat(rawValue: name), format != .array
    else { return nil }
    let bytes = Int(entry.input.bytes)
    return InputContinuation(
      bytes: bytes, text: Int(entry.input.text ?? entry.input.bytes), records: entry.totalRecords,
      format: format, isGzip: entry.input.text != nil, first: prefix.first,
      digest: digest)
  }

  /// What was read before may be read again only where nothing is written twice.
  private func requireDeduplicate(
    _ entries: [Ledger.Entry], _ what: String, _ name: String
  ) throws {
    let earlier = entries.map { "run \($0.sequence)" }.first ?? ""
    guard deduplicates else {
      throw UsageError(
        "\(what) (\(earlier)): \(name): add the stage deduplicate, or pass --again to archive its "
          + "records once more")
    }
    guard let blind = entries.first(where: { !$0.isDigested }) else { return }
    throw UsageError(
      "\(what), and run \(blind.sequence) did not deduplicate, so what it wrote is not known: \(name): "
        + "pass --again to archive its records once more, or replace the window (--replace)")
  }

  /// True if a run under this plan has found records.
  var hasFoundRecords: Bool {
    ledger.entries.contains { $0.plan == plan && $0.totalRecords > 0 }
  }

  /// True if an input whose digest became known only by reading it (standard input, a pipe) was read
  /// before in the same way.
  func wasRead(_ input: RecordedInput) -> Bool {
    guard let mark = input.beginning, let sha256 = input.sha256 else { return false }
    return ledger.entries(mark, bytes: input.bytes, sha256: sha256).contains {
      $0.wasRead(under: plan, window)
    }
  }
}
