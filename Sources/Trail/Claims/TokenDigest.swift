internal import Bytes
internal import Crypto

/// What stands for a token where only its id may stand: a digest, `sha256:` and hexadecimal digits.
///
/// It is the digest of what is left of the token once its signature is cut, so that a token and what
/// `strip_tokens` leaves of it have the same.
enum TokenDigest {
  private static let prefix: StaticString = "sha256:"

  /// True for an id that may be such a digest.
  static func isDigest(_ id: ByteView) -> Bool {
    id.starts(with: ByteView(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
  }

  /// The digest of `id`, which is a token, whole or cut; nil if it is none.
  static func text(of id: ByteView, _ finder: inout TokenText) -> [UInt8]? {
    var rest = ByteBuffer(capacity: id.count + 2)
    if finder.find(in: id, isJSON: false) {
      finder.append(id, to: &rest)
    } else {
      // One that was cut lacks just its third part.
      guard id.last == UInt8(ascii: ".") else { return nil }
      rest.append(id)
      rest.append("AA")
      guard finder.find(in: rest.view, isJSON: false) else { return nil }
      rest.truncate(to: id.count)
    }
    return text(ofCut: rest.view)
  }

  /// The digest of a token whose signature was cut.
  static func text(ofCut token: ByteView) -> [UInt8] {
    var text = ByteBuffer(capacity: 72)
    text.append(prefix)
    SHA256.digest(token).withBytes { Hex.append($0, to: &text) }
    return text.bytes
  }
}
