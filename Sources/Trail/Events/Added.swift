public import Bytes
public import Engine

/// Writes events with what was added to them.
public struct Added: Sendable {
  /// Slots per record that a batch needs.
  public static let slotCount = AddedSlot.allCases.count

  private let leads: AddedLeads

  /// A writer that calls what is added by these names.
  public init(_ names: AddedNames = AddedNames()) { leads = AddedLeads(names) }

  /// Appends the event of record `index` with all that was added, without a line feed.
  public func append(_ batch: Batch, _ index: Int, to buffer: inout ByteBuffer) {
    let record = batch.records[index]
    let slots = UnsafeBufferPointer(
      rebasing: batch.slotElements[index * batch.slotCount..<(index + 1) * batch.slotCount])
    buffer.append(batch.bytes[record.body])
    var isFirst = record.isEmpty
    member(.delivery, slots, batch, &isFirst, &buffer)
    if Added.isAttributed(batch, index) {
      lead(.attribution, &isFirst, &buffer)
      Added.appendAttribution(batch, record, slots, &buffer)
    } else {
      member(.attribution, slots, batch, &isFirst, &buffer)
    }
    member(.altered, slots, batch, &isFirst, &buffer)
    member(.signals, slots, batch, &isFirst, &buffer)
    buffer.append(UInt8(ascii: "}"))
  }

  @inline(__always) private func member(
    _ role: AddedRole, _ slots: UnsafeBufferPointer<Span32>, _ batch: Batch,
    _ isFirst: inout Bool, _ buffer: inout ByteBuffer
  ) {
    let value = slots[role.slot.rawValue]
    guard !value.isEmpty else { return }
    lead(role, &isFirst, &buffer)
    buffer.append(batch.bytes[value])
  }

  /// Appends the name of a member, behind a comma if it is not the first.
  @inline(__always) private func lead(
    _ role: AddedRole, _ isFirst: inout Bool, _ buffer: inout ByteBuffer
  ) {
    let lead = leads[role]
    buffer.append(isFirst ? ByteView(rebasing: lead[1...]) : lead)
    isFirst = false
  }

  /// True if a stage of this run has something to say of who it was.
  @inline(__always) static func isAttributed(_ batch: Batch, _ index: Int) -> Bool {
    let slots = UnsafeBufferPointer(
      rebasing: batch.slotElements[index * batch.slotCount..<(index + 1) * batch.slotCount])
    var count: UInt32 = 0
    for part in AddedMember.ofAttribution { count |= slots[part.slot.rawValue].count }
    return count != 0 || batch.records[index].flags != 0
  }

  private static func appendAttribution(
    _ batch: Batch, _ record: Record, _ slots: UnsafeBufferPointer<Span32>,
    _ buffer: inout ByteBuffer
  ) {
    buffer.append(UInt8(ascii: "{"))
    var isFirst = true
    for part in AddedMember.ofAttribution {
      let value = slots[part.slot.rawValue]
      guard !value.isEmpty else { continue }
      let comma = isFirst ? 1 : 0
      isFirst = false
      buffer.append(
        ByteView(start: part.lead.utf8Start + comma, count: part.lead.utf8CodeUnitCount - comma))
      buffer.append(batch.bytes[value])
    }
    if record.flags != 0 { appendFlags(record.flags, isFirst, &buffer) }
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

/// The text `,"name":` of each member that is added. Plain memory, which is looked at for every event: arrays
/// would count references.
final class AddedLeads: @unchecked Sendable {
  // Sendable because `init` alone writes.

  private let text: UnsafeMutablePointer<UInt8>
  private let spans: UnsafeMutablePointer<Span32>

  init(_ names: AddedNames) {
    let leads = AddedRole.allCases.map { names.lead($0) }
    let count = leads.reduce(0) { $0 + $1.count }
    text = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
    spans = UnsafeMutablePointer<Span32>.allocate(capacity: leads.count)
    var start = 0
    for (role, lead) in zip(AddedRole.allCases, leads) {
      (spans + role.place).initialize(to: Span32(start, count: lead.count))
      for byte in lead {
        (text + start).initialize(to: byte)
        start += 1
      }
    }
  }

  deinit {
    text.deallocate()
    spans.deallocate()
  }

  subscript(role: AddedRole) -> ByteView {
    let span = spans[role.place]
    return ByteView(start: text + Int(span.start), count: Int(span.count))
  }
}
