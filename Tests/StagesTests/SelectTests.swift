import Bytes
import Engine
import Stages
import Testing

@Suite struct SelectTests {
  private let bench = Workbench()

  /// A condition, an event, whether it is kept.
  static let conditions: [(String, String, Bool)] = [
    ("pointer: '/a', greater: 9007199254740992", #"{"a":9007199254740993}"#, true),
    ("pointer: '/a', greater: 9007199254740992", #"{"a":9007199254740992}"#, false),
    ("pointer: '/a', at_least: 9007199254740993", #"{"a":9007199254740992}"#, false),
    ("pointer: '/a', less: 18446744073709551616", #"{"a":18446744073709551615}"#, true),
    ("pointer: '/a', at_most: 0.1", #"{"a":0.10000000000000000001}"#, false),
    ("pointer: '/a', at_most: 0.1", #"{"a":1e-1}"#, true),
    ("pointer: '/a', greater: 0x10", #"{"a":16.5}"#, true),
    ("pointer: '/a', equals: 9007199254740993", #"{"a":9007199254740993.0}"#, true),
    ("pointer: '/a', equals: 9007199254740993", #"{"a":9007199254740992.0}"#, false),
    ("pointer: '/a', greater: -1e400", #"{"a":-1e399}"#, true),
    ("pointer: '/a', equals: 'x'", #"{"a":"x"}"#, true),
    ("pointer: '/a', equals: 'x'", #"{"a":"\u0078"}"#, true),
    ("pointer: '/a', equals: 'x'", #"{"a":"X"}"#, false),
    ("pointer: '/a', equals: 'x'", "{}", false),
    ("pointer: '/a', equals: '1'", #"{"a":1}"#, false),
    ("pointer: '/a', equals: 1", #"{"a":1.0}"#, true),
    ("pointer: '/a', equals: 1", #"{"a":1e0}"#, true),
    ("pointer: '/a', equals: 1", #"{"a":2}"#, false),
    ("pointer: '/a', equals: 9007199254740993", #"{"a":9007199254740992}"#, false),
    ("pointer: '/a', equals: true", #"{"a":true}"#, true),
    ("pointer: '/a', equals: true", #"{"a":false}"#, false),
    ("pointer: '/a', equals: null", #"{"a":null}"#, true),
    ("pointer: '/a', equals: null", "{}", false),
    ("pointer: '/a', not_equals: 'x'", #"{"a":"y"}"#, true),
    ("pointer: '/a', not_equals: 'x'", #"{"a":"x"}"#, false),
    ("pointer: '/a', not_equals: 'x'", "{}", true),
    ("pointer: '/a', in: ['x', 2]", #"{"a":2}"#, true),
    ("pointer: '/a', in: ['x', 2]", #"{"a":3}"#, false),
    ("pointer: '/a', in: []", #"{"a":3}"#, false),
    ("pointer: '/a', matches: 'run.*'", #"{"a":"run.trigger"}"#, true),
    ("pointer: '/a', matches: 'run.*'", #"{"a":"a run.trigger"}"#, false),
    ("pointer: '/a', matches: ['x', 'run.*']", #"{"a":"run."}"#, true),
    ("pointer: '/a', matches: '*'", "{}", false),
    ("pointer: '/a', matches: '*'", #"{"a":{}}"#, false),
    ("pointer: '/a', matches: '4??'", #"{"a":404}"#, true),
    ("pointer: '/a', exists: true", #"{"a":[]}"#, true),
    ("pointer: '/a', exists: true", #"{"a":null}"#, false),
    ("pointer: '/a', exists: false", "{}", true),
    ("pointer: '/a', exists: false", #"{"a":0}"#, false),
    ("pointer: '/a', at_least: 400, less: 500", #"{"a":400}"#, true),
    ("pointer: '/a', at_least: 400, less: 500", #"{"a":499.9}"#, true),
    ("pointer: '/a', at_least: 400, less: 500", #"{"a":500}"#, false),
    ("pointer: '/a', at_most: 5", #"{"a":5}"#, true),
    ("pointer: '/a', greater: 5", #"{"a":5}"#, false),
    ("pointer: '/a', greater: 5", #"{"a":"6"}"#, false),
    ("pointer: '/a', less: 5", "{}", false),
    ("not: { pointer: '/a', less: 5 }", "{}", true),
    ("any: [{ pointer: '/a', equals: 1 }, { pointer: '/b', equals: 1 }]", #"{"b":1}"#, true),
    ("any: [{ pointer: '/a', equals: 1 }, { pointer: '/b', equals: 1 }]", #"{"b":2}"#, false),
    ("all: [{ pointer: '/a', equals: 1 }, { pointer: '/b', equals: 1 }]", #"{"b":1}"#, false),
    ("any: []", "{}", false), ("all: []", "{}", false), ("not: { all: [] }", "{}", true),
    ("pointer: '/a', matches: []", #"{"a":"x"}"#, false),
    ("pointer: '/a', exists: true, matches: null, in: null", #"{"a":"x"}"#, true),
    ("pointer: '/a', equals: 1 }, { pointer: '/b', equals: 1", #"{"a":1}"#, false),
  ]

  @Test(arguments: conditions)
  func keepsWhatIsWanted(_ condition: String, _ event: String, _ isKept: Bool) throws {
    let outcome = try bench.result(event, "{ stage: 'select', where: [{ \(condition) }] }")
    #expect(outcome == (isKept ? event : "filtered"))
  }

  @Test(arguments: [
    ("since: '2026-01-01'", "1767225600", true), ("since: '2026-01-01'", "1767225599", false),
    ("until: '2026-01-01'", "1767225599", true), ("until: '2026-01-01'", "1767225600", false),
    ("since: '2026-01-01T00:00:00Z', until: '2026-01-02'", "1767311999", true),
    ("since: '2026-01-01'", "\"1767225600\"", true), ("since: '2026-01-01'", "1.7672256e9", true),
    ("since: '2026-01-01'", "\"2026-01-01T00:00:00\"", false),
    ("until: '2026-01-01'", "null", false), ("since: '2026-01-01'", "\"soon\"", false),
  ]) func keepsWhatLiesInTheWindow(_ window: String, _ time: String, _ isKept: Bool) throws {
    let event = "{\"timestamp\":\(time)}"
    let outcome = try bench.result(event, "{ stage: 'select', \(window) }")
    #expect(outcome == (isKept ? event : "filtered"))
  }

  @Test func isNoWindowWithoutBounds() throws {
    let dialect = try bench.make(list: []).context.boundDialect
    #expect(WindowFilter(TimeWindow(), dialect) == nil)
    #expect(WindowFilter(ofRun: TimeWindow(), dialect) == nil)
  }

  @Test(arguments: [
    ("", "needs one of"), ("where: [{}]", "a condition needs"),
    ("where: [{ equals: 1 }]", "a condition needs"),
    ("where: [{ point: '/a', equals: 1 }]", "unknown key \"point\": did you mean \"pointer\"?"),
    ("where: [{ pointer: '/a' }]", "compared with nothing"),
    ("where: [{ pointer: 'a', exists: true }]", "is no JSON Pointer"),
    ("where: [{ pointer: '/a', equals: [] }]", "found an array"),
    ("where: [{ pointer: '/a', less: 'x' }]", "must be a number"),
    ("where: [{ pointer: '/a', less: Infinity }]", "cannot be Infinity"),
    ("where: [{ pointer: '/a', equals: NaN }]", "cannot be NaN"),
    ("where: [{ pointer: '/a', equal: 1 }]", "did you mean \"equals\"?"),
    ("where: [{ pointer: '/a', exists: true, equal: 1 }]", "did you mean \"equals\"?"),
    ("since: '2026-01-02', until: '2026-01-01'", "must be after"),
  ]) func refusesWrongSettings(_ settings: String, _ message: String) {
    let error = bench.error("{ stage: 'select', \(settings) }")
    #expect(error.contains(message), "\(error)")
  }
}
