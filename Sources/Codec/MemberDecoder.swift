public import Bytes

/// Reads the text of rows of members of any format, piece by piece. One for each worker.
public struct MemberDecoder: ~Copyable {
  /// The format of what is read now.
  public private(set) var format = CompressionFormat.none
  private var inflater: Inflater
  /// Made when there is something to read with it.
  private var zstd: ZstdDecoder?
  private var plainCount = 0

  /// Throws where memory is short.
  public init() throws(CodecError) { inflater = try Inflater() }

  /// Forgets everything and waits for a row of members of this format. Throws, with kind `.library`, where
  /// the library is not installed that reads it, or memory is short.
  public mutating func begin(_ format: CompressionFormat) throws(CodecError) {
    self.format = format
    plainCount = 0
    switch format {
    case .gzip, .zlib: inflater.reset(format)
    case .zstd:
      if zstd == nil { zstd = try ZstdDecoder() }
      zstd?.reset()
    case .none: break
    }
  }

  /// Bytes as stored that were consumed since the row began.
  public var consumed: Int {
    switch format {
    case .gzip, .zlib: inflater.consumed
    case .zstd: zstd?.consumed ?? 0
    case .none: plainCount
    }
  }

  /// Decodes some of `input` and appends at most `limit` bytes to `output`; text as it is has no members and
  /// no end. See `Inflater.inflate`.
  public mutating func decode(
    _ input: ByteView, into output: inout ByteBuffer, limit: Int
  ) throws(CodecError) -> (consumed: Int, state: Inflater.State) {
    switch format {
    case .gzip, .zlib: return try inflater.inflate(input, into: &output, limit: limit)
    case .zstd:
      return try zstd?.decode(input, into: &output, limit: limit) ?? (0, .needsInput)
    case .none:
      let count = min(input.count, max(limit, 0))
      output.append(ByteView(rebasing: input[..<count]))
      plainCount += count
      return (count, count < input.count ? .outputFull : .needsInput)
    }
  }

  /// Declares that the row has ended; throws if that was in the middle of a member.
  public mutating func finish() throws(CodecError) {
    switch format {
    case .gzip, .zlib: try inflater.finish()
    case .zstd: try zstd?.finish()
    case .none: break
    }
  }
}
