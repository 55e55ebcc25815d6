extension GitHub {
  /// Runs of workflows, which are looked up like tokens: what a run was allowed to do, who started it did.
  /// From the GitHub page "Audit log events for your organization" (`workflows.created_workflow_run`).
  static let runs = """
    { rules: [
      {
        when: { pointer: "/action", equals: "workflows.created_workflow_run" },
        key_id: "github-actions", token_id: "/workflow_run_id", run_id: "/workflow_run_id",
        claims: { iss: "https://github.com", actor: "/actor", repository: "/repo", ref: "/head_branch",
                  workflow: "/name", event_name: "/event", run_id: "/workflow_run_id" },
      },
    ] }
    """
}

extension Spacelift {
  /// Runs of stacks: each event about the state of a run tells who triggered it, where somebody did.
  static let runs = """
    { rules: [
      {
        when: { all: [{ pointer: "/run/id", exists: true },
                      { pointer: "/run/triggeredBy", exists: true }] },
        key_id: "spacelift-runs", run_id: "/run/id", issued_at: "/run/createdAt",
        claims: { triggered_by: "/run/triggeredBy", stack: "/stack/id", type: "/run/type" },
      },
    ] }
    """
}
