internal import Crypto
internal import Bytes
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
struct ProofFile: Equatable {
  static let version: UInt64 = 1
  /// Bytes in a file: 1 GiB. The longest events fit, escaped.
  static let largest = 1 << 30
  /// Digests in a path: no tree that can be counted is higher.
  static let longestPath = 64

  /// A leaf of a tree, and its way to the root.
  struct Leaf: Equatable {
    /// The exact bytes.
    var text: [UInt8]
    /// Leaves before it.
    var index: UInt64
    /// The hashes beside the way, from the leaf up.
    var path: [Digest256]

    /// The root of the tree of so many leaves that follows; nil if it has no such leaf, or the path
    /// is longer or shorter than that of one.
    func root(size: UInt64) -> Digest256? {
      MerklePath(leafIndex: index, treeSize: size, nodes: path)
        .root(leafHash: text.withUnsafeBufferPointer { MerkleAccumulator.leafHash($0) })
    }
  }

  var head: Digest256
  var event: Leaf
  var row: Leaf
  /// Without a path if it is the newest.
  var header: Leaf
  /// The newest header; nil if that is `header`.
  var newest: [UInt8]?
  /// Of the newest header.
  var signature: [UInt8]?

  /// The file: one line.
  var text: [UInt8] {
    var object = JSONObjectWriter()
    object.member("version", Int64(ProofFile.version))
    object.member("head", head)
    object.member("event") { ProofFile.append(event, to: &$0) }
    object.member("row") { ProofFile.append(row, to: &$0) }
    object.member("header") { ProofFile.append(header, to: &$0) }
    object.member("newest", newest.map { String(decoding: $0, as: UTF8.self) })
    object.member("signature", signature.map(Hex.string))
    return object.finish() + [UInt8(ascii: "\n")]
  }

  private static func append(_ leaf: Leaf, to object: inout JSONObjectWriter) {
    object.member("text", String(decoding: leaf.text, as: UTF8.self))
    object.member("index", Int64(clamping: leaf.index))
    object.member("path", leaf.path)
  }
}

extension ProofFile {
  /// Reads a file. Members that it does not know are skipped.
  init(reading text: ByteView) throws(ProofError) {
    guard text.count <= ProofFile.largest else {
      throw ProofError("it is larger than \(ProofFile.largest) bytes (max_proof_size)")
    }
    let fields = try ProofFields(text)
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
  private static let pointers =
    ["/version", "/head", "/newest", "/signature"]
    + ["/event", "/row", "/header"].flatMap { leaf in
      ["/text", "/index", "/path", "/path/*"].map { leaf + $0 }
    }

  private let text: ByteView
  private var found: [String: [Field]] = [:]

  init(_ text: ByteView) throws(ProofError) {
    self.text = text
    guard let pointers = try? ProofFields.pointers.map({ try JSONPointer($0) }) else {
      throw ProofError("its members cannot be looked for")
    }
    let scanner = Scanner(PointerSet(pointers, wildcards: true))
    var found: [String: [Field]] = [:]
    let scan = scanner.collect(text) { match in
      found[ProofFields.pointers[Int(match.slot)], default: []].append(match.field)
    }
    guard scan.fault == .none else {
      throw ProofError("it is no JSON: \(scan.fault.reason) at byte \(scan.end)")
    }
    guard scan.kind == .object, Scanner.skipWhitespace(text, from: scan.end) == text.count else {
      throw ProofError("it is not one JSON object")
    }
    self.found = found
    // First of all: of a text with too many values the scanner does not report what follows.
    for pointer in ProofFields.pointers where pointer.hasSuffix("/*") {
      guard let nodes = found[pointer], nodes.count > ProofFile.longestPath else { continue }
      throw ProofError(
        "\(pointer.dropLast(2)) has more than \(ProofFile.longestPath) digests (max_path_length)")
    }
  }

  private func field(_ pointer: String) throws(ProofError) -> Field {
    guard let fields = found[pointer], let field = fields.first else {
      throw ProofError("it has no \(pointer)")
    }
    // Readers differ in which of two they take.
    guard fields.count == 1 else { throw ProofError("it has \(pointer) twice") }
    return field
  }

  func number(_ pointer: String) throws(ProofError) -> UInt64 {
    let field = try field(pointer)
    let digits = String(decoding: view(field.span), as: UTF8.self)
    guard field.kind == .number, let number = UInt64(digits) else {
      throw ProofError("\(pointer) is no whole number from 0 to \(UInt64.max)")
    }
    return number
  }

  /// The bytes that a string stands for; nil for null.
  func text(_ pointer: String) throws(ProofError) -> [UInt8]? {
    let field = try field(pointer)
    if field.kind == .null { return nil }
    guard field.kind == .string else { throw ProofError("\(pointer) is no string") }
    var value = ByteBuffer()
    guard JSONString.unescape(view(field.content), into: &value) else {
      throw ProofError("\(pointer) holds half of a surrogate pair, which stands for no bytes")
    }
    return value.bytes
  }

  func hex(_ pointer: String) throws(ProofError) -> [UInt8]? {
    guard let text = try text(pointer) else { return nil }
    guard let bytes = text.withUnsafeBufferPointer({ Hex.decode($0) }) else {
      throw ProofError("\(pointer) is not hexadecimal")
    }
    return bytes
  }

  func digest(_ pointer: String) throws(ProofError) -> Digest256 {
    let field = try field(pointer)
    guard field.kind == .string, let digest = Digest256(hex: view(field.content)) else {
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
    guard try field(pointer).kind == .array else { throw ProofError("\(pointer) is no array") }
    var digests: [Digest256] = []
    for node in found[pointer + "/*"] ?? [] {
      guard node.kind == .string, let digest = Digest256(hex: view(node.content)) else {
        throw ProofError("\(pointer) holds something else than digests of 64 hexadecimal digits")
      }
      digests.append(digest)
    }
    return digests
  }

  private func view(_ span: Span32) -> ByteView {
    ByteView(rebasing: text[Int(span.start)..<span.end])
  }
}
