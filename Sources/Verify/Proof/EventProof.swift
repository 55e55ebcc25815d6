package import Crypto
package import History
package import Bytes
internal import JSONText

// A proof leads from one event to a head over three trees (RFC 6962): the part's records, the rows of the
// commit, and the headers of all commits before the newest. Each root is read out of what the next
// tree covers, and so are the sizes: a path proves where a leaf lies in a tree of some size, but
// not that the tree has that size.

/// The proof of one event, which was checked and holds.
///
/// Whether the event's part was retired by a commit up to the newest is not known from a proof, nor
/// what came after the newest.
package struct EventProof: Equatable, Sendable {
  /// Bytes in the largest file that is looked at: 64 MiB.
  package static let largestFile = ProofFile.largest

  /// The event's line, exactly, without its line feed.
  package let event: [UInt8]
  /// The head that the event is proven against: SHA-256 of the newest header.
  package let head: Digest256
  /// The number of the newest commit.
  package let newest: Int
  /// The number of the commit that published the event.
  package let sequence: Int
  /// What that commit did.
  package let kind: CommitKind
  /// The beginning of its parts' names: see `RunName`.
  package let runName: String
  /// When all of it was staged, by the clock of the machine that did it.
  package let finished: Timestamp?
  /// The event's part, relative to the archive.
  package let part: String
  /// The number of its line there, from 1.
  package let line: UInt64
  /// The key that signed the newest header; nil if it is not signed. The signature was found to be good, but
  /// whose key that is has to be known from elsewhere.
  package let signingKey: VerifyingKey?

  /// Checks the contents of a proof's file. Throws, with the reason, unless everything in it fits.
  ///
  /// Takes at most `max_proof_size` bytes (64 MiB), paths of at most `max_path_length` digests (64),
  /// and time in proportion to the size.
  package static func check(_ bytes: ByteView) throws(ProofError) -> EventProof {
    let file = try ProofFile(reading: bytes)
    let header = try ManifestHeader(proven: file.header.text, "the commit's header")
    let newest = try file.newest.map { newest throws(ProofError) in
      try ManifestHeader(proven: newest, "the newest header")
    }
    try checkHistory(file, header, newest)
    guard file.row.root(size: header.rows) == header.rowsRoot else {
      throw ProofError(
        "the part's row is not, at this place, a row that the commit's header covers")
    }
    let row = try partRow(file.row.text)
    guard let size = UInt64(exactly: row.records), let root = row.merkleRoot,
      file.event.root(size: size) == root
    else {
      throw ProofError("the event is not, at this place, a record that the part's row covers")
    }
    guard (newest ?? header).head == file.head else {
      throw ProofError("the newest header is not that of the head")
    }
    let signingKey = try checkSignature(file, newest ?? header)
    return EventProof(
      event: file.event.text, head: file.head,
      newest: (newest ?? header).sequence, sequence: header.sequence, kind: header.kind,
      runName: header.runName, finished: header.finished, part: row.path,
      line: file.event.index + 1, signingKey: signingKey)
  }

  private static func checkHistory(
    _ file: ProofFile, _ header: ManifestHeader, _ newest: ManifestHeader?
  ) throws(ProofError) {
    guard file.header.index == UInt64(header.sequence - 1) else {
      throw ProofError("the commit's header has another number than its place says")
    }
    guard let newest else {
      guard file.header.path.isEmpty else {
        throw ProofError("the commit is the newest, and yet its header has a path")
      }
      return
    }
    guard file.header.root(size: UInt64(newest.sequence - 1)) == newest.historyRoot else {
      throw ProofError(
        "the commit's header is not, at this place, a header that the newest one covers")
    }
  }

  private static func partRow(_ text: [UInt8]) throws(ProofError) -> ManifestRow {
    let row = text.withUnsafeBufferPointer { text -> ManifestRow? in
      var reader = ManifestRowReader()
      return reader.read(text)
    }
    guard let row, row.kind == .file(.part) else {
      throw ProofError("the part's row is not that of a part")
    }
    return row
  }

  private static func checkSignature(
    _ file: ProofFile, _ newest: ManifestHeader
  ) throws(ProofError) -> VerifyingKey? {
    guard var named = newest.signingKey else {
      guard file.signature == nil else {
        throw ProofError("there is a signature, but the newest header names no key")
      }
      return nil
    }
    guard let signature = file.signature else {
      throw ProofError("the newest header is signed, but the signature is missing")
    }
    let header = file.newest ?? file.header.text
    let key = named.withUTF8 { VerifyingKey(hex: $0) }
    let isGenuine = signature.withUnsafeBufferPointer { signature in
      header.withUnsafeBufferPointer { key?.verifies(signature, of: $0) }
    }
    guard let key, isGenuine == true else {
      throw ProofError("the signature is not one of the newest header by the key that it names")
    }
    return key
  }
}

extension ManifestHeader {
  private static let number = DocumentMembers(["/sequence"])

  /// The header that a proof holds, whatever its number.
  fileprivate init(proven text: [UInt8], _ what: String) throws(ProofError) {
    let header = text.withUnsafeBufferPointer { text -> ManifestHeader? in
      var reader = DocumentReader(ManifestHeader.number)
      guard let sequence: Int = try? reader.read(text).number(0), sequence > 0 else { return nil }
      return ManifestHeader(text, sequence: sequence)
    }
    guard let header else { throw ProofError("\(what) is not valid") }
    self = header
  }
}
