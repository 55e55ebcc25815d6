internal import Bytes
internal import JSONText

/// Finds where what is no record ends, and records go on. Offsets count from the first byte of the item
/// that was not released.
///
/// 1. By its brackets and quotes, if these are in order and what follows is what follows a record.
/// 2. Where values stand in lines, at the end of the line.
/// 3. Where a `ChainProbe` holds: of such records it is not known whence they come, they are `resumed`.
/// 4. Else nowhere.
struct Recovery {
  enum Outcome: Equatable {
    /// Not known yet; so many bytes surely belong to the item.
    case needsMore(Int)
    /// Its own brackets say that it ends here.
    case ends(Int)
    /// Of a value beside the records: up to here its brackets were in order, and then not.
    case breaks(Int)
    /// It ends with the line, at this line feed.
    case endsLine(Int)
    /// Records go on here.
    case resumes(Int)
    /// Here goes on what a bracket too many had closed: the elements of the array before the item.
    case resumesArray(Int)
    /// Here another document begins, with records in their place.
    case restarts(Int)
    /// It goes on to the end of the input.
    case rest
  }

  /// White space that is looked through for what follows a value, in bytes: 64 KiB.
  static let longestGap = 64 << 10

  /// Bytes behind a comma or colon that is missing or too much within which a value has to end: 64 KiB.
  /// Till then it may turn out that its end cannot be told, so what follows is held.
  static let longestDoubt = 64 << 10

  /// Bytes before a place that tell what it is: 1 KiB, as there may be white space.
  static let context = 1 << 10

  enum Phase {
    case lineBehindArray
    case extent
    case follow(Int)
    case search
  }

  /// Why it is no record.
  let reason: String
  /// What of a document it is.
  let part: FaultyPart
  let rules: Rules
  private var extent: ValueExtent
  var phase: Phase
  var position = 0
  var released = 0
  var probe: ChainProbe?
  /// The probe is one of the array before the item.
  var isProbingArray = false
  /// The probe is one of documents.
  private var isProbingDocuments = false
  /// No record begins before this place: it is the item's own up to there.
  private var own: Int
  /// The line feed before the place that is probed, which ends the item if the array does not go on there.
  var lineFeedBefore: Int?
  var work = 0
  private var decided: Outcome?
  /// A list that may be one of an event: as far as it was looked at.
  var list: (extent: ValueExtent, start: Int, at: Int)?
  /// How far the last such list goes.
  var endOfList = 0
  /// Whether the item is an object over several lines, once that was looked at.
  var document: DocumentLines??
  /// Longest item of several lines that is looked at as one; nil for any length.
  private var longestOfLines: Int?

  init(_ reason: String, _ part: FaultyPart, _ rules: Rules) {
    self.reason = reason
    self.part = part
    self.rules = rules
    own = rules.own
    extent = ValueExtent(allowsLineFeeds: !rules.isInLines)
    phase =
      rules.closedArray?.isLineBefore ?? false ? .lineBehindArray : Recovery.firstPhase(part, rules)
    position = rules.kind == .words ? 1 : 0
    if case .lines(let longest) = rules.surroundings { longestOfLines = longest }
  }

  /// The phase in which the item itself is looked at first.
  static func firstPhase(_ part: FaultyPart, _ rules: Rules) -> Phase {
    part == .structure || rules.kind == .words ? .search : .extent
  }

  /// Says that the first `count` bytes are gone.
  mutating func release(_ count: Int) {
    released += count
    own -= count
    decided = decided?.shifted(count)
    position = max(position - count, 0)
    extent.release(count)
    probe = probe?.shifted(count)
    lineFeedBefore = lineFeedBefore.map { $0 - count }
    list?.extent.release(count)
    list = list.map { ($0.extent, $0.start - count, $0.at - count) }
    endOfList -= count
    if case .follow(let end) = phase { phase = .follow(end - count) }
  }

  /// Gives up the hope that brackets tell the end.
  private mutating func endExtent() {
    if case .search = phase { return }
    phase = .search
    // The first byte is the item's own.
    position = released > 0 ? (rules.isInLines ? 0 : position) : 1
  }

