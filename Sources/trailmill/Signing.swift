internal import Crypto
internal import History
internal import Bytes
internal import Definition
internal import Disk
internal import Settings
internal import Stages

/// Makes what signs manifests out of keys in PEM.
enum Signing {
  static let options = [
    OptionSyntax(
      name: "signing-key", value: "FILE", summary: "sign the manifest with this Ed25519 key (PEM)"),
    OptionSyntax(
      name: "previous-signing-key", value: "FILE",
      summary: "the key that signed before, to endorse the new one"),
  ]

  /// What the definition's output says; nil if manifests are not to be signed.
  static func signer(
    _ output: PipelineDefinition.ArchiveOutput, _ disk: Disk, _ environment: [String: String]
  ) throws -> ManifestSigner? {
    guard let key = try output.signingKey?.bytes(disk: disk, environment: environment) else {
      return nil
    }
    return try signer(
      key, previous: try output.previousSigningKey?.bytes(disk: disk, environment: environment))
  }

  /// What the command line says.
  static func signer(_ arguments: CommandArguments, _ disk: Disk) throws -> ManifestSigner? {
    guard let path = arguments.value("signing-key") else { return nil }
    return try signer(
      try contents(path, disk),
      previous: try arguments.value("previous-signing-key").map { try contents($0, disk) })
  }

  private static func signer(_ pem: [UInt8], previous: [UInt8]?) throws -> ManifestSigner {
    let key = try pem.withUnsafeBufferPointer { try SigningKey(pem: $0) }
    let last = try previous.map { try $0.withUnsafeBufferPointer { try SigningKey(pem: $0) } }
    return ManifestSigner(
      publicKey: key.publicKey.hex, sign: { try key.sign($0) },
      previous: last.map { last in (last.publicKey.hex, { try last.sign($0) }) })
  }

  private static func contents(_ path: String, _ disk: Disk) throws -> [UInt8] {
    let file = try disk.open(path)
    var bytes = ByteBuffer()
    while bytes.count <= SigningKey.longestFile, try file.read(into: &bytes, upTo: 1 << 12) > 0 {}
    try file.close()
    return bytes.bytes
  }
}
