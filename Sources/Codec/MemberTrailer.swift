public import Bytes
internal import CZlib

/// What a member says of its text behind it: checksum and, for gzip, length.
///
/// Those of the pieces of a text can be put together without seeing the text again.
public struct MemberTrailer: BitwiseCopyable, Sendable {
  private let kind: CompressionFormat.Trailer
  private var checksum: UInt
  private var count = 0

  /// That of no text.
  public init(_ format: CompressionFormat) {
    kind = format.traits.trailer
    checksum = kind == .adler32 ? adler32(0, nil, 0) : 0
  }

  init(_ format: CompressionFormat, of text: ByteView) {
    self.init(format)
    count = text.count
    guard let start = text.baseAddress else { return }
    switch kind {
    case .crc32AndLength: checksum = crc32_z(0, start, text.count)
    case .adler32: checksum = adler32_z(checksum, start, text.count)
    case .none: break
    }
  }

  /// Makes it that of a text and the one behind it.
  public mutating func append(_ next: MemberTrailer) {
    switch kind {
    case .crc32AndLength: checksum = crc32_combine(checksum, next.checksum, next.count)
    case .adler32: checksum = adler32_combine(checksum, next.checksum, next.count)
    case .none: break
    }
    count += next.count
  }

  /// Appends its bytes.
  public func append(to output: inout ByteBuffer) {
    switch kind {
    case .crc32AndLength:
      append(UInt32(truncatingIfNeeded: checksum).littleEndian, to: &output)
      append(UInt32(truncatingIfNeeded: count).littleEndian, to: &output)
    case .adler32: append(UInt32(truncatingIfNeeded: checksum).bigEndian, to: &output)
    case .none: break
    }
  }

  private func append(_ number: UInt32, to output: inout ByteBuffer) {
    withUnsafeBytes(of: number) { output.append($0.bindMemory(to: UInt8.self)) }
  }
}
