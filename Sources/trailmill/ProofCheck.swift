internal import Settings
internal import History
internal import Crypto
internal import Verify
internal import Bytes
internal import Disk

/// `trailmill verify --proof`: checks the proof of one event, without the archive.
enum ProofCheck {
  /// Checks a file that `trailmill prove` wrote ("-" is standard input). Shows the event on standard
  /// output, and on standard error what it was proven against.
  ///
  /// `head` is the head that it has to name, in hexadecimal; `publicKey` that of whoever has to have signed
  /// it, in hexadecimal or a file. Of these whoever calls knows where they came from.
  static func run(file: String, head: String?, publicKey: String?) throws -> ExitCode {
    let disk = Disk()
    let head = try head.map(digest)
    let key = try publicKey.map { try verifyingKey($0, disk) }
    let bytes = try contents(file, disk)
    let proof: EventProof
    do { proof = try EventProof.check(bytes.view) } catch {
      return refuse("the proof does not hold: \(error): \(file)")
    }
    if let head, head != proof.head {
      return refuse("the proof is of another head: \(proof.head.hex): \(file)")
    }
    if let key, key != proof.signingKey {
      let signer = proof.signingKey.map { "the key \($0.hex) signed it" } ?? "it is not signed"
      return refuse("the proof is not signed by that key: \(signer): \(file)")
    }
    Console.error(story(proof, isCompared: head != nil || key != nil))
    try (proof.event + [UInt8(ascii: "\n")]).withUnsafeBufferPointer { line throws(DiskError) in
      try disk.standardOutput.write(all: line)
    }
    return .success
  }

  private static func refuse(_ why: String) -> ExitCode {
    Console.message(why)
    return .verification
  }

  /// The value of `--head`.
  static func digest(_ text: String) throws(UsageError) -> Digest256 {
    var text = text
    guard let digest = text.withUTF8({ Digest256(hex: $0) }) else {
      throw UsageError("--head must be 64 hexadecimal digits, found \"\(text)\"")
    }
    return digest
  }

  /// A public key as 64 hexadecimal digits, or in a file of that name.
  static func verifyingKey(_ text: String, _ disk: Disk) throws -> VerifyingKey {
    var text = text
    if let key = text.withUTF8({ VerifyingKey(hex: $0) }) { return key }
    return try KeysGenerateSigningCommand.read(text, disk)
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
    var lines = [
      "proven against head \(proof.head.hex), that of commit \(proof.newest)",
      "  commit  \(proof.sequence) (\(proof.kind.rawValue))\(time(proof).map { ", " + $0 } ?? "")",
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

  private static func time(_ proof: EventProof) -> String? {
    proof.finished.map { time in
      var text = ByteBuffer(capacity: 32)
      time.append(rfc3339To: &text)
      return String(decoding: text.view, as: UTF8.self)
    }
  }
}
