internal import Stages
internal import Bytes
internal import Crypto
internal import Definition
package import History

extension ManifestSigner {
  /// What signs the manifests of a definition's output; nil if they are not to be signed.
  init?(_ output: PipelineDefinition.ArchiveOutput, _ environment: RunEnvironment) throws {
    let (disk, variables) = (environment.disk, environment.variables)
    guard let key = try output.signingKey?.bytes(disk: disk, environment: variables) else {
      return nil
    }
    try self.init(
      pem: key,
      previous: try output.previousSigningKey?.bytes(disk: disk, environment: variables))
  }

  /// What signs with a private key in PEM. `previous` is the key that signed before, to endorse this one.
  package init(pem: [UInt8], previous: [UInt8]?) throws {
    let key = try pem.withUnsafeBufferPointer { try SigningKey(pem: $0) }
    let last = try previous.map { try $0.withUnsafeBufferPointer { try SigningKey(pem: $0) } }
    self.init(
      publicKey: key.publicKey.hex, sign: { try key.sign($0) },
      previous: last.map { last in (last.publicKey.hex, { try last.sign($0) }) })
  }
}
