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
    var bits: UInt32 = 0
    var count = 0
    var letters = 0
    var hasColon = false
    while true {
      at = SecretFinder.behindSlashEscape(text, at)
      guard at < text.count, let value = SecretFinder.base64Value(text[at]) else { break }
      at += 1
      letters += 1
      bits = bits << 6 | value
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      let byte = UInt8(truncatingIfNeeded: bits >> UInt32(count))
      // Text has no control characters.
      guard byte >= 0x20, byte != 0x7F else { return }
      if byte == UInt8(ascii: ":") { hasColon = true }
    }
    guard hasColon, letters >= 3 else { return }
    while at < text.count, text[at] == UInt8(ascii: "=") { at += 1 }
    found.append(FoundSecret(from..<at, .stars))
  }

  /// The value of a digit of base64 or base64url; nil for anything else.
  static func base64Value(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit &- UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit &- UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit &- UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
