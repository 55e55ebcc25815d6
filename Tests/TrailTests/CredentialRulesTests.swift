import JSONText
import Settings
import Testing
import Trail

@Suite struct CredentialRulesTests {
  static func rules(_ text: String?, _ dialect: String? = nil) throws -> (
    CredentialRules, PointerTable
  ) {
    var table = PointerTable()
    let file = try text.map { text in
      var text = text
      return try text.withUTF8 { try JSON5.parse($0, file: "rules.json5") }
    }
    let rules = try CredentialRules(file: file, dialect: dialect, table: &table)
    return (rules, table)
  }

  @Test func builtInRulesCanBeRead() throws {
    for dialect in CredentialRules.builtIn.keys { #expect(Dialect.builtIn[dialect] != nil) }
    #expect(try Self.rules(nil, "cloudtrail").0.rules.count == 6)
    #expect(try Self.rules(nil, "github").0.rules.count == 1)
    #expect(try Self.rules(nil, "spacelift").0.rules.count == 1)
    #expect(try Self.rules(nil, "coder").0.rules.isEmpty)
    #expect(try Self.rules(nil, nil).0.rules.isEmpty)
  }

  private static func wrong(_ members: String) -> String {
    "{ rules: [{ when: { pointer: '/a', equals: 1 }, \(members) }] }"
  }

  @Test(arguments: [
    ("{}", "a file of rules is { rules: [ … ] }"),
    ("{ rules: [{ key_id: '/id' }] }", "say for which events the rule is"),
    (wrong("token_id: '/t'"), "needs a pointer to the key's id"),
    (wrong("key_id: ''"), "has an empty text"),
    (wrong("key_id: '{/a'"), "has a wrong template"),
    (wrong("key_id: '{a}'"), "has a wrong template"),
    (wrong("key_id: '{/a|upper}'"), "has a wrong template"),
    (wrong("key_id: '/id', tokn_id: '/t'"), "did you mean \"token_id\"?"),
    (wrong("key_id: '/id', expires_at: 'e'"), "is no JSON Pointer"),
    (wrong("key_id: '/id', lasts: 'long'"), "must be a duration"),
    (wrong("key_id: '/id', lasts: '0s'"), "must be a duration"),
    (wrong("key_id: '/id', claims: ['/a']"), "\"claims\" must be an object"),
    (wrong("key_id: '/id', claims: { a: 7 }"), "\"a\" must be a string or an array of strings"),
    (wrong("key_id: '/id', via: { token_id: '/t' }"), "has to say of which key"),
    (wrong("key_id: '/id', via: { who: '/t' }"), "unknown key \"who\""),
    (wrong("key_id: '/credentials/secretAccessKey'"), "points to a secret"),
    (wrong("key_id: '/id', claims: { a: '/x/sessionToken' }"), "points to a secret"),
    (wrong("key_id: '/id', claims: { a: 'a{/x/refresh-Token}' }"), "points to a secret"),
    (wrong("key_id: '/id', where: ['/password']"), "points to a secret"),
  ])
  func tellsWhatIsWrong(_ text: String, _ message: String) throws {
    #expect {
      _ = try Self.rules(text)
    } throws: { "\($0)".contains(message) }
  }
}
