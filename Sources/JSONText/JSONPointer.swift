/// A JSON Pointer that cannot be used, and why.
public struct PointerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The pointer as it was written.
  public let pointer: String
  /// What is wrong with it.
  public let reason: String

  /// The sentence for people.
  public var description: String { "\(pointer.debugDescription) is no JSON Pointer: \(reason)" }
}

/// A JSON Pointer (RFC 6901) taken apart: `/context/tokenId`, `/a~1b`, or `` for the whole value.
public struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
  /// The reference tokens, unescaped.
  public let tokens: [String]
  /// The pointer as it was written.
  public let description: String

  /// Parses `text`; throws if it neither is empty nor starts with `/`, or has a `~` that is not `~0` or `~1`.
  public init(_ text: String) throws(PointerError) {
    description = text
    guard !text.isEmpty else {
      tokens = []
      return
    }
    guard text.utf8.first == UInt8(ascii: "/") else {
      throw PointerError(pointer: text, reason: "it must start with \"/\"")
    }
    var tokens: [String] = []
    // Scalars, not characters: a combining mark would make one character with the slash before it.
    let scalars = text.unicodeScalars.dropFirst()
    for raw in scalars.split(separator: "/", omittingEmptySubsequences: false) {
      tokens.append(try JSONPointer.unescape(raw, of: text))
    }
    self.tokens = tokens
  }

  /// A pointer of our own tables. Traps if `text` is none: a misspelt one must not go unnoticed.
  public init(literal text: StaticString) {
    do throws(PointerError) { self = try JSONPointer(text.description) } catch {
      preconditionFailure(error.description)
    }
  }

  private init(tokens: [String], description: String) {
    self.tokens = tokens
    self.description = description
  }

  /// The pointer to the whole value.
  public static let whole = JSONPointer(tokens: [], description: "")

  /// The pointer to the member `name` of an object.
  public init(member name: String) { self = JSONPointer.whole.appending(name) }

  /// The pointer to the member or element that `token`, unescaped, names in the value at this one.
  public func appending(_ token: String) -> JSONPointer {
    var escaped = String.UnicodeScalarView()
    for scalar in token.unicodeScalars {
      switch scalar {
      case "~": escaped.append(contentsOf: "~0".unicodeScalars)
      case "/": escaped.append(contentsOf: "~1".unicodeScalars)
      default: escaped.append(scalar)
      }
    }
    return JSONPointer(tokens: tokens + [token], description: "\(description)/\(escaped)")
  }

  private static func unescape(
    _ raw: Substring.UnicodeScalarView, of text: String
  ) throws(PointerError) -> String {
    var token = String.UnicodeScalarView()
    var scalars = raw.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "~" else {
        token.append(scalar)
        continue
      }
      switch scalars.next() {
      case "0": token.append("~")
      case "1": token.append("/")
      default: throw PointerError(pointer: text, reason: "\"~\" must be followed by 0 or 1")
      }
    }
    return String(token)
  }

  /// True if both name the same value: keys are compared byte by byte, and so are pointers (a
  /// pointer has one spelling only), where `String` takes é and e with an accent for equal.
  public static func == (left: JSONPointer, right: JSONPointer) -> Bool {
    left.description.utf8.elementsEqual(right.description.utf8)
  }

  /// Hashes the bytes, as `==` compares them.
  public func hash(into hasher: inout Hasher) {
    for byte in description.utf8 { hasher.combine(byte) }
  }
}
