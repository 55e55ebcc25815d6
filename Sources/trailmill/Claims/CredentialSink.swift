internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

/// Takes in what the events tell of credentials; nothing else of them is kept.
final class CredentialSink: ReadingSink {
  private let reader: CredentialReader
  private let names: [String]
  /// Of each input the slot of the member that an event has whose signature was verified; -1 for none.
  private let proofs: [Int]
  private(set) var tally = LearningTally()
  private let rows = LearnedRows()
  /// Credentials that were learned of.
  private(set) var credentials = 0
  /// Those of events whose signature was not verified.
  private(set) var unverified = 0
  /// Credentials for which there was no room.
  private(set) var tooMany = 0

  /// `names` are those of the inputs.
  init(_ reader: CredentialReader, names: [String], proofs: [Int]) {
    self.reader = reader
    self.names = names
    self.proofs = proofs
  }

  func admit(_ batch: Batch) {
    let (file, proof) = (names[batch.input], proofs[batch.input])
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let record = batch.firstOrdinal + index
      let isVerified = batch.isVerified(index, proof: proof)
      let reading = reader.read(
        batch, index, file: file, record: record, isVerified: isVerified)
      guard let reading else { continue }
      tally.add(reading.problems, isUsed: reading.row != nil, file: file, record: record)
      guard let row = reading.row else { continue }
      guard rows.add(row, reading.source) else {
        tooMany += 1
        continue
      }
      credentials += 1
      if !isVerified { unverified += 1 }
    }
  }

  /// Hands every row to `body`; how many there were.
  func finish(_ body: (ByteView) throws -> Void) throws -> Int { try rows.finish(body) }
}
