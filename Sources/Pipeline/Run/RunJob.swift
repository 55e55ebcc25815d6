internal import Bytes
internal import Definition
internal import Engine
internal import History

/// What becomes of a run whose records have all been read.
enum RunVerdict {
  case publish
  case rehearse
  /// Nothing is to be published, as nothing changed.
  case leave
  /// A limit of the definition is exceeded, in this sentence; nothing is published, the quarantine perhaps
  /// kept.
  case refuse(String, keepsQuarantine: Bool)
}

/// Where the records of a run come from and why: what `run` and `retry` do each in its own way.
protocol RunJob {
  var source: any Source { get }
  /// Bytes of all inputs, as stored; nil if that cannot be told.
  var totalBytes: Int? { get }
  /// Bytes read so far, as stored; any thread may ask.
  var bytesRead: Int { get }
  /// The name of an input, and how many of its records earlier runs have read.
  func origin(_ input: Int) -> (file: String, recordsBefore: Int)
  /// What becomes of the run. Throws where the source is not the one that it has to be.
  func verdict(_ tally: Tally, _ facts: RunFacts, _ plan: CompiledPlan) throws -> RunVerdict
  /// What the run is evidence of.
  func facts(_ tally: Tally, started: Timestamp, _ plan: CompiledPlan) throws -> RunFacts
  /// Adds to the summary what the source has to tell.
  func describe(_ summary: inout RunSummary)
}
