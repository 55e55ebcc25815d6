internal import Bytes
internal import JSONText
internal import Settings

/// Files of rules by which something is learned from events: `{ rules: [ … ] }`.
enum RuleFile {
  /// Hands the rules of `file` to `body`, and then those of `builtIn`, the text of a file for a dialect.
  /// `root` is handed what else a file says.
  static func read(
    _ file: JSON5Value?, _ builtIn: String?, _ dialect: String?,
    root: (Settings) throws(SettingsError) -> Void = { _ in },
    _ body: (Settings) throws(SettingsError) -> Void
  ) throws(SettingsError) {
    if let file { try read(file, root, body) }
    guard let builtIn else { return }
    let parsed = try Array(builtIn.utf8).withUnsafeBufferPointer { (bytes) throws(SettingsError) in
      try JSON5.parse(bytes, file: "the rules for \(dialect ?? "events")")
    }
    try read(parsed, root, body)
  }

  private static func read(
    _ document: JSON5Value, _ rest: (Settings) throws(SettingsError) -> Void,
    _ body: (Settings) throws(SettingsError) -> Void
  ) throws(SettingsError) {
    let root = try Settings(document, what: "a file of rules")
    try rest(root)
    guard root.has("rules") else {
      try root.finish()
      throw root.error("rules", "is missing: a file of rules is { rules: [ … ] }")
    }
    for settings in try root.objects("rules") { try body(settings) }
    try root.finish()
  }
}
