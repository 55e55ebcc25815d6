import Bytes
import TestSupport
import Testing

@Suite struct AddressBlockTests {
  private static func address(_ text: String) -> AddressBlock.Address? {
    withBytes(text) { AddressBlock.Address($0) }
  }

  private static func block(_ text: String) -> AddressBlock? {
    withBytes(text) { AddressBlock($0) }
  }

  @Test(
    arguments: [
      ("0.0.0.0", 0, 0xFFFF_0000_0000), ("192.0.2.1", 0, 0xFFFF_C000_0201),
      ("255.255.255.255", 0, 0xFFFF_FFFF_FFFF), ("::", 0, 0), ("::1", 0, 1),
      ("1::", 0x0001_0000_0000_0000, 0),
      ("2001:db8::8:800:200C:417a", 0x2001_0DB8_0000_0000, 0x0008_0800_200C_417A),
      ("1:2:3:4:5:6:7:8", 0x0001_0002_0003_0004, 0x0005_0006_0007_0008),
      ("1:2:3:4:5:6:7::", 0x0001_0002_0003_0004, 0x0005_0006_0007_0000),
      ("::2:3:4:5:6:7:8", 0x0000_0002_0003_0004, 0x0005_0006_0007_0008),
      ("1::8", 0x0001_0000_0000_0000, 8), ("::ffff:192.0.2.1", 0, 0xFFFF_C000_0201),
      ("64:ff9b::192.0.2.33", 0x0064_FF9B_0000_0000, 0xC000_0221),
      ("1:2:3:4:5:6:1.2.3.4", 0x0001_0002_0003_0004, 0x0005_0006_0102_0304),
    ] as [(String, UInt64, UInt64)]) func readsAddresses(
      _ text: String, _ high: UInt64, _ low: UInt64
    )
    throws
  {
    let address = try #require(AddressBlockTests.address(text))
    #expect((address.high, address.low) == (high, low), "\(text)")
  }

  @Test(arguments: [
    "", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1..2.3", "1.2.3.",
    "1.2.3.-4", "0x1.2.3.4", ":", ":::", "1:", ":1", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
    "::1::", "1::2::3", "12345::", "g::", "fe80::1%", "[::1", "::1]", "[::1]:", "[::1]:x",
    "[::1]:65536", "[::1]80", "[1.2.3.4]", "1.2.3.4:", "1.2.3.4:-1", "1.2.3.4:65536",
    "1.2.3.4:123456",
    "1.2.3.4:80:80", "1.2.3.4%", "%eth0", "[%eth0]", "[]", "[]:80", ":80", "fe80::1% x", "::1.2.3",
    "1.2.3.4::",
    "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4::5:6:7:8", "::1:2:3:4:5:6:7:8", "{IPNet:{IP:<nil>", "::/0",
    "0000000000000000000000000000000000000000000000",
  ]) func refusesWhatIsNoAddress(_ text: String) {
    #expect(AddressBlockTests.address(text) == nil, "\(text)")
  }

  /// What servers write who know more of a connection than where it came from.
  @Test(arguments: [
    ("192.168.0.10:36776", "192.168.0.10"), ("192.168.0.10:0", "192.168.0.10"),
    ("192.168.0.10:65535", "192.168.0.10"), ("[2001:db8::10]:36778", "2001:db8::10"),
    ("[2001:db8::10]", "2001:db8::10"), ("fe80::1%eth0", "fe80::1"), ("fe80::1%2", "fe80::1"),
    ("[fe80::1%25eth0]:443", "fe80::1"), ("[::ffff:192.0.2.1]:443", "192.0.2.1"),
    ("192.0.2.1%eth0", "192.0.2.1"), ("[::]:8080", "::"),
  ]) func readsWhatStandsAroundAddresses(_ text: String, _ address: String) throws {
    let plain = try #require(AddressBlockTests.address(address))
    #expect(AddressBlockTests.address(text) == plain)
    #expect(AddressBlockTests.block(text) == AddressBlock(of: plain, length: 128))
  }

  @Test(arguments: [
    "192.0.2.1:80/24", "[2001:db8::]/32", "fe80::1%eth0/64", "10.0.0.0/33", "::/129",
  ])
  func blocksAreWrittenPlainly(_ text: String) {
    #expect(AddressBlockTests.block(text) == nil)
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false),
    ("10.1.2.3/8", "10.0.0.1", true), ("0.0.0.0/0", "203.0.113.9", true),
    ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "203.0.113.9", true), ("::/0", "::1", true),
    ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
    ("192.0.2.0/31", "192.0.2.1", true), ("192.0.2.0/31", "192.0.2.2", false),
    ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
    ("2001:db8::/65", "2001:db8:0:0:8000::", false),
    ("2001:db8::/64", "2001:db8::ffff:0:0:1", true),
    ("10.0.0.0/8", "::ffff:10.9.8.7", true), ("::ffff:10.0.0.0/104", "10.9.8.7", true),
    ("::1/128", "::1", true),
  ]) func blocksHoldAddresses(_ block: String, _ address: String, _ holds: Bool) throws {
    let found = try #require(AddressBlockTests.block(block))
    #expect(found.contains(try #require(AddressBlockTests.address(address))) == holds)
  }

  @Test(arguments: [
    "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "::/129", "/8", "10.0.0.0/8/8",
    "10.0.0/8", "::1/1a",
  ]) func refusesWhatIsNoBlock(_ text: String) {
    #expect(AddressBlockTests.block(text) == nil, "\(text)")
  }

  @Test(arguments: [
    ("192.0.2.77", "192.0.2.0/24"), ("::ffff:192.0.2.77", "192.0.2.0/24"),
    ("2001:db8:1:ffff::1", "2001:db8:1::/48"), ("::1", "::/48"),
    ("255.255.255.255", "255.255.255.0/24"),
  ]) func anAddressLiesInItsNetwork(_ text: String, _ block: String) throws {
    let address = try #require(AddressBlockTests.address(text))
    #expect(AddressBlock(around: address) == AddressBlockTests.block(block))
    #expect(AddressBlock(around: address).contains(address))
  }
}
