public import Bytes

/// Names of members and columns as messages show them. What does not look like a name may be a secret that
/// stands in a wrong place, and is shown as `…`.
public enum ShownName {
  /// Characters of the longest name, and of the longest that ends in digits.
  private static let longest = 32
  private static let longestWithDigits = 8
  /// Names that a list shows at most.
  private static let mostListed = 8

  /// The name in quotes, if it looks like one: letters, `_`, `-`, `.` and blanks; digits only at the end of a
  /// short one. Else `…`.
  public static func text(_ name: ByteView) -> String {
    let name = String(decoding: name, as: UTF8.self)
    return isName(name) ? "\"\(name)\"" : "…"
  }

  private static func isName(_ name: String) -> Bool {
    let scalars = Array(name.unicodeScalars)
    let digits = scalars.reversed().prefix { (0x30...0x39).contains($0.value) }.count
    guard scalars.count <= (digits > 0 ? longestWithDigits : longest) else { return false }
    return scalars.dropLast(digits).allSatisfy { scalar in
      "_-. ".unicodeScalars.contains(scalar)
        || scalar.properties.isAlphabetic && !DeceptiveText.isDeceptive(scalar)
    }
  }

  /// The first of these names, as `text` has them, with commas between them.
  public static func list(_ names: [String]) -> String {
    names.prefix(mostListed).joined(separator: ", ") + (names.count > mostListed ? ", …" : "")
  }

  /// The names of the members of an object, as `text` has them: as many as a list shows, and one more. The
  /// text of the object may be cut off.
  public static func members(of object: ByteView) -> [String] {
    var names: [String] = []
    var depth = 0
    var at = 0
    while at < object.count, names.count <= mostListed {
      switch object[at] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""):
        let start = at + 1
        at = start
        while at < object.count, object[at] != UInt8(ascii: "\"") {
          at += object[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard at < object.count else { return names }
        let colon = Scanner.skipWhitespace(object, from: at + 1)
        if depth == 1, colon < object.count, object[colon] == UInt8(ascii: ":") {
          names.append(text(ByteView(rebasing: object[start..<at])))
        }
      default: break
      }
      at += 1
      if depth <= 0 { return names }
    }
    return names
  }
}
