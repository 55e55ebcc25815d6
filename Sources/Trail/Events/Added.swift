public import Bytes
public import Engine

/// The values that trailmill can add to an event, one slot in the batch for each.
///
/// They are written behind the event's own members, always in the order of `Added.members`, without
/// white space. A second run over the output recognises exactly that form at the end of a record
/// (`ExistingMembers`), so that it can replace what it makes anew and keep the rest.
public enum AddedSlot: Int, CaseIterable, Sendable {
  /// `delivery`: what is needed to check the signature again.
  case delivery
  /// Members of `attribution`, in their order.
  case displayActor, from, match, kind, actor, apiKey, claims, token
  /// An `attribution` that an earlier run added and no stage replaces.
  case earlierAttribution
  /// `altered`: an array of the pointers at which the original was changed.
  case altered
  /// `signals`: an array of what the event is a sign of.
  case signals
  /// Never written: header values and the time of receipt, for the stage that verifies signatures.
  case signature256, signature1, receivedAt
  /// Never written: the full id (text) and the name (a JSON string) of the API key that was found,
  /// for the stage that shows the actor.
  case keyID, keyName
  /// Never written, and no text: what one step of `flag_signals` tells the next. The rules that hold, one bit
  /// each, and where in `Batch.digests` the uses of the key are.
  case signalRules, signalUses
}

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

  /// The names in the archive, by bit.
  public static let names: [StaticString] = [
    "skew", "token_time_outside", "token_unknown", "token_of_other_key", "untrusted_issuer",
    "key_unknown", "key_expired", "key_deleted", "key_version_outside", "display_cleaned",
    "imitates_actor", "additional_fields_unparsed",
  ]
}

/// Writes events with what was added to them.
public enum Added {
  /// Slots per record that a batch needs.
  public static let slotCount = AddedSlot.allCases.count

  /// Names of the members, in the order in which they are written.
  public static let members: [StaticString] = ["delivery", "attribution", "altered", "signals"]

  /// Appends the event of record `index` with all that was added, without a line feed.
  public static func append(_ batch: Batch, _ index: Int, to buffer: inout ByteBuffer) {
    let record = batch.records[index]
    let slots = UnsafeBufferPointer(
      rebasing: batch.slotElements[index * batch.slotCount..<(index + 1) * batch.slotCount])
    buffer.append(batch.bytes[record.body])
    var isFirst = record.isEmpty
    member("\"delivery\":", slots[AddedSlot.delivery.rawValue], batch, &isFirst, &buffer)
    appendAttribution(batch, record, slots, &isFirst, &buffer)
    member("\"altered\":", slots[AddedSlot.altered.rawValue], batch, &isFirst, &buffer)
    member("\"signals\":", slots[AddedSlot.signals.rawValue], batch, &isFirst, &buffer)
    buffer.append(UInt8(ascii: "}"))
  }

  @inline(__always) private static func member(
    _ key: StaticString, _ value: Span32, _ batch: Batch, _ isFirst: inout Bool,
    _ buffer: inout ByteBuffer
  ) {
    guard !value.isEmpty else { return }
    if !isFirst { buffer.append(UInt8(ascii: ",")) }
    isFirst = false
    buffer.append(key)
    buffer.append(batch.bytes[value])
  }

  private static func appendAttribution(
    _ batch: Batch, _ record: Record, _ slots: UnsafeBufferPointer<Span32>,
    _ isFirst: inout Bool, _ buffer: inout ByteBuffer
  ) {
    // From the display actor to the token, slots lie in the order in which they are written.
    let own = AddedSlot.displayActor.rawValue...AddedSlot.token.rawValue
    var count: UInt32 = 0
    for slot in own { count |= slots[slot].count }
    guard count != 0 || record.flags != 0 else {
      let earlier = slots[AddedSlot.earlierAttribution.rawValue]
      return member("\"attribution\":", earlier, batch, &isFirst, &buffer)
    }
    if !isFirst { buffer.append(UInt8(ascii: ",")) }
    isFirst = false
    buffer.append("\"attribution\":{")
    var isFirstInside = true
    func add(_ slot: AddedSlot, _ key: StaticString) {
      member(key, slots[slot.rawValue], batch, &isFirstInside, &buffer)
    }
    add(.displayActor, "\"display_actor\":")
    add(.from, "\"from\":")
    add(.match, "\"match\":")
    add(.kind, "\"kind\":")
    add(.actor, "\"actor\":")
    add(.apiKey, "\"api_key\":")
    add(.claims, "\"claims\":")
    add(.token, "\"token\":")
    if record.flags != 0 { appendFlags(record.flags, isFirstInside, &buffer) }
    buffer.append(UInt8(ascii: "}"))
  }

  private static func appendFlags(
    _ flags: UInt32, _ isFirst: Bool, _ buffer: inout ByteBuffer
  ) {
    if !isFirst { buffer.append(UInt8(ascii: ",")) }
    buffer.append("\"flags\":[")
    var isFirst = true
    for (bit, name) in AttributionFlags.names.enumerated() where flags & 1 << UInt32(bit) != 0 {
      if !isFirst { buffer.append(UInt8(ascii: ",")) }
      isFirst = false
      buffer.append(UInt8(ascii: "\""))
      buffer.append(name)
      buffer.append(UInt8(ascii: "\""))
    }
    buffer.append(UInt8(ascii: "]"))
  }
}
