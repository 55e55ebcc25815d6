internal import Disk
internal import Intake
internal import JSONText
internal import Settings
internal import Trail

/// Reads inputs for what their events tell of credentials.
struct ClaimLearning {
  private let learning: Learning

  init(_ origin: Learning.Origin, _ disk: Disk) throws {
    learning = try Learning(origin, disk)
  }

  /// Learns from inputs; `file` has rules that are tried before those that are built in.
  func run(
    _ inputs: [String], rules file: String?
  ) throws -> (outcome: Learning.Outcome, sink: CredentialSink) {
    var table = PointerTable()
    let reader = learning.reader(&table)
    let dialect = learning.dialect
    let bound = dialect.bind(&table)
    let rules = try CredentialRules(
      file: try file.map { try learning.document($0) }, dialect: dialect.base, table: &table)
    guard !rules.rules.isEmpty else {
      throw UsageError(
        "nothing is built in about the credentials of the dialect \"\(dialect.name)\": "
          + "give --rules FILE")
    }
    let source = try learning.source(inputs)
    let proofs = source.names.map { learning.proof(ofInput: $0, &table) }
    let sink = CredentialSink(
      CredentialReader(rules, bound), names: source.names, proofs: proofs)
    let outcome = try learning.run(source, reader, rules.conditions, sink, table)
    return (outcome, sink)
  }
}
