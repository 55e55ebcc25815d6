public import Bytes
internal import CZlib

/// Compresses whole texts, one after another, each into a member of its own.
///
/// The library's working memory (some 270 KiB for zlib) is kept from member to member, so every
/// worker thread holds one compressor and reuses it. What comes out depends on the text, the
/// settings and the library's version alone, never on what the compressor did before.
public final class Compressor {
  private enum Engine {
    case none
    case zlib(UnsafeMutablePointer<z_stream>)
    case libdeflate(OpaquePointer, LibDeflate)
  }

  /// The settings.
  public let compression: Compression
  private let engine: Engine

  /// Throws what `Compression.check` throws, and where memory is short.
  public init(_ compression: Compression) throws(CodecError) {
    try compression.check()
    self.compression = compression
    if compression.format == .none {
      engine = .none
      return
    }
    switch compression.engine {
    case .zlib:
      engine = .zlib(try Self.makeStream(compression))
    case .libdeflate:
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
    }
  }

  /// Appends `text` as one complete member: a gzip member, a zlib stream, or itself.
  ///
  /// `text` must not lie in `output`. After an error `output` holds what it held before.
  public func compress(_ text: ByteView, into output: inout ByteBuffer) throws(CodecError) {
    switch engine {
    case .none: output.append(text)
    case .zlib(let stream): try deflateWhole(text, stream, into: &output)
    case .libdeflate(let handle, let library):
      try compressAtOnce(text, handle, library, into: &output)
    }
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

  /// 16 more than the window's exponent asks zlib for a gzip frame.
  private static let gzipFrame: Int32 = 16

  private static func makeStream(
    _ compression: Compression
  ) throws(CodecError) -> UnsafeMutablePointer<z_stream> {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // Memory level 8: 9 made this kind of text 0.15 % smaller and took 10 to 20 % longer.
    let code = deflateInit2_(
      stream, Int32(compression.level), Z_DEFLATED,
      compression.format == .gzip ? MAX_WBITS + gzipFrame : MAX_WBITS, 8, Z_DEFAULT_STRATEGY,
      ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      stream.deallocate()
      throw CodecError(.library, "cannot compress: zlib: \(zlibReason(code))")
    }
    return stream
  }

  private func deflateWhole(
    _ text: ByteView, _ stream: UnsafeMutablePointer<z_stream>, into output: inout ByteBuffer
  ) throws(CodecError) {
    let before = output.count
    deflateReset(stream)
    output.reserve(Int(deflateBound(stream, UInt(text.count))))
    var fed = 0
    var code = Z_OK
    while code != Z_STREAM_END {
      // zlib counts in 32 bits, so a text beyond 4 GiB goes in by pieces.
      let piece = min(text.count - fed, Int(UInt32.max))
      output.reserve(1)
      let room = min(output.capacity - output.count, Int(UInt32.max))
      stream.pointee.next_in = text.baseAddress.map { UnsafeMutablePointer(mutating: $0 + fed) }
      stream.pointee.avail_in = UInt32(piece)
      stream.pointee.next_out = output.base + output.count
      stream.pointee.avail_out = UInt32(room)
      code = deflate(stream, fed + piece == text.count ? Z_FINISH : Z_NO_FLUSH)
      fed += piece - Int(stream.pointee.avail_in)
      output.advance(by: room - Int(stream.pointee.avail_out))
      guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
        output.truncate(to: before)
        throw CodecError(.library, "cannot compress: zlib: \(zlibReason(code))")
      }
    }
  }
}

/// What a return code of zlib means, in zlib's words.
func zlibReason(_ code: Int32) -> String {
  guard let text = zError(code) else { return "error \(code)" }
  return String(cString: text)
}
