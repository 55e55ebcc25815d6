/// Spacelift: audit events and run-state events as the webhook posts them, and entries exported
/// from the built-in log (`searchAuditTrailEntries` of the GraphQL API).
///
/// From the vendor's page "Audit trail" and the GraphQL schema. Inferred, as no public page shows
/// them: the places of a token's id and claims.
enum Spacelift {
  /// Pointers that only one of the shapes has come first, so that one list serves all: the actor of
  /// an exported entry is `username` inside the object that elsewhere is the actor itself, that of a
  /// run-state event is who triggered the run, and its exact time is `timestamp_millis`.
  static let roles: [(Role, [StaticString])] = [
    (.account, ["/account"]),
    (.action, ["/action", "/state"]),
    (.actor, ["/actor/username", "/actor/run/stackId", "/actor", "/run/triggeredBy"]),
    (.time, ["/timestamp_millis", "/timestamp", "/createdAt"]),
    (.address, ["/remoteIP"]),
    (.token, ["/context/tokenId", "/context/token_id", "/context/jti"]),
    (.claims, ["/context/claims"]),
    (.run, ["/run/id", "/actor/run/id"]),
    (.resource, ["/data/args/ID", "/data/ID", "/affectedResource/resourceId", "/stack/id"]),
  ]
}

extension Spacelift {
  /// How keys change. Inferred, but for the names of the mutations and of their input's fields, which
  /// the GraphQL schema has (`apiKeyCreate(input)`, `apiKeyUpdate(id, input)`, `apiKeyDelete(id)`):
  /// no public page shows such an event. An exported entry is taken to name the mutation as its
  /// action, the key as the affected resource, and to have the rest in `body`.
  static let keyChanges = """
    { rules: [
    \(rule("create", for: "apiKeyCreate", "api_key.create"))
    \(rule("update", for: "apiKeyUpdate", "api_key.update"))
    \(rule("delete", for: "apiKeyDelete", "api_key.delete"))
    ] }
    """

  private static func rule(_ change: String, for mutation: String, _ action: String) -> String {
    """
      {
        when: { any: [{ pointer: "/context/mutation", equals: "\(mutation)" },
                      { pointer: "/action", in: ["\(mutation)", "\(action)"] }] },
        change: "\(change)",
        id: ["/data/args/ID", "/data/ID", "/data/id", "/body/args/ID", "/body/ID", "/body/id",
             "/affectedResource/resourceId"],
        name: ["/data/args/Input/Name", "/data/args/Name", "/data/Name", "/data/name",
               "/body/args/Input/Name", "/body/args/Name", "/body/Name", "/body/name"],
        type: ["/data/args/Input/Type", "/data/args/Type", "/data/Type", "/data/type",
               "/body/args/Input/Type", "/body/args/Type", "/body/Type", "/body/type"],
        expires_at: ["/data/args/Input/ExpiresAt", "/data/expiresAt",
                     "/body/args/Input/ExpiresAt", "/body/expiresAt"],
      },
    """
  }
}
