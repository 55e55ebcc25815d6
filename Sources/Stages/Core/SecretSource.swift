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
    let path = try settings.optionalPath("file")
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
        PlainName.isVariable(name)
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
    if isBlank(Array(value.utf8)) { return "is blank: set it to the secret" }
    if value.unicodeScalars.first == "\u{FEFF}" {
      return "begins with a byte order mark, which is hardly part of the secret: set it without"
    }
    // Bytes that are no UTF-8 become U+FFFD where the environment is read.
    if value.unicodeScalars.contains("\u{FFFD}") {
      return "holds bytes that are no UTF-8: keep such a secret in a file, { file: \"PATH\" }"
    }
    if let last = value.utf8.last, last == 0x0A || last == 0x0D, !value.hasPrefix("-----BEGIN") {
      return "ends in a line feed, which is hardly part of the secret: set it without"
    }
    return nil
  }

  /// True if nothing is left of a secret without white space, characters that show nothing, and NUL. HMAC
  /// fills keys up with NUL: a secret of nothing else is the empty one.
  private static func isBlank(_ secret: [UInt8]) -> Bool {
    let isText = secret.withUnsafeBufferPointer { UTF8Text.isValid($0) }
    return isText
      && String(decoding: secret, as: UTF8.self).unicodeScalars.allSatisfy { scalar in
        scalar.value == 0 || scalar.properties.isWhitespace
          || !scalar.isASCII && DeceptiveText.isDeceptive(scalar)
      }
  }

  /// True for UTF-16 and UTF-32 as editors and shells write them, with a byte order mark or, in ASCII's part,
  /// without one.
  private static func isWideText(_ secret: [UInt8]) -> Bool {
    let marks: [[UInt8]] = [[0xFF, 0xFE], [0xFE, 0xFF], [0, 0, 0xFE, 0xFF]]
    if marks.contains(where: { secret.starts(with: $0) }) { return true }
    guard secret.count >= 4, secret.count.isMultiple(of: 2) else { return false }
    return [0, 1].contains { zero in
      secret.indices.allSatisfy { ($0 % 2 == zero) == (secret[$0] == 0) && secret[$0] < 0x7F }
    }
  }

  /// What is wrong with the contents of a secret's file, and what to do; nil if they can be a secret.
  private static func fault(ofFile content: [UInt8]) -> String? {
    if content.starts(with: [0xEF, 0xBB, 0xBF]) {
      return "begins with a byte order mark, which is hardly part of the secret: save it without"
    }
    if isWideText(content) { return "is UTF-16 or UTF-32 text: save it as UTF-8" }
    guard isBlank(content) else { return nil }
    let isEmpty = content.allSatisfy { $0 == 0x0A || $0 == 0x0D }
    return "is \(isEmpty ? "empty" : "blank"): put the secret there"
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
    var secret = content.bytes
    if let fault = SecretSource.fault(ofFile: secret) {
      throw position.error("\"file\" names \(path), which \(fault)")
    }
    if secret.last == 0x0A { secret.removeLast() }
    if secret.last == 0x0D { secret.removeLast() }
    return secret
  }
}
