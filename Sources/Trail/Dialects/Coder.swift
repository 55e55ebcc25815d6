/// Coder: objects of the audit API, and lines of the service log, which keep the same under `fields`
/// with other names.
///
/// From the public sources of coder/coder: `codersdk.AuditLog`, `coderd/audit`,
/// `enterprise/audit/backends`. The log has the user's name and address in `actor`, and the additional
/// fields of an object of the API in an object or, as JSON, in a string. Newer versions name
/// the key of a request in `request_api_key`, and a key that is the subject of an event in `api_key`;
/// such an event's `resource_id` is that of the key's owner, so the key's own id comes first. For whom
/// something was done is inferred: no public page shows such an event.
enum Coder {
  static let roles: [(Role, [StaticString])] = [
    (.account, ["/organization/id", "/organization_id", "/fields/OrganizationID"]),
    (.action, ["/action", "/fields/Action"]),
    (.actor, ["/user/username", "/user/id", "/fields/actor/username", "/fields/UserID"]),
    (
      .key,
      [
        "/additional_fields/request_api_key/id", "/fields/AdditionalFields/request_api_key/id",
      ]
    ),
    (.time, ["/time", "/fields/Time", "/ts"]),
    (.address, ["/ip", "/fields/Ip"]),
    (.claims, ["/fields/actor"]),
    (
      .resource,
      [
        "/additional_fields/api_key/id", "/fields/AdditionalFields/api_key/id", "/resource_id",
        "/fields/ResourceID",
      ]
    ),
    (
      .onBehalfOf,
      [
        "/additional_fields/on_behalf_of", "/fields/AdditionalFields/on_behalf_of",
        "/fields/OnBehalfOf",
      ]
    ),
  ]

  /// What can be JSON inside of a string.
  static let texts: [StaticString] = ["/additional_fields", "/fields/AdditionalFields"]
}

extension Coder {
  /// How keys change. `resource_id` is that of the key's owner and `resource_target` the key's name;
  /// its id is in `additional_fields.api_key` alone, which older versions do not write. The diff of a
  /// key leaves most of its fields out, but it alone says what held before, and so comes first.
  static let keyChanges = """
    { rules: [
    \(rule("create", for: "create"))
    \(rule("update", for: "write"))
    \(rule("delete", for: "delete"))
    ] }
    """

  /// A request that failed (`status_code`) changed nothing.
  private static func rule(_ change: String, for action: String) -> String {
    """
      {
        when: { all: [
          { any: [{ pointer: "/resource_type", equals: "api_key" },
                  { pointer: "/fields/ResourceType", equals: "api_key" }] },
          { any: [{ pointer: "/action", equals: "\(action)" },
                  { pointer: "/fields/Action", equals: "\(action)" }] },
          { not: { any: [{ pointer: "/status_code", at_least: 400 },
                         { pointer: "/fields/StatusCode", at_least: 400 }] } },
        ] },
        change: "\(change)",
        id: ["/additional_fields/api_key/id", "/fields/AdditionalFields/api_key/id",
             "/diff/id", "/fields/Diff/id"],
        name: ["/diff/token_name", "/fields/Diff/token_name",
               "/additional_fields/api_key/token_name",
               "/fields/AdditionalFields/api_key/token_name",
               "/resource_target", "/fields/ResourceTarget"],
        owner: ["/diff/user_id", "/fields/Diff/user_id", "/resource_id", "/fields/ResourceID"],
        scopes: ["/diff/scopes", "/fields/Diff/scopes", "/additional_fields/api_key/scopes",
                 "/fields/AdditionalFields/api_key/scopes", "/diff/scope", "/fields/Diff/scope"],
        allow_list: ["/diff/allow_list", "/fields/Diff/allow_list",
                     "/additional_fields/api_key/allow_list",
                     "/fields/AdditionalFields/api_key/allow_list"],
        effective_scope: ["/additional_fields/api_key/effective_scope",
                          "/fields/AdditionalFields/api_key/effective_scope"],
        expires_at: ["/diff/expires_at", "/fields/Diff/expires_at"],
      },
    """
  }
}
