internal import Bytes
package import JSONText
package import Settings

/// How an event tells that a credential was issued, and where it keeps what.
public struct CredentialRule: Sendable {
  /// How long something lasts: seconds that the event says, or that the rule says.
  enum Length: Sendable {
    case pointers([JSONPointer])
    case seconds(Int)
  }

  /// Who asked for the credential.
  struct Asker: Sendable {
    var key: [LearnedValue] = []
    var token: [LearnedValue] = []
    var actor: [LearnedValue] = []
  }

  /// Longest time that a credential may last: 3660 days.
  static let longest = 3660 * 86_400

  /// For which events it is.
  let condition: Condition
  /// The key that the credential is one of; for one that is its own key the same as `token`.
  let key: [LearnedValue]
  /// The credential.
  let token: [LearnedValue]
  /// The run that it was issued to.
  let run: [LearnedValue]
  /// When it was issued; the event's time where there is none.
  let issuedAt: [JSONPointer]
  /// When it expires.
  let expiresAt: [JSONPointer]
  /// How long it lasts, where the event does not say when it expires.
  let lasts: Length?
  /// When the session ends that it was exchanged for.
  let sessionExpiresAt: [JSONPointer]
  /// How long that session lasts.
  let session: Length?
  /// Claims by name, in the order in which the rule has them.
  let claims: [(name: String, values: [LearnedValue])]
  /// Who asked.
  let via: Asker
  /// Places that have the same value in each event that is made with it.
  let places: [JSONPointer]

  init(_ settings: Settings, _ table: inout PointerTable) throws(SettingsError) {
    guard let when = try settings.object("when") else {
      throw settings.error("when", "is missing: say for which events the rule is")
    }
    condition = try Condition(when, &table)
    try when.finish()
    key = try LearnedValue.list(settings, "key_id")
    guard !key.isEmpty else { throw settings.error("key_id", "needs a pointer to the key's id") }
    token = try LearnedValue.list(settings, "token_id")
    run = try LearnedValue.list(settings, "run_id")
    issuedAt = try CredentialRule.pointers(settings, "issued_at")
    expiresAt = try CredentialRule.pointers(settings, "expires_at")
    lasts = try CredentialRule.length(settings, "lasts")
    sessionExpiresAt = try CredentialRule.pointers(settings, "session_expires_at")
    session = try CredentialRule.length(settings, "session")
    claims = try CredentialRule.claims(settings)
    via = try settings.object("via").map(CredentialRule.asker) ?? Asker()
    places = try CredentialRule.pointers(settings, "where")
    try settings.finish()
  }

  private static func asker(_ settings: Settings) throws(SettingsError) -> Asker {
    let asker = Asker(
      key: try LearnedValue.list(settings, "key_id"),
      token: try LearnedValue.list(settings, "token_id"),
      actor: try LearnedValue.list(settings, "actor"))
    guard asker.token.isEmpty || !asker.key.isEmpty else {
      throw settings.error("token_id", "names a token: \"key_id\" has to say of which key")
    }
    try settings.finish()
    return asker
  }

  private static func pointers(
    _ settings: Settings, _ key: String
  ) throws(SettingsError) -> [JSONPointer] {
    var pointers: [JSONPointer] = []
    for text in try settings.strings(key, default: []) {
      pointers.append(try LearnedValue.pointer(text, settings, key))
    }
    return pointers
  }

  /// `"10h"`, or pointers to a number of seconds.
  private static func length(
    _ settings: Settings, _ key: String
  ) throws(SettingsError) -> Length? {
    guard let value = settings.value(key) else { return nil }
    guard let text = value.string, text.utf8.first != UInt8(ascii: "/") else {
      return .pointers(try pointers(settings, key))
    }
    return .seconds(try settings.duration(key, range: 1...longest))
  }