  /// Goes on in `text`. `walker` is the one that met the item. What was decided is said again until as much
  /// is released.
  mutating func advance(_ text: ByteView, isEnd: Bool, _ walker: ValueWalker) -> Outcome {
    if let decided { return decided }
    if rules.kind == .cut { return .rest }
    let outcome = look(text, isEnd: isEnd, walker)
    if case .needsMore(let count) = outcome { return .needsMore(max(0, count - Self.context)) }
    decided = outcome == .rest ? nil : outcome
    return outcome
  }

  private mutating func look(_ text: ByteView, isEnd: Bool, _ walker: ValueWalker) -> Outcome {
    while true {
      switch phase {
      case .lineBehindArray:
        if let outcome = lookIntoLine(text, isEnd) { return outcome }
      case .extent:
        if let outcome = lookForEnd(text, isEnd, walker) { return outcome }
      case .follow(let end):
        switch follows(text, end, isEnd, walker) {
        case nil: return .needsMore(end)
        case true?: return .ends(end)
        case false?:
          if part == .besideRecords { return .breaks(end) }
          position = end
          endExtent()
          passOwn(isInOrder ? end : own)
        }
      case .search:
        return search(text, isEnd: isEnd, walker)
      }
    }
  }

  /// Looks for the end that brackets tell; nil if that has come to something.
  private mutating func lookForEnd(
    _ text: ByteView, _ isEnd: Bool, _ walker: ValueWalker
  ) -> Outcome? {
    var shown = text
    if let longest = longestOfLines, !extent.stopsAtLineFeed, text.count > longest {
      shown = ByteView(rebasing: text.prefix(longest))
    }
    var step = extent.look(shown, from: position)
    if let doubt = extent.doubt, step.reach(shown.count) - doubt > Recovery.longestDoubt {
      step = .unclear(doubt)
    }
    if step.reach(shown.count) > rules.reach, hasSwallowed(text) {
      endExtent()
      return nil
    }
    switch step {
    case .goesOn:
      position = shown.count
      if shown.count < text.count {
        if !shown.contains(0x0A) {
          extent.stopsAtLineFeed = true
        } else if rules.kind != .words, let lines = DocumentLines(text) {
          document = .some(lines)
          longestOfLines = nil
        } else {
          endExtent()
        }
        return nil
      }
      if !isEnd { return .needsMore(extent.doubt ?? text.count) }
      if part == .besideRecords { return .breaks(extent.doubt ?? text.count) }
      // As of an object that was cut, all that follows is its own.
      if isInOrder && !rules.isInLines { return .rest }
      endExtent()
      if extent.doubt != nil { passString(text) }
      passOwn(own)
    case .ends(let end): phase = .follow(end)
    case .unclear(let place):
      if part == .besideRecords { return .breaks(place) }
      // A comma or a closing bracket where a value should stand: there is none.
      if place == 0, released == 0, !walker.isBetweenContainers, walker.mayFollowValue(text[0]) {
        return .ends(0)
      }
      position = place
      endExtent()
      passString(text)
      passOwn(own)
    }
    return nil
  }

  /// Brackets are in order, and commas and colons too, as far as they were looked at.
  private var isInOrder: Bool { rules.isInOrder && extent.doubt == nil }

  /// Brackets were in order up to the string before: what begins there is inside of the item, unless that is
  /// a list in the place of a record.
  private mutating func passString(_ text: ByteView) {
    guard released == 0, !rules.isInLines, text.first != UInt8(ascii: "["),
      let string = extent.lastString
    else { return }
    position = max(position, string)
  }

  /// No record begins before `place`; lines may.
  private mutating func passOwn(_ place: Int) {
    guard rules.own > 0 else { return }
    own = max(own, place)
    if !rules.isInLines { position = max(position, own) }
  }

  /// The item is a list of what begins like records, and there was a bracket too many: nothing is so long as
  /// they are together.
  private func hasSwallowed(_ text: ByteView) -> Bool {
    guard rules.reach > 0, released == 0, text.first == UInt8(ascii: "[") else { return false }
    let first = Scanner.skipWhitespace(text, from: 1)
    return rules.names.beginsWithOne(ByteView(rebasing: text[first...]))
  }

  // MARK: Search

