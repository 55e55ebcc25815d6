internal import Crypto
internal import Bytes

// Private keys as text: PEM (RFC 7468, and RFC 1421 with its headers), OpenSSH, PGP (RFC 9580).
//
// From the line that begins one up to the one that ends it everything goes, whatever a log, a mail or a
// program has put between its lines, if something there can be a key at all. Where no line ends it, the text
// was cut off: then the key reaches as far as base64 goes, with not much else between.

extension SecretFinder {
  /// Characters between the dashes of a line that begins a private key.
  private static let longestLabel = 64
  /// Characters of base64 in the shortest line of a key that is no word.
  private static let shortestLine = 16
  /// Characters of base64 in a line that is no word though its letters are all of one case.
  private static let longLine = 40
  /// Characters that are no key between two lines of one without an end.
  private static let mostBetweenLines = 128
  /// Header lines before the key.
  private static let mostHeaders = 32
  /// Characters of base64 from which on a private key holds 128 bits that are secret (Ed25519: 64).
  private static let digestKeyFrom = 60

  /// A private key: what follows the line that begins it.
  mutating func takePrivateKey(_ text: ByteView, _ start: Int) {
    guard SecretFinder.has("-----", text, start - 5), SecretFinder.has("BEGIN", text, start),
      let from = endOfKeyLine(text, start + 5)
    else { return }
    let limit = min(endOfString(text, from), nextKeyLine(text, from))
    var hasEnd = false
    if SecretFinder.has("-----END", text, limit) {
      hasEnd = endOfKeyLine(text, limit + 8) != nil
    }
    if !isLastLook {
      for at in from..<limit where TokenEscapes.isEscape(text, at) {
        meetsEscape = true
        return
      }
    }
    let body = SecretFinder.behindHeaders(text, from, limit)
    let end = hasEnd ? limit : SecretFinder.endOfLines(text, body, limit)
    guard SecretFinder.hasLine(text, body..<end, ofAnyCase: hasEnd) else { return }
    addKey(text, cut: from..<end, body: body..<end)
  }

  /// Where the line ends whose label begins at `label`; nil if it is not that of a private key.
  private mutating func endOfKeyLine(_ text: ByteView, _ label: Int) -> Int? {
    let limit = min(text.count, label + SecretFinder.longestLabel)
    var at = label
    var isPrivate = false
    while at < limit, text[at] != UInt8(ascii: "-") {
      if TokenEscapes.isEscape(text, at) {
        meetsEscape = true
        return nil
      }
      if SecretFinder.has("PRIVATE KEY", text, at) || SecretFinder.has("PRIVATE+KEY", text, at) {
        isPrivate = true
      }
      at += 1
    }
    guard isPrivate, SecretFinder.has("-----", text, at) else { return nil }
    return at + 5
  }

  /// Where the next line that begins or ends a key or a certificate stands, at `from` or behind it.
  private mutating func nextKeyLine(_ text: ByteView, _ from: Int) -> Int {
    if memory.keyLines.contains(from) { return memory.keyLines.upperBound }
    guard let base = text.baseAddress else { return text.count }
    var at = from
    while let dash = TokenText.next(UInt8(ascii: "-"), base, from: at, to: text.count) {
      if SecretFinder.has("-----BEGIN", text, dash) || SecretFinder.has("-----END", text, dash) {
        memory.keyLines = from..<max(dash, from + 1)
        return dash
      }
      at = dash + 1
    }
    memory.keyLines = from..<max(text.count, from + 1)
    return text.count
  }

  /// Where the string of the event ends that the byte at `from` lies in: a cut must not reach beyond it.
  private mutating func endOfString(_ text: ByteView, _ from: Int) -> Int {
    guard !isFragment else { return text.count }
    if memory.string.contains(from) { return memory.string.upperBound }
    var at = isUndone ? undone.offset(of: from) : from
    while at < source.count, source[at] != UInt8(ascii: "\"") {
      at += source[at] == UInt8(ascii: "\\") ? 2 : 1
    }
    let end = isUndone ? undone.position(of: min(at, source.count)) : min(at, text.count)
    memory.string = from..<max(end, from + 1)
    return end
  }

