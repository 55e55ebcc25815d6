internal import Crypto
internal import Bytes
internal import Codec
internal import Disk

/// The uncompressed bytes of one input, piece by piece.
///
/// Plain bytes are read to where the caller wants them, compressed ones by way of a buffer. What is
/// taken of them besides (count, digest) is of the bytes as stored.
final class InputStream: TextStream {
  private static let compressedChunk = 256 << 10

  private let file: File
  private let progress: InputProgress
  private let damaged: DamagePolicy
  private let isDigested: Bool
  /// True for pipes and terminals: their data comes when it comes.
  let isStreaming: Bool
  private(set) var facts: InputFacts
  var isDamaged: Bool { facts.damage != nil }

  private var inflater: Inflater
  private var hasher = SHA256Hasher()
  /// Stored bytes that were read and are not used yet.
  private var stored = ByteBuffer(capacity: 16)
  private var storedStart = 0
  private var isSniffed = false
  private var isStoredEnd = false
  private var hasMoreOutput = false
  private var isEnded = false

  /// `continuation` is where an earlier run stopped.
  init(
    _ disk: Disk, _ path: String, damaged: DamagePolicy, isDigested: Bool,
    _ progress: InputProgress, continuation: InputContinuation? = nil
  ) throws {
    file = path == "-" ? disk.standardInput : try disk.open(path)
    isStreaming = try path == "-" || file.status().kind != .regular
    self.progress = progress
    self.damaged = damaged
    self.isDigested = isDigested
    facts = InputFacts(name: path)
    inflater = try Inflater()
    if let continuation { try resume(continuation) }
  }

  /// Passes over what an earlier run has read. Compressed bytes before that are decompressed again: only
  /// so is it known where in its text a member stands.
  private func resume(_ continuation: InputContinuation) throws {
    facts.continued = continuation
    facts.first = continuation.first
    // Inputs are looked at before the first is read, and this one may have been replaced since: then it must
    // not be read on in its middle.
    var prefix = SHA256Hasher()
    try hashPrefix(continuation.bytes, into: &prefix)
    guard prefix.copy().finalize() == continuation.digest else {
      throw IntakeError.changed(facts.name)
    }
    guard continuation.isGzip else {
      isSniffed = true
      hasher = prefix
      try file.seek(to: Int64(continuation.bytes))
      facts.bytes = continuation.bytes
      facts.textBytes = continuation.bytes
      return
    }
    var passed = ByteBuffer(capacity: Self.compressedChunk)
    while facts.textBytes < continuation.text {
      passed.removeAll()
      let wanted = min(Self.compressedChunk, continuation.text - facts.textBytes)
      guard try read(into: &passed, upTo: wanted) > 0 else {
        throw IntakeError.changed(facts.name)
      }
    }
  }

  /// Adds the first `count` bytes of the file to a digest.
  private func hashPrefix(_ count: Int, into hasher: inout SHA256Hasher) throws {
    var piece = ByteBuffer(capacity: Self.compressedChunk)
    var done = 0
    while done < count {
      piece.removeAll()
      let length = try file.pread(
        into: &piece, upTo: min(Self.compressedChunk, count - done), at: Int64(done))
      guard length > 0 else { throw IntakeError.changed(facts.name) }
      hasher.update(piece.view)
      done += length
    }
  }

  /// True if `read` has something without waiting, or the end.
  func hasDataReady() throws -> Bool {
    guard isStreaming else { return true }
    if isEnded || isStoredEnd || hasMoreOutput || storedStart < stored.count { return true }
    return try file.hasDataReady()
  }

  /// Appends at most `limit` bytes, at least one; 0 is the end, or that the run was cancelled.
  func read(into buffer: inout ByteBuffer, upTo limit: Int) throws -> Int {
    guard !isEnded else { return 0 }
    if !isSniffed { try sniff() }
    let before = buffer.count
    if facts.isGzip {
      try inflate(into: &buffer, upTo: limit)
    } else if storedStart < stored.count {
      let count = min(limit, stored.count - storedStart)
      buffer.append(stored.base + storedStart, count: count)
      storedStart += count
    } else {
      _ = try readStored(into: &buffer, upTo: limit)
    }
    let count = buffer.count - before
    facts.textBytes += count
    if count == 0 { isEnded = true }
    return count
  }

