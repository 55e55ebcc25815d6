package import Bytes
internal import Intake
internal import JSONText
internal import Trail

extension PipelineDefinition {
  /// The digest of the rule by which the time of an event follows from the bytes that identify it; nil if it
  /// does not. That is where a run reads its own output, and the time stands in a member that it takes off:
  /// what is left of an event can then have any time.
  package var timeRule: Digest256? {
    let added = Set(AddedRole.allCases.map { names[$0] })
    let pointers = input.dialect.pointers[.time] ?? []
    let isTakenOff =
      input.settings.own && pointers.contains { $0.tokens.first.map(added.contains) ?? false }
    return isTakenOff ? nil : input.dialect.timeRule
  }
}
