internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

/// Takes in what the events tell of exchanges of tokens for sessions; nothing else of them is kept.
final class ExchangeSink: ReadingSink {
  private let reader: CredentialReader
  private let names: [String]
  private let proofs: [Int]
  private(set) var tally = LearningTally()
  let exchanges = Exchanges()
  /// Exchanges for which there was no room.
  private(set) var tooMany = 0

  /// `names` are those of the inputs, `proofs` the slots of the members that events of each have whose
  /// signature was verified; -1 for none.
  init(_ reader: CredentialReader, names: [String], proofs: [Int]) {
    self.reader = reader
    self.names = names
    self.proofs = proofs
  }

  func admit(_ batch: Batch) {
    let file = names[batch.input]
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let record = batch.firstOrdinal + index
      let reading = reader.readExchange(
        batch, index, file: file, record: record,
        isVerified: batch.isVerified(index, proof: proofs[batch.input]))
      guard let reading else { continue }
      tally.add(reading.problems, isUsed: reading.exchange != nil, file: file, record: record)
      guard let exchange = reading.exchange else { continue }
      if !exchanges.add(exchange, reading.source) { tooMany += 1 }
    }
  }
}

extension Batch {
  /// True if the signature of a record was verified when it was archived; `proof` is the slot of the member
  /// that says so, -1 for none. What an event brings in an envelope of its own was not judged then.
  func isVerified(_ index: Int, proof: Int) -> Bool {
    proof >= 0 && !records[index].isDelivery && field(proof, of: index).kind == .object
  }
}
