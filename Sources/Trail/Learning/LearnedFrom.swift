internal import Bytes
internal import JSONText

/// The event that something was learned from.
public struct LearnedFrom: Equatable, Sendable {
  /// Name of the input.
  public var file: String
  /// Number of the record in it, from 1.
  public var record: Int
  /// Where the record begins, in the bytes of the input after decompression.
  public var offset: Int
  /// What the event calls what was done; empty if it does not.
  public var action: [UInt8]
  /// When, in microseconds since 1970.
  public var time: Int64

  /// An event.
  public init(file: String, record: Int, offset: Int, action: [UInt8], time: Int64) {
    self.file = file
    self.record = record
    self.offset = offset
    self.action = action
    self.time = time
  }

  /// Appends it as a member of a row, behind others.
  func append(_ name: StaticString, to buffer: inout ByteBuffer) {
    buffer.append(",\"")
    buffer.append(name)
    buffer.append("\":{\"file\":")
    JSONString.append(quoting: file, to: &buffer)
    buffer.append(",\"record\":")
    buffer.append(decimal: record)
    buffer.append(",\"offset\":")
    buffer.append(decimal: offset)
    if !action.isEmpty {
      buffer.append(",\"action\":")
      action.withUnsafeBufferPointer { JSONString.append(quoting: $0, to: &buffer) }
    }
    LearnedTime.append("time", time, to: &buffer)
    buffer.append(UInt8(ascii: "}"))
  }
}

/// Why an event that something could be learned from cannot be used, or not all of it.
public struct LearningProblem: Sendable {
  /// Why.
  public let reason: String
  /// True if the rest of the event is used.
  public let isPartial: Bool
}
