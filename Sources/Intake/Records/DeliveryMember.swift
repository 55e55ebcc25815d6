package import Bytes

/// Reads the member `delivery` that opening an envelope leaves in an event.
package enum DeliveryMember {
  /// The digest of the body as it was posted; nil if the member tells none.
  package static func bodyDigest(_ member: ByteView) -> Digest256? {
    // Inside a string the quotes would be escaped.
    guard let start = end(of: "\"body_sha256\":\"", in: member), member.count >= start + 64 else {
      return nil
    }
    return Digest256(hex: ByteView(rebasing: member[start..<start + 64]))
  }

  /// The signature header as it came, such as `sha256=…`; nil if there was none, or one with an escape
  /// in it, which no signature has.
  package static func signature(_ member: ByteView) -> ByteView? {
    guard let start = end(of: "{\"signature\":\"", in: member),
      let end = member[start...].firstIndex(of: UInt8(ascii: "\""))
    else { return nil }
    return ByteView(rebasing: member[start..<end])
  }

  private static func end(of text: StaticString, in member: ByteView) -> Int? {
    let wanted = ByteView(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard member.count >= wanted.count else { return nil }
    for start in 0...(member.count - wanted.count)
    where member[start..<start + wanted.count].elementsEqual(wanted) {
      return start + wanted.count
    }
    return nil
  }
}
