public import Bytes
internal import JSONText

/// What goes of a text, and what comes in its place.
public struct SecretCut: BitwiseCopyable {
  /// What goes.
  public let span: Span32
  /// Where in the marks that is what comes.
  var mark: Span32
  /// What comes tells one secret from another.
  let isTelling: Bool

  /// Bytes that come.
  public var markCount: Int { Int(mark.count) }
}

/// Finds secrets in JSON. One for each worker.
public struct SecretText: ~Copyable {
  private var finder: SecretFinder
  private var made = FlatArray<SecretCut>(capacity: 4)
  private var marks = ByteBuffer(capacity: 64)

  /// A finder that has found nothing yet.
  public init(_ plan: SecretPlan) { finder = SecretFinder(plan) }

  /// What the last look found: the parts to cut, in their order.
  public var cuts: UnsafeMutableBufferPointer<SecretCut> { made.elements }

  /// Looks for secrets in `text`, which is JSON; true if there are any. With `isFragment` it is any text that
  /// messages show the beginning of: there what begins like a secret and reaches the end counts as one.
  public mutating func find(in text: ByteView, isFragment: Bool = false) -> Bool {
    made.removeAll()
    finder.isFragment = isFragment
    let isEscaped = TokenEscapes.hidesBehindBackslash(text, secrets: true)
    finder.begin(text, leavesTokens: isEscaped)
    if isEscaped || finder.meetsEscape || TokenEscapes.hidesBehindPercent(text, secrets: true) {
      finder.lookBehindEscapes(percents: !isEscaped)
    }
    guard finder.found.count > 0 else { return false }
    join()
    return true
  }

  /// Appends `text`, the one that was looked at last, without what has to be cut.
  public func append(_ text: ByteView, to buffer: inout ByteBuffer) {
    var copied = 0
    for cut in made.elements {
      buffer.append(ByteView(rebasing: text[copied..<Int(cut.span.start)]))
      buffer.append(marks[cut.mark])
      copied = cut.span.end
    }
    buffer.append(ByteView(rebasing: text[copied...]))
  }

  /// True if there are cuts in names of members of `text`, the one that was looked at last, that leave the
  /// same of different secrets.
  public func hasNames(in text: ByteView) -> Bool {
    var places = NamePlaces()
    return made.elements.contains { !$0.isTelling && places.isName(text, $0) }
  }

  /// Numbers what is left of such secrets, from `first` on: two names that differ by their secrets alone must
  /// not become one.
  public mutating func numberNames(in text: ByteView, from first: Int) {
    var places = NamePlaces()
    var number = first
    for index in 0..<made.count where !made[index].isTelling && places.isName(text, made[index]) {
      let at = marks.count
      marks.append("***(")
      marks.append(decimal: number)
      marks.append(")")
      made[index].mark = Span32(at, count: marks.count - at)
      number += 1
    }
  }

  /// Brings what was found in several looks, and what lies in one another, into order.
  private mutating func join() {
    let all = finder.found.elements
    var sorted = all
    sorted.sort { ($0.cut.start, $1.cut.end) < ($1.cut.start, $0.cut.end) }
    marks.removeAll()
    var index = 0
    while index < sorted.count {
      var kept = sorted[index]
      index += 1
      while index < sorted.count, Int(sorted[index].cut.start) < kept.cut.end {
        let other = sorted[index]
        index += 1
        if other.mark == .digest, kept.mark == .stars, other.whole == kept.cut {
          // A password of a URL that is a generated secret.
          kept = other
        } else if other.mark != .nothing, other.whole.start == kept.whole.start,
          other.cut.end > kept.cut.end
        {
          // One that another look saw the whole of.
          kept = other
        } else if other.cut.end > kept.cut.end {
          let isEmpty = kept.mark == .nothing && other.mark == .nothing
          kept = FoundSecret(Int(kept.cut.start)..<other.cut.end, isEmpty ? .nothing : .stars)
        }
      }
      let at = marks.count
      kept.appendMark(to: &marks)
      made.append(
        SecretCut(
          span: kept.cut, mark: Span32(at, count: marks.count - at),
          isTelling: kept.mark == .digest))
    }
  }
}

/// Tells cuts in names of members from others, in their order.
private struct NamePlaces {
  /// Where the string ends that was looked at last, and whether it is a name.
  private var end = 0
  private var isLastName = false

  mutating func isName(_ text: ByteView, _ cut: SecretCut) -> Bool {
    guard cut.span.end > end else { return isLastName }
    end = cut.span.end
    while end < text.count, text[end] != UInt8(ascii: "\"") {
      end += text[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    let colon = Scanner.skipWhitespace(text, from: end + 1)
    isLastName = colon < text.count && text[colon] == UInt8(ascii: ":")
    return isLastName
  }
}

extension SecretPlan {
  /// Some text for a message, without secrets. If it is cut off, what begins like one and reaches the end may
  /// have gone on, and is one.
  public func strip(_ text: ByteView, isCutOff: Bool) -> [UInt8] {
    var secrets = SecretText(self)
    guard secrets.find(in: text, isFragment: isCutOff) else { return Array(text) }
    var stripped = ByteBuffer(capacity: text.count)
    secrets.append(text, to: &stripped)
    return stripped.bytes
  }
}
