internal import Bytes
internal import JSONText

// What people have chosen: of it nothing is left.

extension SecretFinder {
  /// Characters of user name and password in a URL, at most.
  private static let longestUserInfo = 1024
  /// Characters of base64 that may be read again and again.
  private static let shortCredentials = 64
  /// Backslashes that one character has before it, eight levels deep.
  private static let mostBackslashes = 1 << UndoneText.mostLevels
  /// Blanks between `Basic` and what follows.
  private static let mostBlanks = 8

  /// The password of a URL whose user name would begin at `from`: between the first colon and the last `@`
  /// before the host ends.
  mutating func takePassword(_ text: ByteView, _ from: Int) {
    let limit = min(text.count, from + SecretFinder.longestUserInfo)
    var at = from
    var colon: Int?
    var end: Int?
    while at < limit {
      // Most are the letters of a host.
      if SecretAlphabet.isAlphanumeric(text[at]) || text[at] == UInt8(ascii: ".") {
        at += 1
        continue
      }
      if SecretFinder.isHiding(text, at) { meetsEscape = true }
      guard let next = SecretFinder.behindUserCharacter(text, at) else { break }
      if text[at] == UInt8(ascii: ":"), colon == nil { colon = at }
      if text[at] == UInt8(ascii: "@") { end = at }
      at = next
    }
    if isFragment, at == text.count, end == nil { end = at }
    guard let colon, let end, colon + 1 < end, !SecretFinder.isDigest(text, end + 1),
      !SecretFinder.isMark(ByteView(rebasing: text[colon + 1..<end]))
    else { return }
    found.append(FoundSecret(colon + 1..<end, .stars))
  }

  /// True if an escape stands at `at` that may be part of a URL: not that of what ends one in JSON.
  private static func isHiding(_ text: ByteView, _ at: Int) -> Bool {
    guard text[at] == UInt8(ascii: "\\") else { return TokenEscapes.isEscape(text, at) }
    let limit = min(text.count, at + mostBackslashes)
    var end = at
    while end < limit, text[end] == UInt8(ascii: "\\") { end += 1 }
    guard end < text.count, text[end] != UInt8(ascii: "\"") else { return false }
    return end > at + 1 || text[end] == UInt8(ascii: "u") || text[end] == UInt8(ascii: "x")
  }

  /// True if that is the digest of an image, and no host.
  private static func isDigest(_ text: ByteView, _ at: Int) -> Bool {
    has("sha256:", text, at) || has("sha512:", text, at)
  }

  /// True if that is what is left of a password: `***`, with a number in the name of a member.
  private static func isMark(_ password: ByteView) -> Bool {
    let rest = password.drop { $0 == UInt8(ascii: "*") }
    guard rest.count < password.count, let first = rest.first, let last = rest.last else {
      return rest.isEmpty
    }
    return first == UInt8(ascii: "(") && last == UInt8(ascii: ")")
      && rest.dropFirst().dropLast().allSatisfy { $0 &- 0x30 < 10 }
  }

  /// Where the character at `at` ends; nil if it can be in no user name or password of a URL.
  private static func behindUserCharacter(_ text: ByteView, _ at: Int) -> Int? {
    switch text[at] {
    case 0...0x20, 0x7F, UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"),
      UInt8(ascii: "\""), UInt8(ascii: "'"):
      return nil
    case UInt8(ascii: "\\"):
      guard at + 1 < text.count else { return nil }
      if text[at + 1] == UInt8(ascii: "\\") { return at + 2 }
      guard let unit = JSONString.escapedUnit(text, at), unit > 0x20, unit != 0x22, unit != 0x2F
      else { return nil }
      return at + 6
    default: return at + 1
    }
  }

  /// Credentials of Basic authentication, `asic` of whose name begins at `anchor`: base64 of a text with a
  /// colon in it.
  mutating func takeBasic(_ text: ByteView, _ anchor: Int) {
    let start = anchor - 1
    guard SecretFinder.hasFolded("basic", text, start), SecretFinder.canBegin(text, start) else {
      return
    }
    guard start >= memory.credentialsEnd else { return }
    let from = SecretFinder.behindBlanks(text, anchor + 4)
    noteEscape(text, from)
    guard from > anchor + 4 else { return }
    var at = from
    var digits = Base64Digits()
    var (hasColon, hasControl, isASCII) = (false, false, true)
    while at < text.count, let value = Base64Digits.value(text[at]) {
      at += 1
      guard let byte = digits.take(value) else { continue }
      if byte == UInt8(ascii: ":") { hasColon = true }
      if byte >= 0x80 { isASCII = false }
      if byte < 0x20 || byte == 0x7F, !SecretFinder.isBlank(byte) { hasControl = true }
    }
    noteEscape(text, at)
    let letters = at - from
    // With plus signs for blanks it may be in there once more.
    if letters > SecretFinder.shortCredentials { memory.credentialsEnd = at }
    if isFragment, at == text.count, letters > 0 { (hasColon, isASCII) = (true, true) }
    // What has other control characters than a line has, and letters of other scripts, is no text; nor is a
    // word of such letters with one digit too many for base64.
    guard hasColon, letters >= 3, isASCII || !hasControl && letters % 4 != 1 else { return }
    while at < text.count, text[at] == UInt8(ascii: "=") { at += 1 }
    noteEscape(text, at)
    found.append(FoundSecret(from..<at, .stars))
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  /// Where the blanks that begin at `at` end: also those of forms, and blanks that break no line.
  private static func behindBlanks(_ text: ByteView, _ start: Int) -> Int {
    var at = start
    for _ in 0..<mostBlanks {
      guard at < text.count else { break }
      if text[at] == UInt8(ascii: " ") || text[at] == UInt8(ascii: "+") || isBlank(text[at]) {
        at += 1
      } else if text[at] == 0xFF {
        // Of an escape.
        at += 1
      } else if at + 1 < text.count, text[at] == 0xC2, text[at + 1] == 0xA0 {
        at += 2
      } else if hasFolded("%c2%a0", text, at) {
        at += 6
      } else {
        break
      }
    }
    return at
  }
}