  /// Where the lines `Name: value` end that stand before the base64 of a key.
  private static func behindHeaders(_ text: ByteView, _ from: Int, _ limit: Int) -> Int {
    var body = from
    for _ in 0..<mostHeaders {
      var at = body
      var lines = 0
      while at < limit, isLineEnd(text[at]) {
        if text[at] == 0x0A { lines += 1 }
        at += 1
      }
      guard at > body, at < limit else { break }
      // What a header goes on with begins with a blank.
      let isFolded = body > from && lines == 1 && text[at] == UInt8(ascii: " ")
      while at < limit, SecretAlphabet.kebab.contains(text[at]) { at += 1 }
      guard isFolded || at + 1 < limit && text[at] == UInt8(ascii: ":") && text[at + 1] == 0x20
      else { break }
      while at < limit, !isLineEnd(text[at]) { at += 1 }
      body = at
    }
    return body
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// Where the base64 that begins at `start` ends.
  private static func endOfDigits(_ text: ByteView, _ start: Int, _ limit: Int) -> Int {
    var end = start
    while end < limit, SecretAlphabet.base64.contains(text[end]) { end += 1 }
    return end
  }

  /// Whether that is a line of a key, and no word.
  private static func isLine(_ digits: ByteView, ofAnyCase: Bool) -> Bool {
    guard digits.count >= shortestLine else { return false }
    return ofAnyCase || digits.count >= longLine
      || digits.contains { $0 &- 0x41 < 26 } && digits.contains { $0 &- 0x61 < 26 }
  }

  private static func hasLine(_ text: ByteView, _ range: Range<Int>, ofAnyCase: Bool) -> Bool {
    var at = range.lowerBound
    while at < range.upperBound {
      let end = endOfDigits(text, at, range.upperBound)
      if isLine(ByteView(rebasing: text[at..<end]), ofAnyCase: ofAnyCase) { return true }
      at = end + 1
    }
    return false
  }

  /// Where the last line of a key ends that no `END` follows: of lines with little between them, and with the
  /// short one behind them.
  private static func endOfLines(_ text: ByteView, _ from: Int, _ limit: Int) -> Int {
    var end = from
    var at = from
    var isBehindLine = false
    while at < limit, at - end <= mostBetweenLines {
      let next = endOfDigits(text, at, limit)
      guard next > at else {
        at += 1
        continue
      }
      if isLine(ByteView(rebasing: text[at..<next]), ofAnyCase: false) {
        end = next
        isBehindLine = true
      } else if isBehindLine {
        end = next
        isBehindLine = false
      }
      at = next
    }
    return end
  }

  /// Adds a key. Its digest is that of its base64, without what stands between the lines of it.
  private mutating func addKey(_ text: ByteView, cut: Range<Int>, body: Range<Int>) {
    // A key as it was made has nothing else in it.
    let isClean = text[body].allSatisfy { SecretAlphabet.base64.contains($0) || $0 <= 0x20 }
    var hasher = SHA256Hasher()
    var letters = 0
    var at = body.lowerBound
    while at < body.upperBound {
      let end = SecretFinder.endOfDigits(text, at, body.upperBound)
      let digits = ByteView(rebasing: text[at..<end])
      let isLast = text[end..<body.upperBound].prefix(4).allSatisfy { $0 <= 0x20 }
      if isClean || isLast || SecretFinder.isLine(digits, ofAnyCase: true) {
        for digit in digits { hasher.update(digit) }
        letters += digits.count
      }
      at = end + 1
    }
    guard letters >= SecretFinder.digestKeyFrom else {
      found.append(FoundSecret(cut, .stars))
      return
    }
    found.append(FoundSecret(cut, whole: cut, length: letters, hasher.finalize()))
  }
}
