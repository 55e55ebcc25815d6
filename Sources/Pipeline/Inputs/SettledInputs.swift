internal import Bytes
internal import Disk
internal import History
internal import Intake
internal import Stages

/// Up to where earlier runs have read inputs under the same plan, in whatever window: what has no usable time
/// there was archived, or quarantined, by one of them.
struct SettledInputs: TimelessMemory {
  /// Offsets in the text, by the inputs' numbers.
  private var ends: [Int: Int] = [:]

  /// Looks the inputs up by their content; standard input and pipes cannot be before they are read.
  init(_ list: InputList, _ ledger: Ledger, plan: Digest256, _ disk: Disk) throws {
    for (number, name) in list.paths.enumerated() where name != "-" {
      guard let prefix = try KnownPrefix(disk, name) else { continue }
      let lengths = prefix.first.withUnsafeBufferPointer { ledger.lengths($0, size: prefix.size) }
      for (bytes, digest) in try prefix.digests(ofFirst: lengths) {
        let entries = prefix.first.withUnsafeBufferPointer {
          ledger.entries($0, bytes: bytes, sha256: digest)
        }
        for entry in entries where entry.plan == plan {
          let end = Int(clamping: entry.input.text ?? entry.input.bytes)
          ends[number] = max(end, ends[number] ?? 0)
        }
      }
    }
  }

  func isKnown(input: Int, offset: Int) -> Bool { ends[input].map { offset < $0 } ?? false }
}
