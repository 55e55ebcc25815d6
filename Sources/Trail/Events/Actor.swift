public import Bytes

/// The original actor taken apart: `source::id`, `source::id::name`, or a bare name.
///
/// A source holds no colon, so that an Amazon resource name (`arn:aws:iam::123:user/x`) is a name.
public struct Actor: Equatable, Sendable {
  /// Where the identity comes from (`api`, `github`, …); empty for a bare name.
  public var source: Span32
  /// The identity; of a bare name all of it.
  public var id: Span32
  /// What the vendor shows for it; empty if it is not given.
  public var name: Span32

  /// Where the three are in a text.
  struct Places {
    let source, id, name: Range<Int>

    /// Takes `text` apart at the first two `::`; nil for a bare name.
    init?(_ text: ByteView) {
      guard let first = Actor.separator(text, from: 0), first > 0,
        !text[..<first].contains(UInt8(ascii: ":"))
      else { return nil }
      let rest = first + 2
      let second = Actor.separator(text, from: rest) ?? text.count
      source = 0..<first
      id = rest..<second
      name = min(second + 2, text.count)..<text.count
    }
  }

  /// The source of an actor that is an API key.
  static let keySource: [UInt8] = Array("api".utf8)

  /// Takes `text`, which lies in `bytes`, apart at the first two `::`.
  public init(_ text: Span32, in bytes: borrowing ByteBuffer) {
    source = .empty
    id = text
    name = .empty
    guard let places = Places(bytes[text]) else { return }
    let start = Int(text.start)
    source = Span32(start, count: places.source.count)
    id = Span32(start + places.id.lowerBound, count: places.id.count)
    if !places.name.isEmpty {
      name = Span32(start + places.name.lowerBound, count: places.name.count)
    }
  }

  private static func separator(_ view: ByteView, from: Int) -> Int? {
    var at = from
    while at + 1 < view.count {
      if view[at] == UInt8(ascii: ":") && view[at + 1] == UInt8(ascii: ":") { return at }
      at += 1
    }
    return nil
  }
}
