public import Bytes
public import Engine
public import JSONText

/// The values that trailmill can add to an event, one slot in the batch for each.
///
/// Which members they become, and in which order, says `AddedMember`.
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

extension Batch {
  /// The value in a slot of record `index`, as a span of `bytes`; empty if nothing is in it.
  public subscript(slot: AddedSlot, index: Int) -> Span32 {
    get { self.slot(slot.rawValue, of: index) }
    set { setSlot(slot.rawValue, of: index, newValue) }
  }
}

/// A member that trailmill adds, to an event or to the `attribution` of one.
///
/// They are written behind the event's own members, in the order of the tables and without white space
/// (`Added`). A second run over the output recognises exactly that form at the end of a record
/// (`ExistingMembers`), so that it can replace what it makes anew and keep the rest.
public struct AddedMember: Sendable {
  /// `,"name":`, as it is written behind another member.
  let lead: StaticString
  /// What its value is.
  let kind: ValueKind
  /// Where its value waits to be written.
  let slot: AddedSlot

  private init(_ lead: StaticString, _ kind: ValueKind, _ slot: AddedSlot) {
    self.lead = lead
    self.kind = kind
    self.slot = slot
  }

  /// Members of the event, in the order in which they are written. An `attribution` is put together of
  /// `ofAttribution`; its slot here is for one that an earlier run has made.
  static let ofEvent = [
    AddedMember(",\"delivery\":", .object, .delivery),
    AddedMember(",\"attribution\":", .object, .earlierAttribution),
    AddedMember(",\"altered\":", .array, .altered),
    AddedMember(",\"signals\":", .array, .signals),
  ]

  /// Members of `attribution`, in the order in which they are written; `flags` come behind them.
  static let ofAttribution = [
    AddedMember(",\"display_actor\":", .string, .displayActor),
    AddedMember(",\"from\":", .string, .from),
    AddedMember(",\"match\":", .string, .match),
    AddedMember(",\"kind\":", .string, .kind),
    AddedMember(",\"actor\":", .object, .actor),
    AddedMember(",\"api_key\":", .object, .apiKey),
    AddedMember(",\"claims\":", .object, .claims),
    AddedMember(",\"token\":", .object, .token),
  ]

  /// Its name.
  public var name: String { String(lead.description.dropFirst(2).dropLast(2)) }

  /// Where archived events have the value of a slot, which has to be one that is written.
  public static func pointer(to slot: AddedSlot) -> JSONPointer {
    if let member = ofEvent.first(where: { $0.slot == slot }) {
      return JSONPointer(member: member.name)
    }
    guard let member = ofAttribution.first(where: { $0.slot == slot }) else {
      preconditionFailure("slot \(slot) is never written")
    }
    return attribution.appending(member.name)
  }

  /// Where archived events have the names of the flags of their attribution.
  public static let flags = attribution.appending("flags")

  private static let attribution = JSONPointer(literal: "/attribution")
}
