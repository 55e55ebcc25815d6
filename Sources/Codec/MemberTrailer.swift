public import Bytes
internal import CZlib

/// What a member says of its text behind it: checksum and, for gzip, length.
///
/// Those of the pieces of a text can be put together without seeing the text again.
public struct MemberTrailer: BitwiseCopyable, Sendable {
  private let format: CompressionFormat
  private var checksum: UInt
  private var count = 0

  /// That of no text.
  public init(_ format: CompressionFormat) {
    self.format = format
    checksum = format == .zlib ? adler32(0, nil, 0) : 0
  }

  init(_ format: CompressionFormat, of text: ByteView) {
    self.init(format)
    count = text.count
    guard let start = text.baseAddress else { return }
    switch format {
    case .gzip: checksum = crc32_z(0, start, text.count)
    case .zlib: checksum = adler32_z(checksum, start, text.count)
    case .none: break
    }
  }

  /// Makes it that of a text and the one behind it.
  public mutating func append(_ next: MemberTrailer) {
    switch format {
    case .gzip: checksum = crc32_combine(checksum, next.checksum, next.count)
    case .zlib: checksum = adler32_combine(checksum, next.checksum, next.count)
    case .none: break
    }
    count += next.count
  }

  /// Appends its bytes: eight for gzip (RFC 1952, section 2.3.1), four for zlib (RFC 1950), or none.
  public func append(to output: inout ByteBuffer) {
    switch format {
    case .gzip:
      append(UInt32(truncatingIfNeeded: checksum).littleEndian, to: &output)
      append(UInt32(truncatingIfNeeded: count).littleEndian, to: &output)
    case .zlib: append(UInt32(truncatingIfNeeded: checksum).bigEndian, to: &output)
    case .none: break
    }
  }

  private func append(_ number: UInt32, to output: inout ByteBuffer) {
    withUnsafeBytes(of: number) { output.append($0.bindMemory(to: UInt8.self)) }
  }
}
