internal import Disk
internal import Intake
internal import JSONText
internal import Settings
internal import Trail

/// Reads inputs for what their events tell of API keys.
struct KeyLearning {
  /// What was learned.
  struct Result {
    let outcome: Learning.Outcome
    let versions: [KeyVersion]
    let changes: Int
    /// What could not be used.
    let tally: LearningTally

    /// How many keys the versions are of, which are sorted by key.
    var keys: Int {
      versions.indices.filter { $0 == 0 || versions[$0 - 1].id != versions[$0].id }.count
    }
  }

  private let learning: Learning

  init(_ origin: Learning.Origin, _ disk: Disk) throws {
    learning = try Learning(origin, disk)
  }

  /// Learns from inputs; `file` has rules that are tried before those that are built in.
  func run(_ inputs: [String], rules file: String?) throws -> Result {
    var table = PointerTable()
    let reader = learning.reader(&table)
    let dialect = learning.dialect
    let bound = dialect.bind(&table)
    let rules = try KeyChangeRules(
      file: try file.map { try learning.document($0) }, dialect: dialect.base, table: &table)
    guard !rules.rules.isEmpty else {
      throw UsageError(
        "nothing is built in about the keys of the dialect \"\(dialect.name)\": "
          + "give --rules FILE")
    }
    let source = try learning.source(inputs)
    let sink = KeyChangeSink(KeyChangeReader(rules, bound), names: source.names)
    let outcome = try learning.run(
      source, reader, KeyChangeFinder(rules).conditions, sink, table)
    let learner = sink.learner
    let changes = learner.changeCount
    return Result(
      outcome: outcome, versions: learner.finish(), changes: changes, tally: sink.tally)
  }
}
