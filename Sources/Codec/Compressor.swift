public import Bytes
internal import CZlib

// A member can be compressed in pieces, each as soon as its text is there, by different threads and
// in any order: what pigz does. Each piece is raw deflate (RFC 1951) that may refer to the 32 KiB of
// text before it, and ends at a byte, with an empty block; so the pieces, end to end between one
// header and one trailer, are one member that any reader takes, and hardly larger than if it had
// been made at once. Since zlib then knows only of pieces, header and trailer are made here, as zlib
// makes them.

/// Compresses texts, one after another, each into a member of its own, at once or in pieces.
///
/// The library's working memory (some 270 KiB for zlib, some MiB for zstd) is kept from member to member, so
/// every worker thread holds one compressor and reuses it. What comes out depends on the text, the settings
/// and the library's version alone, never on what the compressor did before.
public final class Compressor {
  private enum Engine {
    case none
    case zlib(UnsafeMutablePointer<z_stream>)
    case libdeflate(OpaquePointer, LibDeflate)
    case zstd(OpaquePointer, LibZstd)
  }

  /// The settings.
  public let compression: Compression
  private let engine: Engine

  /// Throws what `Compression.check` throws, and where memory is short.
  public init(_ compression: Compression) throws(CodecError) {
    try compression.check()
    self.compression = compression
    switch (compression.format, compression.library) {
    case (.none, _): engine = .none
    case (.zstd, _):
      let library = try LibZstd.shared()
      engine = .zstd(try library.compressor(level: compression.level), library)
    case (.gzip, .zlib), (.zlib, .zlib):
      engine = .zlib(try Self.makeStream(level: compression.level))
    case (.gzip, .libdeflate), (.zlib, .libdeflate):
      let library = try LibDeflate.shared()
      guard let handle = library.allocate(Int32(compression.level)) else {
        throw CodecError(.library, "cannot compress: libdeflate: out of memory")
      }
      engine = .libdeflate(handle, library)
    }
  }

  deinit {
    switch engine {
    case .none: break
    case .zlib(let stream):
      deflateEnd(stream)
      stream.deallocate()
    case .libdeflate(let handle, let library): library.free(handle)
    case .zstd(let handle, let library): _ = library.freeCompressor(handle)
    }
  }

  /// Appends `text` as one complete member: a gzip member, a zstd frame, a zlib stream, or itself.
  ///
  /// `text` must not lie in `output`. After an error `output` holds what it held before.
  public func compress(_ text: ByteView, into output: inout ByteBuffer) throws(CodecError) {
    switch engine {
    case .libdeflate(let handle, let library):
      return try compressAtOnce(text, handle, library, into: &output)
    case .zstd(let handle, let library):
      return try library.compress(text, handle, into: &output)
    case .none, .zlib: break
    }
    let nothing = ByteView(start: nil, count: 0)
    try compress(piece: text, after: nothing, isFirst: true, isLast: true, into: &output)
      .append(to: &output)
  }

  /// Appends `text` as a piece of a member, the first one with the member's header, and returns the
  /// piece's share of the trailer, which has to follow the last piece.
  ///
  /// `dictionary` is the member's text before the piece: its last 32 KiB are used. Not for libdeflate and
  /// libzstd, which compress whole members only. `text` must not lie in `output`. After an error `output`
  /// holds what it held before.
  public func compress(
    piece text: ByteView, after dictionary: ByteView, isFirst: Bool, isLast: Bool,
    into output: inout ByteBuffer
  ) throws(CodecError) -> MemberTrailer {
    switch engine {
    case .none: output.append(text)
    case .zlib(let stream):
      let before = output.count
      if isFirst { appendHeader(to: &output) }
      let code = deflateAll(text, dictionary, isLast, stream, into: &output)
      guard code == Z_OK else {
        output.truncate(to: before)
        throw CodecError(.library, "cannot compress: zlib: \(zlibReason(code))")
      }
    case .libdeflate, .zstd: preconditionFailure("the library compresses whole members only")
    }
    return MemberTrailer(compression.format, of: text)
  }

