/// GitHub: the audit log of an organisation or enterprise, as the REST API answers it, as it is
/// streamed and exported (Git events among them), and as nodes of GraphQL's `auditLog`, which have
/// other names and no credentials.
///
/// From the GitHub pages "Audit log events for your organization", "Streaming the audit log for your
/// enterprise" and "Identifying audit log events performed by an access token", the schema of
/// GraphQL's `AuditEntry`, and events that people have published.
enum GitHub {
  /// The hash names one credential. Its number comes second: it is 0 for the tokens of a GitHub App.
  /// `user` is whom it was done to and never who did it.
  static let roles: [(Role, [StaticString])] = [
    (.account, ["/org", "/organizationName", "/business"]),
    (.action, ["/action"]),
    (.actor, ["/actor", "/actorLogin"]),
    (.key, ["/hashed_token", "/token_id"]),
    (.time, ["/@timestamp", "/created_at", "/createdAt"]),
    (.address, ["/actor_ip", "/actorIp"]),
    (.run, ["/workflow_run_id"]),
    (.resource, ["/repo", "/repository", "/repositoryName", "/team", "/user", "/userLogin"]),
  ]
}
