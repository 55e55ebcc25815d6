public import JSONText
public import Settings

extension Dialect {
  /// Reads the member `key` of a definition: the name of a built-in dialect, or an object with
  /// pointers by role, which may extend one: `{ extends: "spacelift", actor: ["/a", "/b"] }`. What
  /// an object gives for a role replaces what it extends; `null` or an empty list takes it away.
  public init(_ settings: Settings, key: String = "dialect") throws(SettingsError) {
    guard let value = settings.value(key) else {
      throw settings.position.error("\(settings.what) needs \"\(key)\": \(Dialect.choice)")
    }
    if let name = value.string {
      self = try Dialect.named(name, at: value.position)
      return
    }
    guard let own = try settings.object(key) else {
      throw value.position.error("\"\(key)\" must be a name or an object: \(Dialect.choice)")
    }
    if let base = try own.optionalString("extends") {
      self = try Dialect.named(base, at: own.position(of: "extends"))
      name = "\(base), extended"
    } else {
      self.init(name: "own", pointers: [:])
    }
    for role in Role.allCases where own.has(role.rawValue) {
      pointers[role] = try Dialect.pointers(own, role.rawValue)
    }
  }

  private static var choice: String {
    let names = builtIn.keys.sorted().map { "\"\($0)\"" }.joined(separator: " or ")
    return "name \(names), or give pointers by role"
  }

  private static func named(
    _ name: String, at position: SourcePosition
  ) throws(SettingsError) -> Dialect {
    if let dialect = builtIn[name] { return dialect }
    let hint = nearest(name, in: builtIn.keys.sorted()).map { "did you mean \"\($0)\"?" } ?? choice
    throw position.error("there is no dialect \"\(name)\": \(hint)")
  }

  private static func pointers(
    _ settings: Settings, _ key: String
  ) throws(SettingsError) -> [JSONPointer] {
    var pointers: [JSONPointer] = []
    for text in try settings.strings(key, default: []) {
      pointers.append(try settings.pointer(text, of: key))
    }
    return pointers
  }
}

extension Settings {
  /// The JSON Pointer that `text`, found at `key`, is.
  public func pointer(_ text: String, of key: String) throws(SettingsError) -> JSONPointer {
    do {
      return try JSONPointer(text)
    } catch {
      throw self.error(key, "has a wrong pointer: \(error)")
    }
  }
}
