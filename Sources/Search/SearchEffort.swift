/// What a search did.
package struct SearchEffort: Equatable, Sendable {
  /// Parts of the archive.
  package var parts = 0
  /// Parts that manifest or index ruled out.
  package var skippedParts = 0
  /// Members of parts that have an index.
  package var members = 0
  /// Members that were opened: what they hold was not compared with anything.
  package var openedMembers = 0
  /// Parts that these are of.
  package var partlyOpenedParts = 0
  /// Parts that were opened whole: those without an index, or all where a search reads nothing less.
  package var openedParts = 0
  /// Bytes as stored that were read.
  package var bytesRead = 0
  /// Bytes of text that were looked at.
  package var textRead = 0
  /// Events that were looked at closely.
  package var eventsRead = 0
  /// Events that answer.
  package var found = 0
  /// Events that do not, and might if they named all of their candidates.
  package var unnamedCandidates = 0
  /// Files of indexes that are missing or not those that were committed.
  package var unusableIndexes: [String] = []

  /// Parts that may hold answers, and of which nobody noted what was added to their events.
  package var unnotedParts = 0

  /// Adds what was read and found in a piece.
  mutating func add(_ piece: SearchEffort) {
    bytesRead += piece.bytesRead
    textRead += piece.textRead
    eventsRead += piece.eventsRead
    found += piece.found
    unnamedCandidates += piece.unnamedCandidates
  }
}
