internal import Bytes
package import Engine
internal import JSONText
package import Settings
internal import Trail

/// Marks events that somebody should hear of, and lists them.
package enum FlagSignals: StageDefinition {
  /// Stages whose results it looks at.
  static let results: Set<String> = ["resolve_keys", "display_actor", "classify"]
  /// Stages that hide what its list would show.
  static let hiding: Set<String> = ["redact", "strip_tokens"]

  package static let manual = StageManual(
    name: "flag_signals",
    summary: "Marks events that somebody should hear of, and lists them.",
    details: [
      "Built in: "
        + SignalRule.builtIn.map { "`\($0.name)` (\($0.severity.rawValue))" }.joined(
          separator: ", ")
        + ". What each means is told in signals.md. The event gets the names of the rules that hold in the"
        + " member `signals`; the list goes to the archive and, with `output.signals` or `--signals`, to a"
        + " file or descriptor; with `output.fail_on` the run ends with code 7.",
      "A rule of the definition's own is { name, severity, message, where, at_least, within, per }. `where`"
        + " has conditions as in `select` or, of the actor, as in `classify`; all must hold. With `at_least`"
        + " (up to 1,000) it takes so"
        + " many events, by their own times no further apart than `within`, and with `per` (a pointer, a role"
        + " of the dialect or `display_actor`) so many with the same value; then the counting begins anew.",
      "It turns nothing away. What it lists has to be what is written: no stage that can turn records away,"
        + " or drops them, can come after this one.",
    ],
    settings: [
      SettingManual(
        "rules", "names", standard: "all that are built in", "The built-in rules that are wanted."),
      SettingManual("except", "names", standard: "none", "The built-in rules that are not."),
      SettingManual(
        "severity", "object of \"info\", \"warning\" or \"critical\" by name",
        standard: "as built in", "Other severities: { new_caller: \"info\" }."),
      SettingManual(
        "add", "objects { name, severity, message, where, at_least, within, per }",
        standard: "none", "Rules of the definition's own. `severity` is \"warning\" if left out."),
    ],
    example: "{ stage: \"flag_signals\" }",
    reads: [
      "account", "action", "actor", "key", "time", "address", "resource", "attribution",
    ],
    writes: ["signals"])

  /// Its list names what was written.
  package static let listsWritten = true
  package static let findsSignals = true
  package static let insteadOfTwo: String? = "put its rules together"

  package static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step] {
    context.adds(.signals)
    var rules = try chosen(settings)
    try setSeverities(settings, &rules)
    var claims = PointerTable()
    let emails = EmailClaims.slots(context.retainedClaims, &claims)
    for entry in try settings.objects("add") {
      let rule = try SignalRule(entry, &context, &claims)
      guard !SignalRule.builtIn.contains(where: { $0.name == rule.name }) else {
        throw entry.error(
          "name", "is that of a built-in rule: \"severity\" of the stage changes how severe that is"
        )
      }
      guard !rules.contains(where: { $0.name == rule.name }) else {
        throw entry.error("name", "is there twice: \"\(rule.name)\"")
      }
      rules.append(rule)
    }
    guard rules.count <= SignalRule.most else {
      throw settings.error("add", "makes more than \(SignalRule.most) rules (most_rules)")
    }
    let plan = try SignalPlan(
      rules,
      ActorFacts.Plan(
        dialect: context.boundDialect, claims: PointerSet(claims.pointers), emails: emails),
      &context)
    let stage = SignalStage(plan, context.services.signalMemory, context.services.signalList)
    context.add(stage)
    return [.pure(SignalScan(plan: plan)), .ordered(stage)]
  }

  package static func warning(ofLater later: String) -> String? {
    if results.contains(later) {
      return
        "is \(later), whose results flag_signals needs and cannot see: put flag_signals behind it"
    }
    if hiding.contains(later) {
      return
        "is \(later), and what it hides can stand in the list of signals: put flag_signals behind it"
    }
    return nil
  }

  /// The names of the built-in rules.
  package static var builtInNames: [String] { SignalRule.builtIn.map(\.name) }

  private static func chosen(_ settings: Settings) throws -> [SignalRule] {
    guard settings.has("rules") else {
      let except = try names(settings, "except") ?? []
      return SignalRule.builtIn.filter { !except.contains($0.name) }
    }
    let wanted = try names(settings, "rules") ?? []
    guard !settings.has("except") else {
      throw settings.error("except", "says nothing where \"rules\" lists what is wanted")
    }
    return SignalRule.builtIn.filter { wanted.contains($0.name) }
  }

  private static func names(_ settings: Settings, _ key: String) throws -> [String]? {
    guard settings.has(key) else { return nil }
    let known = SignalRule.builtIn.map(\.name)
    let names = try settings.strings(key, default: [])
    for name in names where !known.contains(name) {
      let hint =
        nearest(name, in: known).map { "did you mean \"\($0)\"?" }
        ?? "there are \(known.joined(separator: ", "))"
      throw settings.error(key, "names a rule that is not built in, \"\(name)\": \(hint)")
    }
    return names
  }

  private static func setSeverities(_ settings: Settings, _ rules: inout [SignalRule]) throws {
    guard let severities = try settings.object("severity") else { return }
    for rule in SignalRule.builtIn {
      guard severities.has(rule.name) else { continue }
      let severity = try severities.choice(rule.name, default: rule.severity)
      for number in rules.indices where rules[number].name == rule.name {
        rules[number].severity = severity
      }
    }
  }
}