  private func compressAtOnce(
    _ text: ByteView, _ handle: OpaquePointer, _ library: LibDeflate, into output: inout ByteBuffer
  ) throws(CodecError) {
    let isGzip = compression.format == .gzip
    let bound = isGzip ? library.gzipBound : library.zlibBound
    let compress = isGzip ? library.gzipCompress : library.zlibCompress
    output.reserve(bound(handle, text.count))
    let room = output.capacity - output.count
    let end = output.base + output.count
    // An empty view may have no address, and the library wants one, never read.
    let written = compress(handle, text.baseAddress ?? UnsafePointer(end), text.count, end, room)
    // 0 says that the room does not suffice, which the library's own bound rules out.
    guard written > 0, written <= room else {
      throw CodecError(.library, "cannot compress: libdeflate refused \(text.count) bytes")
    }
    output.advance(by: written)
  }

  private static func makeStream(
    level: Int
  ) throws(CodecError) -> UnsafeMutablePointer<z_stream> {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // Memory level 8: 9 made this kind of text 0.15 % smaller and took 10 to 20 % longer. The
    // negative size of the window asks for deflate without a frame.
    let code = deflateInit2_(
      stream, Int32(level), Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      stream.deallocate()
      throw CodecError(.library, "cannot compress: zlib: \(zlibReason(code))")
    }
    return stream
  }

  /// RFC 1952, section 2.3, without time and name and as made under Unix; RFC 1950, section 2.2.
  private func appendHeader(to output: inout ByteBuffer) {
    let level = compression.level
    switch compression.format {
    case .gzip:
      let effort: UInt8 = level == 9 ? 2 : level < 2 ? 4 : 0
      output.append([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, effort, 3])
    case .zlib:
      // The last five bits make the two bytes a multiple of 31.
      output.append([0x78, level < 2 ? 0x01 : level < 6 ? 0x5e : level == 6 ? 0x9c : 0xda])
    case .none, .zstd: break
    }
  }

  /// Returns `Z_OK`, or what went wrong.
  private func deflateAll(
    _ text: ByteView, _ dictionary: ByteView, _ isLast: Bool,
    _ stream: UnsafeMutablePointer<z_stream>, into output: inout ByteBuffer
  ) -> Int32 {
    deflateReset(stream)
    if compression.level == 6 { tune(stream) }
    let used = dictionary.suffix(PieceRule.deflate.dictionarySize)
    if let start = ByteView(rebasing: used).baseAddress, used.count > 0 {
      let code = deflateSetDictionary(stream, start, UInt32(used.count))
      guard code == Z_OK else { return code }
    }
    output.reserve(Int(deflateBound(stream, UInt(text.count))) + Compressor.flushSize)
    var fed = 0
    while true {
      // zlib counts in 32 bits, so a text beyond 4 GiB goes in by slices.
      let slice = min(text.count - fed, Int(UInt32.max))
      let flush = fed + slice < text.count ? Z_NO_FLUSH : isLast ? Z_FINISH : Z_SYNC_FLUSH
      output.reserve(Compressor.flushSize)
      let room = min(output.capacity - output.count, Int(UInt32.max))
      stream.pointee.next_in = text.baseAddress.map { UnsafeMutablePointer(mutating: $0 + fed) }
      stream.pointee.avail_in = UInt32(slice)
      stream.pointee.next_out = output.base + output.count
      stream.pointee.avail_out = UInt32(room)
      let code = deflate(stream, flush)
      fed += slice - Int(stream.pointee.avail_in)
      output.advance(by: room - Int(stream.pointee.avail_out))
      if code == Z_STREAM_END { return Z_OK }
      // That there was nothing left to do is no fault.
      guard code == Z_OK || code == Z_BUF_ERROR else { return code }
      let isThrough = fed == text.count && stream.pointee.avail_out > 0
      if isThrough, flush == Z_SYNC_FLUSH { return Z_OK }
    }
  }

  /// Level 6 follows chains of 64 candidates instead of 128, and gives up looking for a better match
  /// at 32 bytes instead of 16: of audit events, which repeat themselves at short distances, that
  /// makes 0.4 % more and takes a twelfth less of the time. A reset sets zlib's own figures again.
  private func tune(_ stream: UnsafeMutablePointer<z_stream>) {
    deflateTune(stream, 8, 32, 128, 64)
  }

  /// Room for the end of a piece: more than the six bytes below which zlib may repeat it.
  private static let flushSize = 16
}

/// What a return code of zlib means, in zlib's words.
func zlibReason(_ code: Int32) -> String {
  guard let text = zError(code) else { return "error \(code)" }
  return String(cString: text)
}
