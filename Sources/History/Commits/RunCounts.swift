package import Engine

/// What became of the records: read = written + duplicates + filtered + quarantined.
package struct RunCounts: Equatable, Sendable {
  /// Records read.
  package var read: Int
  /// In the archive's parts.
  package var written: Int
  /// Re-deliveries.
  package var duplicates: Int
  /// Not wanted.
  package var filtered: Int
  /// In the quarantine: no records.
  package var unreadable: Int
  /// In the quarantine: turned away by a stage.
  package var refused: Int

  /// In the quarantine.
  package var quarantined: Int { unreadable + refused }

  /// The counts of a run.
  package init(_ tally: Tally) {
    read = tally.read
    written = tally.written
    duplicates = tally.duplicates
    filtered = tally.filtered
    unreadable = tally.unreadable
    refused = tally.refused
  }

  /// Counts, 0 where nothing is given.
  package init(
    read: Int = 0, written: Int = 0, duplicates: Int = 0, filtered: Int = 0, unreadable: Int = 0,
    refused: Int = 0
  ) {
    self.read = read
    self.written = written
    self.duplicates = duplicates
    self.filtered = filtered
    self.unreadable = unreadable
    self.refused = refused
  }
}
