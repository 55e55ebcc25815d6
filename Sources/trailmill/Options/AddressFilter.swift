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
    let isFour = address.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    let isSix =
      address.utf8.contains(UInt8(ascii: ":"))
      && address.utf8.allSatisfy { Hex.digit($0) != nil || ":.".utf8.contains($0) }
    fault = !address.isEmpty && (isFour || isSix) ? "is no address" : nil
  }
}
