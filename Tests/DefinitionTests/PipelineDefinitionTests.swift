import Crypto
import Bytes
import Codec
import Disk
import Foundation
import Intake
import Settings
import Stages
import JSONText
import Testing
import Trail

@testable import Definition

/// A definition read from text.
private func definition(
  _ text: String, set: [String: String] = [:], environment: [String: String] = [:]
) throws -> PipelineDefinition {
  var buffer = ByteBuffer()
  buffer.append(utf8: text)
  return try PipelineDefinition(
    try JSON5.parse(buffer.view, file: "d.json5"), file: "d.json5",
    size: buffer.count, digest: SHA256.digest(buffer.view),
    variables: Variables(set: set, environment: environment))
}

/// The message that a definition is refused with.
private func refusal(_ text: String, set: [String: String] = [:]) -> String {
  do {
    _ = try definition(text, set: set)
    return "accepted"
  } catch {
    return "\(error)"
  }
}

@Suite struct PipelineDefinitionTests {
  /// The time of an event follows from the bytes that identify it, unless it stands in what is taken off.
  @Test(arguments: [
    ("{ dialect: { time: [\"/attribution/at\"] }, own: true }", "", false),
    ("{ dialect: { time: [\"/time\", \"/delivery/received_at\"] }, own: true }", "", false),
    ("{ dialect: { time: [\"/attribution/at\"] } }", "", true),
    ("{ dialect: { time: [\"/time\"] }, own: true }", "", true),
    (
      "{ dialect: { time: [\"/x/at\"] }, own: true }",
      ", output: { stdout: true, names: { attribution: \"x\" } }", false
    ),
    (
      "{ dialect: { time: [\"/attribution/at\"] }, own: true }",
      ", output: { stdout: true, names: { attribution: \"x\" } }", true
    ),
    ("{ dialect: { time: [] } }", "", true),
  ]) func aTimeThatIsTakenOffFollowsFromNothing(
    _ input: String, _ rest: String, _ follows: Bool
  ) throws {
    let read = try definition("{ version: 1, input: \(input)\(rest) }")
    #expect((read.timeRule != nil) == follows)
  }

  @Test func nullCountsAsLeftOutInEverySection() throws {
    let read = try definition(
      """
      { version: 1, input: null, stages: null, output: null, limits: null,
        tests: [{ name: "t", set: null, env: null, input: [], expect: [] }] }
      """)
    #expect(read.stages.isEmpty && read.output == nil)
    #expect(read.tests.map(\.set) == [[:]] && read.tests.map(\.environment) == [[:]])
    let inside = try definition(
      """
      { version: 1, tests: null,
        input: { paths: null, format: null, envelope: null, dialect: null, max_record: null,
          damaged: null, records: null, tail: null, own: null, duplicate_members: null },
        output: { archive: "a", file: null, stdout: null, layout: null, part_size: null,
          compression: { format: null, level: null, engine: null }, heartbeat: null,
          signing_key: null, previous_signing_key: null, signing_from: null, witness: null,
          fail_on: null, signals: null, names: { signals: null } } }
      """)
    let alone = try definition("{ version: 1, output: { archive: 'a' } }")
    #expect(inside.isArchived && inside.tests.isEmpty)
    #expect(inside.input.settings.tail == alone.input.settings.tail)
  }

  @Test func whatIsLeftOutHasItsDefault() throws {
    let read = try definition("{ version: 1 }")
    #expect(read.input.paths.isEmpty)
    #expect(read.input.dialect.name == "spacelift")
    #expect(read.input.settings.maxRecord == 16 << 20)
    #expect(read.input.settings.tail == nil)
    #expect(read.stages.isEmpty)
    #expect(read.output == nil)
    #expect(read.limits.unreadable == .share(.onePercent))
    #expect(read.limits.refused == .none)
  }

