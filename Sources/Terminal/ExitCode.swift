/// How trailmill ends. The numbers are a contract with scripts.
package enum ExitCode: Int32, CaseIterable, Sendable {
  case success = 0
  /// The command line or the definition is wrong, or one of its tests fails.
  case usage = 2
  /// More records in quarantine, or more partitions, than the definition allows.
  case limit = 3
  /// Reading, writing or the environment failed.
  case fault = 4
  /// The archive is not what its history says, or a proof does not hold.
  case verification = 5
  /// The archive is in use by another run.
  case inUse = 6
  /// Signals were found, and the definition says to fail on them. What the run wrote is published.
  case signals = 7

  /// The meaning of the code, as the help says it.
  package var meaning: String {
    switch self {
    case .success: "done, or nothing to do"
    case .usage: "command line or definition is wrong"
    case .limit: "more than limits allow (too much in quarantine, too many partitions)"
    case .fault: "reading, writing or the environment failed"
    case .verification: "what was verified does not hold"
    case .inUse: "the archive is in use"
    case .signals: "signals were found, and the definition says to fail on them (published)"
    }
  }
}
