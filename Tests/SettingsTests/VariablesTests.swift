import Settings
import Testing

@Suite struct VariablesTests {
  private func expand(
    _ text: String, set: [String: String] = [:], environment: [String: String] = [:]
  ) throws -> String {
    var variables = Variables(set: set, environment: environment)
    return try json(variables.expand(parse(text)))
  }

  @Test(arguments: [
    ("'${A}'", "\"1\""), ("'x${A}y${A}z'", "\"x1y1z\""), ("'${env:A}'", "\"2\""),
    ("'${B:-d}'", "\"d\""), ("'${B:-}'", "\"\""), ("'${env:B:-a b/c:-$}'", "\"a b/c:-$\""),
    ("'${A:-d}'", "\"1\""), ("'${EMPTY:-d}'", "\"d\""), ("'${EMPTY}'", "\"\""),
    ("'$${A}'", "\"${A}\""), ("'$A $ $$ }'", "\"$A $ $$ }\""), ("'$$${A}'", "\"$${A}\""),
    ("{'${A}': ['${A}', 1, null, {b: '${A}'}]}", #"{"${A}":["1",1,null,{"b":"1"}]}"#),
    ("'é${A}\u{301}'", "\"é1\u{301}\""),
  ])
  func fillsIn(text: String, expected: String) throws {
    let filled = try expand(
      text, set: ["A": "1", "EMPTY": ""], environment: ["A": "2"])
    #expect(filled == expected)
  }

  @Test func aVariableMayBeCalledEnv() throws {
    #expect(try expand("'${env:-d}'") == "\"d\"")
    #expect(try expand("'${env:-d}'", set: ["env": "3"]) == "\"3\"")
    #expect(try expand("'${env}'", set: ["env": "3"]) == "\"3\"")
    #expect(try expand("'${env:env:-d}'", set: ["env": "3"]) == "\"d\"")
  }

  @Test func neverReadsAgainWhatItFilledIn() throws {
    let hostile = "${env:SECRET}', x: [\"'"
    let filled = try expand("'${A}'", set: ["A": hostile], environment: ["SECRET": "s"])
    #expect(filled == #""${env:SECRET}', x: [\"'""#)
  }

  @Test(arguments: [
    ("\n'${A}'", "2:1: the variable A is not set: pass --set A=VALUE, or write ${A:-default}"),
    (
      "'${env:A}'", "1:1: the environment variable A is not set: set it, or write ${env:A:-default}"
    ),
    (
      "'${whsec_9f8Zk3LqT0p}'",
      "1:1: this variable is not set: pass --set NAME=VALUE, or write ${NAME:-default}"
    ),
    (
      "'${env:whsec_9f8Zk3LqT0p}'",
      "1:1: this environment variable is not set: set it, or write ${env:NAME:-default}"
    ),
    (
      "'${key_dir}'",
      "1:1: the variable key_dir is not set: pass --set key_dir=VALUE, or write ${key_dir:-default}"
    ),
    ("'${A'", "1:1: \"${\" is not closed: add \"}\", or write \"$${\" for the text"),
    (
      "'${}'",
      "1:1: \"${}\" names no variable: a name has letters, digits and _ only; write \"$${\" for the text"
    ),
    (
      "'${1A}'",
      "1:1: \"${…}\" names no variable: a name has letters, digits and _ only; write \"$${\" for the text"
    ),
    (
      "'${A-b}'",
      "1:1: \"${…}\" names no variable: a name has letters, digits and _ only; write \"$${\" for the text"
    ),
    (
      "'${other:A}'",
      "1:1: \"${…}\" names no variable: a name has letters, digits and _ only; write \"$${\" for the text"
    ),
  ])
  func refuses(text: String, expected: String) {
    #expect(complaint { try expand(text) } == "a.json5:" + expected)
  }

  @Test func knowsWhatWasNotUsed() throws {
    var variables = Variables(set: ["b": "1", "a": "2", "c": "3"], environment: ["a": "4"])
    _ = try variables.expand(parse("['${b}', '${env:a}', '$${c}']"))
    #expect(variables.unused == ["a", "c"])
    _ = try variables.expand(parse("'${a:-x}'"))
    #expect(variables.unused == ["c"])
  }

  @Test func keepsPositions() throws {
    var variables = Variables(set: ["a": "long text"], environment: [:])
    let value = try variables.expand(parse("['${a}', 1]"))
    guard case .array(let elements) = value.content else {
      Issue.record("not an array")
      return
    }
    #expect(elements.map(\.position.column) == [2, 10])
  }
}
