package import Stages

// What follows is the stage of CONTRIBUTING.md, to the letter.

internal import Bytes
package import Engine
package import Settings
internal import Trail

package enum DropEmpty: StageDefinition {
  package static let manual = StageManual(
    name: "drop_empty", summary: "Filters events without an action.", settings: [],
    example: "{ stage: \"drop_empty\" }", reads: ["action"], writes: [])
  package static let mayTurnAway = true

  package static func make(
    _ settings: Settings, _ context: inout StageContext
  ) throws -> [Step] {
    [.pure(Stage(dialect: context.boundDialect))]
  }

  private struct Stage: PureStage {
    let dialect: BoundDialect

    func process(_ batch: Batch, step: Int) {
      for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
        if dialect.field(.action, batch, index) == nil { batch.filter(index, by: step) }
      }
    }
  }
}
