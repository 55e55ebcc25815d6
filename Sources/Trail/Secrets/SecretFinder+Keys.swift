internal import Crypto
internal import Bytes
internal import JSONText

// Generated secrets: what is left of them is enough to recognise them.

extension SecretFinder {
  /// Characters between a name and its value, at most.
  private static let mostBetween = 16
  /// Characters of a secret access key of AWS.
  private static let awsKeyLength = 40
  /// Characters of base64url in the shortest PASETO: 40 bytes of nonce and tag (v2.local).
  private static let shortestPaseto = 54
  /// Characters between the dashes of a line that begins a private key.
  private static let longestLabel = 64
  /// Characters of base64 in the shortest private key.
  private static let shortestKey = 16
  /// Characters of base64 from which on a private key holds 128 bits that are secret (Ed25519: 64).
  private static let digestKeyFrom = 60

  mutating func takePrefixed(_ text: ByteView, _ anchor: Int, _ secret: PrefixedSecret) {
    let start = anchor - secret.anchor
    guard SecretFinder.has(secret.prefix, text, start), SecretFinder.canBegin(text, start) else {
      return
    }
    let from = start + secret.prefix.utf8CodeUnitCount
    let limit = min(text.count, from + secret.lengths.upperBound + 1)
    var end = from
    while end < limit, secret.alphabet.contains(text[end]) { end += 1 }
    guard end - from <= secret.lengths.upperBound else { return }
    // A sentence's full stop.
    while end > from, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
    let body = ByteView(rebasing: text[from..<end])
    guard body.count >= secret.lengths.lowerBound, SecretFinder.meets(secret.demand, body) else {
      return
    }
    var hidden = body.count
    if secret.isLastPart {
      let last = body.lastIndex { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") }
      hidden = last.map { body.count - 1 - $0 } ?? hidden
    }
    guard hidden >= secret.digestFrom else {
      found.append(FoundSecret(from..<end, .stars, whole: start..<end))
      return
    }
    let whole = ByteView(rebasing: text[start..<end])
    found.append(
      FoundSecret(from..<end, whole: start..<end, length: whole.count, SHA256.digest(whole)))
  }

  private static func meets(_ demand: PrefixedSecret.Demand, _ body: ByteView) -> Bool {
    switch demand {
    case .nothing: true
    case .digitFirst: body.first.map { $0 &- 0x30 < 10 } ?? false
    case .noWords: body.contains { $0 &- 0x30 < 10 || $0 &- 0x41 < 26 }
    }
  }

  /// PASETO: `v4.public.`, base64url, and perhaps a dot and a footer.
  mutating func takePaseto(_ text: ByteView, _ start: Int) {
    guard SecretFinder.canBegin(text, start) else { return }
    let from: Int
    if SecretFinder.has("local.", text, start + 3) {
      from = start + 9
    } else if SecretFinder.has("public.", text, start + 3) {
      from = start + 10
    } else {
      return
    }
    var end = TokenText.endOfRun(text, from: from)
    guard end - from >= SecretFinder.shortestPaseto else { return }
    if end + 1 < text.count, text[end] == UInt8(ascii: "."), TokenText.isDigit(text[end + 1]) {
      end = TokenText.endOfRun(text, from: end + 1)
    }
    let whole = ByteView(rebasing: text[start..<end])
    found.append(
      FoundSecret(from..<end, whole: start..<end, length: whole.count, SHA256.digest(whole)))
  }

  /// The value behind `SecretAccessKey`, in the ways in which that is written.
  mutating func takeNamed(_ text: ByteView, _ anchor: Int) {
    // The anchor is the last two letters of "access" and what follows.
    var before = anchor - 4
    guard SecretFinder.hasFolded("access", text, before) else { return }
    if before > 0, text[before - 1] == UInt8(ascii: "_") || text[before - 1] == UInt8(ascii: "-") {
      before -= 1
    }
    guard SecretFinder.hasFolded("secret", text, before - 6) else { return }
    var at = anchor + 2
    if text[at] == UInt8(ascii: "_") || text[at] == UInt8(ascii: "-") { at += 1 }
    guard SecretFinder.hasFolded("key", text, at) else { return }
    at += 3
    let limit = min(text.count, at + SecretFinder.mostBetween)
    let name = at
    while at < limit, let next = SecretFinder.behindSeparator(text, at) { at = next }
    guard at > name else { return }
    var hasher = SHA256Hasher()
    var letters = 0
    let from = at
    while letters <= SecretFinder.awsKeyLength {
      at = SecretFinder.behindSlashEscape(text, at)
      guard at < text.count, SecretAlphabet.base64.contains(text[at]) else { break }
      hasher.update(text[at])
      letters += 1
      at += 1
    }
    guard letters == SecretFinder.awsKeyLength else { return }
    found.append(
      FoundSecret(from..<at, whole: from..<at, length: letters, hasher.finalize()))
  }

  /// Where what stands between a name and its value ends: a sign, or an escape of one; nil if it is no such
  /// thing.
  private static func behindSeparator(_ text: ByteView, _ at: Int) -> Int? {
    guard at < text.count else { return nil }
    if "\"': =>\t".utf8.contains(text[at]) { return at + 1 }
    guard text[at] == UInt8(ascii: "\\") else { return nil }
    let end = endOfBackslashes(text, at)
    guard end < text.count else { return nil }
    switch text[end] {
    case UInt8(ascii: "\""), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return end + 1
    case UInt8(ascii: "u"): return JSONString.escapedUnit(text, end - 1).map { _ in end + 5 }
    default: return nil
    }
  }

  /// Where the slash is that an escape at `at` stands for; `at` if there is no such escape.
  static func behindSlashEscape(_ text: ByteView, _ at: Int) -> Int {
    guard at < text.count, text[at] == UInt8(ascii: "\\") else { return at }
    let end = endOfBackslashes(text, at)
    return end < text.count && text[end] == UInt8(ascii: "/") ? end : at
  }

  /// A private key: what follows the line that begins it, up to dashes or to what is no part of a key.
  mutating func takePrivateKey(_ text: ByteView, _ start: Int) {
    guard SecretFinder.has("-----", text, start - 5), SecretFinder.has("BEGIN", text, start) else {
      return
    }
    var from = start + 5
    let limit = min(text.count, from + SecretFinder.longestLabel)
    var isPrivate = false
    while from < limit, text[from] != UInt8(ascii: "-") {
      if SecretFinder.has("PRIVATE KEY", text, from) || SecretFinder.has("PRIVATE+KEY", text, from)
      {
        isPrivate = true
      }
      from += 1
    }
    guard isPrivate, SecretFinder.has("-----", text, from) else { return }
    from += 5
    var hasher = SHA256Hasher()
    var letters = 0
    var at = from
    while at < text.count {
      if SecretAlphabet.base64.contains(text[at]) {
        hasher.update(text[at])
        letters += 1
        at += 1
      } else if let next = SecretFinder.behindFiller(text, at) {
        at = next
      } else {
        break
      }
    }
    guard letters >= SecretFinder.shortestKey else { return }
    guard letters >= SecretFinder.digestKeyFrom else {
      found.append(FoundSecret(from..<at, .stars))
      return
    }
    found.append(
      FoundSecret(from..<at, whole: from..<at, length: letters, hasher.finalize()))
  }

  /// Where what stands between the letters of a private key ends: line ends, escaped or not, and the signs of
  /// its headers; nil if it is no such thing.
  private static func behindFiller(_ text: ByteView, _ at: Int) -> Int? {
    switch text[at] {
    case 0x09, 0x0A, 0x0D, UInt8(ascii: " "), UInt8(ascii: ":"), UInt8(ascii: ","),
      UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"):
      return at + 1
    case UInt8(ascii: "-"):
      return at + 1 < text.count && text[at + 1] != UInt8(ascii: "-") ? at + 1 : nil
    case UInt8(ascii: "\\"):
      let end = endOfBackslashes(text, at)
      guard end < text.count else { return nil }
      switch text[end] {
      case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): return end + 1
      // Of the slash itself the caller takes note.
      case UInt8(ascii: "/"): return end
      case UInt8(ascii: "u"): return JSONString.escapedUnit(text, end - 1).map { _ in end + 5 }
      default: return nil
      }
    default: return nil
    }
  }
}
