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

  /// Takes `text`, which lies in `bytes`, apart at the first two `::`.
  public init(_ text: Span32, in bytes: borrowing ByteBuffer) {
    let view = bytes[text]
    source = .empty
    id = text
    name = .empty
    guard let first = Actor.separator(view, from: 0), first > 0,
      !view[..<first].contains(UInt8(ascii: ":"))
    else { return }
    source = Span32(Int(text.start), count: first)
    let rest = first + 2
    let second = Actor.separator(view, from: rest) ?? view.count
    id = Span32(Int(text.start) + rest, count: second - rest)
    if second < view.count {
      name = Span32(Int(text.start) + second + 2, count: view.count - second - 2)
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
