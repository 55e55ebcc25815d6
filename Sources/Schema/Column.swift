internal import Bytes

/// What a column holds.
enum ColumnType: Equatable, Sendable {
  /// The text of a string: no event has anything else there.
  case text
  case boolean
  /// A whole number of 64 bits.
  case integer
  /// JSON text. True if some of the values are strings, which stand in quotes.
  case json(hasStrings: Bool)

  init(_ shapes: ValueShape) {
    switch shapes.subtracting(.null) {
    case .text: self = .text
    case .boolean: self = .boolean
    case .integer: self = .integer
    default: self = .json(hasStrings: shapes.contains(.text))
    }
  }

  var isJSON: Bool { if case .json = self { true } else { false } }
}

/// A column: a member of the events.
struct Column: Equatable, Sendable {
  /// The name of the member, and of the column.
  let name: String
  let type: ColumnType
}

/// What a reader may call a column. Readers do not tell capital from small letters, some not even the two
/// ways to write an accent, and whoever writes events chooses the names of members: so a name becomes a
/// column if it has nothing in it that any statement could take for something else.
package enum ColumnName {
  /// Characters beside letters and digits of any script.
  private static let others: Set<Unicode.Scalar> = ["_", "-", ".", "/", ":", "@", "#", "+", " "]

  /// True if a member of this name can be a column.
  static func isPlain(_ name: String) -> Bool {
    guard name.first != " ", name.last != " ", !name.isEmpty else { return false }
    return name.unicodeScalars.allSatisfy { scalar in
      others.contains(scalar)
        || !DeceptiveText.isDeceptive(scalar)
          && (scalar.properties.isAlphabetic || scalar.properties.generalCategory == .decimalNumber
            || scalar.properties.generalCategory == .nonspacingMark)
    }
  }

  /// True for letters, digits and `_` of ASCII behind a letter: anything else means something to some reader
  /// where it stands without quotes, in a pattern or in a path.
  package static func isWord(_ name: String) -> Bool {
    let isWord = name.utf8.allSatisfy { byte in
      byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_")
    }
    return isWord && name.utf8.first.map { ($0 | 0x20) &- 0x61 < 26 } == true
  }

  /// What two names have in common that no reader can have side by side.
  static func folded(_ name: String) -> String {
    // Java takes the Turkish capital for an i, too. The capital of "ß" is "SS", and "ẞ" is one, too.
    name.replacing("İ", with: "i").lowercased().uppercased().lowercased()
  }
}
