internal import Bytes

/// A text with its escapes undone, once and again, and where each of its bytes came from.
struct UndoneText: ~Copyable {
  /// How often escapes that come out of escapes are undone.
  static let mostLevels = 8

  private var flat = ByteBuffer(capacity: 256)
  /// Where each byte of `flat` begins in the first text, and its end.
  private var offsets = FlatArray<UInt32>(capacity: 16)
  /// What `flat` and `offsets` become.
  private var nextFlat = ByteBuffer(capacity: 16)
  private var nextOffsets = FlatArray<UInt32>(capacity: 16)

  /// The text as it is by now; valid until it changes.
  var text: ByteView { flat.view }

  /// Undoes the escapes of `text`: those of JSON if `backslashes` says so, those of URLs if `percents` does.
  mutating func begin(_ text: ByteView, backslashes: Bool, percents: Bool) {
    undo(text, isFirst: true, backslashes: backslashes, percents: percents)
    swap(&flat, &nextFlat)
    swap(&offsets, &nextOffsets)
  }

  /// Undoes the escapes that came out of escapes.
  mutating func goOn(backslashes: Bool) {
    undo(flat.view, isFirst: false, backslashes: backslashes, percents: true)
    swap(&flat, &nextFlat)
    swap(&offsets, &nextOffsets)
  }

  /// Where in the first text a span of this one is.
  func place(of span: Span32) -> Span32 {
    let start = offsets[Int(span.start)]
    return Span32(start: start, count: offsets[span.end] - start)
  }

  /// Where in the first text the byte at `position` begins.
  func offset(of position: Int) -> Int { Int(offsets[position]) }

  /// The first byte of this text that begins at `offset` in the first one, or behind it.
  func position(of offset: Int) -> Int {
    var (low, high) = (0, offsets.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if Int(offsets[middle]) < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Puts a text with its escapes undone into `nextFlat`: the first one, or `flat`.
  private mutating func undo(
    _ text: ByteView, isFirst: Bool, backslashes: Bool, percents: Bool
  ) {
    nextFlat.removeAll()
    nextOffsets.removeAll()
    var at = 0
    while at < text.count {
      nextOffsets.append(isFirst ? UInt32(truncatingIfNeeded: at) : offsets[at])
      if backslashes, text[at] == UInt8(ascii: "\\"), at + 1 < text.count,
        !TokenEscapes.hasEscapes(text, at)
      {
        let (character, length) = TokenEscapes.escape(text, at)
        nextFlat.append(character)
        at += length
      } else if percents, text[at] == UInt8(ascii: "%"),
        let character = TokenEscapes.percentEscape(text, at)
      {
        nextFlat.append(character)
        at += 3
      } else {
        nextFlat.append(text[at])
        at += 1
      }
    }
    nextOffsets.append(isFirst ? UInt32(truncatingIfNeeded: at) : offsets[at])
  }
}
