public import Bytes
public import Engine

/// The values that trailmill can add to an event, one slot in the batch for each.
///
/// Which members they become, and in which order, say `AddedRole` and `AddedMember`.
public enum AddedSlot: Int, CaseIterable, Sendable {
  /// `delivery`: what is needed to check the signature again.
  case delivery
  /// Members of `attribution`, in their order.
  case displayActor, from, match, kind, actor, apiKey, claims, token, chain, candidates
  case candidatesTotal
  /// An `attribution` that an earlier run added and no stage replaces.
  case earlierAttribution
  /// `altered`: an array of the pointers at which the original was changed.
  case altered
  /// `signals`: an array of what the event is a sign of.
  case signals
  /// Never written: header values and the time of receipt, for the stage that verifies signatures.
  case signature256, signature1, receivedAt
  /// Never written: the exact bytes that were posted, and no text: where in `Batch.digests` their digest is,
  /// where it is another than that of the event.
  case posted, postedDigest
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

/// A member of the `attribution` that trailmill adds to an event.
///
/// They are written in the order of the table and without white space (`Added`). A second run over the
/// output recognises exactly that form at the end of a record (`ExistingMembers`), so that it can replace
/// what it makes anew and keep the rest.
public struct AddedMember: Sendable {
  /// `,"name":`, as it is written behind another member.
  let lead: StaticString
  /// Where its value waits to be written.
  let slot: AddedSlot

  private init(_ lead: StaticString, _ slot: AddedSlot) {
    self.lead = lead
    self.slot = slot
  }

  /// All of them, in the order in which they are written; `flags` come behind them.
  static let ofAttribution = [
    AddedMember(",\"display_actor\":", .displayActor),
    AddedMember(",\"from\":", .from),
    AddedMember(",\"match\":", .match),
    AddedMember(",\"kind\":", .kind),
    AddedMember(",\"actor\":", .actor),
    AddedMember(",\"api_key\":", .apiKey),
    AddedMember(",\"claims\":", .claims),
    AddedMember(",\"token\":", .token),
    AddedMember(",\"chain\":", .chain),
    AddedMember(",\"candidates\":", .candidates),
    AddedMember(",\"candidates_total\":", .candidatesTotal),
  ]

  /// Where the values of all of them wait.
  public static var slots: [AddedSlot] { ofAttribution.map(\.slot) }

  /// Its name.
  public var name: String { String(lead.description.dropFirst(2).dropLast(2)) }
}
