internal import CommandLine
internal import JSONText
internal import Settings

/// A place in an event and the text that has to be there.
struct PointerValue: Sendable {
  let pointer: JSONPointer
  let value: String
}

extension OptionKind where Value == PointerValue {
  /// `/POINTER=VALUE`, taken apart at the first `=`; one that belongs to the pointer is written `\=`. What
  /// other languages have as one operator with the `=` is refused: nothing would ever match.
  static func pointerValue(_ placeholder: String) -> Self {
    Self(placeholder, demand: "needs /POINTER=VALUE") { text, option in
      guard let parts = PointerText(text) else { return nil }
      if let fault = parts.fault { throw UsageError("--\(option): \"\(text)\" \(fault)") }
      return PointerValue(pointer: try JSONPointer(parts.pointer), value: parts.value)
    }
  }
}

/// A pointer and a value as they are written.
private struct PointerText {
  /// What makes another operator of the `=` behind it.
  private static let operators: Set<Unicode.Scalar> = ["!", "<", ">", " "]

  let pointer: String
  let value: String
  /// The end of the pointer that looks like the beginning of an operator.
  private let sign: Unicode.Scalar?

  init?(_ text: String) {
    // By scalars: a mark that combines with the `=` or the `/` is not a part of them.
    var pointer = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    var sign: Unicode.Scalar?
    while let scalar = rest.popFirst() {
      if scalar == "=" { break }
      if scalar == "\\", let next = rest.first,
        PointerText.isEscaped(next, before: rest.dropFirst())
      {
        pointer.append(next)
        rest.removeFirst()
        sign = nil
      } else {
        pointer.append(scalar)
        sign = PointerText.operators.contains(scalar) ? scalar : nil
      }
      guard !rest.isEmpty else { return nil }
    }
    guard pointer.first == "/" else { return nil }
    self.pointer = String(pointer)
    self.sign = sign
    value = String(rest)
  }

  private static func isEscaped(_ scalar: Unicode.Scalar, before rest: Substring.UnicodeScalarView)
    -> Bool
  {
    scalar == "=" || operators.contains(scalar) && rest.first == "="
  }

  /// What is wrong with it, and what to write instead.
  var fault: String? {
    let place = String(pointer.unicodeScalars.prefix { !PointerText.operators.contains($0) })
    let plain = String(value.unicodeScalars.drop { $0 == " " })
    switch sign {
    case "!":
      return
        "asks for a member whose name ends in \"!\": write \(place)=!\(plain) for \"not\", or \\!= for that"
    case "<", ">":
      return
        "compares, which a filter does not: write \(place)=\(plain), or \\\(sign ?? "<")= for a member whose "
        + "name ends so"
    case " ":
      return
        "asks for a member whose name ends in a blank: write \(place)=\(plain), or \"\\ =\" for that"
    default:
      guard value.unicodeScalars.first == "=" else { return nil }
      let rest = value.unicodeScalars.drop { $0 == "=" || $0 == " " }
      return
        "asks for a value that begins with \"=\": write \(place)=\(String(rest)), or =\\= for that"
    }
  }
}
