internal import Bytes
internal import JSONText

// What people have chosen: of it nothing is left.

extension SecretFinder {
  /// Characters of user name and password in a URL, at most.
  private static let longestUserInfo = 1024
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
      guard let next = SecretFinder.behindUserCharacter(text, at) else { break }
      if text[at] == UInt8(ascii: ":"), colon == nil { colon = at }
      if text[at] == UInt8(ascii: "@") { end = at }
      at = next
    }
    guard let colon, let end, colon + 1 < end,
      text[colon + 1..<end].contains(where: { $0 != UInt8(ascii: "*") })
    else { return }
    found.append(FoundSecret(colon + 1..<end, .stars))
  }

  /// Where the character at `at` ends; nil if it can be in no user name or password of a URL.
  private static func behindUserCharacter(_ text: ByteView, _ at: Int) -> Int? {
    switch text[at] {
    case 0...0x20, 0x7F, UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"),
      UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "`"):
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
    var from = anchor + 4
    let limit = min(text.count, from + SecretFinder.mostBlanks)
    while from < limit, text[from] == UInt8(ascii: " ") { from += 1 }
    guard from > anchor + 4 else { return }
    var at = from
    var digits = Base64Digits()
    var letters = 0
    var hasColon = false
    while true {
      at = SecretFinder.behindSlashEscape(text, at)
      guard at < text.count, let value = Base64Digits.value(text[at]) else { break }
      at += 1
      letters += 1
      guard let byte = digits.take(value) else { continue }
      // Text has no control characters.
      guard byte >= 0x20, byte != 0x7F else { return }
      if byte == UInt8(ascii: ":") { hasColon = true }
    }
    guard hasColon, letters >= 3 else { return }
    while at < text.count, text[at] == UInt8(ascii: "=") { at += 1 }
    found.append(FoundSecret(from..<at, .stars))
  }
}
