internal import Bytes
internal import JSONText

/// Small texts that a report needs.
enum ReportText {
  /// A time as RFC 3339 writes it; empty for none.
  static func time(_ microseconds: Int64?) -> String {
    microseconds.flatMap { Timestamp(microseconds: $0) }?.rfc3339 ?? ""
  }

  /// The texts of a JSON array.
  static func members(_ array: String) -> [String] {
    guard !array.isEmpty, let pointer = try? JSONPointer("/*") else { return [] }
    let scanner = Scanner(PointerSet([pointer], wildcards: true))
    var array = array
    return array.withUTF8 { text in
      var members: [String] = []
      _ = scanner.collect(text) { match in
        guard match.field.kind == .string else { return }
        var member = ByteBuffer()
        let content = match.field.content
        JSONString.unescape(
          ByteView(rebasing: text[Int(content.start)..<content.end]), into: &member)
        members.append(String(decoding: member.view, as: UTF8.self))
      }
      return members
    }
  }

  /// The number that ends a JSON array; 0 if none does.
  static func lastNumber(_ array: String) -> Int {
    guard array.utf8.last == UInt8(ascii: "]") else { return 0 }
    let digits = array.utf8.dropLast().reversed().prefix { (0x30...0x39).contains($0) }
    return Int(String(decoding: digits.reversed(), as: UTF8.self)) ?? 0
  }

  /// The block that an address is in: /24 of IPv4, /48 of IPv6; empty if it is no address.
  static func block(_ address: String) -> String {
    var text = address
    guard let parsed = text.withUTF8({ AddressBlock.Address($0) }) else { return "" }
    if parsed.high == 0, parsed.low >> 32 == 0xFFFF {
      let four = parsed.low & 0xFFFF_FFFF
      return "\(four >> 24).\(four >> 16 & 255).\(four >> 8 & 255).0/24"
    }
    var groups = [parsed.high >> 48, parsed.high >> 32 & 0xFFFF, parsed.high >> 16 & 0xFFFF]
    while groups.last == 0 { groups.removeLast() }
    return groups.map { String($0, radix: 16) }.joined(separator: ":") + "::/48"
  }
}
