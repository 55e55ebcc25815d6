/// Bits of `Record.flags`: how sure an attribution is.
public struct AttributionFlags: OptionSet, Sendable {
  /// The bits.
  public let rawValue: UInt32
  /// From bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The clock tolerance decided.
  public static let skew = AttributionFlags(rawValue: 1 << 0)
  /// The event's time lies outside the token's.
  public static let tokenTimeOutside = AttributionFlags(rawValue: 1 << 1)
  /// The claim store does not know the token.
  public static let tokenUnknown = AttributionFlags(rawValue: 1 << 2)
  /// The token belongs to another key.
  public static let tokenOfOtherKey = AttributionFlags(rawValue: 1 << 3)
  /// The claims come from an issuer that is not trusted.
  public static let untrustedIssuer = AttributionFlags(rawValue: 1 << 4)
  /// The key directory does not know the key.
  public static let keyUnknown = AttributionFlags(rawValue: 1 << 5)
  /// The key had expired at the event's time.
  public static let keyExpired = AttributionFlags(rawValue: 1 << 6)
  /// The key was deleted before the event's time.
  public static let keyDeleted = AttributionFlags(rawValue: 1 << 7)
  /// No version of the key holds at the event's time.
  public static let keyVersionOutside = AttributionFlags(rawValue: 1 << 8)
  /// The display actor was cleaned of characters that could deceive, or cut.
  public static let displayCleaned = AttributionFlags(rawValue: 1 << 9)
  /// The value shown imitates the form `source::id`.
  public static let imitatesActor = AttributionFlags(rawValue: 1 << 10)
  /// Additional fields could not be read, and so nothing was added to them.
  public static let additionalFieldsUnparsed = AttributionFlags(rawValue: 1 << 11)
  /// Who asked for the credentials leads in a circle.
  public static let chainCircle = AttributionFlags(rawValue: 1 << 12)
  /// It leads on further than is followed.
  public static let chainTooLong = AttributionFlags(rawValue: 1 << 13)
  /// It leads to a token that the claim store does not know, or of which it says several things.
  public static let chainIncomplete = AttributionFlags(rawValue: 1 << 14)

  /// Those that speak of what is shown.
  public static let ofShown: AttributionFlags = [.displayCleaned, .imitatesActor]

  /// Those that say that a chain does not lead to its root.
  public static let ofChain: AttributionFlags = [.chainCircle, .chainTooLong, .chainIncomplete]

  /// The names in the archive, by bit.
  public static let names: [StaticString] = [
    "skew", "token_time_outside", "token_unknown", "token_of_other_key", "untrusted_issuer",
    "key_unknown", "key_expired", "key_deleted", "key_version_outside", "display_cleaned",
    "imitates_actor", "additional_fields_unparsed", "chain_circle",
    "chain_too_long", "chain_incomplete",
  ]
}