  @Test func everySectionIsRead() throws {
    let read = try definition(
      """
      {
        version: 1,
        input: { paths: ["a", "b"], format: "array", records: "/x/*", envelope: "never",
                 dialect: "coder", max_record: "2MiB", damaged: "salvage", tail: "quarantine" },
        stages: [{ stage: "deduplicate" }],
        output: { archive: "there", layout: "{account}/{date}", part_size: "1MiB", heartbeat: true,
                  compression: { format: "gzip", level: 9 } },
        limits: { unreadable: 5, refused: "2%" },
      }
      """)
    #expect(read.input.paths == ["a", "b"])
    #expect(read.input.settings.format == .array)
    #expect(read.input.settings.records?.description == "/x/*")
    #expect(read.input.settings.maxRecord == 2 << 20)
    #expect(read.input.settings.damaged == .salvage)
    #expect(read.input.settings.tail == .quarantine)
    #expect(read.input.dialect.name == "coder")
    #expect(read.stages.map(\.name) == ["deduplicate"])
    guard case .archive(let archive) = read.output else {
      Issue.record("no archive")
      return
    }
    #expect(archive.path == "there")
    #expect(archive.partSize == 1 << 20)
    #expect(archive.heartbeat)
    #expect(archive.compression == Compression(format: .gzip, level: 9))
    #expect(read.limits.unreadable == .count(5))
    #expect(read.limits.refused == Share("2%").map { .share($0) })
  }

  @Test(arguments: [
    ("{}", "needs \"version\""),
    ("{ version: 2 }", "1:12: \"version\" must be 1"),
    ("{ version: 1, output: { archive: 'a\\u0000b' } }", "\"archive\" holds a NUL"),
    ("{ version: 1, output: { file: 'a\\u0000b' } }", "\"file\" holds a NUL"),
    (
      "{ version: 1, output: { stdout: true, quarantine: 'a\\u0000' } }",
      "\"quarantine\" holds a NUL"
    ),
    ("{ version: 1, input: { paths: ['a', '\\u0000'] } }", "\"paths\" holds a NUL"),
    (
      "{ version: 1, tests: [{ name: 'x', env: { A: '\\u0000' }, input: [], expect: [] }] }",
      "\"env\" has a NUL"
    ),
    (
      "{ version: 1, tests: [{ name: 'x', env: { hush: 1 }, input: [], expect: [] }] }",
      ": an element of \"env\" must be a string"
    ),
    ("{ version: 1, stagez: [] }", "1:15: unknown key \"stagez\": did you mean \"stages\"?"),
    ("{ version: 1, input: { fromat: 'auto' } }", "did you mean \"format\"?"),
    ("{ version: 1, input: { format: 'ndjsn' } }", "did you mean \"ndjson\"?"),
    ("{ version: 1, input: { records: 'x' } }", "it must start with \"/\""),
    ("{ version: 1, input: { max_record: '1KB' } }", "a size such as"),
    ("{ version: 1, input: { dialect: 'spacelft' } }", "did you mean \"spacelift\"?"),
    ("{ version: 1, stages: {} }", "\"stages\" must be an array"),
    (
      "{ version: 1, stages: [{ stage: 'dedup' }] }",
      "1:33: unknown stage \"dedup\": did you mean \"deduplicate\"?"
    ),
    ("{ version: 1, stages: [{ stage: 'dedupe' }] }", "there are verify_signature, select"),
    ("{ version: 1, output: { archive: '' } }", "\"archive\" must not be empty"),
    ("{ version: 1, output: { file: '${x:-}' } }", "\"file\" must not be empty"),
    ("{ version: 1, output: {} }", "exactly one of"),
    ("{ version: 1, output: { archive: 'a', stdout: true } }", "exactly one of"),
    (
      "{ version: 1, output: { archive: 'a', layout: '../x/{date}' } }", "\"layout\" cannot be used"
    ),
    ("{ version: 1, output: { stdout: true, compression: { level: 10 } } }", "from 0 to 9"),
    (
      "{ version: 1, output: { archive: \"a\", compression: { format: \"zlib\" } } }",
      "use \"gzip\", \"zstd\" or \"none\""
    ),
    ("{ version: 1, input: { duplicate_members: 'kep' } }", "did you mean \"keep\"?"),
    (
      "{ version: 1, output: { stdout: true, names: { signal: 's' } } }",
      "did you mean \"signals\"?"
    ),
    ("{ version: 1, output: { stdout: true, names: { signals: '' } } }", "must be 1 to 64 bytes"),
    ("{ version: 1, output: { stdout: true, names: { signals: 'a\\\\b' } } }", "backslashes"),
    (
      "{ version: 1, output: { stdout: true, names: { signals: 'altered' } } }",
      "gives altered and signals the same name"
    ),
    ("{ version: 1, limits: { unreadable: '200%' } }", "a share such as"),
    ("{ version: 1, tests: [{ name: 'x', input: [], expect: ['drop'] }] }", "expected an object"),
    ("{ version: 1, a: '${x}' }", "the variable x is not set"),
    ("{ version: 1, version: 1 }", "version"),
    ("{ version: 1 } x", "d.json5:1:16"),
  ])
  func mistakesAreNamedWithTheirPlace(_ text: String, _ message: String) {
    let refused = refusal(text)
    #expect(refused.contains(message))
    #expect(refused.hasPrefix("d.json5:"))
  }

