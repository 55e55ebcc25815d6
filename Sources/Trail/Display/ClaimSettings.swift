internal import Bytes
package import Settings

// How settings of several stages name claims and issuers, and what they require of them.

extension Settings {
  /// The claim that is named at `key` or, in its place, by a pointer at `pointer`.
  package func claimName(_ key: String) throws(SettingsError) -> ClaimName {
    guard let pointer = try optionalString("pointer") else { return ClaimName(try string(key)) }
    guard !has(key) else {
      throw error("pointer", "says in another way what \"\(key)\" says: give one of the two")
    }
    return ClaimName(pointer: pointer)
  }

  /// The issuers or patterns at `key`; nil if it is left out.
  package func issuerPatterns(_ key: String) throws(SettingsError) -> [IssuerPattern]? {
    guard let texts = try optionalStrings(key) else { return nil }
    var patterns: [IssuerPattern] = []
    for text in texts {
      do { patterns.append(try IssuerPattern(text)) } catch { throw self.error(key, "\(error)") }
    }
    return patterns
  }

  /// What claims have to be, at `require`; nil if it is left out. Either an object by the names of claims, or
  /// an array of `{ claim, is }` and `{ pointer, is }`, for claims that are named by a pointer only.
  package func requiredClaims() throws(SettingsError) -> [RequiredClaim]? {
    guard let value = value("require") else { return nil }
    var required: [RequiredClaim] = []
    switch value.content {
    case .object(let members):
      for member in members where member.value.content != .null {
        required.append(
          RequiredClaim(ClaimName(member.key), values: try Settings.values(member.value)))
      }
    case .array(let elements):
      for element in elements {
        let entry = try Settings(element, what: "an element of \"require\"")
        let claim = try entry.claimName("claim")
        guard let wanted = entry.value("is") else {
          throw element.position.error(
            "an element of \"require\" needs \"is\", what the claim has to be")
        }
        required.append(RequiredClaim(claim, values: try Settings.values(wanted)))
        try entry.finish()
      }
    default:
      throw value.position.error(
        "\"require\" must be an object { claim: value } or an array of objects { claim, is }, found"
          + " \(value.kind)")
    }
    return required
  }

  private static func values(_ value: JSON5Value) throws(SettingsError) -> [RequiredClaim.Value] {
    guard case .array(let elements) = value.content else { return [try Settings.value(value)] }
    var values: [RequiredClaim.Value] = []
    for element in elements { values.append(try Settings.value(element)) }
    return values
  }

  private static func value(_ value: JSON5Value) throws(SettingsError) -> RequiredClaim.Value {
    switch value.content {
    case .string(let text): return .text(Glob(text))
    case .bool(let bool): return .bool(bool)
    case .number(let number):
      guard let json = number.json else {
        throw value.position.error(
          "\"require\" cannot ask for \(number.text): no claim has such a number")
      }
      return .number(Array(json.utf8))
    case .null, .array, .object:
      throw value.position.error(
        "\"require\" asks for strings, numbers, booleans and lists of these, found \(value.kind)")
    }
  }
}

extension [RequiredClaim] {
  /// True if nobody can have what is required.
  package var holdForNobody: Bool { isEmpty || contains { $0.values.isEmpty } }
}
