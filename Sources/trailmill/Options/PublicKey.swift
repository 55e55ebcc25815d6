internal import Bytes
internal import Crypto
internal import Disk
internal import Settings

/// A public key that a command line gives: as 64 hexadecimal digits, or in a file of that name.
enum PublicKey {
  static func read(_ text: String, _ disk: Disk) throws -> VerifyingKey {
    var digits = text
    if let key = digits.withUTF8({ VerifyingKey(hex: $0) }) { return key }
    return try readFile(text, disk)
  }

  /// The public key that a file holds, or the public half of the private one.
  static func readFile(_ path: String, _ disk: Disk) throws -> VerifyingKey {
    var text = ByteBuffer()
    do {
      let file = try disk.open(path)
      while text.count <= SigningKey.longestFile, try file.read(into: &text, upTo: 1 << 12) > 0 {}
    } catch {
      throw UsageError("\(error): name a key file")
    }
    do {
      return try VerifyingKey(publicOrPrivatePEM: text.view)
    } catch {
      guard error.kind == .setting else { throw error }
      throw UsageError("\(path): \(error)")
    }
  }

  /// True if `signature` is that of a message by a key in hexadecimal.
  @Sendable static func verifies(
    _ key: String, _ signature: ByteView, _ message: ByteView
  ) -> Bool {
    var key = key
    return key.withUTF8 { VerifyingKey(hex: $0) }?.verifies(signature, of: message) ?? false
  }
}
