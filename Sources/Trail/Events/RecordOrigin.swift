public import Engine

/// Where a record that was turned away came from, and why it was.
public struct RecordOrigin: Equatable, Sendable {
  /// Path of its input.
  public var file: String
  /// Ordinal in that input, from 1.
  public var record: Int
  /// Offset of its first byte in that input, uncompressed.
  public var offset: Int
  /// The stage that turned it away.
  public var stage: String
  /// Why.
  public var reason: String

  /// An origin as given.
  public init(file: String, record: Int, offset: Int, stage: String, reason: String) {
    self.file = file
    self.record = record
    self.offset = offset
    self.stage = stage
    self.reason = reason
  }
}

/// The origins of a batch's records.
private struct RecordOrigins: SourceAttachment {
  var origins: [RecordOrigin] = []
}

extension Batch {
  /// Where record `index` came from in the first place; nil where that is the input of the batch.
  public func origin(of index: Int) -> RecordOrigin? {
    guard let origins = (sourceAttachment as? RecordOrigins)?.origins else { return nil }
    return origins.indices.contains(index) ? origins[index] : nil
  }

  /// Says where the next record came from: to be called for each record of the batch, in their order.
  public func appendOrigin(_ origin: RecordOrigin) {
    var known = sourceAttachment as? RecordOrigins ?? RecordOrigins()
    sourceAttachment = nil
    known.origins.append(origin)
    sourceAttachment = known
  }
}
