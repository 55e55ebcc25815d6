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
    settings.hideValues()
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

  /// The secret. Of a file one line end is cut off. An unset variable, an unreadable file, an empty secret
  /// and one that can hardly be meant (blank, or with what an editor or a shell has left in it) are errors.
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
    if let fault = SecretSource.fault(ofVariable: value) {
      throw position.error("\"env\" names \(name), which \(fault)")
    }
    return Array(value.utf8)
  }

  /// What is wrong with the value of a variable, and what to do; nil if it can be a secret.
  package static func fault(ofVariable value: String) -> String? {
    if value.isEmpty { return "is empty: set it to the secret" }
    if value.utf8.allSatisfy(isBlank) { return "is blank: set it to the secret" }
    // Bytes that are no UTF-8 become U+FFFD where the environment is read.
    if value.unicodeScalars.contains("\u{FFFD}") {
      return "holds bytes that are no UTF-8: keep such a secret in a file, { file: \"PATH\" }"
    }
    if let last = value.utf8.last, last == 0x0A || last == 0x0D, !value.hasPrefix("-----BEGIN") {
      return "ends in a line feed, which is hardly part of the secret: set it without"
    }
    return nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  /// True for `AUDIT_SECRET_2`. Anything else may be the secret itself, written where its variable's name
  /// belongs, or filled in there with `${env:…}`; that is not for the log.
  package static func isPlainName(_ name: String) -> Bool {
    let words = name.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    guard name.utf8.count <= 64 else { return false }
    let isAlone = words.count == 1
    return words.allSatisfy { word in
      let letters = word.prefix { (0x41...0x5A).contains($0) }
      let digits = word.dropFirst(letters.count)
      return letters.count <= (isAlone ? 12 : 16) && digits.count <= (isAlone ? 2 : 4)
        && (!isAlone || !letters.isEmpty) && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
  }

  private func bytes(file path: String, _ disk: Disk) throws(SettingsError) -> [UInt8] {
    var content = ByteBuffer()
    do {
      let file = try disk.open(path)
      while content.count <= 1 << 16, try file.read(into: &content, upTo: 1 << 12) > 0 {}
      try file.close()
    } catch {
      // Not its name: it may be the secret itself, in the place of a file's name.
      let reason =
        error.isMissing
        ? "there is none" : error.isForbidden ? "no permission" : "error \(error.errno)"
      throw position.error(
        "\"file\" names a file that cannot be read (\(reason)): give the path of the file that holds the"
          + " secret")
    }
    guard content.count <= 1 << 16 else {
      throw position.error("\"file\" names \(path), which is no secret: it exceeds 64 KiB")
    }
    guard !content.view.starts(with: [0xEF, 0xBB, 0xBF]) else {
      throw position.error(
        "\"file\" names \(path), which begins with a byte order mark, which is hardly part of the secret:"
          + " save it without")
    }
    var secret = content.bytes
    if secret.last == 0x0A { secret.removeLast() }
    if secret.last == 0x0D { secret.removeLast() }
    guard !secret.allSatisfy(SecretSource.isBlank) else {
      throw position.error(
        "\"file\" names \(path), which is \(secret.isEmpty ? "empty" : "blank"): put the secret there"
      )
    }
    return secret
  }
}
