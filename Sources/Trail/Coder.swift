/// Coder: objects of the audit API, and lines of the service log, which keep the same under `fields`
/// with other names.
///
/// From the public sources of coder/coder: `codersdk.AuditLog`, `coderd/audit`. Newer versions name
/// the key of a request in `request_api_key`, and a key that is the subject of an event in `api_key`;
/// such an event's `resource_id` is that of the key's owner, so the key's own id comes first.
enum Coder {
  static let roles: [(Role, [String])] = [
    (.account, ["/organization/id", "/organization_id", "/fields/OrganizationID"]),
    (.action, ["/action", "/fields/Action"]),
    (.actor, ["/user/username", "/user/id", "/fields/UserID"]),
    (
      .key,
      [
        "/additional_fields/request_api_key/id", "/fields/AdditionalFields/request_api_key/id",
      ]
    ),
    (.time, ["/time", "/fields/Time", "/ts"]),
    (.address, ["/ip", "/fields/Ip"]),
    (
      .resource,
      [
        "/additional_fields/api_key/id", "/fields/AdditionalFields/api_key/id", "/resource_id",
        "/fields/ResourceID",
      ]
    ),
  ]
}
