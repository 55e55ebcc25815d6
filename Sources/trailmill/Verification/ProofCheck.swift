internal import Bytes
internal import Crypto
internal import Disk
internal import History
internal import Settings
internal import Terminal
internal import Verify

/// `trailmill verify --proof`: checks the proof of one event, without the archive.
struct ProofCheck {
  /// What `trailmill prove` wrote; "-" is standard input.
  let file: String
  /// The head that the proof has to name. Where it came from the caller knows.
  let head: Digest256?
  /// The key that has to have signed that head, in hexadecimal or a file.
  let publicKey: String?

  /// Shows the event on standard output, and on standard error what it was proven against.
  func run() throws -> ExitCode {
    let disk = Disk()
    let key = try publicKey.map { try PublicKey.read($0, disk) }
    let bytes = try ProofCheck.contents(file, disk)
    let proof: EventProof
    do { proof = try EventProof.check(bytes.view) } catch {
      return ProofCheck.refuse("the proof does not hold: \(error): \(file)")
    }
    if let head, head != proof.head {
      return ProofCheck.refuse("the proof is of another head: \(proof.head.hex): \(file)")
    }
    if let key, key != proof.signingKey {
      let signer = proof.signingKey.map { "the key \($0.hex) signed it" } ?? "it is not signed"
      return ProofCheck.refuse("the proof is not signed by that key: \(signer): \(file)")
    }
    Console.error(ProofCheck.story(proof, isCompared: head != nil || key != nil))
    let output = OutputBuffer()
    try proof.event.withUnsafeBufferPointer { line throws(DiskError) in
      try output.append(json: line)
    }
    try output.flush()
    return .success
  }

  private static func refuse(_ why: String) -> ExitCode {
    Console.message(why)
    return .verification
  }

  private static func contents(_ path: String, _ disk: Disk) throws -> ByteBuffer {
    let file: File
    do { file = path == "-" ? disk.standardInput : try disk.open(path) } catch {
      throw UsageError("\(error): name a file that \"trailmill prove\" wrote")
    }
    var bytes = ByteBuffer(capacity: 64 << 10)
    // One byte more than is allowed is enough to turn it away.
    while bytes.count <= EventProof.largestFile,
      try file.read(into: &bytes, upTo: min(1 << 20, EventProof.largestFile + 1 - bytes.count)) > 0
    {}
    try file.close()
    return bytes
  }

  private static func story(_ proof: EventProof, isCompared: Bool) -> String {
    let time = proof.finished.map { ", " + $0.rfc3339 } ?? ""
    var lines = [
      "proven against head \(proof.head.hex), that of commit \(proof.newest)",
      "  commit  \(proof.sequence) (\(proof.kind.rawValue))\(time)",
      "  run     \(proof.runName)", "  part    \(proof.part), line \(proof.line)",
    ]
    if let key = proof.signingKey { lines.append("  signed  by \(key.hex)") }
    if !isCompared {
      lines.append(
        "The proof is only as good as the head that it names: compare it with one that you kept"
          + " (--head), or check who signed it (--public-key).")
    }
    return lines.map { Console.printable($0) + "\n" }.joined()
  }
}
