internal import Bytes

// A file of zstd is a row of frames (RFC 8878), each with a checksum if its maker wanted one; in between
// may be frames that mean nothing to us and are skipped. libzstd decodes a frame; its headers and the lengths
// of its blocks are read here as well:
//
// - a frame is given to the library unit by unit (header, header of a block, block, checksum). So text before
//   a damage is delivered whatever pieces the input comes in, and the place of a damage is that of a unit;
// - how much a frame may refer back to is judged before anything of it is decoded;
// - where all of a frame is there, it is one segment and its text has room, it is decoded at once, to where
//   the text is wanted. If that fails it is read unit by unit, which tells where.

/// Reads a stream of zstd frames, piece by piece. The frames that are skipped are none of its members.
final class ZstdDecoder {
  /// What comes next of a frame.
  private enum Unit {
    case none, header, blockHeader, block, checksum, skipped

    /// True if it is known from the beginning how long it is.
    var isOfKnownSize: Bool { self == .block || self == .checksum || self == .skipped }
  }

  private let library: LibZstd
  private let handle: OpaquePointer
  private var failure: CodecError?
  private var unit = Unit.none
  /// Bytes of the unit that were not consumed yet, where its size is known; and where it began.
  private var left = 0
  private var unitStart = 0
  /// Bytes of a header that came so far.
  private var head = ByteBuffer(capacity: 32)
  private var frame: ZstdFrame?
  private var isLastBlock = false
  /// True if the library may hold text that had no room.
  private var isHeld = false
  /// True if the library has come to the end of a frame.
  private var isEnded = false
  private var hasBegun = false
  /// Where the frame began, and how much text there was before it.
  private var frameStart = 0
  private var frameText = 0

  /// Compressed bytes consumed so far.
  private(set) var consumed = 0
  /// Decompressed bytes delivered so far.
  private(set) var delivered = 0
  /// Complete frames of text so far.
  private(set) var memberCount = 0
  /// Compressed offset just past the last of them.
  private(set) var lastMemberEnd = 0
  /// Decompressed bytes in all of them.
  private(set) var verified = 0

  /// Throws, with kind `.library`, where libzstd is not installed or memory is short.
  init() throws(CodecError) {
    library = try LibZstd.toRead()
    handle = try library.decoder()
  }

  deinit { _ = library.freeDecoder(handle) }

  /// Forgets everything and waits for another stream.
  func reset() {
    failure = nil
    (unit, frame, isHeld, hasBegun) = (.none, nil, false, false)
    (consumed, delivered, memberCount, lastMemberEnd, verified) = (0, 0, 0, 0, 0)
    (left, unitStart, frameStart, frameText) = (0, 0, 0, 0)
  }

  /// Decodes some of `input` and appends at most `limit` bytes to `output`: see `Inflater.inflate`.
  func decode(
    _ input: ByteView, into output: inout ByteBuffer, limit: Int
  ) throws(CodecError) -> (consumed: Int, state: Inflater.State) {
    if let failure { throw failure }
    let ceiling = output.count + max(limit, 0)
    var used = 0
    while true {
      if isHeld {
        guard output.count < ceiling else { return (used, .outputFull) }
        if left == 0 || used == input.count {
          _ = try feed(ByteView(start: nil, count: 0), &output, ceiling)
        }
      } else if left == 0, unit.isOfKnownSize, try endUnit() {
        return (used, .memberEnd)
      }
      guard left > 0 || !unit.isOfKnownSize else { continue }
      guard used < input.count else { return (used, isHeld ? .outputFull : .needsInput) }
      let rest = ByteView(rebasing: input[used...])
      if unit == .none {
        let whole = try decodeWhole(rest, &output, ceiling)
        if whole > 0 { return (used + whole, .memberEnd) }
        begin(.header)
        (frameStart, frameText) = (consumed, delivered)
      }
      used += unit.isOfKnownSize ? try take(rest, &output, ceiling) : try gather(rest)
    }
  }

  /// Declares that the stream has ended; throws if that was in the middle of a frame.
  func finish() throws(CodecError) {
    if let failure { throw failure }
    if unit != .none || !hasBegun {
      throw fail(.truncated, "zstd stream is truncated", at: consumed)
    }
  }

  // MARK: At once

  /// Decodes the frame that `input` begins with, if all of it is there and its text has room; returns how
  /// long it is, or 0.
  private func decodeWhole(
    _ input: ByteView, _ output: inout ByteBuffer, _ ceiling: Int
  ) throws(CodecError) -> Int {
    guard let frame = ZstdFrame(input), frame.isSingleSegment, !frame.hasDictionary,
      let count = frame.textSize, count <= UInt64(ceiling - output.count),
      count <= ZstdFrame.largestWindow, let end = frame.end(in: input)
    else { return 0 }
    output.reserve(Int(count))
    let made = library.decodeAtOnce(
      handle, output.base + output.count, output.capacity - output.count, input.baseAddress, end)
    guard made == Int(count) else { return 0 }
    output.advance(by: made)
    delivered += made
    consumed += end
    endFrame()
    return end
  }

  private func endFrame() {
    memberCount += 1
    lastMemberEnd = consumed
    verified = delivered
    hasBegun = true
  }

  // MARK: Unit by unit

  private func begin(_ unit: Unit, bytes: Int = 0) {
    self.unit = unit
    left = bytes
    unitStart = consumed
    head.removeAll()
  }

