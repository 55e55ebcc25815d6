internal import Crypto
internal import Bytes
internal import Codec
internal import Disk

/// The uncompressed bytes of one input, piece by piece.
///
/// Plain bytes are read to where the caller wants them, compressed ones by way of a buffer. Digests are
/// taken of the text, and of the bytes as stored where these are others.
final class InputStream: TextStream {
  private static let compressedChunk = 256 << 10

  private let bytes: StoredBytes
  private let damaged: DamagePolicy
  private let isDigested: Bool
  private(set) var facts: InputFacts
  var isDamaged: Bool { facts.damage != nil }

  private var decoder: MemberDecoder
  private var text = TextDigest()
  /// Of a compressed input's bytes as stored.
  private var hasher = SHA256Hasher()
  /// Where no digest is taken.
  private var checksum = ReadChecksum()
  /// Stored bytes that were read and are not used yet.
  private var stored = ByteBuffer(capacity: 16)
  private var storedStart = 0
  private var isSniffed = false
  private var isStoredEnd = false
  private var hasMoreOutput = false
  private var isEnded = false

  /// `continuation` is where an earlier run stopped.
  init(
    _ bytes: StoredBytes, damaged: DamagePolicy, isDigested: Bool,
    continuation: InputContinuation? = nil
  ) throws {
    self.bytes = bytes
    self.damaged = damaged
    self.isDigested = isDigested
    facts = InputFacts(name: bytes.name)
    decoder = try MemberDecoder()
    if let continuation { try resume(continuation) }
  }

  /// The text of the input at `path`, from its beginning.
  convenience init(
    _ disk: Disk, _ path: String, damaged: DamagePolicy, isDigested: Bool, _ progress: InputProgress
  ) throws {
    try self.init(
      StoredBytes(disk, path, progress), damaged: damaged, isDigested: isDigested)
  }

  /// True for pipes and terminals: their data comes when it comes.
  var isStreaming: Bool { bytes.isStreaming }

  /// Passes over what an earlier run has read. Inputs are looked at before the first is read, and this one
  /// may have been replaced since: then it must not be read on in its middle.
  private func resume(_ continuation: InputContinuation) throws {
    facts.continued = continuation
    bytes.isCounted = bytes.isStreaming
    defer { bytes.isCounted = true }
    var passed = ByteBuffer(capacity: Self.compressedChunk)
    while facts.textBytes < continuation.text {
      passed.removeAll()
      let wanted = min(Self.compressedChunk, continuation.text - facts.textBytes)
      guard try read(into: &passed, upTo: wanted) > 0 else {
        throw IntakeError.changed(facts.name)
      }
    }
    guard !isDigested || text.digest == continuation.digest else {
      throw IntakeError.changed(facts.name)
    }
    // Compressed bytes cost their time again, plain ones are only passed over.
    if !bytes.isStreaming {
      bytes.count(facts.isCompressed ? facts.bytes : stored.count - storedStart)
    }
  }

  /// True if `read` has something without waiting, or the end.
  func hasDataReady() throws -> Bool {
    if isEnded || isStoredEnd || hasMoreOutput || storedStart < stored.count { return true }
    return try bytes.hasDataReady()
  }

  /// Appends at most `limit` bytes, at least one; 0 is the end, or that the run was cancelled.
  func read(into buffer: inout ByteBuffer, upTo limit: Int) throws -> Int {
    guard !isEnded else { return 0 }
    if !isSniffed { try sniff() }
    let before = buffer.count
    if facts.isCompressed {
      try decode(into: &buffer, upTo: limit)
    } else if storedStart < stored.count {
      let count = min(limit, stored.count - storedStart)
      buffer.append(stored.base + storedStart, count: count)
      storedStart += count
    } else {
      _ = try readStored(into: &buffer, upTo: limit)
    }
    let count = buffer.count - before
    facts.textBytes += count
    if isDigested { text.update(buffer[Span32(before, count: count)]) }
    if count == 0 { isEnded = true }
    return count
  }

  // MARK: The end

  /// Takes leave: what is known about the input, of whose text the last `pending` bytes were not taken.
  /// Digests count only if all was read. Throws if the input was altered meanwhile.
  func finish(pending: Int) throws -> InputFacts {
    facts.pendingBytes = pending
    facts.textBytes -= pending
    if isStoredEnd {
      try bytes.requireUnaltered(isSame)
      if isDigested { try takeDigests(pending: pending) }
    }
    try bytes.close()
    return facts
  }

