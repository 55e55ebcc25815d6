internal import Bytes
package import Disk
package import Settings

/// Where a secret is kept: `{ env: "NAME" }` or `{ file: "PATH" }`. Never in the definition itself.
package struct SecretSource: Sendable {
  private enum Place: Sendable {
    case variable(String)
    case file(String)
  }

  private let place: Place
  private let position: SourcePosition

  /// Reads where; the secret itself is read later. A secret in the definition is an error.
  package init(_ settings: Settings) throws(SettingsError) {
    if settings.has("value") {
      throw settings.error(
        "value", "would put a secret into the definition: use { env: \"NAME\" }")
    }
    let variable = try settings.optionalString("env")
    let path = try settings.optionalString("file")
    switch (variable, path) {
    case (let name?, nil):
      guard !name.isEmpty else { throw settings.error("env", "is empty: name a variable") }
      place = .variable(name)
      position = settings.position(of: "env")
    case (nil, let path?):
      place = .file(path)
      position = settings.position(of: "file")
    default:
      throw settings.position.error(
        "\(settings.what) needs one of \"env\" and \"file\": { env: \"NAME\" }")
    }
  }

  /// The secret. Of a file one line end is cut off. An unset variable, an unreadable file and an empty
  /// secret are errors.
  package func bytes(
    disk: Disk, environment: [String: String]
  ) throws(SettingsError) -> [UInt8] {
    switch place {
    case .variable(let name): try bytes(variable: name, environment)
    case .file(let path): try bytes(file: path, disk)
    }
  }

  private func bytes(
    variable name: String, _ environment: [String: String]
  ) throws(SettingsError) -> [UInt8] {
    guard let value = environment[name] else {
      throw position.error(
        SecretSource.isPlainName(name)
          ? "\"env\" names \(name), which is not set: set it to the secret"
          : "\"env\" names a variable that is not set: give the variable's name, not the secret")
    }
    guard !value.isEmpty else {
      throw position.error("\"env\" names \(name), which is empty: set it to the secret")
    }
    return Array(value.utf8)
  }

  /// True for `AUDIT_SECRET`. Anything else may be the secret itself, written where its variable's name
  /// belongs, or filled in there with `${env:…}`; that is not for the log.
  private static func isPlainName(_ name: String) -> Bool {
    name.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
  }

  private func bytes(file path: String, _ disk: Disk) throws(SettingsError) -> [UInt8] {
    var content = ByteBuffer()
    do {
      let file = try disk.open(path)
      while content.count <= 1 << 16, try file.read(into: &content, upTo: 1 << 12) > 0 {}
      try file.close()
    } catch {
      throw position.error("\"file\" names a secret that cannot be read: \(error)")
    }
    guard content.count <= 1 << 16 else {
      throw position.error("\"file\" names \(path), which is no secret: it exceeds 64 KiB")
    }
    var secret = content.bytes
    if secret.last == 0x0A { secret.removeLast() }
    if secret.last == 0x0D { secret.removeLast() }
    guard !secret.isEmpty else {
      throw position.error("\"file\" names \(path), which is empty: put the secret there")
    }
    return secret
  }
}
