package import Settings

/// One entry of a definition's `tests` block: records in, and what has to become of each.
package struct DefinitionTest: Sendable {
  /// What has to become of a record.
  package enum Expectation: Sendable {
    /// It is written, with at least these members.
    case written(JSON5Value)
    /// It is dropped as a re-delivery.
    case duplicate
    /// It is filtered.
    case filtered
    /// It goes to the quarantine, for a reason that contains this text.
    case quarantined(String)
  }

  /// What it shows.
  package let name: String
  /// Where it begins.
  package let position: SourcePosition
  /// Variables for this test, over those of the command line.
  package let set: [String: String]
  /// Environment variables for this test, over the real ones.
  package let environment: [String: String]
  /// The records, as JSON text or as they are.
  package let input: [JSON5Value]
  /// One for each record that is read.
  package let expect: [(expectation: Expectation, position: SourcePosition)]

  static func read(_ root: Settings) throws(SettingsError) -> [DefinitionTest] {
    var tests: [DefinitionTest] = []
    for settings in try root.objects("tests") {
      tests.append(
        DefinitionTest(
          name: try settings.string("name"), position: settings.position,
          set: try strings(settings, "set"), environment: try strings(settings, "env"),
          input: try elements(settings, "input"), expect: try expectations(settings)))
    }
    return tests
  }

  private static func elements(
    _ settings: Settings, _ key: String
  ) throws(SettingsError) -> [JSON5Value] {
    guard let value = settings.value(key), case .array(let elements) = value.content else {
      throw settings.error(key, "must be an array")
    }
    return elements
  }

  private static func strings(
    _ settings: Settings, _ key: String
  ) throws(SettingsError) -> [String: String] {
    guard let value = settings.value(key) else { return [:] }
    guard case .object(let members) = value.content else {
      throw settings.error(key, "must be an object of strings")
    }
    var strings: [String: String] = [:]
    for member in members {
      guard let text = member.value.string else {
        // Not its name: it may be the secret that somebody has put in the place of one.
        throw member.value.position.error("an element of \"\(key)\" must be a string")
      }
      guard !member.key.utf8.contains(0), !text.utf8.contains(0) else {
        throw member.position.error("\"\(key)\" has a NUL, which no variable can: leave it out")
      }
      strings[member.key] = text
    }
    return strings
  }

  private static func expectations(
    _ settings: Settings
  ) throws(SettingsError) -> [(expectation: Expectation, position: SourcePosition)] {
    var list: [(expectation: Expectation, position: SourcePosition)] = []
    for value in try elements(settings, "expect") {
      list.append((try expectation(value), value.position))
    }
    return list
  }

  private static func expectation(_ value: JSON5Value) throws(SettingsError) -> Expectation {
    if case .object = value.content { return .written(value) }
    switch value.string {
    case "duplicate": return .duplicate
    case "filtered": return .filtered
    case "quarantined": return .quarantined("")
    case .some(let text) where text.hasPrefix("quarantined: "):
      return .quarantined(String(text.dropFirst("quarantined: ".count)))
    default:
      throw value.position.error(
        "expected an object (a record that is written), \"duplicate\", \"filtered\", "
          + "\"quarantined\" or \"quarantined: …\", found \(value.kind)")
    }
  }
}
