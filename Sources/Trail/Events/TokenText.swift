internal import Platform

public import Bytes
internal import JSONText

// What a token looks like (RFC 7515, 7516, 7519, compact serialization): parts of base64url with dots between
// them, of which the first is a JSON object with a member "alg": it begins with a brace, ends with one, and
// holds `"alg"`. That it is JSON in between is not looked at: a token that is none is no loss. Whoever has it
// all can use it; without its third part (of a JWS the signature, of a JWE the initialization vector) and
// what follows, nobody can. So from the third part on it is cut; the header, the claims and the dot behind
// them stay, which says to people what was here, and to a second look that there is nothing left to cut.
//
// A token may be glued to a word, as `_` and `-` are letters of base64url (`jwt_eyJ…`), so a header may begin
// anywhere in the run before a dot. But where it begins shifts only how the letters fall into groups of four:
// all beginnings that are a multiple of four apart decode to ends of one and the same text. So a run is
// decoded four times at most, whatever is in front, and the work is linear.
//
// Nearly all text has no token, so the way there is short: the next dot, by `memchr`; are the fourteen bytes
// before it base64url (the shortest header there is)? The letters and dots of a token may hide behind
// escapes: in JSON `\u0065`, in JSON that stands in a string `\\u0065`, in a URL `%2E`. Only where an escape
// of that kind is at all, the text is looked at with the escapes undone, and so on while escapes come out of
// escapes; up to `mostLevels` times, or a text of escapes alone would cost its length squared. In JSON the
// first escapes are what it says; all others may be something else, so the text before counts too.

/// Finds tokens in text. One for each worker.
public struct TokenText: ~Copyable {
  /// `{"alg":""}` in base64url.
  private static let shortestHeader = 14

  private var found = FlatArray<Span32>(capacity: 4)
  /// The dots behind the headers of tokens that what is left of them does not tell from others.
  private var nameless = FlatArray<Span32>(capacity: 4)
  /// True if one of these was cut before: nothing in the text tells it from others.
  public private(set) var isHollow = false
  private var header = ByteBuffer(capacity: 256)
  private var undone = UndoneText()

  /// A finder that has found nothing yet.
  public init() {}

  /// What the last look found: the parts to cut, in their order.
  public var cuts: UnsafeMutableBufferPointer<Span32> { found.elements }

  /// Looks for tokens in `text`, which is JSON (where escapes count) or what a string stands for; true if
  /// there are any.
  public mutating func find(in text: ByteView, isJSON: Bool) -> Bool {
    found.removeAll()
    nameless.removeAll()
    isHollow = false
    let isEscaped = isJSON && TokenEscapes.hidesBehindBackslash(text)
    if !isEscaped { find(text) }
    if isEscaped || TokenEscapes.hidesBehindPercent(text) {
      findUndone(text, isJSON: isJSON, percents: !isEscaped)
    }
    return found.count > 0
  }

  /// True if the last look met a token that what is left of it, once it is cut, does not tell from others:
  /// one without claims (a JWE with a key that both sides know, a JWS whose payload is elsewhere), whole or
  /// cut; and any whole JWE, of which no more than its encrypted key is left.
  public var hasNameless: Bool { nameless.count > 0 }

  /// True if such a token stands in `span` of the text that was looked at last.
  public func hasNameless(in span: Span32) -> Bool {
    var low = 0
    var high = nameless.count
    while low < high {
      let middle = (low + high) / 2
      if nameless[middle].start < span.start { low = middle + 1 } else { high = middle }
    }
    return low < nameless.count && Int(nameless[low].start) < span.end
  }

  /// Appends `text`, the one that was looked at last, without what has to be cut.
  public func append(_ text: ByteView, to buffer: inout ByteBuffer) {
    var copied = 0
    for cut in found.elements {
      buffer.append(ByteView(rebasing: text[copied..<Int(cut.start)]))
      copied = cut.end
    }
    buffer.append(ByteView(rebasing: text[copied...]))
  }

