/// Spacelift: audit events and run-state events as the webhook posts them, and entries exported
/// from the built-in log (`searchAuditTrailEntries` of the GraphQL API).
///
/// From the vendor's page "Audit trail" and the GraphQL schema. Inferred, as no public page shows
/// them: the places of a token's id and claims.
enum Spacelift {
  /// Pointers that only one of the shapes has come first, so that one list serves all: the actor of
  /// an exported entry is `username` inside the object that elsewhere is the actor itself, that of a
  /// run-state event is who triggered the run, and its exact time is `timestamp_millis`.
  static let roles: [(Role, [String])] = [
    (.account, ["/account"]),
    (.action, ["/action", "/state"]),
    (.actor, ["/actor/username", "/actor/run/stackId", "/actor", "/run/triggeredBy"]),
    (.time, ["/timestamp_millis", "/timestamp", "/createdAt"]),
    (.address, ["/remoteIP"]),
    (.token, ["/context/tokenId", "/context/token_id", "/context/jti"]),
    (.claims, ["/context/claims"]),
    (.resource, ["/data/args/ID", "/data/ID", "/affectedResource/resourceId", "/stack/id"]),
  ]
}
