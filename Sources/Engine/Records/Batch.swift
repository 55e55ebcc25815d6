public import Bytes
public import JSONText

/// Whole records on their way through the house, in one reused run of bytes of about 1 MiB.
///
/// A worker owns one batch and carries it from the source to the sink, so nothing here is shared
/// and nothing is locked. All positions are offsets into `bytes`, which only ever grows behind what is there:
/// what came in lies first, what stages make (unescaped bodies, members) is appended. Per record there are
/// `pointers.count` fields and `slotCount` slots, side by side in flat arrays.
public final class Batch {
  /// Text that a source aims to put into one batch, in bytes: 1 MiB.
  public static let targetSize = 1 << 20
  /// Records that a source puts into one batch at most: each takes half a KiB and more beside its
  /// text, so without this bound a batch of tiny ones would take some hundred times its text.
  public static let mostRecords = 16_384

  /// The place of this batch in the order of the run.
  public internal(set) var sequence = 0
  /// Input first, then everything derived from it.
  public var bytes: ByteBuffer
  /// How many of `bytes` came in.
  public var inputCount = 0
  /// Which input they came from; records of two inputs never share a batch.
  public var input = 0
  /// Offset in that input (uncompressed) of the first of `bytes`.
  public var inputOffset = 0
  /// Ordinal in that input, from 1, of the first record; known once the sink admits the batch.
  public internal(set) var firstOrdinal = 0
  /// The records, in the order of the input.
  public var records: FlatArray<Record>
  /// True if the source has framed the records; else they are lines of `inputCount` bytes.
  public var isFramed = false
  /// What a line means that holds more than one value.
  public var lineRule = LineRule.whole
  /// Bytes of the input in this batch that only hold records together.
  public var syntaxBytes = 0
  /// The piece of an item that lies in several batches; nil if there is none.
  public var longItem: LongItemPiece?
  /// What the source says of the records beside their bytes: the engine only carries it.
  public var sourceAttachment: (any SourceAttachment)?
  /// Digests of what identifies records: `Record.digest` points here.
  public var digests: FlatArray<Digest256>
  /// Why records were turned away.
  public internal(set) var reasons: [String] = []
  /// What stages saw and the summary counts by name.
  public internal(set) var notes: FlatArray<Note>
  /// What the sink keeps per worker.
  public var attachment: (any AnyObject & SinkAttachment)?

  /// What is located in each record.
  public let pointers: PointerSet
  /// Values per record that stages can add.
  public let slotCount: Int
  /// Labels per record, by which the tally counts.
  public let labelCount: Int
  private let scanner: Scanner
  /// For texts inside of records: see `scanText`.
  private var others: [Scanner] = []
  @usableFromInline var fields: FlatArray<Field>
  @usableFromInline var slots: FlatArray<Span32>
  private var labels: FlatArray<UInt16>

  /// An empty batch whose records have `pointers.count` fields, `slotCount` slots and `labelCount`
  /// labels.
  public init(pointers: PointerSet, slotCount: Int, labelCount: Int = 0) {
    self.pointers = pointers
    self.slotCount = slotCount
    self.labelCount = labelCount
    bytes = ByteBuffer(capacity: Batch.targetSize * 2)
    scanner = Scanner(pointers)
    records = FlatArray(capacity: 4096)
    fields = FlatArray(capacity: 4096 * max(pointers.count, 1))
    slots = FlatArray(capacity: 4096 * max(slotCount, 1))
    labels = FlatArray(capacity: 4096 * max(labelCount, 1))
    notes = FlatArray(capacity: 64)
    digests = FlatArray(capacity: 64)
  }

  /// Forgets everything but the memory; gives back what one huge record had needed.
  public func clear() {
    bytes.removeAll()
    bytes.trim(keeping: Batch.targetSize * 8)
    inputCount = 0
    isFramed = false
    lineRule = .whole
    syntaxBytes = 0
    longItem = nil
    records.removeAll()
    digests.removeAll()
    fields.removeAll()
    slots.removeAll()
    labels.removeAll()
    notes.removeAll()
    reasons.removeAll()
    sourceAttachment = nil
  }

  // MARK: Records

  /// Appends a record that still has to be scanned.
  public func append(_ record: Record) {
    records.append(record)
    fields.append(repeating: .missing, count: pointers.count)
    slots.append(repeating: .empty, count: slotCount)
    labels.append(repeating: 0, count: labelCount)
  }

  /// Drops the records from `count` on.
  public func truncate(to count: Int) {
    records.truncate(to: count)
    fields.truncate(to: count * pointers.count)
    slots.truncate(to: count * slotCount)
    labels.truncate(to: count * labelCount)
  }

  /// Scans the value that begins at `from`, up to `end`, both offsets into `bytes`, and notes the
  /// fields of record `index`, counted from the value's first byte. `findsDuplicates` asks for a member that
  /// an object has twice.
  public func scan(_ index: Int, from: Int, end: Int, findsDuplicates: Bool = false) -> Scan {
    let first = index * pointers.count
    guard var target = fields.elements.baseAddress else {
      return withUnsafeTemporaryAllocation(of: Field.self, capacity: 1) {
        scanner.scan(text(from, end), fields: $0.baseAddress.unsafelyUnwrapped)
      }
    }
    target += first
    var scan = scanner.scan(
      text(from, end), findsDuplicates: findsDuplicates, fields: target)
    let shift = UInt32(scan.start)
    if shift > 0 {
      for at in 0..<pointers.count where target[at].kind != .missing { target[at].start -= shift }
    }
    scan.start += from
    scan.end += from
    if let name = scan.duplicate {
      scan.duplicate = Span32(
        start: name.start &+ UInt32(truncatingIfNeeded: from), count: name.count)
    }
    return scan
  }

