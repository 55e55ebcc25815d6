internal import Crypto
internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

/// Opens envelopes: the event is the body, and what is needed to check its signature is kept.
struct Envelope: Sendable {
  /// Which records are envelopes.
  private enum Mark {
    /// None.
    case never
    /// Objects with an object of headers, in which there is a header of a delivery, and a string `body`.
    case header
    /// Objects with members for headers and `body`, so that taking something away from a delivery makes no
    /// event of it.
    case members
    /// All records.
    case always
  }

  private let mark: Mark
  private let headers: Int
  /// Headers that each have a list of values: where there are no others, they count.
  private let multiHeaders: Int
  private let body: Int
  private let isBase64: Int
  private let receivedAt: [Int]

  init(_ settings: InputSettings, judgesSignatures: Bool, _ table: inout PointerTable) {
    mark =
      switch settings.envelope {
      case .never: .never
      case .auto: judgesSignatures ? .members : .header
      case .always: .always
      }
    headers = table.slot(JSONPointer(literal: "/headers"))
    multiHeaders = table.slot(JSONPointer(literal: "/multiValueHeaders"))
    body = table.slot(JSONPointer(literal: "/body"))
    isBase64 = table.slot(JSONPointer(literal: "/isBase64Encoded"))
    // Nobody asks when what is no envelope was received.
    let places = settings.envelope == .never ? [] : settings.receivedAt
    receivedAt = places.map { table.slot($0) }
  }

  /// True if record `index` is an envelope, or has to be one.
  @inline(__always) func isEnvelope(_ batch: Batch, _ index: Int) -> Bool {
    switch mark {
    case .never: return false
    case .header:
      return hasForm(batch, index) && hasHeader(batch, index)
    case .members:
      return batch.field(body, of: index).kind != .missing
        && (batch.field(headers, of: index).kind != .missing
          || batch.field(multiHeaders, of: index).kind != .missing)
    case .always: return true
    }
  }

  @inline(__always) private func hasForm(_ batch: Batch, _ index: Int) -> Bool {
    batch.field(body, of: index).kind == .string && headersObject(batch, index) != nil
  }

  /// Where the headers are; nil where there is no object of them.
  @inline(__always) private func headersObject(_ batch: Batch, _ index: Int) -> Field? {
    let single = batch.field(headers, of: index)
    if single.kind == .object { return single }
    let multiple = batch.field(multiHeaders, of: index)
    return single.isNothing && multiple.kind == .object ? multiple : nil
  }

  @inline(never) private func hasHeader(_ batch: Batch, _ index: Int) -> Bool {
    signatureHeaders(batch, index).areThere
  }

  /// What the fields of the envelope have told before those of the event take their place.
  private struct Contents {
    var signature256 = Span32.empty
    var signature1 = Span32.empty
  }

  /// Takes envelope `index` apart, and puts the exact bytes of its body and what proves them in its slots.
  /// Returns those bytes; nil, after turning the record away, if it is no envelope, or the body is not what
  /// the envelope says.
  func open(_ batch: Batch, _ index: Int) -> Span32? {
    batch.records[index].isDelivery = true
    var contents = Contents()
    if headersObject(batch, index) != nil { readHeaders(batch, index, &contents) }
    readTime(batch, index)
    batch[.signature256, index] = contents.signature256
    batch[.signature1, index] = contents.signature1
    guard hasForm(batch, index) else {
      batch.reject(
        index, .unreadable, by: -1, "no delivery: an object headers and a string body are missing")
      return nil
    }
    guard let bytes = bodyBytes(batch, index) else { return nil }
    batch[.posted, index] = bytes
    let digest = SHA256.digest(batch.bytes[bytes])
    batch.records[index].digest = Int32(truncatingIfNeeded: batch.digests.count)
    batch.digests.append(digest)
    let delivery = appendDelivery(batch, index, contents, digest)
    batch[.delivery, index] = delivery
    return bytes
  }

  /// Gives a delivery its identity: the digest of its body as it is archived, without the line breaks and the
  /// white space that are taken out. That of the bytes that were posted is kept beside it.
  func identify(_ batch: Batch, _ index: Int, posted: Span32) {
    let event = batch.records[index].body
    guard event.count &+ 1 != posted.count else { return }
    var hasher = SHA256Hasher()
    hasher.update(batch.bytes[event])
    hasher.update(UInt8(ascii: "}"))
    batch[.postedDigest, index] = Span32(
      start: UInt32(truncatingIfNeeded: batch.records[index].digest), count: 1)
    batch.records[index].digest = Int32(truncatingIfNeeded: batch.digests.count)
    batch.digests.append(hasher.finalize())
  }

  private func bodyBytes(_ batch: Batch, _ index: Int) -> Span32? {
    let field = batch.field(body, of: index)
    let content = batch.absolute(field.content, of: index)
    guard let text = field.isEscaped ? batch.unescapedExactly(content) : content else {
      batch.reject(
        index, .unreadable, by: -1,
        "the body of the delivery is no text: half of a surrogate pair is escaped in it")
      return nil
    }
    guard batch.field(isBase64, of: index).kind == .true else { return text }
    batch.bytes.reserve(Int(text.count))
    let start = batch.bytes.count
    guard let count = Base64.append(decoding: batch.bytes[text], to: &batch.bytes) else {
      batch.reject(index, .unreadable, by: -1, "the body of the delivery is no base64")
      return nil
    }
    return Span32(start, count: count)
  }

