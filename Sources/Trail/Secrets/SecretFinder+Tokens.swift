internal import Bytes

// Tokens whose claims are worth keeping: JWS, as such, in base64, and in JSON form (RFC 7515, section 7.2).

extension SecretFinder {
  /// Characters of base64url in the shortest signature.
  private static let shortestSignature = 16
  private static let payload = Array("\"payload".utf8)
  private static let signature = Array("\"signature".utf8)

  /// A token in whose header the anchor at `start` stands.
  mutating func takeToken(_ text: ByteView, _ base: UnsafePointer<UInt8>, _ start: Int) {
    // A run has one end, and a token that was cut is cut to its end.
    guard start >= memory.headerEnd, start >= memory.tokenEnd else { return }
    let end = TokenText.endOfRun(text, from: start)
    memory.headerEnd = end
    guard end < text.count else { return }
    noteEscape(text, end)
    if text[end] == UInt8(ascii: "\"") || text[end] == UInt8(ascii: "\\") {
      memory.hasSignedJSON = plan.kinds.contains(.jwsJSON)
    }
    guard text[end] == UInt8(ascii: "."), !leavesTokens, plan.kinds.contains(.jwt),
      let cut = tokens.cut(text, base, header: end)
    else { return }
    memory.tokenEnd = cut.upperBound
    found.append(FoundSecret(cut, .nothing))
  }

  /// A token in base64 of which a group of four begins at `group`, or at a multiple of four before it.
  mutating func takeEncodedToken(_ text: ByteView, _ start: Int, _ group: Int) {
    guard group >= 0, start >= decodedEnd(group) else { return }
    decoded.removeAll()
    var digits = Base64Digits()
    var end = group
    while end < text.count, let value = Base64Digits.value(text[end]) {
      end += 1
      if let byte = digits.take(value) { decoded.append(byte) }
    }
    setDecodedEnd(group, end)
    noteEscape(text, end)
    guard tokens.find(in: decoded.view, isJSON: false), let first = tokens.cuts.first else {
      return
    }
    let cut = group + Int(first.start) / 3 * 4
    while end < text.count, text[end] == UInt8(ascii: "=") { end += 1 }
    guard cut < end else { return }
    found.append(FoundSecret(cut..<end, .nothing))
  }

  private func decodedEnd(_ group: Int) -> Int {
    switch group & 3 {
    case 0: memory.decodedEnds.0
    case 1: memory.decodedEnds.1
    case 2: memory.decodedEnds.2
    default: memory.decodedEnds.3
    }
  }

  private mutating func setDecodedEnd(_ group: Int, _ end: Int) {
    switch group & 3 {
    case 0: memory.decodedEnds.0 = end
    case 1: memory.decodedEnds.1 = end
    case 2: memory.decodedEnds.2 = end
    default: memory.decodedEnds.3 = end
    }
  }

  /// Cuts what the members `signature` hold, if that is base64url: `text` has what looks like the header of a
  /// JWS, and is one in JSON form if it has a member `payload` too.
  mutating func cutSignatures(_ text: ByteView) {
    if !meetsEscape, text.indices.contains(where: { TokenEscapes.isEscape(text, $0) }) {
      meetsEscape = true
    }
    guard SecretFinder.hasPayload(text) else { return }
    var at = 0
    while let name = ByteSearch.first(SecretFinder.signature, in: text, from: at) {
      at = name + SecretFinder.signature.count
      guard let value = SecretFinder.encodedValue(text, at),
        value.count >= SecretFinder.shortestSignature
      else { continue }
      found.append(FoundSecret(value, .nothing))
    }
  }

  /// True if a member `payload` is a string of base64url.
  private static func hasPayload(_ text: ByteView) -> Bool {
    var at = 0
    while let name = ByteSearch.first(payload, in: text, from: at) {
      at = name + payload.count
      if encodedValue(text, at) != nil { return true }
    }
    return false
  }

  /// The value behind the name that ends at `at`, if that is a string of base64url.
  private static func encodedValue(_ text: ByteView, _ at: Int) -> Range<Int>? {
    guard let colon = behind(":", text, behind("\"", text, at)),
      let start = behind("\"", text, colon)
    else { return nil }
    let end = TokenText.endOfRun(text, from: start)
    return behind("\"", text, end) == nil ? nil : start..<end
  }

  /// Where `sign` ends, if it follows `at`, with blanks, those of forms, line ends or backslashes before it;
  /// nil if not.
  private static func behind(_ sign: Unicode.Scalar, _ text: ByteView, _ at: Int?) -> Int? {
    guard var at else { return nil }
    while at < text.count, " \t\n\r\\+".utf8.contains(text[at]) { at += 1 }
    return at < text.count && text[at] == UInt8(ascii: sign) ? at + 1 : nil
  }
}
