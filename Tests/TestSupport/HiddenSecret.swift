internal import Foundation

/// A secret of a random shape, in text that a random chain of encoders has written. It is the content of a
/// JSON string.
package struct HiddenSecret {
  /// What must not be left.
  package private(set) var secret = ""
  /// What an encoder has made of it at last.
  package private(set) var text = ""

  private static let alphanumeric = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
  private static let base64 = alphanumeric + ["+", "/"]

  package init(_ random: inout SeededGenerator) {
    let before = random.pick(["", "x ", "k=", "(", "\""])
    let after = random.pick(["", " y", "\n", ")", "\"", ";z"])
    text = before + shape(&random) + after
    for _ in 0..<random.next(below: 4) {
      switch random.next(below: 6) {
      case 0: text = HiddenSecret.form(text)
      case 1, 2: text = HiddenSecret.percents(text, &random)
      default: text = "{\"v\":\"" + HiddenSecret.json(text, &random) + "\"}"
      }
    }
    text = HiddenSecret.json(text, &random)
  }

  /// True if a part of the secret is left in `text`, whatever escapes it stands behind.
  package func isThere(in text: String) -> Bool {
    var plain = Array(text.utf8)
    for _ in 0..<10 {
      let text = String(decoding: plain, as: UTF8.self)
      if text.contains(secret.prefix(10)) || text.contains(secret.suffix(10)) { return true }
      plain = HiddenSecret.undone(plain)
    }
    return false
  }

  /// The text with its escapes undone once.
  private static func undone(_ text: [UInt8]) -> [UInt8] {
    var plain: [UInt8] = []
    var at = 0
    func code(_ start: Int, _ count: Int) -> UInt8? {
      guard start + count <= text.count else { return nil }
      return UInt8(String(decoding: text[start..<start + count], as: UTF8.self), radix: 16)
    }
    while at < text.count {
      let next = at + 1 < text.count ? text[at + 1] : 0
      if text[at] == UInt8(ascii: "%"), let character = code(at + 1, 2) {
        plain.append(character)
        at += 3
      } else if text[at] == UInt8(ascii: "\\"), next == UInt8(ascii: "u"),
        let character = code(at + 2, 4)
      {
        plain.append(character)
        at += 6
      } else if text[at] == UInt8(ascii: "\\"), "\\\"/".utf8.contains(next) {
        plain.append(next)
        at += 2
      } else {
        plain.append(text[at])
        at += 1
      }
    }
    return plain
  }

  // MARK: Shapes

  private mutating func shape(_ random: inout SeededGenerator) -> String {
    switch random.next(below: 8) {
    case 0: return key(&random)
    case 1:
      let password = HiddenSecret.letters(
        12, HiddenSecret.alphanumeric + ["!", "$", "~", "-"], &random)
      secret = password
      return "https://user:\(password)@host/path"
    case 2:
      let password = HiddenSecret.letters(14, HiddenSecret.alphanumeric + ["~", "?", ">"], &random)
      secret = Data("user:\(password)".utf8).base64EncodedString()
      return "Basic " + secret
    case 3:
      let lines = (0..<4).map { _ in HiddenSecret.letters(64, HiddenSecret.base64, &random) }
      secret = lines[1]
      let label = random.pick(["", "RSA ", "OPENSSH "]) + "PRIVATE KEY-----"
      return (["-----BEGIN " + label] + lines + ["-----END " + label]).joined(separator: "\n")
    case 4:
      secret = HiddenSecret.letters(43, HiddenSecret.alphanumeric + ["-", "_"], &random)
      return "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0." + secret
    case 5:
      secret = HiddenSecret.letters(43, HiddenSecret.alphanumeric + ["-", "_"], &random)
      return #"{"payload":"e30","protected":"eyJhbGciOiJIUzI1NiJ9","signature":"\#(secret)"}"#
    default:
      let shapes: [(String, Int, [Character])] = [
        ("ghp" + "_", 36, HiddenSecret.alphanumeric), ("whsec" + "_", 40, HiddenSecret.base64),
        ("AB" + "SK", 120, HiddenSecret.base64), ("xoxd" + "-", 60, HiddenSecret.base64),
        ("1//" + "0", 50, HiddenSecret.alphanumeric),
        ("ya29" + ".c.", 60, HiddenSecret.alphanumeric),
        ("hooks.slack.com" + "/services/", 40, HiddenSecret.alphanumeric + ["/"]),
        ("v4.local" + ".", 80, HiddenSecret.alphanumeric),
      ]
      let (prefix, length, letters) = random.pick(shapes)
      secret = HiddenSecret.letters(length, letters, &random)
      return prefix + secret
    }
  }

  private mutating func key(_ random: inout SeededGenerator) -> String {
    secret = HiddenSecret.letters(40, HiddenSecret.base64, &random)
    return random.pick([
      #"{"SecretAccessKey": "KEY!"}"#, "aws_secret_access_key = KEY!", "AWS_SECRET_ACCESS_KEY=KEY!",
      #"{"name":"AWS_SECRET_ACCESS_KEY","value":"KEY!"}"#, #"["--secret-access-key","KEY!"]"#,
      "<SecretAccessKey>KEY!</SecretAccessKey>", #"{"SecretAccessKey":{"S":"KEY!"}}"#,
    ]).replacing("KEY!", with: secret)
  }

  private static func letters(
    _ count: Int, _ letters: [Character], _ random: inout SeededGenerator
  ) -> String {
    String((0..<count).map { $0 == 1 ? "7" : $0 == count - 1 ? "Q" : random.pick(letters) })
  }

  // MARK: Encoders

  /// The content of a JSON string, as one of several encoders writes it, or with random letters escaped.
  private static func json(_ text: String, _ random: inout SeededGenerator) -> String {
    // JavaScript, PHP, .NET, Gson.
    let escaped: [Unicode.Scalar] = random.pick([
      [], ["/"], ["\"", "&", "'", "+", "<", ">", "`"], ["&", "'", "=", "<", ">"],
    ])
    let isUpper = random.chance(50)
    let share = random.chance(20) ? 10 : 0
    return text.unicodeScalars.map { scalar in
      let isRandom = random.chance(share)
      switch scalar {
      case "\n" where !isRandom: return "\\n"
      case "\\" where !isRandom: return "\\\\"
      case "/" where escaped == ["/"]: return "\\/"
      case "\"" where !isRandom && !escaped.contains("\""): return "\\\""
      default: break
      }
      guard isRandom || escaped.contains(scalar) || scalar.value < 0x20 else {
        return String(scalar)
      }
      let hex = String(scalar.value, radix: 16, uppercase: isUpper)
      return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    }.joined()
  }

  /// As `encodeURI`, `encodeURIComponent`, or with a random set of characters.
  private static func percents(_ text: String, _ random: inout SeededGenerator) -> String {
    var plain = Set("!'()*-._~").union(alphanumeric)
    switch random.next(below: 3) {
    case 0: break
    case 1: plain.formUnion(";,/?:@&=+$#")
    default: plain = plain.union("\"{} :/@=+").filter { _ in random.chance(60) }
    }
    let isUpper = random.chance(50)
    return encode(text, plain, isUpper: isUpper)
  }

  private static func form(_ text: String) -> String {
    "k=" + encode(text, Set("*-._ ").union(alphanumeric), isUpper: true).replacing(" ", with: "+")
      + "&x=1"
  }

  private static func encode(_ text: String, _ plain: Set<Character>, isUpper: Bool) -> String {
    text.map { character in
      guard !plain.contains(character) else { return String(character) }
      return character.utf8.map {
        let hex = String($0, radix: 16, uppercase: isUpper)
        return "%" + (hex.count < 2 ? "0" : "") + hex
      }.joined()
    }.joined()
  }
}
