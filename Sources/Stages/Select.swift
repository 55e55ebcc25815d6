internal import Bytes
package import Engine
package import Settings
internal import Trail

/// Keeps the events that the definition wants.
package enum Select: StageDefinition {
  package static let manual = StageManual(
    name: "select",
    summary: "Keeps the records for which all conditions hold; the others are filtered.",
    details: [
      "A condition compares the value at a `pointer`: `equals`, `not_equals` and `in` take strings,"
        + " numbers, booleans and null; `matches` takes globs (`*`, `?`), one of which must match"
        + " the whole text; `exists` is about values other than null; `less`, `at_most`,"
        + " `greater`, `at_least` compare numbers. Several in one condition must all hold.",
      "`{ all: […] }`, `{ any: […] }` and `{ not: {…} }` combine conditions; an empty list holds"
        + " for nothing. A comparison with a"
        + " value that is missing does not hold, except `not_equals` and `exists: false`.",
    ],
    settings: [
      SettingManual(
        "where", "conditions", standard: "none",
        "What must hold: [{ pointer: \"/action\", matches: \"run.*\" }]."),
      SettingManual("since", "time or date", standard: "none", "Keeps events from this time on."),
      SettingManual("until", "time or date", standard: "none", "Keeps events before this time."),
    ],
    example: "{ stage: \"select\", where: [{ pointer: \"/action\", matches: \"run.*\" }] }",
    reads: ["time"], writes: [])

  /// What it filters is not written.
  package static let mayTurnAway = true

  package static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step] {
    var steps: [Step] = []
    let window = TimeWindow(since: try settings.time("since"), until: try settings.time("until"))
    if window.isEmpty { throw settings.error("until", "must be after \"since\"") }
    if let filter = WindowFilter(window, context.boundDialect) { steps.append(.pure(filter)) }
    var conditions: [Condition] = []
    for entry in try settings.objects("where") {
      conditions.append(try Condition(entry, &context.pointers))
    }
    if !conditions.isEmpty { steps.append(.pure(SelectStage(condition: .all(conditions)))) }
    guard !steps.isEmpty else {
      throw settings.position.error(
        "\(settings.what) needs one of \"where\", \"since\" and \"until\"")
    }
    return steps
  }
}

private struct SelectStage: PureStage, Explaining {
  let condition: Condition

  func process(_ batch: Batch, step: Int) {
    for index in 0..<batch.records.count
    where batch.records[index].verdict == .keep && !condition.holds(batch, index) {
      batch.filter(index, by: step)
    }
  }

  func explain(_ batch: Batch, _ index: Int) -> [String] {
    switch batch.records[index].verdict {
    case .keep: ["all conditions hold"]
    case .filtered: ["filtered: a condition does not hold"]
    default: []
    }
  }
}
