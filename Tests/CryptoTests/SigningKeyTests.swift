import Crypto
import Bytes
import Foundation
import TestSupport
import Testing

@Suite struct SigningKeyTests {
  struct Vector: Sendable {
    var seed: String
    var publicKey: String
    var message: String
    var signature: String
  }

  // RFC 8032, section 7.1.
  static let vectors = [
    Vector(
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature: """
        e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c\
        f9b46bd25bf5f0595bbe24655141438e7a100b
        """),
    Vector(
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature: """
        92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0\
        f11d8c387b2eaeb4302aeeb00d291612bb0c00
        """),
    Vector(
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature: """
        6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f76098\
        4dc6594a7c15e9716ed28dc027beceea1ec40a
        """),
    Vector(
      seed: "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
      publicKey: "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
      message: """
        08b8b2b733424243760fe426a4b54908632110a66c2f6591eabd3345e3e4eb98fa6e264bf09efe12ee50f8f54e\
        9f77b1e355f6c50544e23fb1433ddf73be84d879de7c0046dc4996d9e773f4bc9efe5738829adb26c81b37c93a\
        1b270b20329d658675fc6ea534e0810a4432826bf58c941efb65d57a338bbd2e26640f89ffbc1a858efcb8550e\
        e3a5e1998bd177e93a7363c344fe6b199ee5d02e82d522c4feba15452f80288a821a579116ec6dad2b3b310da9\
        03401aa62100ab5d1a36553e06203b33890cc9b832f79ef80560ccb9a39ce767967ed628c6ad573cb116dbefef\
        d75499da96bd68a8a97b928a8bbc103b6621fcde2beca1231d206be6cd9ec7aff6f6c94fcd7204ed3455c68c83\
        f4a41da4af2b74ef5c53f1d8ac70bdcb7ed185ce81bd84359d44254d95629e9855a94a7c1958d1f8ada5d0532e\
        d8a5aa3fb2d17ba70eb6248e594e1a2297acbbb39d502f1a8c6eb6f1ce22b3de1a1f40cc24554119a831a9aad6\
        079cad88425de6bde1a9187ebb6092cf67bf2b13fd65f27088d78b7e883c8759d2c4f5c65adb7553878ad575f9\
        fad878e80a0c9ba63bcbcc2732e69485bbc9c90bfbd62481d9089beccf80cfe2df16a2cf65bd92dd597b0707e0\
        917af48bbb75fed413d238f5555a7a569d80c3414a8d0859dc65a46128bab27af87a71314f318c782b23ebfe80\
        8b82b0ce26401d2e22f04d83d1255dc51addd3b75a2b1ae0784504df543af8969be3ea7082ff7fc9888c144da2\
        af58429ec96031dbcad3dad9af0dcbaaaf268cb8fcffead94f3c7ca495e056a9b47acdb751fb73e666c6c655ad\
        e8297297d07ad1ba5e43f1bca32301651339e22904cc8c42f58c30c04aafdb038dda0847dd988dcda6f3bfd15c\
        4b4c4525004aa06eeff8ca61783aacec57fb3d1f92b0fe2fd1a85f6724517b65e614ad6808d6f6ee34dff7310f\
        dc82aebfd904b01e1dc54b2927094b2db68d6f903b68401adebf5a7e08d78ff4ef5d63653a65040cf9bfd4aca7\
        984a74d37145986780fc0b16ac451649de6188a7dbdf191f64b5fc5e2ab47b57f7f7276cd419c17a3ca8e1b939\
        ae49e488acba6b965610b5480109c8b17b80e1b7b750dfc7598d5d5011fd2dcc5600a32ef5b52a1ecc820e308a\
        a342721aac0943bf6686b64b2579376504ccc493d97e6aed3fb0f9cd71a43dd497f01f17c0e2cb3797aa2a2f25\
        6656168e6c496afc5fb93246f6b1116398a346f1a641f3b041e989f7914f90cc2c7fff357876e506b50d334ba7\
        7c225bc307ba537152f3f1610e4eafe595f6d9d90d11faa933a15ef1369546868a7f3a45a96768d40fd9d03412\
        c091c6315cf4fde7cb68606937380db2eaaa707b4c4185c32eddcdd306705e4dc1ffc872eeee475a64dfac86ab\
        a41c0618983f8741c5ef68d3a101e8a3b8cac60c905c15fc910840b94c00a0b9d0
        """,
      signature: """
        0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350aa5371b1508f9f4528ecea23c4\
        36d94b5e8fcd4f681e30a6ac00a9704a188a03
        """),
    Vector(
      seed: "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      publicKey: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      message: """
        ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3\
        feebbd454d4423643ce80e2a9ac94fa54ca49f
        """,
      signature: """
        dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c664\
        31e0303dca179c138ac17ad9bef1177331a704
        """),
  ]

  /// A PKCS#8 file with this seed, framed as RFC 8410 has it.
  static func pem(seed: String) -> String {
    let contents = Data(bytes(hex: "302e020100300506032b657004220420" + seed))
    return """
      -----BEGIN PRIVATE KEY-----
      \(contents.base64EncodedString())
      -----END PRIVATE KEY-----

      """
  }

  func key(_ pem: String) throws -> SigningKey { try withBytes(pem) { try SigningKey(pem: $0) } }

  func key(_ pem: [UInt8]) throws -> SigningKey {
    try key(String(decoding: pem, as: UTF8.self))
  }

  func publicKey(_ pem: String) throws -> VerifyingKey {
    try withBytes(pem) { try VerifyingKey(pem: $0) }
  }

  func signature(_ key: SigningKey, _ message: [UInt8]) throws -> [UInt8] {
    try message.withUnsafeBufferPointer { try key.sign($0) }
  }

  func verifies(_ key: VerifyingKey, _ signature: [UInt8], _ message: [UInt8]) -> Bool {
    signature.withUnsafeBufferPointer { signature in
      message.withUnsafeBufferPointer { key.verifies(signature, of: $0) }
    }
  }

  @Test(arguments: vectors) func publishedVectors(_ vector: Vector) throws {
    let key = try key(Self.pem(seed: vector.seed))
    let message = bytes(hex: vector.message)
    #expect(message.count == vector.message.utf8.count / 2)
    #expect(key.publicKey.hex == vector.publicKey)
    #expect(Hex.string(try signature(key, message)) == vector.signature)
    let proof = try #require(withBytes(vector.publicKey.uppercased()) { VerifyingKey(hex: $0) })
    #expect(proof == key.publicKey)
    #expect(verifies(proof, bytes(hex: vector.signature), message))
  }

  @Test func pemComesBack() throws {
    for vector in Self.vectors {
      let given = Self.pem(seed: vector.seed)
      let key = try key(given)
      #expect(String(decoding: key.pem, as: UTF8.self) == given)
      let proof = String(decoding: key.publicKey.pem, as: UTF8.self)
      #expect(try publicKey(proof) == key.publicKey)
      for text in [given, proof] {
        #expect(
          try withBytes(text) { try VerifyingKey(publicOrPrivatePEM: $0) } == key.publicKey)
      }
    }
  }

  @Test func everyKeyIsAnother() throws {
    let first = try SigningKey.generate()
    let second = try SigningKey.generate()
    #expect(first.publicKey != second.publicKey)
    let message = Array("head".utf8)
    let signed = try signature(first, message)
    #expect(signed.count == SigningKey.signatureLength)
    #expect(verifies(first.publicKey, signed, message))
    #expect(!verifies(second.publicKey, signed, message))
    #expect(try signature(key(first.pem), message) == signed)
    #expect(try key(first.pem).publicKey == first.publicKey)
  }

  @Test func textAroundTheBlockIsAllowed() throws {
    let given = Self.pem(seed: Self.vectors[1].seed)
    let expected = try key(given).publicKey
    #expect(try key("made by hand\n\n" + given + "and kept safe\n").publicKey == expected)
    #expect(try key(given.replacing("\n", with: "\r\n")).publicKey == expected)
  }

  @Test func aFlippedBitAnywhereFails() throws {
    let key = try key(Self.pem(seed: Self.vectors[2].seed))
    let message = Array("a head of 32 bytes, or so it says".utf8)
    let signed = try signature(key, message)
    let publicBytes = bytes(hex: key.publicKey.hex)
    for bit in 0..<8 * message.count {
      var other = message
      other[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!verifies(key.publicKey, signed, other), "bit \(bit) of the message")
    }
    for bit in 0..<8 * signed.count {
      var other = signed
      other[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!verifies(key.publicKey, other, message), "bit \(bit) of the signature")
    }
    for bit in 0..<8 * publicBytes.count {
      var other = publicBytes
      other[bit / 8] ^= 1 << UInt8(bit % 8)
      let changed = try #require(withBytes(Hex.string(other)) { VerifyingKey(hex: $0) })
      #expect(!verifies(changed, signed, message), "bit \(bit) of the key")
    }
  }

  @Test func aSignatureOfAnotherLengthFails() throws {
    let key = try SigningKey.generate()
    let message = Array("head".utf8)
    let signed = try signature(key, message)
    for length in 0..<signed.count {
      #expect(!verifies(key.publicKey, Array(signed.prefix(length)), message))
    }
    #expect(!verifies(key.publicKey, signed + [0], message))
    #expect(!verifies(key.publicKey, signed + signed, message))
    #expect(
      !key.publicKey.verifies(ByteView(start: nil, count: 0), of: ByteView(start: nil, count: 0)))
  }

  /// A signature whose second half is larger by the order of the group would be another that
  /// verifies, made without the key.
  @Test func aSignatureHasNoSecondForm() throws {
    let vector = Self.vectors[1]
    let order = bytes(hex: "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
    var other = bytes(hex: vector.signature)
    var carry = 0
    for (index, byte) in order.enumerated() {
      let sum = Int(other[32 + index]) + Int(byte) + carry
      other[32 + index] = UInt8(sum & 255)
      carry = sum >> 8
    }
    #expect(carry == 0)
    let key = try #require(withBytes(vector.publicKey) { VerifyingKey(hex: $0) })
    #expect(verifies(key, bytes(hex: vector.signature), bytes(hex: vector.message)))
    #expect(!verifies(key, other, bytes(hex: vector.message)))
  }

  @Test(arguments: [
    "02" + String(repeating: "00", count: 31), String(repeating: "ff", count: 32),
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ])
  func aKeyThatIsNoPointVerifiesNothing(_ hex: String) throws {
    let key = try #require(withBytes(hex) { VerifyingKey(hex: $0) })
    for signature in [[UInt8](repeating: 0, count: 64), bytes(hex: Self.vectors[1].signature)] {
      #expect(!verifies(key, signature, [0x72]))
    }
  }

  @Test(arguments: ["", "00", String(repeating: "0", count: 63), String(repeating: "g", count: 64)])
  func hexThatIsNoKeyIsRefused(_ text: String) {
    #expect(withBytes(text) { VerifyingKey(hex: $0) } == nil)
  }

  /// Files, and a part of what is said of them as a private and as a public key.
  static let refused = [
    ("", "is empty", "is empty"),
    ("\n", "is no PEM", "is no PEM"),
    ("garbage", "is no PEM", "is no PEM"),
    ("-----BEGIN PRIVATE KEY-----\n", "is no PEM", "is no PEM"),
    (
      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "is damaged",
      "begins with -----BEGIN PRIVATE KEY-----"
    ),
    (
      "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
      "begins with -----BEGIN PUBLIC KEY-----", "is damaged"
    ),
    (String(repeating: "x", count: 70_000), "at most 65536 bytes", "at most 65536 bytes"),
    (ForeignKeys.encrypted, "is encrypted", "BEGIN ENCRYPTED PRIVATE KEY"),
    (ForeignKeys.encryptedTraditional, "is encrypted", "BEGIN RSA PRIVATE KEY"),
    (ForeignKeys.traditional, "BEGIN RSA PRIVATE KEY", "BEGIN RSA PRIVATE KEY"),
    (ForeignKeys.rsa, "of type RSA", "BEGIN PRIVATE KEY"),
    (ForeignKeys.ellipticCurve, "of type EC", "BEGIN PRIVATE KEY"),
    (ForeignKeys.x25519, "of type X25519", "BEGIN PRIVATE KEY"),
    (ForeignKeys.publicRSA, "BEGIN PUBLIC KEY", "of type RSA"),
    (ForeignKeys.publicEllipticCurve, "BEGIN PUBLIC KEY", "of type EC"),
    (ForeignKeys.publicX25519, "BEGIN PUBLIC KEY", "of type X25519"),
  ]

  @Test(arguments: refused)
  func anotherFileIsRefused(_ text: String, _ asPrivate: String, _ asPublic: String) {
    let errors = withBytes(text) { text in
      (refusal { try SigningKey(pem: text) }, refusal { try VerifyingKey(pem: text) })
    }
    #expect(errors.0?.kind == .setting && errors.1?.kind == .setting)
    #expect(errors.0?.description.contains(asPrivate) == true, "\(errors)")
    #expect(errors.1?.description.contains(asPublic) == true, "\(errors)")
    let either = withBytes(text) { text in refusal { try VerifyingKey(publicOrPrivatePEM: text) } }
    #expect(either?.kind == .setting)
  }

  /// The contents are a key, and something behind it.
  @Test func aKeyWithSomethingBehindItIsRefused() {
    let text = Self.pem(seed: Self.vectors[0].seed + "00")
    #expect(withBytes(text) { text in refusal { try SigningKey(pem: text) } }?.kind == .setting)
  }

  /// Every text that differs by a byte is another key, the same, or none; nothing traps.
  @Test func everyDamagedTextIsBorne() throws {
    let given = Array(Self.pem(seed: Self.vectors[0].seed).utf8)
    let proof = try key(given).publicKey.pem
    for original in [given, proof] {
      for index in original.indices {
        for change: UInt8 in [1, 0x80, original[index]] {
          var other = original
          other[index] ^= change
          other.withUnsafeBufferPointer { text in
            _ = refusal { try VerifyingKey(publicOrPrivatePEM: text) }
          }
        }
        Array(original.prefix(index)).withUnsafeBufferPointer { text in
          _ = refusal { try VerifyingKey(publicOrPrivatePEM: text) }
        }
      }
    }
  }

  @Test func manyThreadsMayUseOneKey() async throws {
    let key = try SigningKey.generate()
    let expected = try signature(key, [1, 2, 3])
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          (0..<200).allSatisfy { _ in
            let signed = try? [1, 2, 3].withUnsafeBufferPointer { try key.sign($0) }
            return signed == expected && self.verifies(key.publicKey, expected, [1, 2, 3])
          }
        }
      }
      for await allEqual in group { #expect(allEqual) }
    }
  }

  /// The error that `body` throws, if it is one of ours.
  private func refusal<Result>(_ body: () throws -> Result) -> CryptoError? {
    do {
      _ = try body()
      return nil
    } catch {
      return error as? CryptoError
    }
  }
}

/// What the `openssl` command makes, and what it thinks of ours.
@Suite(.enabled(if: OpenSSLCommand.hasEd25519, "there is no openssl command that knows -rawin"))
struct SigningKeyInteropTests {
  static let message = Array("trailmill head: 67f7f668ae6d0d5bc8d2f2397afba914d62d9eb0".utf8)

  @Test func theirKeysAndSignaturesAreTaken() throws {
    let openssl = try OpenSSLCommand()
    try openssl.write(Self.message, "message")
    try openssl.run(["genpkey", "-algorithm", "ed25519", "-out", "key"])
    try openssl.run(["pkey", "-in", "key", "-pubout", "-out", "public"])
    try openssl.run(
      ["pkeyutl", "-sign", "-rawin", "-inkey", "key", "-in", "message", "-out", "signature"])
    let (pem, proof) = (try openssl.read("key"), try openssl.read("public"))
    let key = try pem.withUnsafeBufferPointer { try SigningKey(pem: $0) }
    let publicKey = try proof.withUnsafeBufferPointer { try VerifyingKey(pem: $0) }
    #expect(key.publicKey == publicKey && key.pem == pem && publicKey.pem == proof)
    let signed = try Self.message.withUnsafeBufferPointer { try key.sign($0) }
    #expect(signed == (try openssl.read("signature")))
  }

  @Test func ourKeysAndSignaturesAreTaken() throws {
    let openssl = try OpenSSLCommand()
    let key = try SigningKey.generate()
    try openssl.write(Self.message, "message")
    try openssl.write(key.publicKey.pem, "public")
    try openssl.write(key.pem, "key")
    try openssl.write(try Self.message.withUnsafeBufferPointer { try key.sign($0) }, "signature")
    let arguments = [
      "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "public", "-in", "message", "-sigfile",
      "signature",
    ]
    try openssl.run(arguments)
    try openssl.write(Self.message + [0], "message")
    #expect(throws: OpenSSLCommand.Failure.self) { try openssl.run(arguments) }
    try openssl.run(["pkey", "-in", "key", "-pubout", "-out", "again"])
    #expect(try openssl.read("again") == key.publicKey.pem)
  }
}

/// The `openssl` command in a directory of its own.
final class OpenSSLCommand {
  struct Failure: Error {
    var arguments: [String]
    var status: Int32
  }

  static let hasEd25519: Bool = {
    guard let openssl = try? OpenSSLCommand() else { return false }
    let steps = [
      ["genpkey", "-algorithm", "ed25519", "-out", "key"],
      ["pkeyutl", "-sign", "-rawin", "-inkey", "key", "-in", "key", "-out", "signature"],
    ]
    return steps.allSatisfy { (try? openssl.run($0)) != nil }
  }()

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func run(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.currentDirectoryURL = folder.url("")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(arguments: arguments, status: process.terminationStatus)
    }
  }

  func write(_ bytes: [UInt8], _ name: String) throws {
    try folder.write(name, bytes)
  }

  func read(_ name: String) throws -> [UInt8] {
    try folder.bytes(name)
  }
}
