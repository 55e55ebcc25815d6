internal import Bytes
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
  /// That of the bytes which the batch's records are a part of.
  var shared: RecordOrigin?
}

extension Batch {
  /// Where record `index` came from in the first place; nil where that is the input of the batch.
  public func origin(of index: Int) -> RecordOrigin? {
    guard let known = sourceAttachment as? RecordOrigins else { return nil }
    if var origin = known.shared {
      origin.offset += inputOffset + Int(records[index].raw.start)
      return origin
    }
    return known.origins.indices.contains(index) ? known.origins[index] : nil
  }

  /// Says where the next record came from: to be called for each record of the batch, in their order.
  public func appendOrigin(_ origin: RecordOrigin) {
    var known = sourceAttachment as? RecordOrigins ?? RecordOrigins()
    sourceAttachment = nil
    known.origins.append(origin)
    sourceAttachment = known
  }

  /// Says where the bytes came from that all records of the batch are parts of; `inputOffset` counts from
  /// there.
  public func shareOrigin(_ origin: RecordOrigin) {
    sourceAttachment = RecordOrigins(shared: origin)
  }
}
