/// What a report may use. Whatever does not fit is counted, and the report says how much that is.
package struct ReportLimits: Sendable {
  /// Different actors, keys, actions, resources and addresses that are told apart while events are read:
  /// 50,000 of each.
  package var names = 50_000
  /// Of each of them that a finished report lists by name: 2,000.
  package var listedNames = 2_000
  /// Bytes of the longest name that is kept whole: 512.
  package var nameBytes = 512
  /// Different sets of flags or signals that events have together: 1,000.
  package var sets = 1_000
  /// Different sets of candidates that events have together: 2,000.
  package var candidateSets = 2_000
  /// Bytes of the longest of them that is kept whole: 9 KiB, which those of eight of the longest names fit.
  package var candidateBytes = 9 << 10
  /// Of each of them that a report lists in any case, even where counts cannot be told apart: 40.
  package var alwaysListed = 40
  /// Counts that are kept while events are read: 1,200,000, some 100 MB.
  package var cells = 1_200_000
  /// Counts that a finished report holds: 1,000,000.
  package var finishedCells = 1_000_000
  /// Bytes of events that are embedded whole: 10 MB.
  package var detailBudget = 10_000_000
  /// Bytes of the longest event that is embedded whole: 64 KiB.
  package var detailBytes = 64 << 10
  /// Commits that are listed one by one, the newest: 366.
  package var commits = 366

  /// The limits as they are documented.
  package init() {}
}
