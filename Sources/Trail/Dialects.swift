internal import JSONText

extension Dialect {
  /// The dialects that a definition can name, by name.
  public static let builtIn: [String: Dialect] = [
    "spacelift": Dialect("spacelift", spacelift), "coder": Dialect("coder", coder),
  ]

  /// Audit events, run-state events and entries exported from the built-in log.
  ///
  /// Pointers that only one of the shapes has come first, so that one list serves all: the actor of
  /// an exported entry is `username` inside the object that elsewhere is the actor itself, that of a
  /// run-state event is who triggered the run, and its exact time is `timestamp_millis`.
  private static let spacelift: [(Role, [String])] = [
    (.account, ["/account"]),
    (.action, ["/action", "/state"]),
    (.actor, ["/actor/username", "/actor/run/stackId", "/actor", "/run/triggeredBy"]),
    (.time, ["/timestamp_millis", "/timestamp", "/createdAt"]),
    (.address, ["/remoteIP"]),
    (.token, ["/context/tokenId", "/context/token_id", "/context/jti"]),
    (.claims, ["/context/claims"]),
    (.resource, ["/data/args/ID", "/data/ID", "/affectedResource/resourceId", "/stack/id"]),
  ]

  /// API objects, and service-log lines, which keep the same under `fields` with other names.
  private static let coder: [(Role, [String])] = [
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
    (.resource, ["/resource_id", "/fields/ResourceID"]),
  ]

  private init(_ name: String, _ table: [(Role, [String])]) {
    var pointers: [Role: [JSONPointer]] = [:]
    for (role, texts) in table { pointers[role] = texts.compactMap { try? JSONPointer($0) } }
    self.init(name: name, pointers: pointers)
  }
}
