public import Bytes

/// What goes of a text, and what comes in its place.
public struct SecretCut: BitwiseCopyable {
  /// What goes.
  public let span: Span32
  /// Where in the marks that is what comes.
  let mark: Span32

  /// Bytes that come.
  public var markCount: Int { Int(mark.count) }
}

/// Finds secrets in JSON. One for each worker.
public struct SecretText: ~Copyable {
  private var finder: SecretFinder
  private var undone = UndoneText()
  private var made = FlatArray<SecretCut>(capacity: 4)
  private var marks = ByteBuffer(capacity: 64)

  /// A finder that has found nothing yet.
  public init(_ plan: SecretPlan) { finder = SecretFinder(plan) }

  /// What the last look found: the parts to cut, in their order.
  public var cuts: UnsafeMutableBufferPointer<SecretCut> { made.elements }

  /// Looks for secrets in `text`, which is JSON; true if there are any.
  public mutating func find(in text: ByteView) -> Bool {
    finder.found.removeAll()
    made.removeAll()
    let isEscaped = TokenEscapes.hidesBehindBackslash(text, secrets: true)
    finder.leavesTokens = isEscaped
    finder.look(at: text)
    if isEscaped || TokenEscapes.hidesBehindPercent(text, secrets: true) {
      finder.leavesTokens = false
      findUndone(text, percents: !isEscaped)
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

  /// Looks at the text with its escapes undone, as long as there are more: see `TokenText`.
  private mutating func findUndone(_ text: ByteView, percents: Bool) {
    undone.begin(text, backslashes: true, percents: percents)
    for level in 1...UndoneText.mostLevels {
      let flat = undone.text
      let known = finder.found.count
      // What is looked at is not part of what changes.
      finder.look(at: flat)
      for index in known..<finder.found.count {
        finder.found[index].cut = undone.place(of: finder.found[index].cut)
        finder.found[index].whole = undone.place(of: finder.found[index].whole)
      }
      guard level < UndoneText.mostLevels,
        TokenEscapes.hidesBehindPercent(flat, secrets: true)
          || TokenEscapes.hidesBehindBackslash(flat, secrets: true)
      else { break }
      undone.goOn(backslashes: true)
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
      made.append(SecretCut(span: kept.cut, mark: Span32(at, count: marks.count - at)))
    }
  }
}
