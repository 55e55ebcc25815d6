internal import Bytes
internal import JSONText

/// The name of a member in front of its value.
enum MemberName {
  /// The name of the member whose value begins at `start` of a valid object; nil for an element of an array.
  static func text(before start: Int, in object: ByteView) -> [UInt8]? {
    func last(before place: Int) -> Int? {
      object[..<place].lastIndex { !" \t\n\r".utf8.contains($0) }
    }
    guard let colon = last(before: start), object[colon] == UInt8(ascii: ":"),
      let end = last(before: colon), object[end] == UInt8(ascii: "\""),
      let quote = opening(before: end, in: object)
    else { return nil }
    var name = ByteBuffer()
    JSONString.unescape(ByteView(rebasing: object[(quote + 1)..<end]), into: &name)
    return name.bytes
  }

  /// The quote that begins the string that ends at `end`: no odd number of backslashes stands before it.
  private static func opening(before end: Int, in object: ByteView) -> Int? {
    var quote = object[..<end].lastIndex(of: UInt8(ascii: "\""))
    while let at = quote {
      let backslashes = object[..<at].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
      if backslashes % 2 == 0 { return at }
      quote = object[..<at].lastIndex(of: UInt8(ascii: "\""))
    }
    return nil
  }
}
