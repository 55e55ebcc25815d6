import Bytes
import History

// Whoever may write into an archive chooses what its checkpoints hold. Whatever that is, reading it ends;
// what a run takes over speaks only of files in the places of their kinds, and never traps; and the next
// checkpoint says the same.

func fuzz(_ input: ByteView) {
  var state = ArchiveState()
  guard state.load(checkpoint: input) else { return }
  for kind in FileKind.remembered {
    for file in state.all(kind) {
      check(file.bytes >= 0 && file.records >= 0, "numbers below zero: \(file.path)")
      check(ManifestRowReader.isInside(file.path), "a path that leads elsewhere: \(file.path)")
      check(FileKind(ofPath: file.path) == kind, "a path of another kind: \(file.path)")
    }
  }
  for entry in state.ledger.entries { use(entry, of: state.ledger) }
  let written = state.checkpointText().text
  var again = ArchiveState()
  check(written.withUnsafeBufferPointer { again.load(checkpoint: $0) }, "what is written is read")
  check(again.checkpointText().text == written, "as the same")
}

/// Asks the ledger what a run asks it of each input.
private func use(_ entry: Ledger.Entry, of ledger: Ledger) {
  _ = entry.totalRecords
  _ = entry.isClosed
  _ = entry.input.textDigest
  let first: [UInt8] = Array("one record\n".utf8)
  first.withUnsafeBufferPointer { first in
    _ = ledger.lengths(first, size: entry.input.bytes)
    if let sha256 = entry.input.sha256 {
      _ = ledger.entries(first, bytes: entry.input.bytes, sha256: sha256)
    }
  }
}