  /// Takes leave: what is known about the input, of whose text the last `pending` bytes were not taken.
  /// The digest counts only if all was read.
  func finish(pending: Int) throws -> InputFacts {
    facts.pendingBytes = pending
    facts.textBytes -= pending
    if isDigested && isStoredEnd { facts.digest = try digest(pending: pending) }
    try file.close()
    return facts
  }

  /// Of a plain input the digest is that of the bytes before those that wait: the next run will find
  /// these again, with more behind them. They are read once more for that, which happens only where
  /// somebody is still writing.
  private func digest(pending: Int) throws -> Digest256 {
    let whole = consumeHasher()
    guard pending > 0 && !facts.isGzip else { return whole }
    var hasher = SHA256Hasher()
    facts.bytes -= pending
    try hashPrefix(facts.bytes, into: &hasher)
    let digest = hasher.copy().finalize()
    var tail = ByteBuffer(capacity: pending)
    _ = try file.pread(into: &tail, upTo: pending, at: Int64(facts.bytes))
    hasher.update(tail.view)
    guard hasher.finalize() == whole else { throw IntakeError.changed(facts.name) }
    return digest
  }

  private func consumeHasher() -> Digest256 {
    var taken = SHA256Hasher()
    swap(&taken, &hasher)
    return taken.finalize()
  }

  // MARK: Stored bytes

  private func sniff() throws {
    isSniffed = true
    while stored.count < 2, try readStored(into: &stored, upTo: Self.compressedChunk) > 0 {}
    facts.isGzip = Inflater.isGzip(prefix: stored.view)
  }

  private func readStored(into buffer: inout ByteBuffer, upTo limit: Int) throws -> Int {
    guard !isStoredEnd, try waitForData() else { return 0 }
    let count = try file.read(into: &buffer, upTo: limit)
    if count == 0 { isStoredEnd = true }
    facts.bytes += count
    progress.add(count)
    if isDigested {
      let piece = buffer[Span32(buffer.count - count, count: count)]
      hasher.update(piece)
      if facts.first.count < InputFacts.keptBeginning {
        facts.first += piece.prefix(InputFacts.keptBeginning - facts.first.count)
      }
    }
    return count
  }

  /// Waits in short turns, so that a cancelled run need not wait for somebody's next keystroke.
  private func waitForData() throws -> Bool {
    guard isStreaming else { return true }
    while !progress.isCancelled {
      if try file.hasDataReady(timeoutMilliseconds: 50) { return true }
    }
    return false
  }

  // MARK: Compressed bytes

  private func inflate(into buffer: inout ByteBuffer, upTo limit: Int) throws {
    let before = buffer.count
    do {
      while buffer.count == before {
        if storedStart == stored.count && !hasMoreOutput {
          stored.removeAll()
          storedStart = 0
          guard try readStored(into: &stored, upTo: Self.compressedChunk) > 0 else {
            if isStoredEnd { try inflater.finish() }
            return
          }
        }
        let rest = ByteView(rebasing: stored.view[storedStart...])
        let step = try inflater.inflate(rest, into: &buffer, limit: limit)
        storedStart += step.consumed
        hasMoreOutput = step.state == .outputFull
      }
    } catch let error as CodecError {
      try end(with: error)
    }
  }

  private func end(with error: CodecError) throws {
    guard let place = error.damage else { throw error }
    let damage = InputDamage(
      reason: error.message, offset: place.delivered, compressedOffset: place.offset)
    guard damaged == .salvage else { throw IntakeError.damaged(facts.name, damage) }
    facts.damage = damage
    isEnded = true
    stored.removeAll()
    storedStart = 0
    // The digest is of the whole input, so that the same damaged file is known again.
    while try readStored(into: &stored, upTo: Self.compressedChunk) > 0 { stored.removeAll() }
  }
}
