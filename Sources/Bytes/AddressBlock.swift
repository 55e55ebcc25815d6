/// A block of IP addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
///
/// Addresses are the 128 bits of IPv6; IPv4 ones are those mapped into it (RFC 4291, 2.5.5.2), so that
/// `::ffff:10.0.0.1` is in `10.0.0.0/8`. Texts are read to the letter: four decimal numbers without leading
/// zeros, or groups of one to four hexadecimal digits with at most one `::`, the last two perhaps as IPv4
/// (RFC 4291, 2.2). No white space.
public struct AddressBlock: Equatable, Sendable, BitwiseCopyable {
  /// An address.
  public struct Address: Equatable, Sendable, BitwiseCopyable {
    /// The first and the last 64 bits.
    public let high, low: UInt64

    /// The address that `text` is, or names with a zone (`fe80::1%eth0`), in brackets, or with a port
    /// (`192.0.2.1:443`, `[2001:db8::1]:443`); nil if it is none.
    public init?(_ text: ByteView) {
      guard
        let address = Address(alone: text) ?? AddressText.host(text).flatMap({ Address(alone: $0) })
      else { return nil }
      self = address
    }

    /// The address that all of `text` is.
    fileprivate init?(alone text: ByteView) {
      if let four = AddressText.four(text) {
        high = 0
        low = 0xFFFF << 32 | UInt64(four)
      } else if let groups = AddressText.groups(text) {
        high = groups.high
        low = groups.low
      } else {
        return nil
      }
    }

    /// True for an IPv4 address.
    public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    fileprivate init(high: UInt64, low: UInt64) {
      self.high = high
      self.low = low
    }

    /// The address with all bits behind the first `length` cleared.
    fileprivate func prefix(_ length: Int) -> Address {
      Address(
        high: length >= 64 ? high : length == 0 ? 0 : high & ~(UInt64.max >> UInt64(length)),
        low: length >= 128
          ? low : length <= 64 ? 0 : low & ~(UInt64.max >> UInt64(length - 64)))
    }
  }

  /// 0.0.0.0, as IPv6 has it.
  public static let firstIPv4 = Address(high: 0, low: 0xFFFF << 32)

  /// The first address.
  public let first: Address
  /// How many bits all addresses have in common, 0 to 128.
  public let length: Int

  /// The block that `text` is, an address or an address, a slash and a number of bits; bits of the address
  /// behind these do not count. Nil if it is none.
  public init?(_ text: ByteView) {
    guard let slash = text.firstIndex(of: UInt8(ascii: "/")) else {
      guard let address = Address(text) else { return nil }
      length = 128
      first = address
      return
    }
    let addressText = ByteView(rebasing: text[..<slash])
    let isFour = !addressText.contains(UInt8(ascii: ":"))
    let digits = ByteView(rebasing: text[(slash + 1)...])
    guard let address = Address(alone: addressText),
      let bits = AddressText.decimal(digits, atMost: isFour ? 32 : 128)
    else { return nil }
    length = isFour ? bits + 96 : bits
    first = address.prefix(length)
  }

  /// The block of `length` bits, 0 to 128, that an address lies in.
  public init(of address: Address, length: Int) {
    self.length = min(max(length, 0), 128)
    first = address.prefix(self.length)
  }

  /// The block that one network usually has: of an IPv4 address the /24, of an IPv6 one the /48.
  public init(around address: Address) {
    self.init(of: address, length: address.isIPv4 ? 120 : 48)
  }

  /// Whether the address is one of the block.
  public func contains(_ address: Address) -> Bool { address.prefix(length) == first }
}

/// Reads the texts of addresses.
private enum AddressText {
  /// A number without sign and leading zeros.
  static func decimal(_ text: ByteView, atMost limit: Int) -> Int? {
    guard (1...3).contains(text.count), text.count == 1 || text[0] != UInt8(ascii: "0") else {
      return nil
    }
    var value = 0
    for byte in text {
      guard byte &- 0x30 < 10 else { return nil }
      value = value * 10 + Int(byte &- 0x30)
    }
    return value <= limit ? value : nil
  }

