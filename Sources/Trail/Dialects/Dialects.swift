internal import JSONText

// Each vendor has a file of its own, with the tables of where its events keep what: what a vendor
// changes is changed in one place, and fixtures/dialects says with which events it was tried.

extension Dialect {
  /// The dialects that a definition can name, by name.
  public static let builtIn: [String: Dialect] = [
    "cloudtrail": Dialect(
      "cloudtrail", CloudTrail.roles, claimNames: CloudTrail.claimNames,
      tokens: CloudTrail.temporaryKeys),
    "coder": Dialect("coder", Coder.roles, texts: Coder.texts),
    "github": Dialect("github", GitHub.roles),
    "spacelift": Dialect("spacelift", Spacelift.roles),
  ]

  private init(
    _ name: String, _ table: [(Role, [StaticString])], texts: [StaticString] = [],
    claimNames: [String?] = [], tokens prefix: String = ""
  ) {
    var pointers: [Role: [JSONPointer]] = [:]
    for (role, texts) in table { pointers[role] = texts.map { JSONPointer(literal: $0) } }
    self.init(name: name, pointers: pointers)
    base = name
    self.texts = texts.map { JSONPointer(literal: $0) }
    self.claimNames = claimNames
    tokenPrefix = prefix
  }
}
