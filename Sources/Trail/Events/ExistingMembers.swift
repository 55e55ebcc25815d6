internal import Bytes
public import Engine
public import JSONText

/// What an earlier run has added to an event: recognised, so that this run can replace it and yields
/// the same bytes again.
///
/// Only what stands at the end of the event in exactly the form and order in which `Added` writes it,
/// and is an object or array as there, counts. So putting back what was cut always gives the very bytes that
/// came in, and a member of the vendor's own that happens to have one of the names costs nothing.
public struct ExistingMembers: Sendable {
  /// The last one first, each with the slot of its pointer.
  private let members: [(member: AddedMember, pointer: Int)]

  /// Reserves slots for the pointers of the members.
  public init(_ table: inout PointerTable) {
    var members: [(member: AddedMember, pointer: Int)] = []
    for member in AddedMember.ofEvent.reversed() {
      members.append((member, table.slot(JSONPointer(member: member.name))))
    }
    self.members = members
  }

  /// Moves what an earlier run has added to record `index` from its body to its slots. The record's
  /// fields must be those of its body.
  public func cut(_ batch: Batch, _ index: Int) {
    for (member, pointer) in members {
      let field = batch.field(pointer, of: index)
      if field.kind == member.kind { cut(member, field, batch, index) }
    }
  }

  private func cut(_ member: AddedMember, _ field: Field, _ batch: Batch, _ index: Int) {
    let body = batch.records[index].body
    guard field.span.end == Int(body.count),
      let own = ExistingMembers.ownPart(batch.bytes[body], Int(field.start), member.lead)
    else { return }
    batch[member.slot, index] = batch.absolute(field.span, of: index)
    batch.records[index].body = Span32(Int(body.start), count: own.end)
    if own.isEmpty { batch.records[index].isEmpty = true }
  }

  /// The event's own part before the comma and name in front of `value`; the first member of an
  /// object has no comma.
  private static func ownPart(
    _ body: ByteView, _ value: Int, _ lead: StaticString
  ) -> (end: Int, isEmpty: Bool)? {
    let name = UnsafeBufferPointer(start: lead.utf8Start, count: lead.utf8CodeUnitCount)
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
