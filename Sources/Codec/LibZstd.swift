internal import Bytes
internal import Platform

/// libzstd, found at run time: no header and no library is needed to build.
///
/// The functions and numbers are those of the stable part of `zstd.h` and of `zstd_errors.h`, as of 1.4.0.
/// The library is looked up once and never unloaded.
struct LibZstd: Sendable {
  /// A piece of memory that the library reads from or writes to: `ZSTD_inBuffer` and `ZSTD_outBuffer`.
  struct Piece {
    var start: UnsafeMutableRawPointer?
    var size: Int
    var position = 0
  }

  typealias Allocate = @convention(c) @Sendable () -> OpaquePointer?
  typealias Free = @convention(c) @Sendable (OpaquePointer?) -> Int
  typealias Set = @convention(c) @Sendable (OpaquePointer?, Int32, Int32) -> Int
  typealias Reset = @convention(c) @Sendable (OpaquePointer?, Int32) -> Int
  typealias Convert =
    @convention(c) @Sendable (
      OpaquePointer?, UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int
    ) -> Int
  typealias Stream =
    @convention(c) @Sendable (
      OpaquePointer?, UnsafeMutableRawPointer, UnsafeMutableRawPointer
    ) -> Int
  typealias Bound = @convention(c) @Sendable (Int) -> Int
  typealias IsError = @convention(c) @Sendable (Int) -> UInt32
  typealias ErrorName = @convention(c) @Sendable (Int) -> UnsafePointer<CChar>?

  private let allocateCompressor: Allocate
  let freeCompressor: Free
  private let setCompressor: Set
  private let compressAtOnce: Convert
  private let compressBound: Bound
  private let allocateDecoder: Allocate
  let freeDecoder: Free
  private let setDecoder: Set
  let resetDecoder: Reset
  let decodeAtOnce: Convert
  let decodeStream: Stream
  private let isErrorCode: IsError
  private let errorName: ErrorName

  /// The library, or the reason why it cannot be had.
  static func shared() throws(CodecError) -> LibZstd { try lookup.get() }

  /// The library, to read what is compressed: what is read is not chosen, so its want is no fault of a
  /// setting.
  static func toRead() throws(CodecError) -> LibZstd {
    do { return try lookup.get() } catch {
      throw CodecError(
        .library,
        "zstd cannot be read, libzstd is not installed: install libzstd1, or decompress it elsewhere"
      )
    }
  }

  private static let lookup: Result<LibZstd, CodecError> = load()

  private static let names = [
    "libzstd.so.1", "libzstd.so", "libzstd.1.dylib", "libzstd.dylib",
    "/opt/homebrew/lib/libzstd.1.dylib", "/usr/local/lib/libzstd.1.dylib",
  ]

  private static func load() -> Result<LibZstd, CodecError> {
    for name in names {
      guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
      if let functions = LibZstd(library) { return .success(functions) }
      return .failure(
        CodecError(
          .setting, "libzstd lacks a function: \(name): install 1.4.0 or newer, or use gzip"))
    }
    return .failure(
      CodecError(
        .setting, "libzstd is not installed: \(names[0]): install libzstd1 or use gzip"))
  }

