internal import Bytes
public import Engine
public import JSONText

/// What trailmill itself has added to an event: recognised where the input is its own output, so that a run
/// can replace it and yields the same bytes again, and where an archive is read.
///
/// Only what stands at the end of the event in exactly the form and order in which `Added` writes it,
/// and is an object or array as there, counts. So putting back what was cut always gives the very bytes that
/// came in.
public struct ExistingMembers: Sendable {
  private let leads: AddedLeads
  /// The last one first, each with the slot of its pointer.
  private let members: [(role: AddedRole, pointer: Int)]

  /// Reserves slots for the pointers of the members that can be there.
  public init(_ added: AddedMembers, _ table: inout PointerTable) {
    leads = AddedLeads(added.names)
    members = AddedRole.allCases.reversed().filter { added.isLookedFor($0) }.map {
      ($0, table.slot(JSONPointer(member: added.names[$0])))
    }
  }

  /// Moves what was added to record `index` from its body to its slots; true if there was anything. The
  /// record's fields must be those of its body.
  @discardableResult public func cut(_ batch: Batch, _ index: Int) -> Bool {
    var isCut = false
    for (role, pointer) in members {
      let field = batch.field(pointer, of: index)
      if field.kind == role.kind, cut(role, field, batch, index) { isCut = true }
    }
    return isCut
  }

  private func cut(_ role: AddedRole, _ field: Field, _ batch: Batch, _ index: Int) -> Bool {
    let body = batch.records[index].body
    // None is ever empty.
    guard field.span.end == Int(body.count), field.span.count > 2,
      let own = ExistingMembers.ownPart(batch.bytes[body], Int(field.start), leads[role])
    else { return false }
    batch[role.slot, index] = batch.absolute(field.span, of: index)
    batch.records[index].body = Span32(Int(body.start), count: own.end)
    if own.isEmpty { batch.records[index].isEmpty = true }
    return true
  }

  /// The event's own part before the comma and name in front of `value`; the first member of an
  /// object has no comma.
  private static func ownPart(
    _ body: ByteView, _ value: Int, _ name: ByteView
  ) -> (end: Int, isEmpty: Bool)? {
    if value >= name.count, body[(value - name.count)..<value].elementsEqual(name) {
      return (value - name.count, false)
    }
    // An event without members may have had white space between its braces.
    let end = value - name.count + 1
    guard end >= 1, body[0] == UInt8(ascii: "{"), body[end..<value].elementsEqual(name[1...]),
      body[1..<end].allSatisfy({ $0 == 0x20 || $0 == 0x09 })
    else { return nil }
    return (end, true)
  }
}

/// Finds members of events that have the name of one that trailmill adds.
public struct ReservedMembers: Sendable {
  private let names: AddedNames
  private let isOwnOutput: Bool
  /// The slots of their pointers by the places of the members; -1 for what is not reserved. No array: it is
  /// looked at for every event.
  private let slots: (Int, Int, Int, Int)

  /// Reserves slots for the pointers of `roles`. `isOwnOutput` says that what trailmill wrote is taken off
  /// before.
  public init(
    _ roles: Set<AddedRole>, _ names: AddedNames, isOwnOutput: Bool, _ table: inout PointerTable
  ) {
    self.names = names
    self.isOwnOutput = isOwnOutput
    let slots = AddedRole.allCases.map {
      roles.contains($0) ? table.slot(JSONPointer(member: names[$0])) : -1
    }
    self.slots = (slots[0], slots[1], slots[2], slots[3])
  }

  /// The member of record `index` that is reserved, but for those that `ExistingMembers` has cut off; nil if
  /// there is none. The record's fields must be those of its body.
  @inline(__always) public func first(_ batch: Batch, _ index: Int) -> AddedRole? {
    if isThere(slots.0, batch, index) { return .delivery }
    if isThere(slots.1, batch, index) { return .attribution }
    if isThere(slots.2, batch, index) { return .altered }
    return isThere(slots.3, batch, index) ? .signals : nil
  }

  @inline(__always) private func isThere(_ slot: Int, _ batch: Batch, _ index: Int) -> Bool {
    guard slot >= 0 else { return false }
    let field = batch.field(slot, of: index)
    return field.kind != .missing && field.start < batch.records[index].body.count
  }

  /// Why a record is turned away that comes with a member.
  public func reason(_ role: AddedRole) -> String {
    if isOwnOutput {
      return
        "the event has a member \"\(names[role])\" that is not as trailmill writes it (input.own)"
    }
    return "the event has a member \"\(names[role])\", which trailmill adds: "
      + "give that another name (output.names: { \(role.rawValue): \"…\" }), "
      + "or say that the input is trailmill's own output (input.own: true)"
  }
}