  /// What is left of a text without a port, brackets and a zone; nil if it has none of these, or more than
  /// them.
  static func host(_ text: ByteView) -> ByteView? {
    guard let last = text.last else { return nil }
    var host = text
    if text[0] == UInt8(ascii: "[") {
      guard let bracket = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      let rest = ByteView(rebasing: text[(bracket + 1)...])
      guard rest.isEmpty || isPort(rest) else { return nil }
      host = ByteView(rebasing: text[1..<bracket])
      guard host.contains(UInt8(ascii: ":")) else { return nil }
    } else if last &- 0x30 < 10, let colon = text.firstIndex(of: UInt8(ascii: ":")),
      isPort(ByteView(rebasing: text[colon...]))
    {
      return ByteView(rebasing: text[..<colon])
    }
    guard let percent = host.firstIndex(of: UInt8(ascii: "%")) else {
      return host.count < text.count ? host : nil
    }
    // A zone is a name of an interface or its number.
    let zone = host[(percent + 1)...]
    let isName = zone.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }
    guard !zone.isEmpty, isName else { return nil }
    return ByteView(rebasing: host[..<percent])
  }

  /// A colon and a number of at most 65535.
  private static func isPort(_ text: ByteView) -> Bool {
    guard (2...6).contains(text.count), text[0] == UInt8(ascii: ":") else { return false }
    var port = 0
    for byte in text[1...] {
      guard byte &- 0x30 < 10 else { return false }
      port = port * 10 + Int(byte &- 0x30)
    }
    return port <= 65535
  }

  /// `192.0.2.1`
  static func four(_ text: ByteView) -> UInt32? {
    guard text.count <= 15 else { return nil }
    var value: UInt32 = 0
    var numbers = 0
    var start = 0
    for at in 0...text.count where at == text.count || text[at] == UInt8(ascii: ".") {
      guard numbers < 4, let number = decimal(ByteView(rebasing: text[start..<at]), atMost: 255)
      else {
        return nil
      }
      value = value << 8 | UInt32(number)
      numbers += 1
      start = at + 1
    }
    return numbers == 4 ? value : nil
  }

  /// Groups of hexadecimal digits, gathered from the left; those behind `::` are moved to the right end.
  private struct Gathered {
    var high: UInt64 = 0
    var low: UInt64 = 0
    var count = 0
    /// How many groups stand before the `::`.
    var gap: Int?

    mutating func append(_ group: UInt16) {
      high = high << 16 | low >> 48
      low = low << 16 | UInt64(group)
      count += 1
    }
  }

  static func groups(_ text: ByteView) -> (high: UInt64, low: UInt64)? {
    guard (2...45).contains(text.count) else { return nil }
    var gathered = Gathered()
    var at = 0
    if text[0] == UInt8(ascii: ":") {
      guard text[1] == UInt8(ascii: ":") else { return nil }
      gathered.gap = 0
      at = 2
    }
    while at < text.count {
      guard gathered.count < 8, let end = group(text, at, &gathered) else { return nil }
      at = end
      guard at < text.count else { break }
      guard text[at] == UInt8(ascii: ":"), at + 1 < text.count else { return nil }
      at += 1
      if text[at] == UInt8(ascii: ":") {
        guard gathered.gap == nil else { return nil }
        gathered.gap = gathered.count
        at += 1
      }
    }
    return spread(gathered)
  }

  /// Reads a group, or an IPv4 address at the end, and returns where it ends.
  private static func group(_ text: ByteView, _ start: Int, _ gathered: inout Gathered) -> Int? {
    var end = start
    var value: UInt16 = 0
    while end < text.count, end - start < 4, let digit = Hex.digit(text[end]) {
      value = value << 4 | UInt16(digit)
      end += 1
    }
    if end < text.count, text[end] == UInt8(ascii: ".") {
      guard gathered.count <= 6, let four = four(ByteView(rebasing: text[start...])) else {
        return nil
      }
      gathered.append(UInt16(four >> 16))
      gathered.append(UInt16(truncatingIfNeeded: four))
      return text.count
    }
    guard end > start else { return nil }
    gathered.append(value)
    return end
  }

  private static func spread(_ gathered: Gathered) -> (high: UInt64, low: UInt64)? {
    guard let gap = gathered.gap else {
      return gathered.count == 8 ? (gathered.high, gathered.low) : nil
    }
    guard gathered.count < 8 else { return nil }
    // The groups behind the gap are at the right end already; those before it go to the left one.
    let behind = gathered.count - gap
    let (high, low) = shifted(gathered.high, gathered.low, right: behind)
    let (frontHigh, frontLow) = shifted(high, low, left: 8 - gap)
    let mask = masked(gathered.high, gathered.low, keeping: behind)
    return (frontHigh | mask.high, frontLow | mask.low)
  }

  private static func shifted(
    _ high: UInt64, _ low: UInt64, right groups: Int
  ) -> (UInt64, UInt64) {
    var (high, low) = (high, low)
    for _ in 0..<groups {
      low = low >> 16 | high << 48
      high >>= 16
    }
    return (high, low)
  }

  private static func shifted(
    _ high: UInt64, _ low: UInt64, left groups: Int
  ) -> (UInt64, UInt64) {
    var (high, low) = (high, low)
    for _ in 0..<groups {
      high = high << 16 | low >> 48
      low <<= 16
    }
    return (high, low)
  }

  private static func masked(
    _ high: UInt64, _ low: UInt64, keeping groups: Int
  ) -> (high: UInt64, low: UInt64) {
    let lowGroups = min(groups, 4)
    let highGroups = max(0, groups - 4)
    let lowMask: UInt64 = lowGroups == 4 ? .max : 1 << UInt64(lowGroups * 16) - 1
    let highMask: UInt64 = highGroups == 4 ? .max : 1 << UInt64(highGroups * 16) - 1
    return (high & highMask, low & lowMask)
  }
}