  /// Takes leave of an input that was only looked at.
  func abandon() throws { try bytes.close() }

  /// The digest of a text is that of the bytes before those that wait: the next run will find these again,
  /// with more behind them.
  private func takeDigests(pending: Int) throws {
    if facts.damage == nil {
      facts.textDigest = text.digest(ofFirst: facts.textBytes)
      facts.prefixes = text.prefixes.upTo(facts.textBytes)
      facts.textFirst = Array(text.first.prefix(facts.textBytes))
    }
    if facts.isCompressed {
      facts.digest = hasher.copy().finalize()
    } else {
      facts.bytes -= pending
      facts.first = Array(text.first.prefix(facts.textBytes))
    }
    if facts.damage == nil && facts.textDigest == nil { facts.textDigest = try digestAgain() }
    if !facts.isCompressed { facts.digest = facts.textDigest }
  }

  /// The digest of the text, read once more: where what waits is no last line.
  private func digestAgain() throws -> Digest256? {
    try bytes.seekToStart()
    let again = try InputStream(bytes, damaged: .salvage, isDigested: false)
    var hasher = SHA256Hasher()
    var piece = ByteBuffer(capacity: Self.compressedChunk)
    var rest = facts.textBytes
    while rest > 0 {
      piece.removeAll()
      let count = try again.read(into: &piece, upTo: min(rest, Self.compressedChunk))
      guard count > 0 else { return nil }
      hasher.update(piece.view)
      rest -= count
    }
    return hasher.finalize()
  }

  /// True if the file still begins with the bytes that were read.
  private func isSame(_ bytes: StoredBytes) throws -> Bool {
    guard isDigested else {
      var now = ReadChecksum()
      return try bytes.reread(facts.bytes) { now.update($0) } && now.value == checksum.value
    }
    var now = SHA256Hasher()
    guard try bytes.reread(facts.bytes, { now.update($0) }) else { return false }
    return now.copy().finalize() == (facts.isCompressed ? hasher.copy().finalize() : text.digest)
  }

  // MARK: Stored bytes

  private func sniff() throws {
    isSniffed = true
    var format = CompressionFormat.ofInput(beginning: stored.view)
    while format == nil, try readStored(into: &stored, upTo: Self.compressedChunk) > 0 {
      format = CompressionFormat.ofInput(beginning: stored.view)
    }
    facts.compression = format ?? .none
    do { try decoder.begin(facts.compression) } catch {
      throw IntakeError.unreadable(facts.name, error.message)
    }
    if facts.isCompressed && isDigested { hasher.update(stored.view) }
  }

  private func readStored(into buffer: inout ByteBuffer, upTo limit: Int) throws -> Int {
    guard !isStoredEnd else { return 0 }
    let count = try bytes.read(into: &buffer, upTo: limit)
    if count == 0 { isStoredEnd = true }
    facts.bytes += count
    let piece = buffer[Span32(buffer.count - count, count: count)]
    if !isDigested {
      checksum.update(piece)
    } else if facts.isCompressed {
      hasher.update(piece)
    }
    if isDigested && facts.first.count < InputFacts.keptBeginning {
      facts.first += piece.prefix(InputFacts.keptBeginning - facts.first.count)
    }
    return count
  }

  // MARK: Compressed bytes

  private func decode(into buffer: inout ByteBuffer, upTo limit: Int) throws {
    let before = buffer.count
    do {
      while buffer.count == before {
        if storedStart == stored.count && !hasMoreOutput {
          stored.removeAll()
          storedStart = 0
          guard try readStored(into: &stored, upTo: Self.compressedChunk) > 0 else {
            if isStoredEnd { try decoder.finish() }
            return
          }
        }
        let rest = ByteView(rebasing: stored.view[storedStart...])
        let step = try decoder.decode(rest, into: &buffer, limit: limit)
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
    guard damaged == .salvage else {
      throw IntakeError.damaged(facts.name, damage, isLarge: error.kind == .limit)
    }
    facts.damage = damage
    isEnded = true
    stored.removeAll()
    storedStart = 0
    // The digest is of the whole input, so that the same damaged file is known again.
    while try readStored(into: &stored, upTo: Self.compressedChunk) > 0 { stored.removeAll() }
  }
}
