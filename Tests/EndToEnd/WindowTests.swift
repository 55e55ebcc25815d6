import Testing

/// Windows of time at their edges, in every command that has one: the first time is inside, the last is not.
///
/// One part holds three events: at 10:00, 11:00 and 12:00.
@Suite struct WindowTests {
  private let sandbox: Sandbox
  private static let first = "2026-11-20T10:00:00Z"
  private static let afterFirst = "2026-11-20T10:00:00.000001Z"
  private static let last = "2026-11-20T12:00:00Z"
  private static let afterLast = "2026-11-20T12:00:00.000001Z"

  init() throws {
    sandbox = try Sandbox()
    let made = try sandbox.run(
      """
      echo '{ version: 1, stages: [{ stage: "deduplicate" }],
              output: { archive: "archive", layout: "{date}" } }' > d.json5
      for id in 0 1 2; do echo "{\\"id\\":$id,\\"timestamp\\":\\"2026-11-20T1$id:00:00Z\\"}"; done > log
      "$TRAILMILL" run d.json5 log --summary none
      """)
    #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
  }

  private func run(_ words: String) throws -> Sandbox.Outcome {
    try sandbox.run("\"$TRAILMILL\" \(words)")
  }

  private static let found: [(window: String, count: Int)] = [
    ("--since \(last)", 1), ("--since \(afterLast)", 0), ("--until \(first)", 0),
    ("--until \(afterFirst)", 1), ("--since \(first) --until \(last)", 2),
    ("--since \(first) --until \(afterLast)", 3),
  ]

  @Test(arguments: found.indices) func whatASearchFinds(_ number: Int) throws {
    let (window, count) = Self.found[number]
    for option in ["", "--no-index"] {
      #expect(try run("search archive \(window) --count \(option)").output == "\(count)\n")
    }
    let report = try run("report archive \(window)").output
    #expect(report.contains(count == 1 ? "1 event" : "\(count) events"), "\(report)")
    let again = try run("run d.json5 log --output - \(window) --summary none").output
    #expect(again.split(separator: "\n").count == count)
  }

  @Test func whatAProofLooksAt() throws {
    for (window, isFound) in [
      ("--since \(Self.last)", true), ("--since \(Self.afterLast)", false),
      ("--until \(Self.first)", false), ("--until \(Self.afterFirst)", true),
    ] {
      let outcome = try run("prove archive --where /id=1 \(window)")
      #expect((outcome.code == 0) == isFound, "\(window)")
    }
  }

  @Test func whatExpires() throws {
    for (before, parts) in [(Self.first, 0), (Self.last, 0), (Self.afterLast, 1)] {
      let outcome = try run("expire archive --before \(before) --dry-run")
      #expect(outcome.output.hasPrefix("would retire \(parts) part"), "\(before)")
    }
  }

  @Test(arguments: [
    ("--until \(first)", false), ("--until \(afterFirst)", true), ("--since \(afterLast)", false),
    ("--since \(last)", true),
  ])
  func whatAHoldKeeps(_ window: String, _ isHeld: Bool) throws {
    #expect(try run("hold archive case \(window)").code == 0)
    let outcome = try run("expire archive --before 2026-11-21 --dry-run")
    #expect(outcome.output.hasPrefix("would retire \(isHeld ? 0 : 1) part"))
    #expect(outcome.errors.contains("held (case)") == isHeld)
  }

  /// What would protect nothing is refused rather than noted.
  @Test(arguments: ["--since \(last) --until \(first)", "--since \(last) --until \(last)"])
  func aHoldOfNoTimeIsRefused(_ window: String) throws {
    let outcome = try run("hold archive case \(window)")
    #expect(outcome.code == 2 && outcome.errors.contains("--until must be later than --since"))
    #expect(try run("hold archive").output.isEmpty)
  }

  @Test(arguments: [
    ("--since \(last)", 1), ("--since \(afterLast)", 0), ("--until \(first)", 0),
    ("--until \(afterFirst)", 1), ("--since \(first) --until \(last)", 2),
  ])
  func whatAReplacementMakesAgain(_ window: String, _ count: Int) throws {
    let outcome = try run("run d.json5 log --replace \(window)")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("parts retired: 1") == (count > 0))
    // Nothing is there twice, and nothing is lost.
    #expect(
      try sandbox.run("\"$TRAILMILL\" search archive | grep -o '\"id\":.'").output
        == "\"id\":0\n\"id\":1\n\"id\":2\n")
    #expect(try run("verify archive").code == 0)
  }

  @Test(arguments: [
    ("--until \(last)", "--since \(last)", false),
    ("--until \(afterLast)", "--since \(last)", true),
    ("--since \(last)", "--until \(last)", false), ("--since \(last)", "--since \(last)", true),
  ])
  func aReplacementMindsTheHoldsOfItsWindow(
    _ hold: String, _ window: String, _ isRefused: Bool
  ) throws {
    #expect(try run("hold archive case \(hold)").code == 0)
    let outcome = try run("run d.json5 log --replace \(window)")
    #expect((outcome.code != 0) == isRefused, "\(outcome.errors)")
    #expect(outcome.errors.contains("the window is held (case)") == isRefused)
  }
}
