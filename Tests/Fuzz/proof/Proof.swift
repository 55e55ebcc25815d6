import Bytes
import Crypto
import History
import Verify

// A proof comes from anybody. Whatever its file holds, reading it ends; what is a file is written and read as
// the same; and what holds says what the file says. Nearly nothing that chance makes of a proof fits, so it
// is tried a second time with its trees made to fit, as somebody would who makes a proof for an archive of
// his own.

func fuzz(_ input: ByteView) {
  inspect(input)
  guard var file = try? ProofFile(reading: input) else { return }
  // Files that this program writes number leaves with 63 bits.
  if [file.event, file.row, file.header].allSatisfy({ $0.index <= UInt64(Int64.max) }) {
    let again = file.text.withUnsafeBufferPointer { try? ProofFile(reading: $0) }
    check(again == file, "what is written is read as the same")
  }
  fit(&file)
  file.text.withUnsafeBufferPointer { inspect($0) }
}

/// Checks a proof, and what is said of one that holds.
private func inspect(_ text: ByteView) {
  guard let proof = try? EventProof.check(text) else { return }
  guard let file = try? ProofFile(reading: text) else {
    return check(false, "a proof holds whose file cannot be read")
  }
  check(proof.event == file.event.text, "another event")
  check(proof.line == file.event.index + 1, "another line")
  check(digest(file.newest ?? file.header.text) == proof.head, "another head")
  check(proof.sequence > 0 && proof.sequence <= proof.newest, "a commit behind the newest")
  check((proof.sequence == proof.newest) == (file.newest == nil), "it is the newest, or is not")
  check(ManifestRowReader.isInside(proof.part), "a path that leads elsewhere: \(proof.part)")
  check(FileKind(ofPath: proof.part) == .part, "a path of no part: \(proof.part)")
  if proof.signingKey == nil { check(file.signature == nil, "a signature without a key") }
}

/// Writes into each text the root that follows from what is beneath it.
private func fit(_ file: inout ProofFile) {
  let row = file.row.text.withUnsafeBufferPointer { text -> ManifestRow? in
    var reader = ManifestRowReader()
    return reader.read(text)
  }
  if let row, let root = file.event.root(size: UInt64(row.records)) {
    write(root, behind: "\"merkle_root\":\"", in: &file.row.text)
  }
  let sequence = Int(clamping: file.header.index) &+ 1
  let header = file.header.text.withUnsafeBufferPointer { ManifestHeader($0, sequence: sequence) }
  if let header, let root = file.row.root(size: header.rows) {
    write(root, behind: "\"rows_root\":\"", in: &file.header.text)
  }
  if var newest = file.newest {
    // The root of one header is that header's hash, and the only node.
    if let root = file.header.root(size: 1) {
      write(root, behind: "\"history_root\":\"", in: &newest)
      write(root, behind: "\"history_nodes\":[\"", in: &newest)
    }
    file.newest = newest
  }
  file.head = digest(file.newest ?? file.header.text)
}

private func digest(_ text: [UInt8]) -> Digest256 {
  text.withUnsafeBufferPointer { SHA256.digest($0) }
}

private func write(_ digest: Digest256, behind name: String, in text: inout [UInt8]) {
  let (name, digits) = (Array(name.utf8), Array(digest.hex.utf8))
  guard text.count >= name.count + digits.count else { return }
  for start in 0...text.count - name.count - digits.count
  where text[start..<start + name.count].elementsEqual(name) {
    let from = start + name.count
    return text.replaceSubrange(from..<from + digits.count, with: digits)
  }
}
