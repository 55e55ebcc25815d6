public import Bytes

/// An issuer to the letter, or a pattern for the path of its URL: `https://oidc.example.com/org/*`.
///
/// An issuer vouches for people, so a pattern must fit none that somebody else can set up. A `*` stands for
/// one or more letters, digits, `-`, `.`, `_` and `~` of one segment of the path: never for a slash, an
/// escape, a query or a fragment, and never for `.` or `..` as a whole. Scheme and host are always to the
/// letter, as is the case of letters.
public struct IssuerPattern: Sendable {
  private let text: [UInt8]
  /// Where the path begins; nil if all is to the letter.
  private let path: Int?

  private static let star = UInt8(ascii: "*")
  private static let slash = UInt8(ascii: "/")

  /// Reads an issuer or a pattern. Throws for a pattern that asks for more than parts of the path.
  public init(_ pattern: String) throws(PolicyError) {
    text = Array(pattern.utf8)
    path = text.contains(IssuerPattern.star) ? IssuerPattern.pathStart(text) : nil
    guard !text.contains(IssuerPattern.star) || path != nil else {
      throw PolicyError(
        description:
          "the pattern \(pattern.debugDescription) cannot be used for issuers: \"*\" stands for"
          + " a part of one segment of the path, as in \"https://oidc.example.com/org/*\"")
    }
  }

  /// Where the path of a pattern begins, if all stars are there, each by itself.
  private static func pathStart(_ text: [UInt8]) -> Int? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > 0,
      text[colon...].starts(with: "://".utf8),
      let path = text[(colon + 3)...].firstIndex(of: slash), path > colon + 3
    else { return nil }
    let isHost = !text[..<path].contains { $0 == star || "@?#\\".utf8.contains($0) }
    let isPath = !text[path...].contains { "?#\\".utf8.contains($0) }
    for at in path..<text.count - 1 where text[at] == star && text[at + 1] == star { return nil }
    return isHost && isPath ? path : nil
  }

  /// Whether `issuer` is this one, or fits.
  public func matches(_ issuer: ByteView) -> Bool {
    text.withUnsafeBufferPointer { text in
      guard let path else { return issuer.elementsEqual(text) }
      return IssuerPattern.matches(text, issuer) && !IssuerPattern.hasDots(issuer, from: path)
    }
  }

  /// Remembers only the last star that it passed: what that one cannot take, no other one can. So the work is
  /// at most the length of the issuer times that of the pattern.
  private static func matches(_ pattern: ByteView, _ issuer: ByteView) -> Bool {
    var (at, next) = (0, 0)
    var retry: (at: Int, next: Int)?
    while at < issuer.count || next < pattern.count {
      if next < pattern.count, pattern[next] == star, at < issuer.count, isPlain(issuer[at]) {
        at += 1
        next += 1
        retry = (at, next)
      } else if next < pattern.count, at < issuer.count, pattern[next] == issuer[at],
        pattern[next] != star
      {
        at += 1
        next += 1
      } else {
        guard let last = retry, last.at < issuer.count, isPlain(issuer[last.at]) else {
          return false
        }
        at = last.at + 1
        next = last.next
        retry = (at, next)
      }
    }
    return true
  }

  /// What a star can stand for: what a URL never escapes (RFC 3986, unreserved).
  private static func isPlain(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || "-._~".utf8.contains(byte)
  }

  /// True if a segment is `.` or `..`.
  private static func hasDots(_ issuer: ByteView, from path: Int) -> Bool {
    issuer[path...].split(separator: slash, omittingEmptySubsequences: true).contains { segment in
      segment.count <= 2 && segment.allSatisfy { $0 == UInt8(ascii: ".") }
    }
  }
}

extension IssuerPattern: CustomStringConvertible {
  /// The pattern as it was written.
  public var description: String { String(decoding: text, as: UTF8.self) }
}

/// Issuers whose claims may stand for an actor.
public struct TrustedIssuers: Sendable, ExpressibleByStringLiteral {
  /// Issuers or patterns, of which one has to fit.
  public var issuers: [String]
  /// What their claims have to be; nil if that does not matter.
  public var required: [RequiredClaim]?

  /// Issuers, if their claims are what is required.
  public init(_ issuers: [String], required: [RequiredClaim]? = nil) {
    self.issuers = issuers
    self.required = required
  }

  /// An issuer, whatever its claims are.
  public init(stringLiteral issuer: String) { self.init([issuer]) }
}
