/// By how much the clocks of a place are ahead of UTC.
///
/// Zones with names (`Europe/Berlin`) are none: which offset they mean depends on the rules that a system
/// happens to have, and for an hour each autumn on nothing at all.
public struct UTCOffset: Equatable, Hashable, Sendable, BitwiseCopyable {
  /// In seconds.
  public let seconds: Int32

  /// No difference.
  public static let utc = UTCOffset(seconds: 0)

  init(seconds: Int32) { self.seconds = seconds }

  /// `UTC`, `GMT` or `Z`, or `+02:00`, `-0530`, `+02`; nil for anything else.
  public init?(_ text: ByteView) {
    switch text.count {
    case 1 where text[0] | 0x20 == UInt8(ascii: "z"): self = .utc
    case 3 where UTCOffset.isName(text): self = .utc
    default:
      guard let offset = UTCOffset.numeric(text) else { return nil }
      self = offset
    }
  }

  private static func isName(_ text: ByteView) -> Bool {
    let name = (text[0] | 0x20, text[1] | 0x20, text[2] | 0x20)
    return name == (0x75, 0x74, 0x63) || name == (0x67, 0x6D, 0x74)
  }

  private static func numeric(_ text: ByteView) -> UTCOffset? {
    guard text.count == 3 || text.count == 5 || text.count == 6, let base = text.baseAddress,
      base[0] == UInt8(ascii: "+") || base[0] == UInt8(ascii: "-"),
      let hours = Timestamp.two(base + 1), hours < 24
    else { return nil }
    var seconds = hours * 3600
    if text.count > 3 {
      guard text.count == 5 || base[3] == UInt8(ascii: ":"),
        let minutes = Timestamp.two(base + text.count - 2), minutes < 60
      else { return nil }
      seconds += minutes * 60
    }
    return UTCOffset(seconds: Int32(base[0] == UInt8(ascii: "-") ? -seconds : seconds))
  }

  /// `+02:00`; `UTC` for none.
  public var text: String {
    if seconds == 0 { return "UTC" }
    let minutes = Int(seconds.magnitude) / 60
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return (seconds < 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60)
  }
}
