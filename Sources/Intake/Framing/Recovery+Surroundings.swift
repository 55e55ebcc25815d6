internal import Bytes
internal import JSONText

// What stands around an item.
extension Recovery {
  /// Whether what follows the item at `end` is what may follow a record; nil if more is needed.
  func follows(_ text: ByteView, _ end: Int, _ isEnd: Bool, _ walker: ValueWalker) -> Bool? {
    var at = end
    while at < text.count, text[at].isSpaceInLine || text[at] == 0x0A && !rules.isInLines {
      at += 1
    }
    if at - end > Recovery.longestGap { return true }
    guard at < text.count else {
      // An open container tells that more than the item's own bytes are missing.
      return isEnd ? walker.isBetweenContainers || part == .besideRecords : nil
    }
    if part == .besideRecords && walker.isBetweenContainers { return true }
    if walker.isInArray, text[at] == UInt8(ascii: ",") {
      return beginsMember(text, at + 1, isEnd).map { !$0 }
    }
    return walker.mayFollowValue(text[at]) || rules.isInLines && text[at] == 0x0A
  }

  /// Whether a member begins here, as it does in no array; nil if more is needed.
  private func beginsMember(_ text: ByteView, _ place: Int, _ isEnd: Bool) -> Bool? {
    var at = Scanner.skipWhitespace(text, from: place)
    guard at < text.count else { return isEnd || at - place > Recovery.longestGap ? false : nil }
    guard text[at] == UInt8(ascii: "\"") else { return false }
    var name = ValueExtent()
    switch name.look(ByteView(rebasing: text.dropFirst(at)), from: 0) {
    case .ends(let end): at += end
    case .unclear: return false
    case .goesOn: return isEnd || text.count - at > Recovery.longestGap ? false : nil
    }
    let colon = Scanner.skipWhitespace(text, from: at)
    guard colon < text.count else { return isEnd || colon - at > Recovery.longestGap ? false : nil }
    return text[colon] == UInt8(ascii: ":")
  }

  /// Whether the item ends at this line feed: always where values stand in lines; where they stand in an
  /// array, if a line of objects follows, and behind it one that begins with an object or an array, or
  /// nothing. Nil if more is needed.
  mutating func lineEnds(
    _ text: ByteView, _ lineFeed: Int, _ isEnd: Bool, _ walker: ValueWalker
  ) -> Bool? {
    guard rules.isInLines else { return lineBegins(text, lineFeed, isEnd, walker) }
    guard rules.kind != .words else { return true }
    if document == nil && released == 0 {
      guard lineFeed + 1 < text.count || isEnd else { return nil }
      document = .some(DocumentLines(text))
    }
    guard case .some(.some(let lines)) = document else { return true }
    return lines.ends(text, lineFeed, isEnd)
  }

  // MARK: Lists

  /// Whether a list is a value inside of an event, or of another list. Where records are held by no array a
  /// list cannot pass for a row of them.
  func isOwnList(_ text: ByteView, _ place: Int) -> Bool {
    guard rules.reach > 0, !rules.isInLines, work < mostWork else { return false }
    var before = place
    while before > 0, place - before < Recovery.context, text[before - 1].isSpace { before -= 1 }
    guard before > 0, place - before < Recovery.context else { return false }
    switch text[before - 1] {
    case UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "["): return true
    default: return false
    }
  }

  /// Finds out how far a list goes: as far as its brackets and quotes are in order; nil if that is known.
  mutating func lookForEndOfList(_ text: ByteView, _ isEnd: Bool) -> Outcome? {
    guard let (known, start, at) = list else { return nil }
    var extent = known
    var step = extent.look(text, from: at)
    let reach = step.reach(text.count)
    work += max(0, reach - at)
    if let doubt = extent.doubt, reach - doubt > Recovery.longestDoubt { step = .unclear(doubt) }
    switch step {
    case .goesOn where !isEnd && text.count - start <= rules.longestChain:
      list = (extent, start, text.count)
      return .needsMore(start)
    case .goesOn where isEnd && extent.doubt == nil: endOfList = text.count
    case .ends(let end): endOfList = end
    case .goesOn, .unclear: endOfList = max(start + 1, extent.lastString ?? 0)
    }
    position = start + 1
    list = nil
    return nil
  }

  func lineBegins(
    _ text: ByteView, _ place: Int, _ isEnd: Bool, _ walker: ValueWalker
  ) -> Bool? {
    guard case .arrayInLines(let longest, _) = rules.surroundings else { return false }
    var at = Scanner.skipWhitespace(text, from: place)
    guard at < text.count else { return isEnd ? false : nil }
    while text[at] == UInt8(ascii: "{") {
      let window = ByteView(rebasing: text[at..<min(text.count, at + longest)])
      let scan = walker.scan(window)
      if scan.fault == .unexpectedEnd && window.count < longest && !isEnd { return nil }
      guard scan.fault == .none else { return false }
      let next = Scanner.skipWhitespace(text, from: at + scan.end)
      guard next < text.count else { return isEnd ? true : nil }
      if text[(at + scan.end)..<next].contains(0x0A) {
        return text[next] == UInt8(ascii: "{") || text[next] == UInt8(ascii: "[")
      }
      at = next
    }
    return false
  }
}
