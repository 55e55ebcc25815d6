internal import Crypto
public import Bytes
internal import JSONText

extension Dialect {
  /// How times are read that say all by themselves. To be counted up with each change by which an event would
  /// get another time, or one where it had none: of `Timestamp` and `TimeFormat`, and of which of two members
  /// of one name a scan locates.
  private static let reading: Int64 = 1

  /// The digest of all that decides, beside an event's own bytes, which time it has: the same bytes have the
  /// same time wherever this digest is the same.
  public var timeRule: Digest256 {
    var rule = JSONWriter()
    rule.member("reading", Dialect.reading)
    rule.member("time", (pointers[.time] ?? []).map(\.description))
    rule.member("time_zone", times.zone?.text)
    rule.member("time_formats", times.formats.map(\.pattern))
    return rule.finish().withUnsafeBufferPointer { SHA256.digest($0) }
  }
}
