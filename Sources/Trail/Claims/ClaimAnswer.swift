public import Bytes

/// What a claim store says about an event.
public struct ClaimAnswer: BitwiseCopyable {
  /// How its claims were found.
  public var match: ClaimMatch
  /// `skew`, `tokenTimeOutside`, `tokenUnknown`, `tokenOfOtherKey`, `displayCleaned`,
  /// `imitatesActor`, `untrustedIssuer`.
  public var flags: UInt32 = 0
  /// The policy that decided what is shown; -1 if none did.
  public var policy = -1
  /// Which of the policies' candidates is shown; -1 if none is there.
  public var candidate = -1
  /// The display actor as a JSON string; empty if no candidate is there. Valid as long as the store.
  public var display = ByteView(start: nil, count: 0)
  /// The claims to keep, a JSON object; empty if there are none. Valid as long as the store.
  public var claims = ByteView(start: nil, count: 0)
  /// Those who it could have been, a JSON array of strings, where it is `ambiguous`: at most
  /// `ClaimAnswer.mostNamed`, in the order of their text. Valid as long as the store.
  public var candidates = ByteView(start: nil, count: 0)
  /// How many different ones it could have been; a token that shows nobody counts too.
  public var candidatesTotal = 0
  /// Those who it could have been that are named: 8.
  public static let mostNamed = 8
  /// The row of the token; -1 if it is not known which, or has no id.
  var row: Int32 = -1
  /// The row whose claims these are, whether it has an id or not; -1 if there is not just one.
  var holder: Int32 = -1
  /// True if rows about one token differ in who asked for it.
  var isSplit = false

  init(_ match: ClaimMatch, _ flags: AttributionFlags = []) {
    self.match = match
    self.flags = flags.rawValue
  }
}

/// How claims came to an event; the order is that of precedence.
public enum ClaimMatch: Int, CaseIterable, Sendable, BitwiseCopyable {
  /// They are in the event.
  case embedded
  /// By the token's id, of that key.
  case token
  /// The event names no token, and exactly one of the key's was valid.
  case sole
  /// Several were, and all come to the same.
  case agreed
  /// Several were and differ, and what else the store says of its tokens leaves those that come to the same.
  case narrowed
  /// They differ: no claim is used.
  case ambiguous
  /// There are none.
  case none
  /// The actor is no API key.
  case notApplicable

  /// What the archive says.
  public var name: String { self == .notApplicable ? "not_applicable" : "\(self)" }
}
