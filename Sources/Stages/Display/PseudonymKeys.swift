package import Crypto
package import Disk
package import Settings

/// What makes the pseudonyms that a stage `display_actor` keeps or shows.
package enum PseudonymKeys {
  /// Claims with their keys, as the stage's settings have them; those that cannot be read are left to
  /// `check`.
  package static func read(
    _ stage: JSON5Value, disk: Disk, environment: [String: String]
  ) throws -> [(claim: String, key: HMACKey)] {
    let shown = elements(stage["policies"]).flatMap { elements($0["show"]) }
    let kept = elements(stage["retain"])
    var keys: [(claim: String, key: HMACKey)] = []
    for (entry, name) in shown.map({ ($0, "claim") }) + kept.map({ ($0, "name") }) {
      guard entry["as"]?.string == "hmac", let claim = entry[name]?.string,
        let secret = entry["secret"]
      else { continue }
      let source = try SecretSource(try Settings(secret, what: "a secret"))
      let bytes = try source.bytes(disk: disk, environment: environment)
      let key = try bytes.withUnsafeBufferPointer { try HMACKey(secret: $0, hash: .sha256) }
      keys.append((claim, key))
    }
    return keys
  }

  /// The elements of an array; a value by itself where it is none.
  private static func elements(_ value: JSON5Value?) -> [JSON5Value] {
    guard let value else { return [] }
    if case .array(let elements) = value.content { return elements }
    return [value]
  }
}
