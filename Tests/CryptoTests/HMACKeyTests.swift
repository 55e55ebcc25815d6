import Crypto
import Bytes
import TestSupport
import Testing

@Suite struct HMACKeyTests {
  struct Vector: Sendable {
    var hash: HMACKey.Hash
    var key: [UInt8]
    var message: [UInt8]
    var tag: String
  }

  static func repeated(_ byte: UInt8, _ count: Int) -> [UInt8] {
    Array(repeating: byte, count: count)
  }

  static let vectors = [
    // RFC 4231, cases 1, 2, 3, 6, 7.
    Vector(
      hash: .sha256, key: repeated(0x0b, 20), message: Array("Hi There".utf8),
      tag: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    Vector(
      hash: .sha256, key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
      tag: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    Vector(
      hash: .sha256, key: repeated(0xaa, 20), message: repeated(0xdd, 50),
      tag: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    Vector(
      hash: .sha256, key: repeated(0xaa, 131),
      message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      tag: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    // RFC 2202, HMAC-SHA-1, cases 1, 2, 3, 6.
    Vector(
      hash: .sha1, key: repeated(0x0b, 20), message: Array("Hi There".utf8),
      tag: "b617318655057264e28bc0b6fb378c8ef146be00"),
    Vector(
      hash: .sha1, key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
      tag: "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    Vector(
      hash: .sha1, key: repeated(0xaa, 20), message: repeated(0xdd, 50),
      tag: "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
    Vector(
      hash: .sha1, key: repeated(0xaa, 80),
      message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      tag: "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
    // GitHub's documentation on validating webhook deliveries.
    Vector(
      hash: .sha256, key: Array("It's a Secret to Everybody".utf8),
      message: Array("Hello, World!".utf8),
      tag: "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
  ]

  func matches(_ key: HMACKey, _ tag: [UInt8], _ message: [UInt8]) -> Bool {
    tag.withUnsafeBufferPointer { tag in
      message.withUnsafeBufferPointer { key.matches(tag: tag, message: $0) }
    }
  }

  @Test(arguments: vectors) func publishedVectors(_ vector: Vector) throws {
    let key = try vector.key.withUnsafeBufferPointer {
      try HMACKey(secret: $0, hash: vector.hash)
    }
    let tag = bytes(hex: vector.tag)
    #expect(tag.count == vector.hash.tagLength)
    for _ in 0..<2 {
      #expect(vector.message.withUnsafeBufferPointer { key.authenticate($0) } == tag)
    }
    #expect(matches(key, tag, vector.message))
    #expect(!matches(key, tag, vector.message + [0]))
    for length in 0..<tag.count {
      #expect(!matches(key, Array(tag.prefix(length)), vector.message))
    }
    #expect(!matches(key, tag + [0], vector.message))
    for index in tag.indices {
      var other = tag
      other[index] ^= 0x10
      #expect(!matches(key, other, vector.message))
    }
  }

  @Test func anEmptyMessageHasATag() throws {
    let key = try withBytes("k") { try HMACKey(secret: $0, hash: .sha256) }
    let tag = key.authenticate(ByteView(start: nil, count: 0))
    #expect(tag.count == 32)
    #expect(matches(key, tag, []))
  }

  @Test func anEmptySecretIsRefused() {
    #expect {
      try HMACKey(secret: ByteView(start: nil, count: 0), hash: .sha256)
    } throws: {
      ($0 as? CryptoError)?.kind == .setting
    }
  }

  /// HMAC fills keys up with NUL: this is the empty secret again.
  @Test(arguments: [1, 4, 64, 65]) func aSecretOfNULIsRefused(_ count: Int) {
    let error = #expect(throws: CryptoError.self) {
      try [UInt8](repeating: 0, count: count).withUnsafeBufferPointer {
        try HMACKey(secret: $0, hash: .sha256)
      }
    }
    #expect(error?.kind == .setting)
  }

  @Test func manyThreadsMayUseOneKey() async throws {
    let vector = Self.vectors[8]
    let key = try vector.key.withUnsafeBufferPointer { try HMACKey(secret: $0, hash: .sha256) }
    let tag = bytes(hex: vector.tag)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          (0..<2000).allSatisfy { _ in
            vector.message.withUnsafeBufferPointer { key.authenticate($0) } == tag
          }
        }
      }
      for await allEqual in group { #expect(allEqual) }
    }
  }
}