  private static func claims(
    _ settings: Settings
  ) throws(SettingsError) -> [(name: String, values: [LearnedValue])] {
    guard let value = settings.value("claims") else { return [] }
    guard case .object(let members) = value.content else {
      throw value.position.error(
        "\"claims\" must be an object: { sub: \"/userIdentity/arn\" }, found \(value.kind)")
    }
    let object = try Settings(value, what: "\"claims\"")
    var claims: [(name: String, values: [LearnedValue])] = []
    for member in members {
      claims.append((member.key, try LearnedValue.list(object, member.key)))
    }
    try object.finish()
    return claims
  }

  /// Refuses what says nothing of an event in which a token is exchanged for a session.
  func requireExchange(_ settings: Settings) throws(SettingsError) {
    guard token.isEmpty, run.isEmpty else {
      throw settings.error(
        token.isEmpty ? "run_id" : "token_id",
        "is none of a session, which no event names: the token that is exchanged is via.token_id")
    }
    guard claims.isEmpty else {
      throw settings.error("claims", "are those of the token that is exchanged: leave it out")
    }
    guard session != nil || !sessionExpiresAt.isEmpty else {
      throw settings.error("session", "is missing: say how long a session lasts, \"10h\"")
    }
  }

  /// All places that are looked at in an event for which the rule is.
  var pointers: [JSONPointer] {
    var pointers = issuedAt + expiresAt + sessionExpiresAt + places
    for length in [lasts, session] {
      if case .pointers(let more) = length { pointers += more }
    }
    let values = key + token + run + via.key + via.token + via.actor + claims.flatMap(\.values)
    return pointers + values.flatMap(\.pointers)
  }
}

/// The rules by which events are found that issue a credential; of those that hold for an event the first
/// counts.
public struct CredentialRules: Sendable {
  /// The rules, in the order in which they are tried.
  public internal(set) var rules: [CredentialRule] = []
  /// What is known of exchanges, where the rules are about these.
  public private(set) var terms = SessionTerms()
  /// Forms of times that the vendor has inside of events, beside those that are always read; nil for none.
  let vendorTimes: TimeFormats?

  /// Built-in rules by dialect, in the form in which a file has them.
  public static let builtIn: [String: String] = [
    "cloudtrail": CloudTrail.credentials, "github": GitHub.runs, "spacelift": Spacelift.runs,
  ]

  /// The rules of `file`, a document such as `{ rules: [{ when: …, key_id: "/key", token_id: "/id" }] }`,
  /// and behind them those that are built in for `dialect`.
  package init(
    file: JSON5Value?, dialect: String?, table: inout PointerTable
  ) throws(SettingsError) {
    vendorTimes = LearnedTime.vendorTimes(of: dialect)
    try RuleFile.read(
      file, dialect.flatMap { CredentialRules.builtIn[$0] }, dialect,
      root: { (root) throws(SettingsError) in
        guard !root.has("sessions") else {
          throw root.error(
            "sessions", "is about exchanges: it is for claims learn --sessions STORE")
        }
      },
      { (settings) throws(SettingsError) in rules.append(try CredentialRule(settings, &table)) })
  }

  /// The rules of `file` by which events are found in which a token is exchanged for a session, such as
  /// `{ sessions: { once: true }, rules: [{ when: …, key_id: "/key", where: ["/ip"], session: "10h" }] }`.
  package init(
    exchanges file: JSON5Value, dialect: String?, table: inout PointerTable
  ) throws(SettingsError) {
    vendorTimes = LearnedTime.vendorTimes(of: dialect)
    try RuleFile.read(
      file, nil, dialect,
      root: { (root) throws(SettingsError) in terms = try SessionTerms(root) },
      { (settings) throws(SettingsError) in
        let rule = try CredentialRule(settings, &table)
        try rule.requireExchange(settings)
        rules.append(rule)
      })
  }

  /// How long the sessions last at most that these rules open, in microseconds; nil if that is not known.
  var longestSession: Int64? {
    var longest: Int64 = 0
    for rule in rules {
      guard rule.sessionExpiresAt.isEmpty, case .seconds(let seconds) = rule.session else {
        return nil
      }
      longest = max(longest, Int64(seconds) * 1_000_000)
    }
    return longest
  }

  /// For which events each rule is.
  public var conditions: [Condition] { rules.map(\.condition) }
}
