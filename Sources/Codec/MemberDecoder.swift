public import Bytes

/// Reads the text of rows of members of any format, piece by piece. One for each worker.
public struct MemberDecoder: ~Copyable {
  /// The format of what is read now.
  public private(set) var format = CompressionFormat.none
  private var inflater: Inflater
  private var plainCount = 0

  /// Throws where memory is short.
  public init() throws(CodecError) { inflater = try Inflater() }

  /// Forgets everything and waits for a row of members of this format.
  public mutating func begin(_ format: CompressionFormat) {
    self.format = format
    plainCount = 0
    if isDeflate { inflater.reset(format) }
  }

  private var isDeflate: Bool { format == .gzip || format == .zlib }

  /// Bytes as stored that were consumed since the row began.
  public var consumed: Int { isDeflate ? inflater.consumed : plainCount }

  /// Decodes some of `input` and appends at most `limit` bytes to `output`; text as it is has no members and
  /// no end. See `Inflater.inflate`.
  public mutating func decode(
    _ input: ByteView, into output: inout ByteBuffer, limit: Int
  ) throws(CodecError) -> (consumed: Int, state: Inflater.State) {
    if isDeflate { return try inflater.inflate(input, into: &output, limit: limit) }
    let count = min(input.count, max(limit, 0))
    output.append(ByteView(rebasing: input[..<count]))
    plainCount += count
    return (count, count < input.count ? .outputFull : .needsInput)
  }

  /// Declares that the row has ended; throws if that was in the middle of a member.
  public mutating func finish() throws(CodecError) {
    if isDeflate { try inflater.finish() }
  }
}
