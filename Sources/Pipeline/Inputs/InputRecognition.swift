internal import Settings
internal import History
internal import Bytes
internal import Disk
internal import Intake
internal import Stages

/// Finds out which inputs an archive knows, by their content: what was read is not read again, what has
/// grown is continued.
final class InputRecognition {
  private let ledger: Ledger
  private let plan: Digest256
  private let window: TimeWindow
  /// True if the definition drops what was written before.
  private let deduplicates: Bool
  private let disk: Disk
  private let mode: RunRequest.Mode
  private var copies: InputCopies
  private let inputs: RecognisedInputs

  init(
    _ inputs: RecognisedInputs, _ ledger: Ledger, plan: Digest256, window: TimeWindow,
    deduplicates: Bool, mode: RunRequest.Mode, _ disk: Disk
  ) {
    self.inputs = inputs
    self.ledger = ledger
    self.plan = plan
    self.window = window
    self.deduplicates = deduplicates
    self.mode = mode
    self.disk = disk
    copies = InputCopies(disk)
  }

  /// Notes what the archive knows of each file; standard input and pipes are not read before their time.
  func recogniseFiles() throws {
    for (number, name) in inputs.list.paths.enumerated() where name != "-" {
      do {
        guard let prefix = try KnownPrefix(disk, name) else { continue }
        if let history = try history(ofFile: number, prefix) { inputs.note(number, history) }
      } catch let error as DiskError where error.leadsNowhere && inputs.list.isFound(name) {
        // The source will say that it went away.
        continue
      }
    }
  }

  private func history(ofFile number: Int, _ prefix: KnownPrefix) throws -> InputHistory? {
    let name = inputs.list.paths[number]
    let text = try TextProbe(disk, name)
    defer { try? text.close() }
    var history: InputHistory?
    if !ledger.isEmpty {
      let stored = prefix.isCompressed ? try stored(prefix) : []
      let whole = stored.filter { $0.input.bytes == prefix.size }
      if skipsKnown && whole.contains(where: isOwn) { return .known }
      let size = prefix.isCompressed ? nil : prefix.size
      let matches = try TextMatches(ledger, text, size: size, stored: stored)
      noteReadings(matches, number)
      if skipsKnown { history = try self.history(matches, whole, number) }
    }
    if history == .known { return .known }
    return try copies.isCopy(name, text, size: prefix.isCompressed ? nil : prefix.size)
      ? .known : history
  }

  /// What is known of an input that comes once, behind those that are finished.
  func history(
    ofPipe number: Int, _ text: TextProbe, finished: [InputFacts]
  ) throws -> InputHistory? {
    let matches = try TextMatches(
      ledger, text, copies: copies.contents(beginningAs: text, finished))
    noteReadings(matches, number)
    let history: InputHistory? =
      matches.isCopy ? .known : skipsKnown ? try self.history(matches, [], number) : nil
    if let history { inputs.note(number, history) }
    return history
  }

  /// True if nothing has to be known of a pipe before it is read.
  var isIdle: Bool { ledger.isEmpty && inputs.list.paths.count < 2 }

  /// False where all is read again, but for copies within the run.
  private var skipsKnown: Bool { mode == .add }

  /// Notes up to where, and in which windows, earlier runs have read a text under this plan.
  private func noteReadings(_ found: TextMatches, _ number: Int) {
    let readings =
      found.matches.map { ($0.entry, Int(clamping: $0.length)) }
      + found.longer.map { ($0.entry, $0.shared) }
    inputs.note(
      number,
      readings.filter { $0.0.plan == plan }.map { (entry, text) in
        EarlierReading(
          text: text, window: entry.window, keptAll: entry.input.account != nil,
          isRenewed: mode == .replace)
      })
  }

  private func isOwn(_ entry: Ledger.Entry) -> Bool { entry.wasRead(under: plan, window) }

  /// The compressed inputs that a file is, or begins with, by its bytes as stored.
  private func stored(_ prefix: KnownPrefix) throws -> [Ledger.Entry] {
    let lengths = prefix.first.withUnsafeBufferPointer { ledger.lengths($0, size: prefix.size) }
    let digests = try prefix.digests(ofFirst: lengths)
    return prefix.first.withUnsafeBufferPointer { first in
      digests.sorted { $0.key < $1.key }.flatMap {
        ledger.entries(first, bytes: $0.key, sha256: $0.value)
      }
    }
  }

  /// `whole` are inputs that were stored byte for byte as this one is.
  private func history(
    _ found: TextMatches, _ whole: [Ledger.Entry], _ number: Int
  ) throws -> InputHistory? {
    let name = inputs.list.paths[number]
    let own = found.matches.filter { isOwn($0.entry) }
    if own.contains(where: \.isWhole) { return .known }
    // What it has behind the last place that was noted may be new: where duplicates are dropped it is read.
    if let longer = found.longer.map(\.entry).first(where: isOwn),
      !(deduplicates && longer.isDigested)
    {
      inputs.note(olderCopy: name, of: longer.sequence)
      return .known
    }
    if let longest = own.max(by: { $0.length < $1.length }) {
      if let place = continuation(longest) { return .continued(place) }
      try requireDeduplicate(
        [longest.entry], "the input has grown in a way that cannot be continued", name)
      return nil
    }
    let others = whole + found.matches.map(\.entry) + found.longer.map(\.entry)
    if let other = others.first {
      let how =
        other.plan == plan
        ? "under another window of time" : "under another plan (framing, dialect, stages)"
      try requireDeduplicate(others, "the input was read before, \(how)", name)
      if other.plan != plan { inputs.note(otherPlan: name) }
    } else if let closed = found.closed {
      try requireDeduplicate([closed], "the input begins like an array that was read before", name)
    }
    return nil
  }

  private func continuation(_ match: TextMatches.Match) -> InputContinuation? {
    let entry = match.entry
    guard entry.input.damage == nil, let name = entry.input.format,
      let format = InputFormat(rawValue: name), format != .array
    else { return nil }
    return InputContinuation(
      text: Int(match.length), records: entry.totalRecords, format: format, digest: match.digest)
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
}
