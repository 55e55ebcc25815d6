internal import Bytes
internal import CommandLine
internal import Search
internal import Settings

extension OptionKind where Value == String {
  /// An address, a block of addresses, or a pattern; or a name, which some vendors write instead of an
  /// address. What only looks like an address or a block is refused: nothing would ever match.
  static var addressFilter: Self {
    Self("ADDRESS|BLOCK", demand: "must be an address such as 203.0.113.7") { text, option in
      let filter = FilterText(text)
      guard let literal = filter.literal, filter.addressBlock == nil,
        let what = AddressLook(literal).fault
      else { return text }
      throw UsageError(
        "--\(option): \"\(filter.text)\" \(what): give an address such as 203.0.113.7 or 2001:db8::7, a "
          + "block such as 10.0.0.0/8, or a pattern such as 10.1.*")
    }
  }
}

/// What a text that is no address looks like.
private struct AddressLook {
  /// What is wrong with it, if it was meant to be an address or a block; nil for any other text.
  let fault: String?

  init(_ text: String) {
    let slash = text.utf8.firstIndex(of: UInt8(ascii: "/"))
    var address = String(text[..<(slash ?? text.endIndex)])
    let isAddress = address.withUTF8 { AddressBlock.Address($0) != nil }
    if isAddress {
      let most = address.utf8.contains(UInt8(ascii: ":")) ? 128 : 32
      fault = "is no block: behind the \"/\" stands a number from 0 to \(most)"
      return
    }
    // Blanks, brackets and quotes in front make no other text of it.
    let bytes = Array(text.utf8.drop { !AddressLook.isAlphanumeric($0) && $0 != UInt8(ascii: ":") })
    fault = AddressLook.isLikeFour(bytes) || AddressLook.isLikeSix(bytes) ? "is no address" : nil
  }

  /// True for a number alone, and for one with a dot behind it but in the name of a host.
  private static func isLikeFour(_ text: [UInt8]) -> Bool {
    guard let end = text.firstIndex(where: { $0 &- 0x30 >= 10 }) else { return !text.isEmpty }
    return end > 0 && (text[end] == UInt8(ascii: ".") || text[end] == UInt8(ascii: "/"))
      && !isHostName(text)
  }

  /// The last part of the name of a host is a word; of four parts it is none if all others are numbers.
  private static func isHostName(_ text: [UInt8]) -> Bool {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isWord = parts.last.map { $0.count > 1 && $0.allSatisfy { ($0 | 0x20) &- 0x61 < 26 } }
    let isNamed = parts.allSatisfy { part in
      !part.isEmpty
        && part.allSatisfy {
          isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
    }
    let numbers = parts.count { $0.allSatisfy { $0 &- 0x30 < 10 } }
    return isWord == true && isNamed && !(parts.count == 4 && numbers == 3)
  }

  /// True for hexadecimal digits with colons between, and for what begins so, or has groups as short, with
  /// two colons.
  private static func isLikeSix(_ text: [UInt8]) -> Bool {
    let colon = UInt8(ascii: ":")
    let groups = text.split(separator: colon, omittingEmptySubsequences: false)
    guard groups.count > 1 else { return false }
    if text.allSatisfy({ Hex.digit($0) != nil || $0 == colon || $0 == UInt8(ascii: ".") }) {
      return true
    }
    let begins = groups[0].count <= 4 && groups[0].allSatisfy { Hex.digit($0) != nil }
    let isShort = groups.allSatisfy { $0.count <= 4 && $0.allSatisfy(isAlphanumeric) }
    return groups.count > 2 && (begins || isShort)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
  }
}