  /// Looks for the one value of `pointers` in a text inside of a record, such as a string that is JSON
  /// itself; nil if that is no JSON. The scanner for it stays with the batch.
  public func scanText(_ text: Span32, for pointers: PointerSet) -> Field? {
    var scanner = others.first { $0.pointers === pointers }
    if scanner == nil {
      let made = Scanner(pointers)
      others.append(made)
      scanner = made
    }
    return withUnsafeTemporaryAllocation(of: Field.self, capacity: max(pointers.count, 1)) {
      fields in
      guard let start = fields.baseAddress,
        scanner?.scanWhole(bytes[text], fields: start).fault == ScanFault.none
      else { return nil }
      return fields[0]
    }
  }

  private func text(_ from: Int, _ end: Int) -> ByteView {
    bytes[Span32(from, count: end - from)]
  }

  /// Where the value for pointer `slot` lies, counted from the start of the record's body.
  @inlinable public func field(_ slot: Int, of index: Int) -> Field {
    fieldElements[index * pointers.count + slot]
  }

  /// All fields of all records.
  @inlinable public var fieldElements: UnsafeMutableBufferPointer<Field> { fields.elements }

  /// Where a field of record `index` lies in `bytes`.
  @inlinable public func absolute(_ span: Span32, of index: Int) -> Span32 {
    Span32(start: records[index].body.start &+ span.start, count: span.count)
  }

  /// The text that the field stands for: a string's content, unescaped if need be (into `bytes`);
  /// a number or boolean as written; nil for null, objects, arrays and what is missing.
  public func scalar(_ slot: Int, of index: Int) -> Span32? {
    let field = field(slot, of: index)
    guard let text = field.textSpan else { return nil }
    let written = absolute(text, of: index)
    return field.isEscaped ? unescaped(written) : written
  }

  /// The content of the string that the field is, unescaped if need be; nil for anything else.
  public func string(_ slot: Int, of index: Int) -> Span32? {
    field(slot, of: index).kind == .string ? scalar(slot, of: index) : nil
  }

  /// Unescapes JSON string content that lies in `bytes`, into `bytes`.
  public func unescaped(_ content: Span32) -> Span32 { unescape(content).text }

  /// As `unescaped`; nil if the content holds what no UTF-8 can say (see `JSONString.unescape`).
  public func unescapedExactly(_ content: Span32) -> Span32? {
    let (text, isExact) = unescape(content)
    return isExact ? text : nil
  }

  private func unescape(_ content: Span32) -> (text: Span32, isExact: Bool) {
    let start = bytes.count
    // Unescaping never lengthens: with this reserve the source stays where it is.
    bytes.reserve(Int(content.count) + 16)
    let isExact = JSONString.unescape(bytes[content], into: &bytes)
    return (Span32(start, count: bytes.count - start), isExact)
  }

  // MARK: What stages decide and add

  /// The value that was put into slot `slot`; empty if none was.
  @inlinable public func slot(_ slot: Int, of index: Int) -> Span32 {
    slotElements[index * slotCount + slot]
  }

  /// Puts JSON text that lies in `bytes` into a slot.
  @inlinable public func setSlot(_ slot: Int, of index: Int, _ value: Span32) {
    slotElements[index * slotCount + slot] = value
  }

  /// All slots of all records.
  @inlinable public var slotElements: UnsafeMutableBufferPointer<Span32> { slots.elements }

  /// Puts record `index` into class `value` (from 1; 0 for none) of label `label`: the tally counts the
  /// records of each class that are kept.
  public func setLabel(_ label: Int, of index: Int, _ value: Int) {
    labels[index * labelCount + label] = UInt16(truncatingIfNeeded: value)
  }

  /// The class of record `index` in label `label`; 0 for none.
  func label(_ label: Int, of index: Int) -> Int { Int(labels[index * labelCount + label]) }

  /// Turns record `index` away.
  public func reject(_ index: Int, _ verdict: Verdict, by step: Int, _ reason: String) {
    records[index].verdict = verdict
    records[index].decidedBy = Int16(truncatingIfNeeded: step)
    records[index].reason = Int32(truncatingIfNeeded: reasons.count)
    reasons.append(reason)
  }

  /// Says that record `index` is not wanted.
  public func filter(_ index: Int, by step: Int) {
    records[index].verdict = .filtered
    records[index].decidedBy = Int16(truncatingIfNeeded: step)
  }

  /// Why record `index` was turned away.
  public func reason(of index: Int) -> String {
    let reason = Int(records[index].reason)
    return reasons.indices.contains(reason) ? reasons[reason] : "no reason given"
  }

  /// Counts `name` (bytes in `bytes`; empty for a plain count) under `counter` if the record is kept.
  public func note(_ counter: Int, of index: Int, name: Span32 = .empty) {
    notes.append(Note(counter: Int32(counter), record: Int32(index), name: name))
  }
}

/// What becomes of a line of several values if one of them is bad.
public enum LineRule: Sendable {
  /// All of the line is turned away.
  case whole
  /// The bad value is.
  case values
}

/// Something to count in the summary.
public struct Note: BitwiseCopyable, Sendable {
  /// The counter, as the plan numbers them.
  public var counter: Int32
  /// The record that it was seen in.
  public var record: Int32
  /// What was seen, in `Batch.bytes`.
  public var name: Span32
}