  /// Goes on to the next unit; true if a frame of text ended with the last one.
  private func endUnit() throws(CodecError) -> Bool {
    switch unit {
    case .block where !isLastBlock: begin(.blockHeader)
    case .block where frame?.hasChecksum == true: begin(.checksum, bytes: ZstdFrame.checksum)
    case .skipped:
      begin(.none)
      hasBegun = true
    default:
      // The library does not count the text of a frame that ends with an empty block.
      let count = frame?.textSize ?? UInt64(delivered - frameText)
      guard isEnded, count == UInt64(delivered - frameText) else { throw wrongSize(at: consumed) }
      begin(.none)
      endFrame()
      return true
    }
    return false
  }

  /// Takes what is there of a header, and goes on when all of it is.
  private func gather(_ input: ByteView) throws(CodecError) -> Int {
    var taken = 0
    while true {
      let size = unit == .header ? ZstdFrame.headerSize(head.view) : ZstdFrame.blockHeader
      if size == 0 {
        throw memberCount > 0
          ? fail(.garbage, "garbage after zstd frame", at: frameStart)
          : fail(.corrupt, "zstd stream is corrupt: no frame", at: frameStart)
      }
      if size == head.count { break }
      guard taken < input.count else { return taken }
      head.append(input[taken])
      taken += 1
      consumed += 1
    }
    try unit == .header ? endHeader() : endBlockHeader()
    return taken
  }

  private func endHeader() throws(CodecError) {
    guard let frame = ZstdFrame(head.view) else { return }
    self.frame = frame
    if let skipped = frame.skipped { return begin(.skipped, bytes: skipped) }
    guard frame.window <= ZstdFrame.largestWindow else {
      throw fail(
        .limit,
        "a zstd frame refers back to more than \(ZstdFrame.largestWindow >> 20) MiB (limit of its window)",
        at: frameStart)
    }
    guard !frame.hasDictionary else {
      throw fail(.corrupt, "a zstd frame needs a dictionary", at: frameStart)
    }
    _ = library.resetDecoder(handle, LibZstd.sessionOnly)
    try feedHead()
    begin(.blockHeader)
  }

  private func endBlockHeader() throws(CodecError) {
    guard let block = ZstdFrame.block(head.view) else {
      throw fail(.corrupt, "zstd stream is corrupt: no block", at: unitStart)
    }
    isLastBlock = block.isLast
    // The library would say so behind the block, of which it may have given some by then.
    if let text = block.text, let whole = frame?.textSize {
      let count = UInt64(delivered - frameText + text)
      if count > whole || isLastBlock && count < whole { throw wrongSize(at: unitStart) }
    }
    try feedHead()
    begin(.block, bytes: block.size)
  }

  /// Gives a header to the library, which makes no text of it.
  private func feedHead() throws(CodecError) {
    var input = LibZstd.Piece(start: UnsafeMutableRawPointer(head.base), size: head.count)
    var output = LibZstd.Piece(start: nil, size: 0)
    let code = library.decodeStream(handle, &output, &input)
    if library.isError(code) { throw refused(code) }
    isEnded = code == 0
  }

  /// Takes what is there of a unit that is no header.
  private func take(
    _ input: ByteView, _ output: inout ByteBuffer, _ ceiling: Int
  ) throws(CodecError) -> Int {
    let piece = ByteView(rebasing: input[..<min(left, input.count)])
    let count = unit == .skipped ? piece.count : try feed(piece, &output, ceiling)
    left -= count
    consumed += count
    return count
  }

  /// Room that is made at a time: more than for the text of a block.
  private static let stride = 256 << 10

  private func feed(
    _ piece: ByteView, _ output: inout ByteBuffer, _ ceiling: Int
  ) throws(CodecError) -> Int {
    let wanted = ceiling - output.count
    output.reserve(max(1, min(wanted, ZstdDecoder.stride)))
    var from = LibZstd.Piece(
      start: UnsafeMutableRawPointer(mutating: piece.baseAddress), size: piece.count)
    var into = LibZstd.Piece(
      start: UnsafeMutableRawPointer(output.base + output.count),
      size: min(wanted, output.capacity - output.count))
    let code = library.decodeStream(handle, &into, &from)
    if library.isError(code) { throw refused(code) }
    output.advance(by: into.position)
    delivered += into.position
    isEnded = code == 0
    isHeld = !isEnded && into.position == into.size
    return from.position
  }

  // MARK: Errors

  /// `ZSTD_error_memory_allocation` and `ZSTD_error_checksum_wrong`.
  private static let noMemory = -64
  private static let wrongChecksum = -22

  private func refused(_ code: Int) -> CodecError {
    switch code {
    case ZstdDecoder.noMemory:
      fail(.library, "cannot decompress: libzstd: \(library.reason(code))", at: unitStart)
    case ZstdDecoder.wrongChecksum:
      fail(.checksum, "a zstd frame has a wrong checksum", at: unitStart)
    default: fail(.corrupt, "zstd stream is corrupt: \(library.reason(code))", at: unitStart)
    }
  }

  private func wrongSize(at offset: Int) -> CodecError {
    fail(.corrupt, "zstd stream is corrupt: a frame of another size than it says", at: offset)
  }

  private func fail(
    _ kind: CodecError.Kind, _ message: String, at offset: Int
  ) -> CodecError {
    consumed = offset
    let error = CodecError(
      kind, message,
      damage: CodecError.Damage(
        offset: offset, memberOffset: unit == .none ? offset : frameStart, delivered: delivered,
        verified: verified))
    failure = error
    return error
  }
}
