import JSONText
import Settings
import Testing
import Trail

@Suite struct KeyChangeRulesTests {
  static func rules(_ text: String?, _ dialect: String? = nil) throws -> (
    KeyChangeRules, PointerTable
  ) {
    var table = PointerTable()
    let file = try text.map { text in
      var text = text
      return try text.withUTF8 { try JSON5.parse($0, file: "rules.json5") }
    }
    let rules = try KeyChangeRules(file: file, dialect: dialect, table: &table)
    return (rules, table)
  }

  @Test func builtInRulesCanBeRead() throws {
    for dialect in KeyChangeRules.builtIn.keys {
      #expect(Dialect.builtIn[dialect] != nil)
      #expect(try Self.rules(nil, dialect).0.rules.count == 3)
    }
    #expect(try Self.rules(nil, "github").0.rules.isEmpty)
    #expect(try Self.rules(nil, nil).0.rules.isEmpty)
  }

  @Test(arguments: [
    ("{}", "a file of rules is { rules: [ … ] }"),
    ("{ rulse: [] }", "did you mean \"rules\"?"),
    ("{ rules: [{ change: 'create', id: '/id' }] }", "say for which events the rule is"),
    ("{ rules: [{ when: {}, change: 'create', id: '/id' }] }", "a condition needs \"pointer\""),
    (
      "{ rules: [{ when: { pointer: '/a', equals: 1 }, change: 'made', id: '/id' }] }",
      "\"change\" must be"
    ),
    (
      "{ rules: [{ when: { pointer: '/a', equals: 1 }, change: 'create' }] }",
      "needs a pointer to the key's id"
    ),
    (
      "{ rules: [{ when: { pointer: '/a', equals: 1 }, change: 'create', id: 'id' }] }",
      "is no JSON Pointer"
    ),
    (
      "{ rules: [{ when: { pointer: '/a', equals: 1 }, change: 'create', id: '/id', nmae: '/n' }] }",
      "did you mean \"name\"?"
    ),
    (
      "{ rules: [{ when: { pointer: '/a', equals: 1 }, change: 'create', id: '/id', valid_from: '/n' }] }",
      "unknown key \"valid_from\""
    ),
    (
      "{ rules: [{ when: { pointer: '/a', equals: 1 }, change: 'create', id: '/Secret' }] }",
      "points to a secret"
    ),
    (
      "{ rules: [{ when: { pointer: '/a', equals: 1 }, change: 'create', id: '/id', old: { name: '/diff/hashed_SECRET/old' } }] }",
      "points to a secret"
    ),
  ]) func refusesWhatIsWrong(_ text: String, _ message: String) throws {
    let error = #expect(throws: SettingsError.self) { try Self.rules(text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
