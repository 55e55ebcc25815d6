internal import Disk
internal import Intake
internal import JSONText
internal import Settings
internal import Trail

/// Reads inputs for the events in which tokens of a claim store were exchanged for sessions.
struct SessionLearning {
  private let learning: Learning
  private let disk: Disk

  init(_ origin: Learning.Origin, _ disk: Disk) throws {
    learning = try Learning(origin, disk)
    self.disk = disk
  }

  /// What was read and found.
  struct Result: ~Copyable {
    let outcome: Learning.Outcome
    let sink: ExchangeSink
    let rules: CredentialRules
    let tokens: SessionTokens
  }

  /// Learns from inputs; `file` has the rules, `store` the tokens.
  func run(_ inputs: [String], rules file: String, store: String) throws -> Result {
    let tokens = try tokens(store)
    var table = PointerTable()
    let reader = learning.reader(&table)
    let bound = learning.dialect.bind(&table)
    let rules = try CredentialRules(
      exchanges: try learning.document(file), dialect: learning.dialect.base, table: &table)
    let source = try learning.source(inputs)
    let proofs = source.names.map { learning.proof(ofInput: $0, &table) }
    let sink = ExchangeSink(CredentialReader(rules, bound), names: source.names, proofs: proofs)
    let outcome = try learning.run(source, reader, rules.conditions, sink, table)
    return Result(outcome: outcome, sink: sink, rules: rules, tokens: tokens)
  }

  private func tokens(_ path: String) throws -> SessionTokens {
    var tokens = SessionTokens()
    do {
      let columns = TableColumns(
        required: ClaimStoreLoader.keyColumns, ids: ClaimStoreLoader.idColumns)
      _ = try TableReader(disk: disk, path: path, columns: columns)
        .forEachRow { row, line in try tokens.add(row, line: line) }
    } catch let error as LookupError {
      throw UsageError("\(error.reason): \(path):\(error.line)")
    } catch let error as TableError {
      throw UsageError("\(error)")
    } catch let error as DiskError {
      throw UsageError("\(error): name a claim store")
    }
    guard tokens.count > 0 else {
      throw UsageError(
        "there are no tokens: \(path): name the claim store of those that are exchanged")
    }
    return tokens
  }
}
