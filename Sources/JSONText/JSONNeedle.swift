public import Bytes

/// Tells which JSON cannot have a text among its strings and numbers, without reading it as JSON.
///
/// A text stands in JSON as it is, unless some of it is written as an escape. Most escapes cannot be a
/// character of the text, so JSON full of others (`\"`, `\u003c`) is still ruled out.
public struct JSONNeedle: Sendable {
  private let bytes: ByteNeedle
  /// By ASCII character: an escape that stands for it may hide the text.
  private let isHidden: [Bool]
  /// The text has a character beyond ASCII.
  private let hasOthers: Bool
  /// JSON can write some character of the text in no other way than as an escape.
  private let isNeverPlain: Bool

  /// Prepares to look for a text.
  public init(_ text: [UInt8]) {
    bytes = ByteNeedle(text)
    isHidden = (0..<128).map { text.contains($0) }
    hasOthers = text.contains { $0 >= 0x80 }
    isNeverPlain = text.contains { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == 0x5C }
  }

  /// The text.
  public var text: [UInt8] { bytes.bytes }

  /// False if no string and no number in `json`, one document or several lines of them, has the text in it.
  public func mayBeIn(_ json: ByteView) -> Bool { bytes.isIn(json) || mayBeHidden(in: json) }

  private func mayBeHidden(in json: ByteView) -> Bool {
    var at = 0
    while let escape = json.place(of: 0x5C, from: at) {
      if isNeverPlain { return true }
      guard escape + 1 < json.count else { return false }
      at = escape + 2
      switch json[escape + 1] {
      case UInt8(ascii: "/"): if isHidden[Int(UInt8(ascii: "/"))] { return true }
      case UInt8(ascii: "u"):
        // What is no escape may be anything.
        guard let unit = JSONString.escapedUnit(json, escape) else { return true }
        at = escape + 6
        if unit < 128 ? isHidden[Int(unit)] : hasOthers { return true }
      // The others are control characters, quotes and backslashes.
      default: break
      }
    }
    return false
  }
}