  // MARK: Plain text

  private mutating func find(_ text: ByteView) {
    guard let base = text.baseAddress else { return }
    var at = 0
    while let dot = TokenText.next(UInt8(ascii: "."), base, from: at, to: text.count) {
      at = dot + 1
      guard let cut = cut(text, base, header: dot) else {
        guard isHollow(text, base, header: dot) else { continue }
        isHollow = true
        nameless.append(Span32(dot, count: 1))
        continue
      }
      found.append(Span32(cut.lowerBound, count: cut.count))
      if cut.lowerBound == dot + 2 || text[cut].contains(UInt8(ascii: ".")) {
        nameless.append(Span32(dot, count: 1))
      }
      at = cut.upperBound
    }
  }

  /// True for what is left of a token without claims, whose header ends at `dot`: that, and another dot.
  private mutating func isHollow(
    _ text: ByteView, _ base: UnsafePointer<UInt8>, header dot: Int
  ) -> Bool {
    guard dot + 1 < text.count, text[dot + 1] == UInt8(ascii: "."),
      dot >= TokenText.shortestHeader, TokenText.isLongRun(base, before: dot)
    else { return false }
    return hasHeader(text, before: dot)
  }

  /// What has to be cut of a token whose header ends at `dot`, where one stands in `text`; nil if there is no
  /// such token.
  mutating func cut(_ text: ByteView, _ base: UnsafePointer<UInt8>, header dot: Int) -> Range<Int>?
  {
    guard dot >= TokenText.shortestHeader, TokenText.isLongRun(base, before: dot),
      let third = TokenText.thirdPart(text, header: dot), hasHeader(text, before: dot)
    else { return nil }
    return third..<TokenText.endOfParts(text, from: third)
  }

  static func next(
    _ byte: UInt8, _ base: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> Int? {
    guard start < end, let found = memchr(base + start, Int32(byte), end - start) else {
      return nil
    }
    return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
  }

  @inline(__always) static func isDigit(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "-")
  }

  @inline(__always) private static func isLongRun(
    _ base: UnsafePointer<UInt8>, before dot: Int
  ) -> Bool {
    for back in 1...shortestHeader where !isDigit(base[dot - back]) { return false }
    return true
  }

  /// Where the third part begins of a token whose header ends at `dot`; nil if there is none.
  private static func thirdPart(_ text: ByteView, header dot: Int) -> Int? {
    let second = endOfRun(text, from: dot + 1)
    guard second + 1 < text.count, text[second] == UInt8(ascii: "."), isDigit(text[second + 1])
    else { return nil }
    return second + 1
  }

  /// Where the last of the parts ends of which the first begins at `start`.
  private static func endOfParts(_ text: ByteView, from start: Int) -> Int {
    var end = endOfRun(text, from: start)
    while end + 1 < text.count, text[end] == UInt8(ascii: "."), isDigit(text[end + 1]) {
      end = endOfRun(text, from: end + 1)
    }
    return end
  }

  static func endOfRun(_ text: ByteView, from start: Int) -> Int {
    var at = start
    while at < text.count, isDigit(text[at]) { at += 1 }
    return at
  }

  /// True if some end of the run before `dot` is a header.
  private mutating func hasHeader(_ text: ByteView, before dot: Int) -> Bool {
    var start = dot
    while start > 0, TokenText.isDigit(text[start - 1]) { start -= 1 }
    var isTried: (Bool, Bool, Bool, Bool) = (false, false, false, false)
    while start <= dot - TokenText.shortestHeader {
      if TokenText.canBegin(text[start], text[start + 1]) {
        switch start & 3 {
        case 0 where !isTried.0: isTried.0 = true
        case 1 where !isTried.1: isTried.1 = true
        case 2 where !isTried.2: isTried.2 = true
        case 3 where !isTried.3: isTried.3 = true
        default:
          start += 1
          continue
        }
        if isHeader(ByteView(rebasing: text[start..<dot])) { return true }
      }
      start += 1
    }
    return false
  }

