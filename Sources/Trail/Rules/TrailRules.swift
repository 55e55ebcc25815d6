internal import Bytes
package import JSONText
package import Settings

/// By which events a dialect tells that its audit trail itself was touched, and that a key was made where
/// `KeyChangeRules` do not know. A condition is nil where nothing is known of such events.
public struct TrailRules: Sendable {
  /// The trail is gone.
  public private(set) var deleted: Condition?
  /// It is there, and records nothing any more.
  public private(set) var disabled: Condition?
  /// It goes to another place, or holds something else. Holds of events that disable it too.
  public private(set) var changed: Condition?
  /// A key was made.
  public private(set) var keyCreated: Condition?

  /// Built-in rules by dialect.
  static let builtIn: [String: String] = [
    "cloudtrail": CloudTrail.trailRules, "coder": Coder.trailRules, "github": GitHub.trailRules,
    "spacelift": Spacelift.trailRules,
  ]

  /// The rules of a built-in dialect; none for another.
  package init(dialect: String?, _ table: inout PointerTable) throws(SettingsError) {
    guard let dialect, let text = TrailRules.builtIn[dialect] else { return }
    let parsed = try Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(SettingsError) in
      try JSON5.parse(bytes, file: "the rules for \(dialect)")
    }
    let root = try Settings(parsed, what: "rules for the audit trail")
    deleted = try TrailRules.condition(root, "deleted", &table)
    disabled = try TrailRules.condition(root, "disabled", &table)
    changed = try TrailRules.condition(root, "changed", &table)
    keyCreated = try TrailRules.condition(root, "key_created", &table)
    try root.finish()
  }

  private static func condition(
    _ root: Settings, _ key: String, _ table: inout PointerTable
  ) throws(SettingsError) -> Condition? {
    guard let settings = try root.object(key) else { return nil }
    return try Condition(settings, &table)
  }
}

extension Spacelift {
  /// The vendor's page has the actions; the mutations are those of the GraphQL schema
  /// (`auditTrailSetWebhook(input: { enabled, endpoint, … })`). Inferred: where an event keeps `enabled`.
  static let trailRules = """
    {
      deleted: { any: [
        { pointer: "/action", in: ["audit_trail_webhook.delete", "auditTrailDeleteWebhook"] },
        { pointer: "/context/mutation", in: ["auditTrailDeleteWebhook", "audit_trail_delete_webhook"] },
      ] },
      disabled: { all: [\(set), { any: [
        { pointer: "/data/args/Input/Enabled", equals: false },
        { pointer: "/data/args/Enabled", equals: false },
        { pointer: "/data/args/input/enabled", equals: false },
        { pointer: "/data/args/enabled", equals: false },
        { pointer: "/data/Enabled", equals: false },
        { pointer: "/data/enabled", equals: false },
        { pointer: "/body/args/Input/Enabled", equals: false },
        { pointer: "/body/enabled", equals: false },
      ] }] },
      changed: \(set),
    }
    """

  private static let set = """
    { any: [
      { pointer: "/action", in: ["audit_trail_webhook.set", "auditTrailSetWebhook"] },
      { pointer: "/context/mutation", in: ["auditTrailSetWebhook", "audit_trail_set_webhook"] },
    ] }
    """
}

extension Coder {
  /// Coder's audit log is a licensed feature that nobody can switch off by itself: it ends with the licence.
  static let trailRules = """
    {
      disabled: { all: [
        { any: [{ pointer: "/resource_type", equals: "license" },
                { pointer: "/fields/ResourceType", equals: "license" }] },
        { any: [{ pointer: "/action", equals: "delete" }, { pointer: "/fields/Action", equals: "delete" }] },
        { not: { any: [{ pointer: "/status_code", at_least: 400 },
                       { pointer: "/fields/StatusCode", at_least: 400 }] } },
      ] },
    }
    """
}

extension CloudTrail {
  /// From the AWS API reference of CloudTrail and IAM. A call that failed (`errorCode`) changed nothing.
  static let trailRules = """
    {
      deleted: { all: [{ pointer: "/eventName", equals: "DeleteTrail" }, \(succeeded)] },
      disabled: { all: [{ pointer: "/eventName", equals: "StopLogging" }, \(succeeded)] },
      changed: { all: [{ pointer: "/eventName", in: ["UpdateTrail", "PutEventSelectors"] }, \(succeeded)] },
      key_created: { all: [{ pointer: "/eventName", equals: "CreateAccessKey" }, \(succeeded)] },
    }
    """

  private static let succeeded = """
    { pointer: "/errorCode", exists: false }
    """
}

extension GitHub {
  /// From the GitHub pages "Audit log events for your enterprise" and "… for your organization".
  static let trailRules = """
    {
      deleted: { pointer: "/action", in: ["audit_log_streaming.destroy", "hook.destroy"] },
      disabled: { any: [
        { all: [{ pointer: "/action", equals: "audit_log_streaming.update" },
                { pointer: "/audit_log_stream_enabled", in: [false, "false"] }] },
        { all: [{ pointer: "/action", equals: "hook.active_changed" },
                { pointer: "/active", in: [false, "false"] }] },
      ] },
      changed: { pointer: "/action", in: [
        "audit_log_streaming.update", "hook.config_changed", "hook.events_changed"] },
      key_created: { pointer: "/action", in: [
        "oauth_access.create", "personal_access_token.access_granted", "public_key.create"] },
    }
    """
}
