internal import Engine
/// A change of one key, as one event tells it. Bytes and not strings, which would take two ways of
/// writing an accent for one id.
public struct KeyChange: Sendable {
  /// The event that tells it.
  public typealias Source = LearnedFrom

  /// What an event says about one field.
  public enum Value: Equatable, Sendable {
    /// JSON text without white space.
    case text([UInt8])
    /// There is none any more, or none that could be kept.
    case gone
  }

  /// What became of the key.
  public var kind: KeyChangeKind
  /// The key's id.
  public var id: [UInt8]
  /// What holds from now on; what is not named stays as it was.
  public var values: [KeyField: Value]
  /// What held before.
  public var old: [KeyField: Value]
  /// The event.
  public var source: Source

  /// A change.
  public init(
    kind: KeyChangeKind, id: [UInt8], values: [KeyField: Value], old: [KeyField: Value],
    source: Source
  ) {
    self.kind = kind
    self.id = id
    self.values = values
    self.old = old
    self.source = source
  }

  /// When, in microseconds since 1970.
  var time: Int64 { source.time }

  /// What it says, as one text: tells apart changes that differ in nothing else.
  var content: [UInt8] {
    var content: [UInt8] = []
    for values in [values, old] {
      for field in KeyChangeRule.fields {
        switch values[field] {
        case nil: content.append(0)
        case .gone: content.append(1)
        case .text(let text):
          content.append(2)
          content += text
        }
      }
    }
    return content
  }
}

/// What came of an event.
public struct KeyChangeReading: Sendable {
  /// The change; nil if it cannot be used.
  public var change: KeyChange?
  /// What is wrong.
  public var problems: [LearningProblem] = []
}

/// Limits on what is learned: who can name a key can choose what it is called.
public enum KeyChangeLimits {
  /// Longest id, in bytes.
  public static let longestID = 1 << 10
  /// Longest value of a field, in bytes of its JSON text.
  public static let longestValue = 1 << 16
}