  private mutating func search(_ text: ByteView, isEnd: Bool, _ walker: ValueWalker) -> Outcome {
    if case .arrayInLines(_, isAtLine: true) = rules.surroundings, released == 0, position == 0 {
      // An array that was torn behind a whole element: a line is what stands here.
      switch lineBegins(text, 0, isEnd, walker) {
      case nil: return .needsMore(0)
      case true?: return .endsLine(0)
      case false?: break
      }
    }
    while true {
      if let outcome = lookForEndOfList(text, isEnd) { return outcome }
      if let outcome = tryProbe(text, isEnd, walker) { return outcome }
      guard let next = nextPlace(text) else {
        position = text.count
        return isEnd ? .rest : .needsMore(text.count)
      }
      position = next
      if text[next] == UInt8(ascii: "[") {
        list = (ValueExtent(), next, next)
      } else if text[next] == 0x0A {
        if let outcome = probeBehindLine(text, next, isEnd) { return outcome }
        if probe != nil { continue }
        switch lineEnds(text, next, isEnd, walker) {
        case nil: return .needsMore(next)
        case true?: return .endsLine(next)
        case false?:
          position += 1
          lineFeedBefore = nil
        }
      } else if let outcome = startProbe(text, next, isEnd, walker) {
        return outcome
      }
    }
  }

  private mutating func startProbe(
    _ text: ByteView, _ place: Int, _ isEnd: Bool, _ walker: ValueWalker
  ) -> Outcome? {
    let value = ByteView(rebasing: text[place...])
    position = place + 1
    guard place >= own else { return nil }
    switch FirstNames.name(value) {
    case .needsMore:
      guard !isEnd else { return nil }
      position = place
      return .needsMore(place)
    case .none: return nil
    case .name:
      guard work < mostWork else { return nil }
      isProbingArray = false
      isProbingDocuments = walker.mayBeDocument(value) && !rules.names.beginsWithOne(value)
      if isProbingDocuments {
        probe = ChainProbe(
          walker.documentProbe(), at: place, names: rules.names, reach: rules.reach,
          longest: rules.longestChain, isWithinLine: false, isOfDocuments: true)
      } else if let names = rules.names.known(value), walker.mayBeRecord(text, at: place) {
        probe = ChainProbe(
          walker.probe(), at: place, names: names, reach: rules.reach, longest: rules.longestChain,
          isWithinLine: rules.isInLines)
        probe?.endsWithLine = rules.kind == .value
        probe?.isInList = place < endOfList
      }
      return nil
    }
  }

  /// So that nobody can have the same bytes probed again and again.
  var mostWork: Int { 64 * (released + position + (1 << 20)) }

  private mutating func tryProbe(
    _ text: ByteView, _ isEnd: Bool, _ walker: ValueWalker
  ) -> Outcome? {
    guard var probe else { return nil }
    let outcome = probe.advance(text, isEnd: isEnd)
    self.probe = probe
    switch outcome {
    case .needsMore: return .needsMore(lineFeedBefore ?? probe.start)
    case .holds where isProbingDocuments: return .restarts(probe.start)
    case .holds: return isProbingArray ? .resumesArray(probe.start) : .resumes(probe.start)
    case .fails(let place):
      work += probe.work
      self.probe = nil
      if let lineFeedBefore {
        position = lineFeedBefore
      } else if !isProbingArray, isBehindArray, probeArray(text, at: probe.start) {
        return tryProbe(text, isEnd, walker)
      } else {
        // Where the name was a guess, another may be right; or this was what holds the records.
        let isSkipped =
          !rules.looksAtLines && !isProbingDocuments
          && rules.names.beginsWithOne(ByteView(rebasing: text[probe.start...]))
        position = isSkipped ? max(place, probe.start + 1) : probe.start + 1
      }
      return nil
    }
  }

  /// The next place that a record could begin at, a line feed that could end the item, or a list that may be
  /// one of an event.
  private func nextPlace(_ text: ByteView) -> Int? {
    let looksAtLines = rules.looksAtLines
    var at = position
    while at < text.count {
      let byte = text[at]
      if byte == UInt8(ascii: "{") || byte == 0x0A && looksAtLines { return at }
      if byte == UInt8(ascii: "["), at >= endOfList, isOwnList(text, at) { return at }
      at += 1
    }
    return nil
  }
}
