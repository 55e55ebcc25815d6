internal import Bytes
package import Engine
package import History
internal import Stages

/// What a run comes to.
package struct RunSummary {
  /// What became of the run.
  package enum Ending: Equatable, Sendable {
    case published, nothingNew, dryRun, streamed
    /// A limit of the definition was exceeded: nothing was published.
    case refused(String)
  }

  package var ending: Ending
  /// `<run>` of the part names; nil where there is no archive.
  package var run: String?
  package var tally: Tally
  /// Inputs whose incomplete last line waits for the next run.
  package var pending = 0
  /// Inputs of which nothing was left to read.
  package var known = 0
  /// Inputs of which the beginning was read before.
  package var continued = 0
  /// Names that were passed over in folders.
  package var skipped = 0
  /// Events whose time cannot be read.
  package var withoutTime = 0
  package var parts = 0
  /// Bytes read, as stored.
  package var bytesIn: Int
  /// Bytes written, as stored.
  package var bytesOut = 0
  /// What became of the bytes of each input.
  package var bytes: [TextAccount] = []
  /// Bytes of incomplete last lines, uncompressed.
  package var pendingBytes = 0
  package var seconds = 0.0
  /// The digest that proves the archive; nil where there is none.
  package var head: String?
  /// Why commits are not witnessed; nil if all are, or if there is no witness.
  package var unwitnessed: String?
  /// Where it went, for people.
  package var place: String
  /// How many kept records each class of a label has: of `match` and `from`.
  package var classes: [(label: String, counts: [(name: String, count: Int)])] = []
  /// Marked records, deliveries without a valid signature, and silences.
  package var signals = 0
  /// How often each rule held, of those that did; nil if nobody looked for signals.
  package var signalsByName: [(name: String, count: Int)]?
  /// Lines from stages: what they counted.
  package var findings: [(key: String, value: String)] = []
  /// Things that somebody should look at: damage, where the quarantine is.
  package var notices: [String] = []

  package init(ending: Ending, tally: Tally, bytesIn: Int, place: String) {
    self.ending = ending
    self.tally = tally
    self.bytesIn = bytesIn
    self.place = place
  }

  mutating func take(_ tally: SignalTally?) {
    guard let tally else { return }
    signals = tally.total
    signalsByName = tally.found.map { (name: $0.name, count: $0.count) }
  }

  mutating func take(_ result: PublishResult) {
    switch result.ending {
    case .published: ending = .published
    case .nothingNew: ending = .nothingNew
    case .dryRun: ending = .dryRun
    case .streamed: ending = .streamed
    }
    parts = result.parts
    bytesOut = result.bytes
    run = result.run
    head = result.head
    unwitnessed = result.unwitnessed
    notices += result.notices
    if result.newKeys > 0 {
      findings.append(("new in the key table", Figures.grouped(result.newKeys)))
    }
    if result.retired > 0 {
      findings.append(("parts retired", Figures.grouped(result.retired)))
    }
  }
}
