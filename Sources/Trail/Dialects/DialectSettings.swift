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
      dialect.filters[role] = written.map(\.filters)
      if role == .claims { dialect.claimNames = written.map(\.claimName) }
      if role == .token { dialect.tokenPrefix = "" }
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
    guard let value = settings.value(role.rawValue) else { return [] }
    guard case .array(let elements) = value.content else {
      return [try pointer(value, settings, role)]
    }
    return try elements.map { (element) throws(SettingsError) in
      try pointer(element, settings, role)
    }
  }

  /// A pointer, or `{ pointer, filters }`.
  private static func pointer(
    _ value: JSON5Value, _ settings: Settings, _ role: Role
  ) throws(SettingsError) -> DialectProvenance.Pointer {
    let key = role.rawValue
    guard case .object = value.content else {
      guard let text = value.string else {
        throw value.position.error(
          "\"\(key)\" takes pointers, found \(value.kind)")
      }
      return DialectProvenance.Pointer(
        role: role, pointer: try settings.pointer(text, of: key), position: value.position)
    }
    let entry = try Settings(value, what: "a place of \"\(key)\"")
    var pointer = DialectProvenance.Pointer(
      role: role, pointer: try entry.pointer(try entry.string("pointer"), of: "pointer"),
      position: entry.position(of: "pointer"))
    pointer.filters = try filters(entry, role)
    pointer.claimName = try claimName(entry, role)
    try entry.finish()
    return pointer
  }

  /// What the one claim is called that a text at a place of `claims` is.
  private static func claimName(
    _ entry: Settings, _ role: Role
  ) throws(SettingsError) -> String? {
    guard let name = try entry.optionalString("claim") else { return nil }
    guard role == .claims, !name.isEmpty else {
      throw entry.error("claim", "names the claim that a text at a place of \"claims\" is")
    }
    return name
  }

  private static func filters(
    _ entry: Settings, _ role: Role
  ) throws(SettingsError) -> [ValueFilter] {
    guard let texts = try entry.optionalStrings("filters") else { return [] }
    guard filteredRoles.contains(role) else {
      throw entry.error(
        "filters",
        "are for \"key\", \"token\" and \"run\": what else an archive says of an event is the event's own"
      )
    }
    var filters: [ValueFilter] = []
    for text in texts {
      do { filters.append(try ValueFilter(parsing: text)) } catch {
        throw entry.error("filters", "has a wrong one: \(error)")
      }
      if case .standard = filters[filters.count - 1] {
        throw entry.error("filters", "has a default: an event that names nothing names nothing")
      }
    }
    return filters
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
