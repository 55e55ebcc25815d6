import Bytes
import Engine
import JSONText
import Settings
import TestSupport
import Testing

@testable import Trail

@Suite struct ConditionGateTests {
  private func condition(_ text: String, _ table: inout PointerTable) throws -> Condition {
    let value = try withBytes(text) {
      try JSON5.parse($0, file: "test.json5")
    }
    return try Condition(try Settings(value, what: "a condition"), &table)
  }

  /// A gate never refutes what holds, and refutes what it can.
  @Test(arguments: [
    ("{ pointer: '/a', equals: 'x' }", #"{"a":"x"}"#, true),
    ("{ pointer: '/a', equals: 'x' }", #"{"a":"y"}"#, false),
    ("{ pointer: '/a', equals: 'x' }", #"{"a":"\u0078"}"#, true),
    ("{ pointer: '/a', equals: 'x' }", #"{"a":["x"]}"#, false),
    ("{ pointer: '/a', equals: 'x' }", #"{"b":"x"}"#, false),
    ("{ pointer: '/a', in: ['x', 'long'] }", #"{"a":"long"}"#, true),
    ("{ pointer: '/a', in: ['x', 1] }", #"{"a":"y"}"#, true),
    ("{ pointer: '/a', not_equals: 'x' }", #"{}"#, true),
    ("{ pointer: '/a', matches: 'x*' }", #"{"a":"y"}"#, true),
    ("{ not: { pointer: '/a', equals: 'x' } }", #"{}"#, true),
    (
      "{ any: [{ pointer: '/a', equals: 'x' }, { pointer: '/b', equals: 'y' }] }", #"{"b":"y"}"#,
      true
    ),
    ("{ any: [{ pointer: '/a', equals: 'x' }, { pointer: '/b', exists: true }] }", #"{}"#, true),
    ("{ all: [{ pointer: '/a', exists: false }, { pointer: '/b', equals: 'y' }] }", #"{}"#, false),
  ]) func refutesWhatCannotHold(_ text: String, _ event: String, _ admits: Bool) throws {
    var table = PointerTable()
    let condition = try condition(text, &table)
    let batch = Batch(pointers: PointerSet(table.pointers), slotCount: Added.slotCount)
    batch.bytes.append(utf8: event)
    batch.append(Record(raw: Span32(0, count: event.utf8.count)))
    let scan = batch.scan(0, from: 0, end: event.utf8.count)
    batch.records[0].body = Span32(scan.start, count: scan.end - scan.start - 1)
    #expect(ConditionGate([condition]).admits(batch, 0) == admits)
    if condition.holds(batch, 0) { #expect(admits) }
    #expect(!ConditionGate([]).admits(batch, 0))
  }

  /// The built-in rules are such that most events are refuted.
  @Test(arguments: ["cloudtrail", "coder", "github", "spacelift"])
  func theBuiltInRulesCanBeRefuted(_ dialect: String) throws {
    var table = PointerTable()
    let rules = try TrailRules(dialect: dialect, &table)
    let changes = try KeyChangeRules(file: nil, dialect: dialect, table: &table)
    let all = [rules.deleted, rules.disabled, rules.changed, rules.keyCreated].compactMap { $0 }
    for condition in all + KeyChangeFinder(changes).conditions { #expect(condition.needs != nil) }
  }
}
