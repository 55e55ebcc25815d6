internal import Engine
/// A change of one key, as one event tells it. Bytes and not strings, which would take two ways of
/// writing an accent for one id.
package struct KeyChange: Sendable {
  /// The event that tells it.
  package struct Source: Equatable, Sendable {
    /// Name of the input.
    package var file: String
    /// Number of the record in it, from 1.
    package var record: Int
    /// Where the record begins, in the bytes of the input after decompression.
    package var offset: Int
    /// What the event calls what was done; empty if it does not.
    package var action: [UInt8]
    /// When, in microseconds since 1970.
    package var time: Int64

    /// An event.
    package init(file: String, record: Int, offset: Int, action: [UInt8], time: Int64) {
      self.file = file
      self.record = record
      self.offset = offset
      self.action = action
      self.time = time
    }
  }

  /// What an event says about one field.
  package enum Value: Equatable, Sendable {
    /// JSON text without white space.
    case text([UInt8])
    /// There is none any more, or none that could be kept.
    case gone
  }

  /// What became of the key.
  package var kind: KeyChangeKind
  /// The key's id.
  package var id: [UInt8]
  /// What holds from now on; what is not named stays as it was.
  package var values: [KeyField: Value]
  /// What held before.
  package var old: [KeyField: Value]
  /// The event.
  package var source: Source

  /// A change.
  package init(
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

/// Why an event that changes a key cannot be used, or not all of it.
package struct KeyChangeProblem: Sendable {
  /// Why.
  package let reason: String
  /// True if the rest of the change is used.
  package let isPartial: Bool
}

/// What came of an event.
package struct KeyChangeReading: Sendable {
  /// The change; nil if it cannot be used.
  package var change: KeyChange?
  /// What is wrong.
  package var problems: [KeyChangeProblem] = []
}

/// Limits on what is learned: who can name a key can choose what it is called.
package enum KeyChangeLimits {
  /// Longest id, in bytes.
  package static let longestID = 1 << 10
  /// Longest value of a field, in bytes of its JSON text.
  package static let longestValue = 1 << 16
}
