public import Bytes
public import Engine

/// Writes events with what was added to them.
public enum Added {
  /// Slots per record that a batch needs.
  public static let slotCount = AddedSlot.allCases.count

  /// Appends the event of record `index` with all that was added, without a line feed.
  public static func append(_ batch: Batch, _ index: Int, to buffer: inout ByteBuffer) {
    let record = batch.records[index]
    let slots = UnsafeBufferPointer(
      rebasing: batch.slotElements[index * batch.slotCount..<(index + 1) * batch.slotCount])
    buffer.append(batch.bytes[record.body])
    var isFirst = record.isEmpty
    for added in AddedMember.ofEvent {
      if added.slot == .earlierAttribution, isAttributed(record, slots) {
        appendAttribution(added, batch, record, slots, &isFirst, &buffer)
      } else {
        member(added, slots, batch, &isFirst, &buffer)
      }
    }
    buffer.append(UInt8(ascii: "}"))
  }

  /// True if a stage of this run has something to say of who it was.
  private static func isAttributed(
    _ record: Record, _ slots: UnsafeBufferPointer<Span32>
  ) -> Bool {
    var count: UInt32 = 0
    for part in AddedMember.ofAttribution { count |= slots[part.slot.rawValue].count }
    return count != 0 || record.flags != 0
  }

  @inline(__always) private static func member(
    _ added: AddedMember, _ slots: UnsafeBufferPointer<Span32>, _ batch: Batch,
    _ isFirst: inout Bool, _ buffer: inout ByteBuffer
  ) {
    let value = slots[added.slot.rawValue]
    guard !value.isEmpty else { return }
    lead(added, &isFirst, &buffer)
    buffer.append(batch.bytes[value])
  }

  /// Appends the name of a member, behind a comma if it is not the first.
  @inline(__always) private static func lead(
    _ added: AddedMember, _ isFirst: inout Bool, _ buffer: inout ByteBuffer
  ) {
    let comma = isFirst ? 1 : 0
    isFirst = false
    buffer.append(
      ByteView(start: added.lead.utf8Start + comma, count: added.lead.utf8CodeUnitCount - comma))
  }

  private static func appendAttribution(
    _ added: AddedMember, _ batch: Batch, _ record: Record,
    _ slots: UnsafeBufferPointer<Span32>, _ isFirst: inout Bool, _ buffer: inout ByteBuffer
  ) {
    lead(added, &isFirst, &buffer)
    buffer.append(UInt8(ascii: "{"))
    var isFirstInside = true
    for part in AddedMember.ofAttribution {
      member(part, slots, batch, &isFirstInside, &buffer)
    }
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
