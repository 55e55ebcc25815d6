package import JSONText
package import Settings

/// A name that no dialect has.
public struct UnknownDialect: Error, Equatable, Sendable, CustomStringConvertible {
  /// The name.
  public let name: String

  /// What is wrong, and what to do.
  public var description: String {
    let known = Dialect.builtIn.keys.sorted()
    let hint = nearest(name, in: known).map { "did you mean \"\($0)\"?" }
    return "unknown dialect \"\(name)\": \(hint ?? Dialect.choice)"
  }
}

extension Dialect {
  /// The built-in dialect of that name.
  public static func named(_ name: String) throws(UnknownDialect) -> Dialect {
    guard let dialect = builtIn[name] else { throw UnknownDialect(name: name) }
    return dialect
  }

  /// Reads the member `key` of a definition: the name of a built-in dialect (`spacelift` if it is
  /// left out), or an object with pointers by role, which may extend one:
  /// `{ extends: "spacelift", actor: ["/a", "/b"] }`. What an object gives for a role replaces what
  /// it extends; `null` takes it away. It may also say how its times are written: see `TimeSettings`.
  package static func read(
    _ settings: Settings, key: String = "dialect"
  ) throws(SettingsError) -> Dialect {
    guard let value = settings.value(key) else {
      return builtIn["spacelift"] ?? Dialect(name: "spacelift", pointers: [:])
    }
    var provenance = DialectProvenance(position: value.position)
    if let name = value.string {
      var dialect = try named(name, at: value.position)
      dialect.provenance = provenance
      return dialect
    }
    guard let own = try settings.object(key) else { return Dialect(name: "own", pointers: [:]) }
    var dialect = Dialect(name: "own", pointers: [:])
    if let base = try own.optionalString("extends") {
      dialect = try named(base, at: own.position(of: "extends"))
      dialect.name = "\(base), extended"
    }
    for role in Role.allCases where own.written(role.rawValue) != nil {
      let written = try pointers(own, role)
      dialect.pointers[role] = written.map(\.pointer)
      provenance.own += written
    }
    dialect.provenance = provenance
    dialect.times = try own.timeRules()
    return dialect
  }

  fileprivate static var choice: String {
    let names = builtIn.keys.sorted().map { "\"\($0)\"" }.joined(separator: " or ")
    return "name \(names), or give pointers by role"
  }

  private static func named(
    _ name: String, at position: SourcePosition
  ) throws(SettingsError) -> Dialect {
    do {
      return try named(name)
    } catch {
      throw position.error("\(error)")
    }
  }

  private static func pointers(
    _ settings: Settings, _ role: Role
  ) throws(SettingsError) -> [DialectProvenance.Pointer] {
    let key = role.rawValue
    var pointers: [DialectProvenance.Pointer] = []
    for (index, text) in try settings.strings(key, default: []).enumerated() {
      pointers.append(
        DialectProvenance.Pointer(
          role: role, pointer: try settings.pointer(text, of: key),
          position: position(settings, key, index)))
    }
    return pointers
  }

  /// Where element `index` of an array, or the one string in its place, is written.
  private static func position(_ settings: Settings, _ key: String, _ index: Int) -> SourcePosition
  {
    guard let value = settings.value(key) else { return settings.position }
    guard case .array(let elements) = value.content, elements.indices.contains(index) else {
      return value.position
    }
    return elements[index].position
  }
}

extension Settings {
  /// The JSON Pointer that `text`, found at `key`, is.
  package func pointer(_ text: String, of key: String) throws(SettingsError) -> JSONPointer {
    do {
      return try JSONPointer(text)
    } catch {
      throw self.error(key, "has a wrong pointer: \(error)")
    }
  }
}
