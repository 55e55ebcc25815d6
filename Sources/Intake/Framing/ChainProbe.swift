internal import Bytes
internal import JSONText

/// Looks whether records follow from a place on, where it is not known what the place is: they do if 16
/// values that begin with the right member stand there side by side where records stand, or as many as
/// there are up to the end of the input.
///
/// What stands inside a record does not: a list of objects ends, and what follows then is not what follows
/// the last of all records. Where records are held by a container the probe therefore looks further than
/// 16, as far as the longest record reaches. Nothing inside a string can begin a record, for the quotes
/// there are escaped.
struct ChainProbe {
  enum Outcome: Equatable {
    case needsMore
    case holds
    /// It does not; no place before this byte needs to be tried.
    case fails(Int)
  }

  /// Records that have to follow: 16.
  static let length = 16

  /// Where the first one begins, or the document with it.
  private(set) var start: Int
  private let walker: ValueWalker
  private var names: FirstNames
  /// The chain begins with a document, of which the first record is not known yet.
  private var isBeforeRecords: Bool
  /// Bytes that have to hold too.
  private let reach: Int
  /// Bytes within which it has to be known.
  private let longest: Int
  /// True if a line feed ends the chain; one of a single value is then none.
  private let isWithinLine: Bool
  /// Where a line feed ends the chain, it is as good as the end of the input.
  var endsWithLine = false
  /// True where the first value stands in what may be a list of an event: then the chain has to come to an
  /// end that is one, or to reach further than any event.
  var isInList = false
  private var at: Int
  private var records = 0
  /// The first value in the chain that is no record: another chain may begin with it.
  private var firstLink: Int?
  /// Of a value in the chain that is no record: where its end was looked for.
  private var extent: (automaton: ValueExtent, at: Int)?

  /// A probe of the value at `start`, which begins with one of `names`; or of a document there, whose first
  /// record does, if the walker stands in none.
  init(
    _ walker: ValueWalker, at start: Int, names: FirstNames, reach: Int, longest: Int,
    isWithinLine: Bool, isOfDocuments: Bool = false
  ) {
    self.longest = longest
    self.walker = walker
    self.start = start
    self.names = names
    self.reach = reach
    self.isWithinLine = isWithinLine
    isBeforeRecords = isOfDocuments
    at = start
  }

  /// Records that are enough where nothing follows them.
  private var fewest: Int { names.isGuess ? ChainProbe.length : isWithinLine ? 2 : 1 }

  /// Bytes that were looked at.
  var work: Int { at - start + looked }
  /// Bytes of values that are no records.
  private var looked = 0

  /// Says that the first `count` bytes of the text are gone.
  func shifted(_ count: Int) -> ChainProbe {
    var probe = self
    probe.start -= count
    probe.at -= count
    probe.extent = extent.map { ($0.automaton, $0.at - count) }
    probe.firstLink = firstLink.map { $0 - count }
    return probe
  }

  /// Goes on in `text`.
  mutating func advance(_ text: ByteView, isEnd: Bool) -> Outcome {
    let outcome = follow(text, isEnd: isEnd)
    if case .fails(let place) = outcome, let firstLink {
      return .fails(max(start + 1, min(place, firstLink)))
    }
    return outcome
  }

  private mutating func follow(_ text: ByteView, isEnd: Bool) -> Outcome {
    while true {
      if extent != nil {
        guard let outcome = passExtent(text, isEnd) else { continue }
        return outcome
      }
      let from = at
      if isWithinLine {
        // Spaces may lie between values, a line feed ends them.
        var next = at
        while next < text.count && text[next].isSpaceInLine { next += 1 }
        if next < text.count && text[next] == 0x0A {
          return endsWithLine && records >= fewest ? .holds : .fails(next)
        }
      }
      switch walker.next(text, &at, isEnd: isEnd) {
      case .needsMore:
        return at - start > longest ? .fails(at) : .needsMore
      case .record(let start, let end):
        if isWithinLine && text[start..<end].contains(0x0A) { return .fails(end) }
        let value = ByteView(rebasing: text[start..<end])
        if isBeforeRecords {
          isBeforeRecords = false
          names = names.known(value) ?? names
        }
        if records < ChainProbe.length && !names.beginsWithOne(value) {
          return .fails(max(start, self.start + 1))
        }
        records += 1
        if records >= ChainProbe.length && end - self.start >= reach { return .holds }
        if end - self.start > longest {
          return .fails(max(start, self.start + 1))
        }
      case .end where walker.isSingle:
        return endOfArray(text)
      case .end:
        return records >= fewest ? .holds : .fails(from + 1)
      case .oversize, .fault(_, _, .record), .fault(_, _, .besideRecords):
        extent = (ValueExtent(), at)
      case .fault(_, _, .structure):
        // Where a comma is missing, a record stands.
        return mayBreak(text) ? .holds : .fails(max(at, start + 1))
      }
    }
  }

  /// Passes over a value that is no record, if its brackets are in order, or there is none where one should
  /// be: it is a link of the chain, though none that counts. Nil if it is passed.
  private mutating func passExtent(_ text: ByteView, _ isEnd: Bool) -> Outcome? {
    guard var (automaton, place) = extent else { return nil }
    let step = automaton.look(text, from: place)
    looked += max(0, text.count - place)
    place = max(place, text.count)
    extent = (automaton, place)
    switch isEnd && automaton.isBareScalar ? .ends(text.count) : step {
    case .goesOn:
      if !isEnd && text.count - start <= longest { return .needsMore }
    case .ends(let end):
      let next = Scanner.skipWhitespace(text, from: end)
      if next == text.count && !isEnd && next - start <= longest {
        extent = (ValueExtent(), at)
        return .needsMore
      }
      let mayFollow =
        next < text.count ? walker.mayFollowValue(text[next]) : isEnd && walker.isBetweenContainers
      if mayFollow && !(isWithinLine && text[at..<end].contains(0x0A)) {
        leave(end)
        return nil
      }
    case .unclear(let place):
      if place == at, !walker.isBetweenContainers, walker.mayFollowValue(text[at]) {
        leave(at)
        return nil
      }
    }
    extent = nil
    return mayBreak(text) ? .holds : .fails(at + 1)
  }

  private mutating func leave(_ end: Int) {
    if at > start { firstLink = firstLink ?? at }
    at = end
    walker.leaveValue()
    extent = nil
  }

  /// The array ends that a line holds, if nothing else does: then the line ends too.
  private func endOfArray(_ text: ByteView) -> Outcome {
    guard records >= fewest else { return .fails(start + 1) }
    guard at < text.count else { return .holds }
    // A list inside of an object over several lines ends with its line too, but a bracket follows.
    let begins = text[at] == UInt8(ascii: "{") || text[at] == UInt8(ascii: "[")
    return walker.isAtLine && begins ? .holds : .fails(start + 1)
  }

  /// The chain breaks off here, and is one all the same.
  private func mayBreak(_ text: ByteView) -> Bool {
    records >= ChainProbe.length && !isInList && !isBehindAList(text)
  }

  /// What follows the last value is what follows a list inside of a record.
  private func isBehindAList(_ text: ByteView) -> Bool {
    guard walker.isAtLevelOfRecords else { return true }
    return at < text.count && walker.isBeforeForeignBracket(text[at])
  }
}
