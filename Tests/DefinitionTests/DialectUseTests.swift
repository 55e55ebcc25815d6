import Disk
import Foundation
import Settings
import TestSupport
import Testing

@testable import Definition

@Suite struct DialectUseTests {
  /// The warnings about a dialect, as `LINE:COLUMN: what is wrong`; the dialect is on line 1.
  private func warnings(
    _ dialect: String, _ records: [String], set: [String: String] = [:], test: String = ""
  ) throws -> [String] {
    let folder = try TemporaryFolder()
    let tests = records.map {
      "{ name: 't', \(test) input: [\($0)], expect: [\($0.isEmpty ? "" : "'quarantined'")] }"
    }
    let text = """
      { version: 1, input: { \(dialect) },
        stages: [{ stage: 'redact', remove: ['/gone'] }], tests: [\(tests.joined(separator: ","))] }
      """
    let file = try folder.write("pipeline.json5", text)
    let definition = try PipelineDefinition.load(
      file, disk: Disk(), variables: .init(set: set, environment: [:]))
    let report = try TestRunner(file: file, disk: Disk(), set: set, environment: [:])
      .run(definition.tests)
    return report.dialectUse.warnings(definition.input.dialect).map {
      "\($0.position.line):\($0.position.column): \($0.message)"
    }
  }

  struct Case: Sendable {
    var name: String
    var dialect: String
    var records: [String]
    var expected: [String] = []
  }

  static let cases: [Case] = [
    Case(
      name: "each pointer of its own that finds nothing",
      dialect: "dialect: { actor: ['/a', '/b'], time: '/t' }",
      records: ["{ a: 1 }", "{ t: 5 }"],
      expected: ["1:49: no record of the tests has anything at \"/b\" (actor)"]),
    Case(
      name: "what an extension writes, not what it inherits",
      dialect: "dialect: { extends: 'spacelift', key: '/k' }", records: ["{ actor: 'x' }"],
      expected: ["1:62: no record of the tests has anything at \"/k\" (key)"]),
    Case(
      name: "the same pointer in two roles is told of each",
      dialect: "dialect: { key: '/k', token: '/k' }", records: ["{ a: 1 }"],
      expected: [
        "1:40: no record of the tests has anything at \"/k\" (key)",
        "1:53: no record of the tests has anything at \"/k\" (token)",
      ]),
    Case(
      name: "null is nothing", dialect: "dialect: { actor: '/a' }", records: ["{ a: null }"],
      expected: ["1:42: no record of the tests has anything at \"/a\" (actor)"]),
    Case(
      name: "what a stage takes away was there", dialect: "dialect: { actor: '/gone' }",
      records: ["{ gone: 1 }"]),
    Case(
      name: "a delivery is judged by its body", dialect: "dialect: { actor: ['/a', '/body'] }",
      records: [#"{ headers: { 'X-Signature': '' }, body: '{"a":1}' }"#],
      expected: ["1:49: no record of the tests has anything at \"/body\" (actor)"]),
    Case(
      name: "a built-in one of another vendor", dialect: "dialect: 'coder'",
      records: ["{ eventTime: 'x' }"],
      expected: [
        "1:33: no record of the tests has anything where the dialect \"coder\" looks for it"
      ]),
    Case(
      name: "one pointer is enough", dialect: "dialect: 'coder'",
      records: ["{}", "{ action: 'x' }"]),
    Case(
      name: "an extension that only takes away",
      dialect: "dialect: { extends: 'coder', key: null }",
      records: ["{ action: 1 }"]),
    Case(name: "nothing said, nothing to say", dialect: "", records: ["{ a: 1 }"]),
    Case(
      name: "its own without tests", dialect: "dialect: { actor: '/a' }", records: [],
      expected: [
        "1:33: the dialect is this definition's own, and no test has a record to judge it by"
      ]),
    Case(
      name: "its own with a test without records", dialect: "dialect: { actor: '/a' }",
      records: [""],
      expected: [
        "1:33: the dialect is this definition's own, and no test has a record to judge it by"
      ]),
    Case(
      name: "what cannot be read is no record", dialect: "dialect: { actor: '/a' }",
      records: [#"'{"a":1'"#],
      expected: [
        "1:33: the dialect is this definition's own, and no test has a record to judge it by"
      ]),
    Case(name: "a built-in one without tests", dialect: "dialect: 'github'", records: []),
  ]

  @Test(arguments: cases) func warnsOf(_ example: Case) throws {
    #expect(try warnings(example.dialect, example.records) == example.expected, "\(example.name)")
  }

  @Test func aVariableOfATestChoosesItsDialect() throws {
    let found = try warnings(
      "dialect: { actor: '${who:-/a}' }", ["{ a: 1, b: 2 }"], test: "set: { who: '/b' },")
    #expect(found == ["1:42: no record of the tests has anything at \"/a\" (actor)"])
  }
}
