internal import Platform

/// libdeflate, found at run time: no header and no library is needed to build.
///
/// The functions are those of `libdeflate.h`, whose interface has been stable since 1.0. The
/// library is looked up once and never unloaded.
struct LibDeflate: Sendable {
  typealias Allocate = @convention(c) @Sendable (Int32) -> OpaquePointer?
  typealias Compress =
    @convention(c) @Sendable (
      OpaquePointer?, UnsafeRawPointer?, Int, UnsafeMutableRawPointer?, Int
    ) -> Int
  typealias Bound = @convention(c) @Sendable (OpaquePointer?, Int) -> Int
  typealias Free = @convention(c) @Sendable (OpaquePointer?) -> Void

  let allocate: Allocate
  let free: Free
  let gzipCompress: Compress
  let gzipBound: Bound
  let zlibCompress: Compress
  let zlibBound: Bound

  /// The library, or the reason why it cannot be had.
  static func shared() throws(CodecError) -> LibDeflate { try lookup.get() }

  private static let lookup: Result<LibDeflate, CodecError> = load()

  private static let names = [
    "libdeflate.so.0", "libdeflate.so", "libdeflate.0.dylib", "libdeflate.dylib",
    "/opt/homebrew/lib/libdeflate.0.dylib", "/usr/local/lib/libdeflate.0.dylib",
  ]

  private static func load() -> Result<LibDeflate, CodecError> {
    for name in names {
      guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
      if let functions = LibDeflate(library) { return .success(functions) }
      return .failure(
        CodecError(
          .setting,
          "libdeflate lacks a function: \(name): install a current one or use engine: \"zlib\""))
    }
    return .failure(
      CodecError(
        .setting,
        "libdeflate is not installed: \(names[0]): install libdeflate0 or use engine: \"zlib\""))
  }

  private init?(_ library: UnsafeMutableRawPointer) {
    guard let allocate = dlsym(library, "libdeflate_alloc_compressor"),
      let free = dlsym(library, "libdeflate_free_compressor"),
      let gzipCompress = dlsym(library, "libdeflate_gzip_compress"),
      let gzipBound = dlsym(library, "libdeflate_gzip_compress_bound"),
      let zlibCompress = dlsym(library, "libdeflate_zlib_compress"),
      let zlibBound = dlsym(library, "libdeflate_zlib_compress_bound")
    else { return nil }
    self.allocate = unsafeBitCast(allocate, to: Allocate.self)
    self.free = unsafeBitCast(free, to: Free.self)
    self.gzipCompress = unsafeBitCast(gzipCompress, to: Compress.self)
    self.gzipBound = unsafeBitCast(gzipBound, to: Bound.self)
    self.zlibCompress = unsafeBitCast(zlibCompress, to: Compress.self)
    self.zlibBound = unsafeBitCast(zlibBound, to: Bound.self)
  }
}
