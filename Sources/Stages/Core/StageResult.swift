package import Trail

/// What a stage has to tell when the last record has passed. Each member has a default: a result implements
/// those that it is about.
package protocol StageResult {
  /// Decides what only the end of a run can tell, and hands services what they are to keep. Called once,
  /// behind the last record and before anything else is asked.
  func finish() throws
  /// Lines of the summary.
  var report: [ReportLine] { get }
  /// The signals of the run; nil if the stage looks for none.
  var signals: SignalTally? { get }
  /// The versions of keys to which records refer, for the archive's key table.
  var usedKeys: [ReferencedKey] { get }
}

extension StageResult {
  package func finish() throws {}
  package var report: [ReportLine] { [] }
  package var signals: SignalTally? { nil }
  package var usedKeys: [ReferencedKey] { [] }
}

/// A line of the summary: a word, and what there is to say.
package struct ReportLine: Equatable, Sendable {
  /// What it is about.
  package let key: String
  /// The value, with its unit.
  package let value: String

  package init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}

/// How often a rule held.
package struct SignalCount: Equatable, Sendable {
  /// The rule.
  package let name: String
  /// How severe it is.
  package let severity: Severity
  /// How often.
  package let count: Int
}

/// The signals of a run.
package struct SignalTally: Equatable, Sendable {
  /// Marked records, deliveries without a valid signature, and silences.
  package var total = 0
  /// The rules that held, in their order.
  package var found: [SignalCount] = []

  /// The most severe of the signals; nil if there were none.
  package var worst: Severity? { found.map(\.severity).max() }
}