  /// Notes when the envelope was received, if what was scanned says it.
  func readTime(_ batch: Batch, _ index: Int) {
    for slot in receivedAt {
      let field = batch.field(slot, of: index)
      guard !field.isNothing else { continue }
      batch[.receivedAt, index] = batch.withoutLineBreaks(batch.absolute(field.span, of: index))
      return
    }
  }

  // MARK: Headers

  private func readHeaders(_ batch: Batch, _ index: Int, _ contents: inout Contents) {
    let found = signatureHeaders(batch, index)
    let decisive = found.standard.isEmpty ? found.hub : found.standard
    contents.signature256 = Envelope.text(decisive, batch)
    // A header that is there decides, also if it holds no signature: the weaker one does not help.
    if decisive.isEmpty || !contents.signature256.isEmpty {
      contents.signature1 = Envelope.text(found.sha1, batch)
    }
  }

  private func signatureHeaders(_ batch: Batch, _ index: Int) -> SignatureHeaders {
    guard let headers = headersObject(batch, index) else { return SignatureHeaders() }
    let object = batch.absolute(headers.span, of: index)
    // Nothing is appended while the members are read.
    var found = SignatureHeaders()
    var members = ObjectMembers(batch.bytes[object])
    while let member = members.next() {
      let name = batch.bytes[Envelope.shift(member.name, object)]
      let value = Envelope.shift(member.value, object)
      if name.contains(UInt8(ascii: "\\")) {
        var plain = ByteBuffer(capacity: name.count)
        JSONString.unescape(name, into: &plain)
        found.note(plain.view, value)
      } else {
        found.note(name, value)
      }
    }
    return found
  }

  /// Where the values of the headers lie that hold a signature.
  private struct SignatureHeaders {
    var standard = Span32.empty
    var hub = Span32.empty
    var sha1 = Span32.empty

    var areThere: Bool { !standard.isEmpty || !hub.isEmpty || !sha1.isEmpty }

    @inline(__always) mutating func note(_ name: ByteView, _ value: Span32) {
      switch name.count {
      case 15 where Envelope.matches(name, "x-signature-256"): standard = value
      case 19 where Envelope.matches(name, "x-hub-signature-256"): hub = value
      case 11 where Envelope.matches(name, "x-signature"): sha1 = value
      default: break
      }
    }
  }

  private static func shift(_ span: Span32, _ object: Span32) -> Span32 {
    Span32(start: span.start &+ object.start, count: span.count)
  }

  /// Compares with a lower-case name of the same length.
  private static func matches(_ name: ByteView, _ wanted: StaticString) -> Bool {
    for at in 0..<name.count {
      let byte = name[at]
      let lower = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
      if lower != wanted.utf8Start[at] { return false }
    }
    return true
  }

  /// Longest value of a header that is looked at, in bytes: a signature has 71.
  private static let longestSignature = 1 << 10

  /// What a header's value says, a string or an array of one string; empty for anything else.
  private static func text(_ value: Span32, _ batch: Batch) -> Span32 {
    guard !value.isEmpty, value.count <= longestSignature else { return .empty }
    var value = value
    if batch.bytes[value][0] == UInt8(ascii: "[") {
      var elements = ObjectMembers(batch.bytes[value])
      guard let first = elements.nextElement(), elements.nextElement() == nil else { return .empty }
      value = shift(first, value)
    }
    guard batch.bytes[value][0] == UInt8(ascii: "\"") else { return .empty }
    return batch.unescaped(Span32(start: value.start + 1, count: value.count - 2))
  }

  // MARK: What is added

  private func appendDelivery(
    _ batch: Batch, _ index: Int, _ contents: Contents, _ digest: Digest256
  ) -> Span32 {
    let signature =
      contents.signature256.isEmpty ? contents.signature1 : contents.signature256
    let receivedAt = batch[.receivedAt, index]
    // A byte grows to six at most; with this reserve the sources stay where they are.
    batch.bytes.reserve(Int(signature.count) * 6 + Int(receivedAt.count) + 192)
    let start = batch.bytes.count
    batch.bytes.append(UInt8(ascii: "{"))
    if !signature.isEmpty {
      batch.bytes.append("\"signature\":")
      JSONString.append(quoting: batch.bytes[signature], to: &batch.bytes)
      batch.bytes.append(UInt8(ascii: ","))
    }
    batch.bytes.append("\"body_sha256\":\"")
    digest.append(hexTo: &batch.bytes)
    batch.bytes.append(UInt8(ascii: "\""))
    if !receivedAt.isEmpty {
      batch.bytes.append(",\"received_at\":")
      batch.bytes.appendOwn(receivedAt)
    }
    batch.bytes.append(UInt8(ascii: "}"))
    return Span32(start, count: batch.bytes.count - start)
  }
}

extension Field {
  /// There is no value, or it is null.
  fileprivate var isNothing: Bool { kind == .missing || kind == .null }
}

extension Batch {
  /// `span` of valid JSON text, copied without line feeds and carriage returns if it holds any: they
  /// can only stand between tokens.
  func withoutLineBreaks(_ span: Span32) -> Span32 {
    guard bytes[span].contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return span }
    bytes.reserve(Int(span.count))
    let start = bytes.count
    for byte in bytes[span] where byte != 0x0A && byte != 0x0D { bytes.append(byte) }
    return Span32(start, count: bytes.count - start)
  }
}
