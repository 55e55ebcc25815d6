internal import Crypto
package import Bytes

/// What a run is called: by its number and by what went in.
package enum RunName {
  /// `000000000012-1a2b3c4d`: the number of the run, and the beginning of the digest of the head
  /// before it and of its inputs' digests. Where an input has none, its row stands for it.
  package static func make(sequence: Int, previous: Digest256?, inputs: [RecordedInput]) -> String {
    var hasher = SHA256Hasher()
    if let previous { hasher.update(previous) }
    for input in inputs {
      let row = ManifestRows.row(input)
      hasher.update(input.sha256 ?? row.withUnsafeBufferPointer { SHA256.digest($0) })
    }
    return ManifestNames.number(sequence) + "-" + String(hasher.finalize().hex.prefix(8))
  }
}