  private init?(_ library: UnsafeMutableRawPointer) {
    guard let allocateCompressor = dlsym(library, "ZSTD_createCCtx"),
      let freeCompressor = dlsym(library, "ZSTD_freeCCtx"),
      let setCompressor = dlsym(library, "ZSTD_CCtx_setParameter"),
      let compressAtOnce = dlsym(library, "ZSTD_compress2"),
      let compressBound = dlsym(library, "ZSTD_compressBound"),
      let allocateDecoder = dlsym(library, "ZSTD_createDCtx"),
      let freeDecoder = dlsym(library, "ZSTD_freeDCtx"),
      let setDecoder = dlsym(library, "ZSTD_DCtx_setParameter"),
      let resetDecoder = dlsym(library, "ZSTD_DCtx_reset"),
      let decodeAtOnce = dlsym(library, "ZSTD_decompressDCtx"),
      let decodeStream = dlsym(library, "ZSTD_decompressStream"),
      let isErrorCode = dlsym(library, "ZSTD_isError"),
      let errorName = dlsym(library, "ZSTD_getErrorName")
    else { return nil }
    self.allocateCompressor = unsafeBitCast(allocateCompressor, to: Allocate.self)
    self.freeCompressor = unsafeBitCast(freeCompressor, to: Free.self)
    self.setCompressor = unsafeBitCast(setCompressor, to: Set.self)
    self.compressAtOnce = unsafeBitCast(compressAtOnce, to: Convert.self)
    self.compressBound = unsafeBitCast(compressBound, to: Bound.self)
    self.allocateDecoder = unsafeBitCast(allocateDecoder, to: Allocate.self)
    self.freeDecoder = unsafeBitCast(freeDecoder, to: Free.self)
    self.setDecoder = unsafeBitCast(setDecoder, to: Set.self)
    self.resetDecoder = unsafeBitCast(resetDecoder, to: Reset.self)
    self.decodeAtOnce = unsafeBitCast(decodeAtOnce, to: Convert.self)
    self.decodeStream = unsafeBitCast(decodeStream, to: Stream.self)
    self.isErrorCode = unsafeBitCast(isErrorCode, to: IsError.self)
    self.errorName = unsafeBitCast(errorName, to: ErrorName.self)
  }

  /// True if what a function gave back says that it failed.
  func isError(_ code: Int) -> Bool { isErrorCode(code) != 0 }

  /// What went wrong, in the library's words.
  func reason(_ code: Int) -> String {
    errorName(code).map { String(cString: $0) } ?? "error \(-code)"
  }

  // MARK: Contexts

  /// Parameters by their numbers: `ZSTD_c_compressionLevel`, `ZSTD_c_windowLog`, `ZSTD_c_checksumFlag`.
  private static let level: Int32 = 100
  private static let windowLog: Int32 = 101
  private static let checksumFlag: Int32 = 201
  /// `ZSTD_d_windowLogMax`.
  private static let windowLogMax: Int32 = 100
  /// `ZSTD_reset_session_only`.
  static let sessionOnly: Int32 = 1

  /// What makes frames with a checksum and the size of their text. With a window of 2 MiB or more, so that
  /// a member is one segment also at the lowest levels, and can be decoded where its text is wanted.
  func compressor(level: Int) throws(CodecError) -> OpaquePointer {
    guard let handle = allocateCompressor() else {
      throw CodecError(.library, "cannot compress: libzstd: out of memory")
    }
    var settings = [(LibZstd.level, Int32(level)), (LibZstd.checksumFlag, 1)]
    if level < 3 { settings.append((LibZstd.windowLog, 21)) }
    for (parameter, value) in settings {
      let code = setCompressor(handle, parameter, value)
      guard !isError(code) else {
        _ = freeCompressor(handle)
        throw CodecError(.library, "cannot compress: libzstd: \(reason(code))")
      }
    }
    return handle
  }

  /// Appends a frame.
  func compress(
    _ text: ByteView, _ handle: OpaquePointer, into output: inout ByteBuffer
  ) throws(CodecError) {
    output.reserve(compressBound(text.count))
    let room = output.capacity - output.count
    let written = compressAtOnce(
      handle, output.base + output.count, room, text.baseAddress, text.count)
    guard !isError(written), written <= room else {
      throw CodecError(.library, "cannot compress: libzstd: \(reason(written))")
    }
    output.advance(by: written)
  }

  /// What decodes frames, none of which has a larger window than `ZstdFrame.largestWindow`.
  func decoder() throws(CodecError) -> OpaquePointer {
    guard let handle = allocateDecoder() else {
      throw CodecError(.library, "cannot decompress: libzstd: out of memory")
    }
    let code = setDecoder(handle, LibZstd.windowLogMax, Int32(ZstdFrame.largestWindowLog))
    guard !isError(code) else {
      _ = freeDecoder(handle)
      throw CodecError(.library, "cannot decompress: libzstd: \(reason(code))")
    }
    return handle
  }
}
