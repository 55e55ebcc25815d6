internal import Bytes
internal import JSONText

/// An array that has ended in the line, or the line before. If a bracket too many has closed it, its
/// elements go on behind that.
struct ClosedArray {
  private let walker: ValueWalker
  private let names: FirstNames
  private let reach: Int
  private let longest: Int
  /// A line feed stands behind the bracket.
  var isLineBefore = false

  /// What `walker` has walked over, whose records begin with one of `names`. `reach` and `longest` are
  /// those of a `ChainProbe`.
  init(_ walker: ValueWalker, _ names: FirstNames, reach: Int, longest: Int) {
    self.walker = walker
    self.names = names
    self.reach = reach
    self.longest = longest
  }

  /// A probe of the element at `place`; nil if none of the array begins so.
  func probe(_ text: ByteView, at place: Int) -> ChainProbe? {
    let value = ByteView(rebasing: text[place...])
    guard let names = names.known(value) else { return nil }
    return ChainProbe(
      walker.probe(), at: place, names: names, reach: reach, longest: longest, isWithinLine: false)
  }
}

// Where the item stands behind an array. In its line all of it is looked through, as it is in an array. In
// the line behind it only the first object counts, unless a string stands before: a line that was torn may
// end with a list, whose objects are no records.
extension Recovery {
  /// Longest text before the first object of a line that is looked through: 64 KiB.
  private static let longestBeginning = 64 << 10

  /// Looks whether the elements go on with the first object in the line; nil if that has come to nothing.
  mutating func lookIntoLine(_ text: ByteView, _ isEnd: Bool) -> Outcome? {
    if var probe {
      let outcome = probe.advance(text, isEnd: isEnd)
      self.probe = probe
      switch outcome {
      case .needsMore: return .needsMore(0)
      case .holds: return .resumesArray(probe.start)
      case .fails: work += probe.work
      }
    } else if let place = text.firstIndex(where: Recovery.endsBeginning) {
      guard place > Recovery.longestBeginning || text[place] != UInt8(ascii: "{") else {
        if case .needsMore = FirstNames.name(ByteView(rebasing: text[place...])), !isEnd {
          return .needsMore(0)
        }
        if probeArray(text, at: place) { return lookIntoLine(text, isEnd) }
        return leaveLine()
      }
    } else if !isEnd && text.count <= Recovery.longestBeginning {
      return .needsMore(0)
    }
    return leaveLine()
  }

  private mutating func leaveLine() -> Outcome? {
    probe = nil
    isProbingArray = false
    phase = Recovery.firstPhase(part, rules)
    return nil
  }

  private static func endsBeginning(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "{") || byte == UInt8(ascii: "\"") || byte == 0x0A
  }

  /// The item stands behind an array in the same line.
  var isBehindArray: Bool { rules.closedArray.map { !$0.isLineBefore } ?? false }

  /// Begins to look whether the elements go on at `place`; false if that cannot be.
  mutating func probeArray(_ text: ByteView, at place: Int) -> Bool {
    guard work < mostWork, let probe = rules.closedArray?.probe(text, at: place) else {
      return false
    }
    self.probe = probe
    isProbingArray = true
    return true
  }

  /// Begins to look whether the elements go on in the line behind a line feed. Not nil if more is needed.
  mutating func probeBehindLine(_ text: ByteView, _ lineFeed: Int, _ isEnd: Bool) -> Outcome? {
    guard isBehindArray, lineFeedBefore != lineFeed else { return nil }
    lineFeedBefore = lineFeed
    let place = Scanner.skipWhitespace(text, from: lineFeed)
    let isFar = place - lineFeed > Recovery.longestGap
    guard place < text.count || isEnd || isFar else {
      lineFeedBefore = nil
      return .needsMore(lineFeed)
    }
    guard !isFar, place < text.count, text[place] == UInt8(ascii: "{") else { return nil }
    if case .needsMore = FirstNames.name(ByteView(rebasing: text[place...])), !isEnd {
      lineFeedBefore = nil
      return .needsMore(lineFeed)
    }
    _ = probeArray(text, at: place)
    return nil
  }
}
