internal import Crypto
internal import Bytes

// Generated secrets: what is left of them is enough to recognise them.

extension SecretFinder {
  /// Characters of base64url in the shortest PASETO: 40 bytes of nonce and tag (v2.local).
  private static let shortestPaseto = 54
  mutating func takePrefixed(_ text: ByteView, _ anchor: Int, _ secret: PrefixedSecret) {
    let start = anchor - secret.anchor
    guard start >= 0, SecretFinder.canBegin(text, start) else { return }
    let known = SecretFinder.common(secret.prefix, text, start)
    let from = start + secret.prefix.utf8CodeUnitCount
    guard start + known == from else { return noteEscape(text, start + known) }
    let limit = min(text.count, from + secret.lengths.upperBound + 1)
    let run = endOfRun(text, from, limit, secret.alphabet)
    guard run - from <= secret.lengths.upperBound else { return }
    noteEscape(text, run)
    // All of it lies in one that was found.
    guard start >= memory.secretEnd || run > memory.secretEnd else { return }
    var end = run
    let isCutOff = isFragment && end == text.count
    // A sentence's full stop.
    while end > from, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
    let body = ByteView(rebasing: text[from..<end])
    guard
      isCutOff && !body.isEmpty
        || body.count >= secret.lengths.lowerBound && SecretFinder.meets(secret.demand, body)
    else { return }
    var hidden = isCutOff ? 0 : body.count
    if secret.isLastPart, !isCutOff {
      let last = body.lastIndex { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") }
      hidden = last.map { body.count - 1 - $0 } ?? hidden
    }
    guard hidden >= secret.digestFrom else {
      memory.secretEnd = max(memory.secretEnd, run)
      found.append(FoundSecret(from..<end, .stars, whole: start..<end))
      return
    }
    memory.secretEnd = max(memory.secretEnd, run)
    let whole = ByteView(rebasing: text[start..<end])
    found.append(
      FoundSecret(from..<end, whole: start..<end, length: whole.count, SHA256.digest(whole)))
  }

  /// Where the characters of an alphabet that begin at `from` end, or `limit`.
  private mutating func endOfRun(
    _ text: ByteView, _ from: Int, _ limit: Int, _ alphabet: SecretAlphabet
  ) -> Int {
    let isKnown = memory.alphabet == alphabet && memory.run.contains(from)
    var end = isKnown ? min(limit, memory.run.upperBound) : from
    while end < limit, alphabet.contains(text[end]) { end += 1 }
    if !isKnown {
      (memory.alphabet, memory.run) = (alphabet, from..<end)
    } else if end > memory.run.upperBound {
      memory.run = memory.run.lowerBound..<end
    }
    return end
  }

  private static func meets(_ demand: PrefixedSecret.Demand, _ body: ByteView) -> Bool {
    switch demand {
    case .nothing: true
    case .digitFirst: body.first.map { $0 &- 0x30 < 10 } ?? false
    case .noWords: !isWords(body)
    }
  }

  /// Digits in a number that stands beside words, at most.
  private static let longestNumber = 8

  /// Words in lower case, and numbers, with signs between them.
  private static func isWords(_ body: ByteView) -> Bool {
    var start = 0
    while start < body.count {
      var (end, digits) = (start, 0)
      while end < body.count, SecretAlphabet.isAlphanumeric(body[end]) {
        if body[end] &- 0x41 < 26 { return false }
        if body[end] &- 0x30 < 10 { digits += 1 }
        end += 1
      }
      guard digits == 0 || digits == end - start && digits <= longestNumber else { return false }
      start = end + 1
    }
    return true
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
    guard end - from >= SecretFinder.shortestPaseto || isFragment && end == text.count else {
      return
    }
    if end + 1 < text.count, text[end] == UInt8(ascii: "."), TokenText.isDigit(text[end + 1]) {
      end = TokenText.endOfRun(text, from: end + 1)
    }
    let whole = ByteView(rebasing: text[start..<end])
    found.append(
      FoundSecret(from..<end, whole: start..<end, length: whole.count, SHA256.digest(whole)))
  }
}
