internal import Archive
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
  static let start = Option(
    "signing-from", .digest,
    "signing begins behind the commit with this head, which is the newest and not signed")
  static let all: [any AnyOption] = [key, previousKey, start]

  let key: String?
  let previousKey: String?
  /// The head of the newest commit that is rightly not signed.
  let start: Digest256?

  init(_ arguments: CommandArguments) throws(UsageError) {
    key = try arguments.value(SigningOptions.key)
    previousKey = try arguments.value(SigningOptions.previousKey)
    start = try arguments.value(SigningOptions.start)
    guard start == nil || key != nil else {
      throw UsageError("--signing-from needs --signing-key: it says where signing begins")
    }
  }

  /// What signs; nil if no key is named.
  func signer(_ disk: Disk) throws -> ManifestSigner? {
    guard let key else { return nil }
    return try ManifestSigner(
      pem: try SigningOptions.contents(key, disk),
      previous: try previousKey.map { try SigningOptions.contents($0, disk) })
  }

  /// Throws if a commit with this signer cannot go on from the newest one of an archive.
  func require(_ archive: ArchiveDirectory, _ signer: ManifestSigner?) throws {
    try SigningContinuity.require(archive, signer, from: start)
  }

  private static func contents(_ path: String, _ disk: Disk) throws -> [UInt8] {
    let file = try disk.open(path)
    var bytes = ByteBuffer()
    while bytes.count <= SigningKey.longestFile, try file.read(into: &bytes, upTo: 1 << 12) > 0 {}
    try file.close()
    return bytes.bytes
  }
}
