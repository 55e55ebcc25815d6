internal import Bytes
internal import JSONText

/// Says by a JSON Pointer where in an event a byte is: walks over valid JSON once, from the front, for places
/// in their order.
struct PlaceLocator: ~Copyable {
  /// Places that an event lists: 100. Of one with more the whole event is listed for the others.
  static let mostPlaces = 100
  /// Longest pointer, in bytes: 1,024. A longer one is cut to the value that holds what it names.
  static let longestPointer = 1024
  /// The pointer to the whole event, as a JSON string.
  static let wholeEvent: [UInt8] = Array("\"\"".utf8)

  /// A container on the way, and where in it the walk is.
  struct Frame: BitwiseCopyable {
    /// -1 in an object.
    var index: Int32
    var isAtKey: Bool
    /// The content of the last key.
    var key: Span32
  }

  private let text: ByteView
  private var at = 0
  private var frames = FlatArray<Frame>(capacity: 16)
  private var key = ByteBuffer()
  /// Where the string ends that the last place is, and the pointer to it: the next place can lie in it too.
  private var endOfLast = 0
  private var last = PlaceLocator.wholeEvent

  /// For `text`, which must stay where it is.
  init(_ text: ByteView) { self.text = text }

  /// A pointer, as a JSON string, to the value or member whose text holds the byte at `offset`, which must
  /// not lie before one that was asked for.
  mutating func place(of offset: Int) -> [UInt8] {
    if offset < endOfLast { return last }
    while at < text.count {
      let start = at
      if text[start] == UInt8(ascii: "\"") {
        at = endOfString(from: start)
        noteKey(start)
        if offset < at {
          (endOfLast, last) = (at, pointer())
          leaveKey()
          return last
        }
        leaveKey()
      } else {
        at += 1
        step(text[start])
      }
    }
    return PlaceLocator.wholeEvent
  }

  private func endOfString(from start: Int) -> Int {
    var end = start + 1
    while end < text.count, text[end] != UInt8(ascii: "\"") {
      end += text[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(end + 1, text.count)
  }

  private mutating func noteKey(_ start: Int) {
    let last = frames.count - 1
    guard last >= 0, frames[last].isAtKey else { return }
    frames[last].key = Span32(start + 1, count: at - start - 2)
  }

  private mutating func leaveKey() {
    if frames.count > 0 { frames[frames.count - 1].isAtKey = false }
  }

  private mutating func step(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "{"): frames.append(Frame(index: -1, isAtKey: true, key: .empty))
    case UInt8(ascii: "["): frames.append(Frame(index: 0, isAtKey: false, key: .empty))
    case UInt8(ascii: "}"), UInt8(ascii: "]"): frames.truncate(to: max(0, frames.count - 1))
    case UInt8(ascii: ",") where frames.count > 0:
      let last = frames.count - 1
      if frames[last].index < 0 { frames[last].isAtKey = true } else { frames[last].index += 1 }
    default: break
    }
  }

  private mutating func pointer() -> [UInt8] {
    var pointer = ByteBuffer()
    for frame in frames.elements {
      let before = pointer.count
      // Unescaping makes no less than a sixth.
      if frame.key.count > PlaceLocator.longestPointer * 6 { break }
      pointer.append(UInt8(ascii: "/"))
      if frame.index >= 0 {
        pointer.append(decimal: Int(frame.index))
      } else {
        append(frame.key, &pointer)
      }
      guard pointer.count <= PlaceLocator.longestPointer else {
        pointer.truncate(to: before)
        break
      }
    }
    var quoted = ByteBuffer()
    JSONString.append(quoting: pointer.view, to: &quoted)
    return quoted.bytes
  }

  private mutating func append(_ name: Span32, _ pointer: inout ByteBuffer) {
    key.removeAll()
    JSONString.unescape(ByteView(rebasing: text[Int(name.start)..<name.end]), into: &key)
    for byte in key.view {
      switch byte {
      case UInt8(ascii: "~"): pointer.append("~0")
      case UInt8(ascii: "/"): pointer.append("~1")
      default: pointer.append(byte)
      }
    }
  }
}
