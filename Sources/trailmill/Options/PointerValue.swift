internal import CommandLine
internal import JSONText

/// A place in an event and the text that has to be there.
struct PointerValue: Sendable {
  let pointer: JSONPointer
  let value: String
}

extension OptionKind where Value == PointerValue {
  /// `/POINTER=VALUE`, taken apart at the first `=`; one that belongs to the pointer is written `\=`.
  static func pointerValue(_ placeholder: String) -> Self {
    Self(placeholder, demand: "needs /POINTER=VALUE") { text, _ in
      guard let (pointer, value) = split(text) else { return nil }
      return PointerValue(pointer: try JSONPointer(pointer), value: value)
    }
  }

  private static func split(_ text: String) -> (pointer: String, value: String)? {
    // By scalars: a mark that combines with the `=` or the `/` is not a part of them.
    var pointer = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "=" { break }
      if scalar == "\\", rest.first == "=" {
        pointer.append("=")
        rest.removeFirst()
      } else {
        pointer.append(scalar)
      }
      guard !rest.isEmpty else { return nil }
    }
    return pointer.first == "/" ? (String(pointer), String(rest)) : nil
  }
}
