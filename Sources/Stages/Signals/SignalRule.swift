internal import Bytes
internal import Engine
internal import JSONText
internal import Settings
internal import Trail

/// Something that somebody should hear of.
struct SignalRule: Sendable {
  /// What it asks.
  enum Test: Sendable {
    case trailDeleted, trailDisabled, trailChanged, keyCreated, keyWidened
    case flagged(AttributionFlags)
    case ambiguous, newBlock, newCaller, signatureFailure, recordRefused, silence
    case own(Own)
  }

  /// A definition's own conditions, all of which have to hold, and perhaps how often.
  struct Own: Sendable {
    var event: Condition
    var actors: [ActorConditions] = []
    var threshold: SignalThreshold?
  }

  /// What it is called, in events and for programs.
  let name: String
  var severity: Severity
  /// What it says to people.
  let message: String
  let test: Test

  /// Most rules that hold at once, those that are built in included: 64.
  static let most = 64
  /// Longest message of a definition's own rule, in bytes.
  static let longestMessage = 500

  /// The rules that a definition need not write, in the order in which events list them.
  static let builtIn: [SignalRule] = [
    SignalRule("audit_trail_deleted", .critical, "The audit trail was deleted.", .trailDeleted),
    SignalRule(
      "audit_trail_disabled", .critical, "The audit trail was switched off.", .trailDisabled),
    SignalRule(
      "audit_trail_changed", .critical,
      "The audit trail was sent elsewhere, or holds something else from now on.", .trailChanged),
    SignalRule("api_key_created", .info, "An API key was created.", .keyCreated),
    SignalRule(
      "api_key_widened", .warning,
      "An API key may do more than before: its scopes or its allow list grew.", .keyWidened),
    SignalRule(
      "key_used_after_expiry", .critical, "An API key was used after it had expired.",
      .flagged(.keyExpired)),
    SignalRule(
      "key_used_after_deletion", .critical, "An API key was used after it had been deleted.",
      .flagged(.keyDeleted)),
    SignalRule(
      "untrusted_issuer", .critical,
      "An API key was used with a token of an issuer that is not trusted.",
      .flagged(.untrustedIssuer)),
    SignalRule(
      "attribution_ambiguous", .info,
      "Nobody can say who used the API key: several tokens fit, and differ.", .ambiguous),
    SignalRule(
      "new_address_block", .warning,
      "An API key was used from a block of addresses that it was not used from before.", .newBlock),
    SignalRule(
      "new_caller", .warning,
      "An API key was used by somebody who had not used it before.", .newCaller),
    SignalRule(
      "signature_failure", .warning, "A delivery came without a valid signature.",
      .signatureFailure),
    recordRefused,
    SignalRule(
      "silence", .warning, "An account that sends nearly every day has sent nothing.", .silence),
  ]

  /// The one rule that also holds where no stage looks for signals.
  static let recordRefused = SignalRule(
    "record_refused", .warning, "The intake turned a record away.", .recordRefused)

  private init(_ name: String, _ severity: Severity, _ message: String, _ test: Test) {
    self.name = name
    self.severity = severity
    self.message = message
    self.test = test
  }

  /// A definition's own rule.
  init(
    _ entry: Settings, _ context: inout StageContext, _ claims: inout PointerTable
  ) throws {
    name = try entry.string("name")
    guard SignalRule.isName(name) else {
      throw entry.error("name", "must be 1 to 64 of a-z, 0-9, \"_\" and \"-\"")
    }
    severity = try entry.choice("severity", default: Severity.warning)
    message = try entry.string("message")
    guard !message.isEmpty, message.utf8.count <= SignalRule.longestMessage else {
      throw entry.error(
        "message", "must be 1 to \(SignalRule.longestMessage) bytes long (longest_message)")
    }
    var conditions: [Condition] = []
    var own = Own(event: .all([]))
    for condition in try entry.objects("where") {
      // As in `classify`, or else as in `select`.
      if ActorConditions.keys.contains(where: { condition.has($0) }), !condition.has("pointer") {
        own.actors.append(try ActorConditions(condition, &context, &claims))
      } else {
        conditions.append(try Condition(condition, &context.pointers))
      }
    }
    own.event = .all(conditions)
    own.threshold = try SignalThreshold(entry, &context)
    guard !conditions.isEmpty || !own.actors.isEmpty else {
      throw entry.error(
        "where", "needs a condition: [{ pointer: \"/action\", matches: \"stack.*\" }]")
    }
    test = .own(own)
  }

  private static func isName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy {
        $0 &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
      }
  }
}

/// How often something has to happen to be a signal.
struct SignalThreshold: Sendable {
  /// What is counted apart.
  enum Group: Sendable {
    case slot(Int)
    case role(Role)
    case displayActor
  }

  /// So many events, 1 to 1,000.
  let atLeast: Int
  /// In so long a time, in microseconds; nil for the whole run.
  let within: Int64?
  /// By this value; nil for all events together.
  let group: Group?

  static let range = 1...1000

  /// Nil if the rule says none.
  init?(_ entry: Settings, _ context: inout StageContext) throws {
    let count = try entry.optionalInt("at_least", range: SignalThreshold.range)
    var within: Int64?
    if let text = try entry.optionalString("within") {
      // A hundred years, so that sums of times stay in range.
      guard let seconds = Units.seconds(text), (1...3_155_760_000).contains(seconds) else {
        throw entry.error("within", "must be a duration such as 10m or 1h, found \"\(text)\"")
      }
      within = Int64(seconds) * 1_000_000
    }
    let per = try entry.optionalString("per")
    guard let count else {
      for (key, value) in [("within", within == nil), ("per", per == nil)] where !value {
        throw entry.error(key, "needs \"at_least\", how often it has to happen")
      }
      return nil
    }
    atLeast = count
    self.within = within
    group = try per.map { try SignalThreshold.group($0, entry, &context) }
  }

  private static func group(
    _ text: String, _ entry: Settings, _ context: inout StageContext
  ) throws -> Group {
    if text.utf8.first == UInt8(ascii: "/") {
      return .slot(context.pointers.slot(try entry.pointer(text, of: "per")))
    }
    if text == "display_actor" { return .displayActor }
    guard let role = Role(rawValue: text) else {
      let known = Role.allCases.map(\.rawValue) + ["display_actor"]
      throw entry.error(
        "per", "must be a pointer or one of \(known.joined(separator: ", ")), found \"\(text)\"")
    }
    return .role(role)
  }
}
