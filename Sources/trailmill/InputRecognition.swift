internal import Archive
internal import Bytes
internal import Codec
internal import Disk
internal import Intake

/// Finds out which inputs an archive knows, by their content: what was read is not read again, what has
/// grown is continued.
struct InputRecognition {
  let ledger: Ledger
  let plan: Digest256
  let since: Timestamp?
  let until: Timestamp?
  /// True if the definition drops what was written before.
  let deduplicates: Bool
  let disk: Disk

  /// What the archive knows of each input, by its number; standard input and pipes are not read before
  /// their time.
  func recognise(_ names: [String]) throws -> [Int: InputHistory] {
    var histories: [Int: InputHistory] = [:]
    var seen: [ContentMark: [(number: Int, size: Int64)]] = [:]
    for (number, name) in names.enumerated() where name != "-" {
      guard let prefix = try KnownPrefix(disk, name) else { continue }
      histories[number] =
        try isCopy(prefix, number, names, &seen) ? .known : history(prefix, name)
    }
    return histories
  }

  /// True if an input before it has the same content.
  private func isCopy(
    _ prefix: KnownPrefix, _ number: Int, _ names: [String],
    _ seen: inout [ContentMark: [(number: Int, size: Int64)]]
  ) throws -> Bool {
    let mark = prefix.first.withUnsafeBufferPointer { ContentMark($0, total: prefix.size) }
    guard let mark else { return false }
    for other in seen[mark] ?? [] where other.size == prefix.size {
      guard let earlier = try KnownPrefix(disk, names[other.number]), earlier.size == prefix.size,
        let digest = try prefix.digests(ofFirst: [prefix.size])[prefix.size],
        try earlier.digests(ofFirst: [prefix.size])[prefix.size] == digest
      else { continue }
      return true
    }
    seen[mark, default: []].append((number, prefix.size))
    return false
  }

  private func history(_ prefix: KnownPrefix, _ name: String) throws -> InputHistory? {
    let candidates = prefix.first.withUnsafeBufferPointer { ledger.candidates($0) }
      .filter { $0.input.bytes <= prefix.size }
    guard !candidates.isEmpty else { return nil }
    let digests = try prefix.digests(ofFirst: Set(candidates.map(\.input.bytes)))
    let matches = candidates.filter { digests[$0.input.bytes] == $0.input.sha256 }
    let own = matches.filter { $0.wasRead(under: plan, since: since, until: until) }
    if let longest = own.max(by: { $0.input.bytes < $1.input.bytes }) {
      if longest.input.bytes == prefix.size { return .known }
      if let place = continuation(longest, prefix) { return .continued(place) }
      try requireDeduplicate(
        [longest], "the input has grown in a way that cannot be continued", name)
      return nil
    }
    let grown = candidates.filter { $0.isArray && $0.input.bytes < prefix.size }
    if let other = matches.first {
      let how =
        other.plan == plan
        ? "under another window of time" : "under another plan (framing, dialect, stages)"
      try requireDeduplicate(matches, "the input was read before, \(how)", name)
    } else if !grown.isEmpty {
      try requireDeduplicate(grown, "the input begins like an array that was read before", name)
    }
    return nil
  }

  private func continuation(_ entry: Ledger.Entry, _ prefix: KnownPrefix) -> InputContinuation? {
    guard entry.input.damage == nil, let name = entry.input.format,
      let format = InputFormat(rawValue: name), format == .ndjson || format == .concatenated
    else { return nil }
    let bytes = Int(entry.input.bytes)
    return InputContinuation(
      bytes: bytes, text: Int(entry.input.text ?? entry.input.bytes), records: entry.totalRecords,
      format: format, isGzip: entry.input.text != nil, first: prefix.first,
      digest: entry.input.sha256)
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

  /// True if an input whose digest became known only by reading it (standard input, a pipe) was read
  /// before in the same way.
  func wasRead(_ input: Archive.InputFacts) -> Bool {
    guard let mark = input.beginning else { return false }
    return ledger.candidates(mark).contains {
      $0.input.bytes == input.bytes && $0.input.sha256 == input.sha256
        && $0.wasRead(under: plan, since: since, until: until)
    }
  }
}

extension Ledger.Entry {
  /// True for an input whose end closes it: one that has grown does not begin with it.
  fileprivate var isArray: Bool {
    input.format == InputFormat.array.rawValue || input.format == InputSource.recordsFormat
  }
}
