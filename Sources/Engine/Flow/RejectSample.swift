internal import Bytes

/// One record that was turned away, as an example.
public struct RejectSample: Equatable, Sendable {
  /// Bytes that are kept of it: 4 KiB, so that what is shown of it can be told from what must not be.
  public static let longest = 4096

  /// The number of its input.
  public let input: Int
  /// Its ordinal in the input, from 1.
  public let record: Int
  /// Offset of its first byte in the input, uncompressed.
  public let offset: Int
  /// Why it was turned away.
  public let reason: String
  /// Its first bytes.
  public let beginning: [UInt8]

  /// The first of a batch with this verdict; nil if it has none.
  init?(_ batch: Batch, _ verdict: Verdict) {
    guard
      let index = (0..<batch.records.count).first(where: { batch.records[$0].verdict == verdict })
    else { return nil }
    let raw = batch.records[index].raw
    input = batch.input
    record = batch.firstOrdinal + index
    offset = batch.inputOffset + Int(raw.start)
    reason = batch.reason(of: index)
    beginning = Array(batch.bytes[raw].prefix(RejectSample.longest))
  }
}