  @Test func whoeverRemembersComesLast() {
    let message = refusal(
      "{ version: 1, stages: [{ stage: 'deduplicate' }, { stage: 'select', where: [] }] }")
    #expect(message.contains("\"select\" must come before \"deduplicate\""))
  }

  @Test func anAssignmentThatIsNotUsedIsAMistake() {
    #expect(refusal("{ version: 1 }", set: ["kyes": "x"]).contains("--set kyes=… is not used"))
  }

  @Test func testsAreNotSearchedForVariables() throws {
    let read = try definition(
      "{ version: 1, tests: [{ name: 'x', input: [{ a: '${nothing}' }], expect: [{}] }] }")
    #expect(read.tests.count == 1)
  }

  /// The ledger of a later run asks: is this the same reading of the same input?
  @Test func thePlanIsFramingDialectAndStagesAlone() throws {
    let base =
      "{ version: 1, input: { paths: ['a'], format: 'array' }, stages: [], output: { archive: 'a' } }"
    func digest(_ old: String, _ new: String) throws -> Digest256 {
      try definition(base.replacing(old, with: new)).planDigest
    }
    let plain = try digest("", "")
    #expect(try digest("paths: ['a']", "paths: ['b']") == plain)
    #expect(try digest("archive: 'a'", "archive: 'b'") == plain)
    #expect(try digest("'array'", "'ndjson'") != plain)
    #expect(try digest("stages: []", "stages: [{ stage: 'deduplicate' }]") != plain)
  }

  @Test func namesBelongToThePlan() throws {
    func digest(_ names: String) throws -> Digest256 {
      try definition("{ version: 1, output: { archive: 'a'\(names) } }").planDigest
    }
    #expect(try digest(", names: null") == digest(""))
    #expect(try digest(", names: { signals: 'x' }") != digest(""))
  }

  // MARK: What is believed

  private func plan(_ input: String, _ stages: String, _ output: String = "archive: 'a'") throws
    -> CompiledPlan
  {
    try definition(
      "{ version: 1, input: { \(input) }, stages: [\(stages)], output: { \(output) } }",
      environment: ["S": "s"]
    ).compile(services: .init(environment: ["S": "s"]))
  }

  private static let signed = "{ stage: 'verify_signature', secrets: [{ env: 'S' }] }"

  @Test(
    arguments: [
      ("", "", []), ("", "{ stage: 'display_actor' }", [.attribution]),
      ("", "{ stage: 'redact', remove: ['/a'] }, { stage: 'flag_signals' }", [.altered, .signals]),
      // Where not every delivery has to be one, an event can have brought a member of that name.
      ("envelope: 'always'", "", [.delivery]), ("", signed, [.delivery]),
      ("envelope: 'never'", signed, []), ("own: true", "", Set(AddedRole.allCases)),
    ] as [(String, String, Set<AddedRole>)])
  func whatThePlanCanAddIsBelieved(
    _ input: String, _ stages: String, _ expected: Set<AddedRole>
  ) throws {
    let plan = try plan(input, stages)
    #expect(plan.added.roles == expected)
    #expect(plan.added.mayBringDelivery == (input.isEmpty && !stages.contains("verify")))
  }
}
