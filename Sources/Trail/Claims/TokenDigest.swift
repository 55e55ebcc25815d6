internal import Bytes
internal import Crypto

/// What stands for a token where only its id may stand: a digest, `sha256:` and hexadecimal digits.
enum TokenDigest {
  private static let prefix: StaticString = "sha256:"

  /// True for an id that may be such a digest.
  static func isDigest(_ id: ByteView) -> Bool {
    id.starts(with: ByteView(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
  }

  /// The digest of a text.
  static func text(of text: ByteView) -> [UInt8] {
    var digest = ByteBuffer(capacity: 72)
    digest.append(prefix)
    SHA256.digest(text).withBytes { Hex.append($0, to: &digest) }
    return digest.bytes
  }
}

/// What an id goes by that is, or holds, a token itself (see `TokenText`).
///
/// Of a JWS header and claims say which it is, so it goes by what is left once its signature is cut: with and
/// without it, it is the same. Of all others what would be left may be the same for every token of an issuer,
/// so they go by the digest of the whole id; and where they were cut before, by nothing.
enum TokenName {
  /// It is no token.
  case plain
  /// What is left of it without signatures.
  case cut([UInt8])
  /// The digest of all of it.
  case digest([UInt8])
  /// Nothing tells which token it is.
  case nothing

  init(of id: ByteView, _ finder: inout TokenText) {
    let isWhole = finder.find(in: id, isJSON: false)
    if finder.isHollow {
      self = .nothing
    } else if isWhole, finder.hasNameless {
      self = .digest(TokenDigest.text(of: id))
    } else if isWhole {
      var rest = ByteBuffer(capacity: id.count)
      finder.append(id, to: &rest)
      self = .cut(rest.bytes)
    } else {
      self = TokenName.isCut(id, &finder) ? .cut(Array(id)) : .plain
    }
  }

  /// What the id is compared by; nil if nothing tells which token it is.
  func identity(of id: [UInt8]) -> [UInt8]? {
    switch self {
    case .plain: id
    case .cut(let rest): rest.withUnsafeBufferPointer { TokenDigest.text(of: $0) }
    case .digest(let digest): digest
    case .nothing: nil
    }
  }

  /// True for a token that was cut: it lacks just its third part.
  private static func isCut(_ id: ByteView, _ finder: inout TokenText) -> Bool {
    guard id.last == UInt8(ascii: ".") else { return false }
    var whole = ByteBuffer(capacity: id.count + 2)
    whole.append(id)
    whole.append("AA")
    return finder.find(in: whole.view, isJSON: false)
  }
}

extension ByteView {
  /// True if a character is missing, which is U+FFFD then: what UTF-8 cannot say (half of a surrogate pair)
  /// or what somebody could not read. Different texts become one so, and as an id it is nobody's.
  var lacksCharacter: Bool {
    var at = 0
    while let base = baseAddress, let found = TokenText.next(0xEF, base, from: at, to: count) {
      if found + 2 < count, base[found + 1] == 0xBF, base[found + 2] == 0xBD { return true }
      at = found + 1
    }
    return false
  }
}
