internal import Bytes
internal import JSONText

/// Reads times of events that tell of keys and credentials.
struct LearnedTime {
  /// How the definition has it that times are written.
  let dialect: BoundDialect
  /// Forms of times that the vendor has inside of events, beside those that are always read; nil for none.
  let vendorTimes: TimeFormats?

  /// Those of a built-in dialect.
  static func vendorTimes(of dialect: String?) -> TimeFormats? {
    dialect == "cloudtrail" ? CloudTrail.expirations : nil
  }

  /// The bound that a value says: as tables say it, as the definition has it that times are written, or as
  /// the vendor writes them. Nil if it is none.
  func bound(_ found: EventValues.Found) -> WrittenBound? {
    let bound = found.text.withUnsafeBufferPointer { RowReader.bound(found.field, of: $0) }
    guard bound == nil, found.kind == .string, let text = found.scalar else { return bound }
    return text.withUnsafeBufferPointer { text in
      dialect.timeOfValue(found.kind, text) ?? vendorTimes?.time(text)
    }.map { .time($0) }
  }

  /// Appends a time as a member of a row, behind others; nothing if there is none.
  static func append(_ name: StaticString, _ time: Int64?, to buffer: inout ByteBuffer) {
    guard let time = time.flatMap({ Timestamp(microseconds: $0) }) else { return }
    buffer.append(",\"")
    buffer.append(name)
    buffer.append("\":\"")
    time.append(rfc3339To: &buffer)
    buffer.append(UInt8(ascii: "\""))
  }
}
