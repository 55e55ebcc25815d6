public import Bytes
internal import CZlib

// A gzip file is a row of members (RFC 1952, section 2.2), each with a checksum of its own. So are parts
// of the format zlib, which no standard speaks of (RFC 1950 is one member). zlib, the library,
// decodes one member; what stands between members is judged here:
//
// - another member follows: go on, its text is simply appended;
// - zero bytes follow: padding, as tapes and block devices leave it; skipped, as gzip does;
// - anything else follows: garbage, and an error, for it may be the ruin of a member.
//
// Damage must cost no byte that can be had. Whatever zlib decoded before it stumbled is already in
// the caller's buffer when the error is thrown, and the error says how much of it is proven by a
// checksum (the members before) and how much is only plausible (the damaged member's beginning).

/// Reads a stream of gzip members, or members of the format zlib, piece by piece.
public struct Inflater: ~Copyable {
  /// Why a call came back.
  public enum State: Equatable, Sendable {
    /// All input was consumed: give more, or `finish`.
    case needsInput
    /// The limit was reached: call again with the rest of the input.
    case outputFull
    /// A member ended here, its checksum verified: call again with the rest of the input.
    case memberEnd
  }

  private let stream: UnsafeMutablePointer<z_stream>
  private var format = CompressionFormat.gzip
  private var isInMember = false
  private var failure: CodecError?

  /// Compressed bytes consumed so far.
  public private(set) var consumed = 0
  /// Decompressed bytes delivered so far.
  public private(set) var delivered = 0
  /// Complete members so far.
  public private(set) var memberCount = 0
  /// Compressed offset just past the last complete member.
  public private(set) var lastMemberEnd = 0
  /// Decompressed bytes in all complete members so far.
  public private(set) var verified = 0
  private var memberStart = 0

  /// A reader of gzip. Throws where memory is short.
  public init() throws(CodecError) {
    stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let code = inflateInit2_(
      stream, Self.windowBits(.gzip), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      stream.deallocate()
      throw CodecError(.library, "cannot decompress: zlib: \(zlibReason(code))")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// The size of the window in which zlib takes members of this format, and no others.
  private static func windowBits(_ format: CompressionFormat) -> Int32 {
    format == .gzip ? MAX_WBITS + 16 : MAX_WBITS
  }

  /// Forgets everything and waits for another stream, of gzip or zlib.
  public mutating func reset(_ format: CompressionFormat = .gzip) {
    self.format = format
    inflateReset2(stream, Self.windowBits(format))
    isInMember = false
    failure = nil
    (consumed, delivered, memberCount, lastMemberEnd) = (0, 0, 0, 0)
    (verified, memberStart) = (0, 0)
  }

  /// Decodes some of `input` and appends at most `limit` bytes to `output`.
  ///
  /// Returns how much of `input` was consumed and why it stopped. An error is thrown again by every
  /// later call; what was decoded before it is in `output`.
  public mutating func inflate(
    _ input: ByteView, into output: inout ByteBuffer, limit: Int
  ) throws(CodecError) -> (consumed: Int, state: State) {
    if let failure { throw failure }
    var used = isInMember ? 0 : skipPadding(input)
    let ceiling = output.count + max(limit, 0)
    while used < input.count || isInMember {
      if !isInMember {
        guard memberCount == 0 || input[used] == (format == .gzip ? 0x1f : 0x78) else {
          throw garbage()
        }
        isInMember = true
        memberStart = consumed
      }
      let code = step(input, &used, &output, ceiling: ceiling)
      switch code {
      case Z_STREAM_END:
        endMember()
        return (used, .memberEnd)
      case Z_OK, Z_BUF_ERROR:
        if used == input.count, stream.pointee.avail_out > 0 { return (used, .needsInput) }
        if output.count >= ceiling { return (used, .outputFull) }
      default:
        throw refused(code)
      }
    }
    return (used, .needsInput)
  }

  /// Declares that the stream has ended; throws if that was in the middle of a member.
  public mutating func finish() throws(CodecError) {
    if let failure { throw failure }
    if isInMember || memberCount == 0 {
      throw fail(.truncated, "\(format) stream is truncated")
    }
  }

  private mutating func skipPadding(_ input: ByteView) -> Int {
    guard memberCount > 0 else { return 0 }
    var zeros = 0
    while zeros < input.count, input[zeros] == 0 { zeros += 1 }
    consumed += zeros
    return zeros
  }

  /// Room that is made at a time, so that a large limit does not cost memory before it is used.
  private static let stride = 256 << 10

  private mutating func step(
    _ input: ByteView, _ used: inout Int, _ output: inout ByteBuffer, ceiling: Int
  ) -> Int32 {
    let wanted = ceiling - output.count
    output.reserve(max(1, min(wanted, Self.stride)))
    let room = min(wanted, output.capacity - output.count, Int(UInt32.max))
    let given = min(input.count - used, Int(UInt32.max))
    stream.pointee.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + used) }
    stream.pointee.avail_in = UInt32(given)
    stream.pointee.next_out = output.base + output.count
    stream.pointee.avail_out = UInt32(room)
    let code = CZlib.inflate(stream, Z_NO_FLUSH)
    let eaten = given - Int(stream.pointee.avail_in)
    let made = room - Int(stream.pointee.avail_out)
    used += eaten
    consumed += eaten
    delivered += made
    output.advance(by: made)
    return code
  }

  private mutating func endMember() {
    isInMember = false
    memberCount += 1
    lastMemberEnd = consumed
    verified = delivered
    inflateReset(stream)
  }

  /// The meaning of a code that zlib does not continue after.
  private mutating func refused(_ code: Int32) -> CodecError {
    guard code == Z_DATA_ERROR || code == Z_NEED_DICT else {
      return fail(.library, "cannot decompress: zlib: \(zlibReason(code))")
    }
    // The member's header is checked when two bytes of it are there: 1f and no 8b is no member.
    if memberCount > 0, consumed - memberStart <= 2 { return garbage() }
    let reason = stream.pointee.msg.map { String(cString: $0) } ?? zlibReason(code)
    switch reason {
    case "incorrect data check":
      return fail(.checksum, "\(format) member has a wrong checksum")
    case "incorrect length check":
      return fail(.checksum, "\(format) member has a wrong length")
    default:
      return fail(.corrupt, "\(format) stream is corrupt: \(reason)")
    }
  }

  private mutating func garbage() -> CodecError {
    if isInMember { consumed = memberStart } else { memberStart = consumed }
    return fail(.garbage, "garbage after \(format) member")
  }

  private mutating func fail(_ kind: CodecError.Kind, _ message: String) -> CodecError {
    let error = CodecError(
      kind, message,
      damage: CodecError.Damage(
        offset: consumed, memberOffset: memberStart, delivered: delivered, verified: verified))
    failure = error
    return error
  }
}
