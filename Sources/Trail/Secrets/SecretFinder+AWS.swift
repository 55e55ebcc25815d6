internal import Crypto
internal import Bytes

// Secret access keys of AWS: 40 characters without a shape of their own, known by the name before them.

extension SecretFinder {
  /// Signs and words between a name and its value, at most.
  private static let mostBetween = 64
  /// Characters that may follow a name as part of it, such as `_PROD`.
  private static let longestSuffix = 32
  /// Characters of the attributes that an element of XML may have.
  private static let longestAttributes = 256
  /// Characters of a secret access key.
  private static let keyLength = 40
  /// Words between a name and its value: the member that has the value where another has the name, the type
  /// of a string in DynamoDB, and what a variable is without another value.
  private static let words: [StaticString] = ["value", "default", "s"]

  /// The value behind `SecretAccessKey`, however that is written; the anchor is the last two letters of
  /// "access" and what follows.
  mutating func takeAWSAccess(_ text: ByteView, _ anchor: Int) {
    var before = anchor - 4
    guard SecretFinder.hasFolded("access", text, before) else { return }
    if before > 0, SecretFinder.isJoint(text[before - 1]) { before -= 1 }
    before -= 6
    guard SecretFinder.hasFolded("secret", text, before) else { return }
    takeAWSKey(text, name: before, key: anchor + 2)
  }

  /// The value behind `aws_secret_key`; the anchor is the last two letters of "aws" and what follows.
  mutating func takeAWSSecret(_ text: ByteView, _ anchor: Int) {
    guard SecretFinder.hasFolded("aws", text, anchor - 1) else { return }
    let secret = anchor + 2 + (SecretFinder.isJoint(text[anchor + 2]) ? 1 : 0)
    guard SecretFinder.hasFolded("secret", text, secret) else { return }
    takeAWSKey(text, name: anchor - 1, key: secret + 6)
  }

  private static func isJoint(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  /// The value behind a name that begins at `start` and ends, if a sign is left out, with "key" at `key`.
  private mutating func takeAWSKey(_ text: ByteView, name start: Int, key: Int) {
    guard key < text.count else { return }
    var at = key + (SecretFinder.isJoint(text[key]) ? 1 : 0)
    guard SecretFinder.hasFolded("key", text, at) else { return noteEscape(text, key) }
    at += 3
    let isElement = start > 0 && "<:".utf8.contains(text[start - 1])
    if isElement, at < text.count, text[at] == UInt8(ascii: " ") {
      at = behindAttributes(text, at)
    } else {
      at = SecretFinder.behindSuffix(text, at)
    }
    guard let value = behindSigns(text, at) else { return }
    addAWSKey(text, value)
  }

  /// Where what goes on with a name ends: `_PROD`, `.0`.
  private static func behindSuffix(_ text: ByteView, _ at: Int) -> Int {
    guard at < text.count, isJoint(text[at]) || text[at] &- 0x30 < 10 else { return at }
    var end = at
    let limit = min(text.count, at + longestSuffix)
    while end < limit, SecretAlphabet.dotted.contains(text[end]) { end += 1 }
    return end
  }

  /// Where the attributes of an element of XML end.
  private mutating func behindAttributes(_ text: ByteView, _ at: Int) -> Int {
    let limit = min(text.count, at + SecretFinder.longestAttributes)
    for end in at..<limit {
      if TokenEscapes.isEscape(text, end) { meetsEscape = true }
      if text[end] == UInt8(ascii: ">") { return end }
    }
    return at
  }

  /// Where what stands between a name and its value ends; nil if nothing does.
  private mutating func behindSigns(_ text: ByteView, _ name: Int) -> Int? {
    var at = name
    var hasWord = false
    let limit = min(text.count, name + SecretFinder.mostBetween)
    while at < limit {
      if TokenEscapes.isEscape(text, at) {
        meetsEscape = true
        return nil
      }
      if SecretFinder.isSign(text[at]) {
        at += 1
      } else if text[at] == UInt8(ascii: "+"), at + 1 < limit, SecretFinder.isSign(text[at + 1]) {
        // In a form it is a blank.
        at += 2
      } else if !hasWord, at > name, let end = SecretFinder.behindWord(text, at) {
        at = end
        hasWord = true
      } else {
        break
      }
    }
    // This one may be a blank, or part of the value.
    return at > name || at < text.count && text[at] == UInt8(ascii: "+") ? at : nil
  }

  private static func isSign(_ byte: UInt8) -> Bool { "\"': =>,{[(\t\n\r".utf8.contains(byte) }

  private static func behindWord(_ text: ByteView, _ at: Int) -> Int? {
    for word in words where hasFolded(word, text, at) {
      let end = at + word.utf8CodeUnitCount
      if end < text.count, isSign(text[end]) { return end }
    }
    return nil
  }

  private mutating func addAWSKey(_ text: ByteView, _ value: Int) {
    var from = value
    while from < text.count, text[from] == UInt8(ascii: "+") { from += 1 }
    let blanks = from - value
    let limit = min(text.count, from + SecretFinder.keyLength + 1)
    var at = from
    while at < limit, SecretAlphabet.base64.contains(text[at]) { at += 1 }
    noteEscape(text, at)
    if isFragment, at == text.count, at > from {
      found.append(FoundSecret(from..<at, .stars))
      return
    }
    // In a form a blank may follow it too.
    if blanks > 0 || isUndone, at == from + SecretFinder.keyLength + 1,
      text[at - 1] == UInt8(ascii: "+")
    {
      at -= 1
    }
    let missing = SecretFinder.keyLength - (at - from)
    guard missing >= 0, missing <= blanks else { return }
    from -= missing
    let whole = ByteView(rebasing: text[from..<at])
    found.append(
      FoundSecret(from..<at, whole: from..<at, length: whole.count, SHA256.digest(whole)))
  }
}
