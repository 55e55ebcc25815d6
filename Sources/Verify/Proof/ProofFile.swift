internal import Crypto
package import Bytes
internal import JSONText

// The file of a proof is one JSON object, so that a checker can be written in any language
// (docs/proof.md holds one in Python):
//
//   {"version":1,
//    "head":…,                                  SHA-256 of the newest header: what to compare
//    "event":{"text":…,"index":…,"path":[…]},   a record of a part; the tree is merkle_root of its row
//    "row":{"text":…,"index":…,"path":[…]},     the part's row; the tree is rows_root of its header
//    "header":{"text":…,"index":…,"path":[…]},  the header; the tree is history_root of the newest
//    "newest":…,                                the newest header; null if "header" is that
//    "signature":…}                             of the newest header, in hexadecimal; null if unsigned
//
// Texts are the exact bytes as JSON strings. The sizes of the trees are not in it: they are taken from what
// is covered, since a path proves none.

/// Why a proof does not hold, or is none.
package struct ProofError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package let description: String

  init(_ description: String) { self.description = description }
}

/// The contents of a proof's file. That they could be read does not say that they fit.
package struct ProofFile: Equatable {
  static let version: UInt64 = 1
  /// Bytes in a file: 64 MiB. Events of 10 MiB fit whatever is in them, and of twice as much nearly always.
  static let largest = 64 << 20
  /// Digests in a path: no tree that can be counted is higher.
  static let longestPath = 64

  /// A leaf of a tree, and its way to the root.
  package struct Leaf: Equatable {
    /// The exact bytes.
    package var text: [UInt8]
    /// Leaves before it.
    package var index: UInt64
    /// The hashes beside the way, from the leaf up.
    package var path: [Digest256]

    /// The root of the tree of so many leaves that follows; nil if it has no such leaf, or the path
    /// is longer or shorter than that of one.
    package func root(size: UInt64) -> Digest256? {
      MerklePath(leafIndex: index, treeSize: size, nodes: path)
        .root(leafHash: text.withUnsafeBufferPointer { MerkleAccumulator.leafHash($0) })
    }
  }

  /// SHA-256 of the newest header.
  package var head: Digest256
  /// The event, a record of its part.
  package var event: Leaf
  /// The part's row, one of its commit.
  package var row: Leaf
  /// The commit's header; without a path if it is the newest.
  package var header: Leaf
  /// The newest header; nil if that is `header`.
  package var newest: [UInt8]?
  /// Of the newest header.
  package var signature: [UInt8]?

  /// The file: one line.
  package var text: [UInt8] {
    var object = JSONWriter()
    object.member("version", Int64(ProofFile.version))
    object.member("head", head)
    object.member("event") { ProofFile.append(event, to: &$0) }
    object.member("row") { ProofFile.append(row, to: &$0) }
    object.member("header") { ProofFile.append(header, to: &$0) }
    object.member("newest", newest.map { String(decoding: $0, as: UTF8.self) })
    object.member("signature", signature.map(Hex.string))
    return object.finish() + [UInt8(ascii: "\n")]
  }

  private static func append(_ leaf: Leaf, to object: inout JSONWriter) {
    object.member("text", String(decoding: leaf.text, as: UTF8.self))
    object.member("index", Int64(clamping: leaf.index))
    object.member("path", leaf.path)
  }
}

extension ProofFile {
  /// Reads a file. Members that it does not know are skipped.
  package init(reading text: ByteView) throws(ProofError) {
    guard text.count <= ProofFile.largest else {
      throw ProofError("it is larger than \(ProofFile.largest) bytes (max_proof_size)")
    }
    var reader = ProofFields.reader()
    let fields = try ProofFields(text, &reader)
    let version = try fields.number("/version")
    guard version == ProofFile.version else {
      throw ProofError(
        "its version is \(version), and this program knows \(ProofFile.version): use a newer one")
    }
    head = try fields.digest("/head")
    event = try fields.leaf("/event")
    row = try fields.leaf("/row")
    header = try fields.leaf("/header")
    newest = try fields.text("/newest")
    signature = try fields.hex("/signature")
  }
}

/// The members of a proof's file that count, each of which must be there once.
private struct ProofFields {
  private static let members = DocumentMembers(
    ["/version", "/head", "/newest", "/signature"]
      + ["/event", "/row", "/header"].flatMap { leaf in
        ["/text", "/index", "/path", "/path/*"].map { leaf + $0 }
      })

  private let document: OwnDocument

  init(_ text: ByteView, _ reader: inout DocumentReader) throws(ProofError) {
    do { document = try reader.read(text) } catch { throw ProofFields.error(error) }
    for pointer in ProofFields.members.pointers where pointer.hasSuffix("/*") {
      guard document.count(ProofFields.members.place(pointer)) <= ProofFile.longestPath else {
        throw ProofFields.error(.tooMany(pointer))
      }
    }
  }

  static func reader() -> DocumentReader { DocumentReader(members) }

  private static func error(_ fault: DocumentFault) -> ProofError {
    switch fault {
    case .noJSON(let fault, let place):
      ProofError("it is no JSON: \(fault.reason) at byte \(place)")
    case .noObject: ProofError("it is not one JSON object")
    case .twice(let pointer): ProofError("it has \(pointer) twice")
    case .tooMany(let pointer):
      ProofError(
        "\(pointer.dropLast(2)) has more than \(ProofFile.longestPath) digests (max_path_length)")
    }
  }

  /// The place of a member that is there.
  private func place(_ pointer: String) throws(ProofError) -> Int {
    let place = ProofFields.members.place(pointer)
    guard document.kind(place) != .missing else { throw ProofError("it has no \(pointer)") }
    return place
  }

  func number(_ pointer: String) throws(ProofError) -> UInt64 {
    guard let number: UInt64 = document.number(try place(pointer)) else {
      throw ProofError("\(pointer) is no whole number from 0 to \(UInt64.max)")
    }
    return number
  }

  /// The bytes that a string stands for; nil for null.
  func text(_ pointer: String) throws(ProofError) -> [UInt8]? {
    let place = try place(pointer)
    if document.kind(place) == .null { return nil }
    guard document.kind(place) == .string else { throw ProofError("\(pointer) is no string") }
    guard let bytes = document.bytes(place) else {
      throw ProofError("\(pointer) holds half of a surrogate pair, which stands for no bytes")
    }
    return bytes
  }

  func hex(_ pointer: String) throws(ProofError) -> [UInt8]? {
    guard let text = try text(pointer) else { return nil }
    guard let bytes = text.withUnsafeBufferPointer({ Hex.decode($0) }) else {
      throw ProofError("\(pointer) is not hexadecimal")
    }
    return bytes
  }

  func digest(_ pointer: String) throws(ProofError) -> Digest256 {
    guard let digest = document.digest(try place(pointer)) else {
      throw ProofError("\(pointer) is no digest of 64 hexadecimal digits")
    }
    return digest
  }

  func leaf(_ pointer: String) throws(ProofError) -> ProofFile.Leaf {
    guard let text = try text(pointer + "/text") else {
      throw ProofError("\(pointer)/text is no string")
    }
    return ProofFile.Leaf(
      text: text, index: try number(pointer + "/index"), path: try path(pointer + "/path"))
  }

  private func path(_ pointer: String) throws(ProofError) -> [Digest256] {
    guard document.kind(try place(pointer)) == .array else {
      throw ProofError("\(pointer) is no array")
    }
    guard let digests = document.digests(ProofFields.members.place(pointer + "/*")) else {
      throw ProofError("\(pointer) holds something else than digests of 64 hexadecimal digits")
    }
    return digests
  }
}
