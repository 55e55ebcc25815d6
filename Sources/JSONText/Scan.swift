public import Bytes

/// What a scan takes at most.
enum ScanLimit {
  static let depth = 512
  static let matches = 100_000
}

/// What kind of value a field is.
public enum ValueKind: UInt8, Sendable, BitwiseCopyable {
  /// The pointer matched nothing.
  case missing
  case object, array, string, number, `true`, `false`, null
}

/// Where a value lies, counted from the start of the scanned text.
@frozen public struct Field: BitwiseCopyable, Sendable {
  /// Offset of the first byte (of a string: its quote).
  public var start: UInt32
  /// Number of bytes (of a string: with both quotes).
  public var count: UInt32
  /// What kind of value it is.
  public var kind: ValueKind
  /// True for a string that holds an escape sequence.
  public var isEscaped: Bool

  /// A field of `count` bytes at `start`.
  @inlinable public init(start: UInt32, count: UInt32, kind: ValueKind, isEscaped: Bool) {
    self.start = start
    self.count = count
    self.kind = kind
    self.isEscaped = isEscaped
  }

  /// No such value.
  @inlinable public static var missing: Field {
    Field(start: 0, count: 0, kind: .missing, isEscaped: false)
  }

  /// All bytes of the value.
  @inlinable public var span: Span32 { Span32(start: start, count: count) }

  /// The bytes between the quotes of a string.
  @inlinable public var content: Span32 { Span32(start: start + 1, count: count - 2) }
}

/// An appearance of a collected pointer.
public struct Match: BitwiseCopyable, Sendable {
  /// The slot of the pointer.
  public var slot: Int32
  /// Where.
  public var field: Field
}

/// Why a text is no JSON.
public enum ScanFault: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  case none
  /// The text ended inside a value: with more bytes it might have been one.
  case unexpectedEnd
  case unexpectedByte, controlCharacter, badEscape, badUTF8, badNumber, badLiteral, tooDeep
  case trailingBytes, emptyText

  /// The reason, for people.
  public var reason: String {
    switch self {
    case .none: "no fault"
    case .unexpectedEnd: "the text ends inside a value"
    case .unexpectedByte: "unexpected byte"
    case .controlCharacter: "control character inside a string"
    case .badEscape: "invalid escape sequence"
    case .badUTF8: "invalid UTF-8"
    case .badNumber: "invalid number"
    case .badLiteral: "invalid literal"
    case .tooDeep: "nested deeper than \(ScanLimit.depth) levels (max_depth)"
    case .trailingBytes: "something follows the value"
    case .emptyText: "no value"
    }
  }
}

/// What a scan found out about one value.
public struct Scan: BitwiseCopyable, Sendable {
  /// Offset of the value's first byte.
  public var start: Int
  /// Offset just past the value; where the fault lies, if there is one.
  public var end: Int
  /// Why it is no JSON.
  public var fault: ScanFault
  /// What the value is.
  public var kind: ValueKind
  /// True if a line feed or carriage return stands between tokens.
  public var hasLineBreaks: Bool
  /// True for `{}`: no comma goes before a member that is added.
  public var isEmptyObject: Bool
  /// The name of a member that some object has twice, without its quotes, where it stands the second time;
  /// nil if none has, or nobody asked.
  public var duplicate: Span32?
}
