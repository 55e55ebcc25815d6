/// The stages that a definition can name, in the order of the reference.
package enum AllStages {
  /// All of them.
  package static let all: [any StageDefinition.Type] = [
    VerifySignature.self,
    Select.self,
    Deduplicate.self,
    ResolveKeys.self,
    DisplayActor.self,
    Classify.self,
    StripTokens.self,
    Redact.self,
    FlagSignals.self,
  ]

  /// The stage of that name.
  package static func named(_ name: String) -> (any StageDefinition.Type)? {
    all.first { $0.manual.name == name }
  }
}
