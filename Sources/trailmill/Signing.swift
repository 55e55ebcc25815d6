internal import Crypto
internal import History
internal import Bytes
internal import Pipeline
internal import Disk
internal import Settings

/// Makes what signs manifests out of keys in PEM.
enum Signing {
  static let options = [
    OptionSyntax(
      name: "signing-key", value: "FILE", summary: "sign the manifest with this Ed25519 key (PEM)"),
    OptionSyntax(
      name: "previous-signing-key", value: "FILE",
      summary: "the key that signed before, to endorse the new one"),
  ]

  /// What the command line says.
  static func signer(_ arguments: CommandArguments, _ disk: Disk) throws -> ManifestSigner? {
    guard let path = arguments.value("signing-key") else { return nil }
    return try ManifestSigner(
      pem: try contents(path, disk),
      previous: try arguments.value("previous-signing-key").map { try contents($0, disk) })
  }

  private static func contents(_ path: String, _ disk: Disk) throws -> [UInt8] {
    let file = try disk.open(path)
    var bytes = ByteBuffer()
    while bytes.count <= SigningKey.longestFile, try file.read(into: &bytes, upTo: 1 << 12) > 0 {}
    try file.close()
    return bytes.bytes
  }
}
