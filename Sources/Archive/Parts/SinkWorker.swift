internal import Bytes
internal import Codec
internal import Engine
internal import Trail

/// What a sink keeps for one worker.
final class SinkWorker: SinkAttachment {
  /// The output text of the worker's batch.
  var lines = RenderedLines()
  /// What its lines are found by.
  var terms: RecordTerms
  /// The pieces that the worker has to encode and write.
  var share = PieceShare()
  /// Their stored form.
  var encoder: MemberEncoder
  /// Quarantine rows of the worker's batch.
  var rejects = ByteBuffer(capacity: 16)

  init(_ compression: Compression, _ terms: consuming RecordTerms) throws(CodecError) {
    self.terms = terms
    encoder = try MemberEncoder(compression)
  }

  /// The attachment that the sink's `makeAttachment` gave to the worker.
  static func of(_ batch: Batch) -> SinkWorker {
    guard let worker = batch.attachment as? SinkWorker else {
      preconditionFailure("a batch with the attachment of another sink")
    }
    return worker
  }
}