  /// `{` and then `"` or white space, in base64url; or white space and then a brace or more of it.
  static func canBegin(_ first: UInt8, _ second: UInt8) -> Bool {
    switch first {
    case UInt8(ascii: "e"): second == UInt8(ascii: "y") || second == UInt8(ascii: "w")
    case UInt8(ascii: "I"):
      second == UInt8(ascii: "H") || second == UInt8(ascii: "C") || second == UInt8(ascii: "A")
    case UInt8(ascii: "C"), UInt8(ascii: "D"):
      second == UInt8(ascii: "X") || second == UInt8(ascii: "S") || second == UInt8(ascii: "Q")
        || second == UInt8(ascii: "n") || second == UInt8(ascii: "i") || second == UInt8(ascii: "g")
    default: false
    }
  }

  private mutating func isHeader(_ text: ByteView) -> Bool {
    guard text.count % 4 != 1 else { return false }
    header.removeAll()
    var digits = Base64Digits()
    for digit in text {
      guard let value = Base64Digits.value(digit) else { return false }
      if let byte = digits.take(value) { header.append(byte) }
    }
    var end = header.count
    while end > 0, header.base[end - 1] <= 0x20 { end -= 1 }
    guard end > 0, header.base[end - 1] == UInt8(ascii: "}") else { return false }
    return namesAlgorithm()
  }

  /// Whether `header` has a member `alg`, perhaps spelt with escapes.
  private func namesAlgorithm() -> Bool {
    let text = header.view
    if ByteSearch.first(TokenText.algorithm, in: text, from: 0) != nil { return true }
    guard TokenText.next(UInt8(ascii: "\\"), header.base, from: 0, to: text.count) != nil else {
      return false
    }
    var plain = ByteBuffer(capacity: text.count)
    var at = 0
    while at < text.count {
      guard text[at] == UInt8(ascii: "\\") else {
        plain.append(text[at])
        at += 1
        continue
      }
      let (character, length) = TokenEscapes.escape(text, at)
      plain.append(character)
      at += length
    }
    return ByteSearch.first(TokenText.algorithm, in: plain.view, from: 0) != nil
  }

  private static let algorithm = Array("\"alg\"".utf8)

  // MARK: Letters behind escapes

  /// Looks at the text with its escapes undone, those of URLs only if `percents` says so; and then as long as
  /// there are more.
  private mutating func findUndone(_ text: ByteView, isJSON: Bool, percents: Bool) {
    undone.begin(text, backslashes: isJSON, percents: percents)
    for level in 1...UndoneText.mostLevels {
      let flat = undone.text
      let (known, knownNameless) = (found.count, nameless.count)
      // What is looked at is not part of what changes.
      find(flat)
      for index in known..<found.count { found[index] = undone.place(of: found[index]) }
      for index in knownNameless..<nameless.count {
        nameless[index] = undone.place(of: nameless[index])
      }
      guard level < UndoneText.mostLevels,
        TokenEscapes.hidesBehindPercent(flat) || isJSON && TokenEscapes.hidesBehindBackslash(flat)
      else { break }
      undone.goOn(backslashes: isJSON)
    }
    joinFound()
  }

  /// Brings what was found in several looks into order, each place once.
  private mutating func joinFound() {
    var dots = nameless.elements
    dots.sort { $0.start < $1.start }
    var all = found.elements
    all.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    var kept = 0
    for index in 0..<all.count {
      let cut = all[index]
      if kept > 0, Int(cut.start) <= all[kept - 1].end {
        let start = all[kept - 1].start
        let end = max(all[kept - 1].end, cut.end)
        all[kept - 1] = Span32(start: start, count: UInt32(truncatingIfNeeded: end) - start)
      } else {
        all[kept] = cut
        kept += 1
      }
    }
    found.truncate(to: kept)
  }
}
