/// Fills variables into the strings of a definition: `${NAME}` from `--set`, `${env:NAME}` from the
/// environment, `:-default` for what is unset or empty, `$${` for a literal `${`.
///
/// What is filled in is text and stays text: it is not searched for variables, and never read as
/// JSON5. Keys are left as they are.
package struct Variables: Sendable {
  private let assigned: [String: String]
  private let environment: [String: String]
  private var used: Set<String> = []

  /// The values given with `--set`, and those of the environment.
  package init(set: [String: String], environment: [String: String]) {
    assigned = set
    self.environment = environment
  }

  /// The names given with `--set` that no expanded value asked for, sorted.
  package var unused: [String] { assigned.keys.filter { !used.contains($0) }.sorted() }

  /// The value with the variables in all its strings filled in.
  package mutating func expand(_ value: JSON5Value) throws(SettingsError) -> JSON5Value {
    let content: JSON5Value.Content
    switch value.content {
    case .string(let text):
      let (expanded, isFromEnvironment) = try expand(text, at: value.position)
      return JSON5Value(
        .string(expanded), at: value.position, isFromEnvironment: isFromEnvironment)
    case .array(let elements):
      var expanded: [JSON5Value] = []
      for element in elements { expanded.append(try expand(element)) }
      content = .array(expanded)
    case .object(let members):
      var expanded: [JSON5Value.Member] = []
      for member in members {
        expanded.append(
          JSON5Value.Member(
            key: member.key, position: member.position, value: try expand(member.value)))
      }
      content = .object(expanded)
    case .number, .bool, .null: return value
    }
    return JSON5Value(content, at: value.position)
  }

  private mutating func expand(
    _ text: String, at position: SourcePosition
  ) throws(SettingsError) -> (text: String, isFromEnvironment: Bool) {
    var result = String.UnicodeScalarView()
    var isFromEnvironment = false
    var rest = Substring(text).unicodeScalars
    while let first = rest.first {
      if rest.starts(with: "$${".unicodeScalars) {
        result.append(contentsOf: "${".unicodeScalars)
        rest = rest.dropFirst(3)
      } else if rest.starts(with: "${".unicodeScalars) {
        guard let close = rest.firstIndex(of: "}") else {
          throw position.error("\"${\" is not closed: add \"}\", or write \"$${\" for the text")
        }
        let reference = Substring(rest[..<close].dropFirst(2))
        isFromEnvironment = isFromEnvironment || reference.hasPrefix("env:")
        result.append(contentsOf: try self.value(of: reference, at: position).unicodeScalars)
        rest = rest[rest.index(after: close)...]
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return (String(result), isFromEnvironment)
  }

  /// The value of what stands between the braces.
  private mutating func value(
    of reference: Substring, at position: SourcePosition
  ) throws(SettingsError) -> String {
    // No name begins with a hyphen: `${env:-x}` is the variable `env` with a default.
    let isEnvironment = reference.hasPrefix("env:") && !reference.hasPrefix("env:-")
    var name = isEnvironment ? reference.dropFirst(4) : reference
    var fallback: String?
    let afterName = name.firstIndex { !Self.isNameCharacter($0) } ?? name.endIndex
    if name[afterName...].hasPrefix(":-") {
      fallback = String(name[afterName...].dropFirst(2))
      name = name[..<afterName]
    }
    guard let first = name.first, name.allSatisfy(Self.isNameCharacter), !first.isNumber else {
      throw position.error(
        "\"${\(reference.isEmpty ? "" : "…")}\" names no variable: a name has letters, digits and _ only; "
          + "write \"$${\" for the text")
    }
    let given: String?
    if isEnvironment {
      given = environment[String(name)]
    } else {
      used.insert(String(name))
      given = assigned[String(name)]
    }
    if let given, fallback == nil || !given.isEmpty { return given }
    if let fallback { return fallback }
    // What is no plain name may be a secret in the place of one.
    let isShown = PlainName.isPlain(String(name))
    let shown = isShown ? String(name) : "NAME"
    let what = (isEnvironment ? "environment variable" : "variable") + (isShown ? " \(name)" : "")
    throw position.error(
      "\(isShown ? "the" : "this") \(what) is not set: "
        + (isEnvironment
          ? "set it, or write ${env:\(shown):-default}"
          : "pass --set \(shown)=VALUE, or write ${\(shown):-default}"))
  }

  private static func isNameCharacter(_ character: Character) -> Bool {
    character == "_" || (character.isASCII && (character.isLetter || character.isNumber))
  }
}
