internal import Bytes
internal import CommandLine
internal import Crypto
internal import Disk
internal import History
internal import Pipeline
internal import Settings

/// The keys that a command line names to sign the manifest of a commit.
struct SigningOptions {
  static let key = Option(
    "signing-key", .file(), "sign the manifest with this Ed25519 key (PEM)")
  static let previousKey = Option(
    "previous-signing-key", .file(), "the key that signed before, to endorse the new one")
  static let all: [any AnyOption] = [key, previousKey]

  let key: String?
  let previousKey: String?

  init(_ arguments: CommandArguments) throws(UsageError) {
    key = try arguments.value(SigningOptions.key)
    previousKey = try arguments.value(SigningOptions.previousKey)
  }

  /// What signs; nil if no key is named.
  func signer(_ disk: Disk) throws -> ManifestSigner? {
    guard let key else { return nil }
    return try ManifestSigner(
      pem: try SigningOptions.contents(key, disk),
      previous: try previousKey.map { try SigningOptions.contents($0, disk) })
  }

  private static func contents(_ path: String, _ disk: Disk) throws -> [UInt8] {
    let file = try disk.open(path)
    var bytes = ByteBuffer()
    while bytes.count <= SigningKey.longestFile, try file.read(into: &bytes, upTo: 1 << 12) > 0 {}
    try file.close()
    return bytes.bytes
  }
}
