internal import Bytes
internal import JSONText

/// Reads the times of events by the rules of a dialect.
struct EventTimeReader: Sendable {
  private let zone: UTCOffset?
  /// Nil if the definition has no forms of its own, as most.
  private let formats: TimeFormats?

  init(_ rules: TimeRules) {
    zone = rules.zone
    formats = rules.formats.isEmpty ? nil : TimeFormats(rules.formats, zone: rules.zone)
  }

  /// The time that a value of the kind `kind` with this text is; nil if it is none.
  @inline(__always) func time(_ kind: ValueKind, _ text: ByteView) -> Timestamp? {
    if let formats, kind == .string || kind == .number, let time = formats.time(text) {
      return time
    }
    return Timestamp(kind, text, zone: zone)
  }
}

/// A value that should be a time and cannot be read as one.
public struct UnreadableTime: Equatable, Sendable {
  /// What stands there, at most 64 characters of it.
  public let text: String
  /// True if all that is missing is in which zone it is.
  public let lacksZone: Bool

  init(text: String, lacksZone: Bool) {
    self.text = text
    self.lacksZone = lacksZone
  }

  init(_ kind: ValueKind, _ text: ByteView) {
    let all = String(decoding: ByteView(rebasing: text.prefix(256)), as: UTF8.self)
    let shown = all.count > 64 ? all.prefix(63) + "…" : Substring(all)
    let isTime = Timestamp(kind, text, zone: .utc) != nil && Timestamp(kind, text) == nil
    self.init(text: kind == .string ? "\"\(shown)\"" : String(shown), lacksZone: isTime)
  }

  /// What is wrong where there is no value.
  public static let nothing = "the event says none where the dialect looks for it"

  /// What is wrong with it, and what to do.
  public var sentence: String {
    lacksZone
      ? "\(text) names no zone (set \"time_zone\")"
      : "\(text) is no time that can be read (describe it with \"time_format\")"
  }
}
