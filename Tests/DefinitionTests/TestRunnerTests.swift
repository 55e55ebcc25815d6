import Disk
import Foundation
import Settings
import TestSupport
import Testing

@testable import Definition

@Suite struct TestRunnerTests {
  /// Runs the tests of a definition and returns what fails.
  private func failures(_ stages: String, _ tests: String) throws -> [TestRunner.Failure] {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "pipeline.json5", "{ version: 1, stages: [\(stages)], tests: [\(tests)] }")
    let runner = TestRunner(file: file, disk: Disk(), set: [:], environment: [:])
    let definition = try PipelineDefinition.load(
      file, disk: Disk(), variables: .init(set: [:], environment: [:]))
    return try runner.run(definition.tests).failures
  }

  private let dedupe =
    "{ stage: 'select', where: [{ pointer: '/a', less: 9 }] }, { stage: 'deduplicate' }"

  @Test func everyVerdictCanBeExpected() throws {
    let failed = try failures(
      dedupe,
      """
      { name: 'all', input: [{ a: 1 }, { a: 1 }, { a: 9 }, '[', '{"a":2}'],
        expect: [{ a: 1 }, 'duplicate', 'filtered', 'quarantined: ends inside', { a: 2 }] }
      """)
    #expect(failed.isEmpty)
  }

  @Test(arguments: [
    ("[{ a: 1 }]", "['duplicate']", "the record is written: {\"a\":1}, expected a duplicate"),
    ("[{ a: 1 }]", "[{ a: 2 }]", "/a is 1, expected 2"),
    ("[{ a: 1 }, { a: 2 }]", "[{ a: 1 }]", "2 records were read, 1 are expected"),
    ("[{ a: 1 }]", "[{ a: 1 }, {}]", "1 records were read, 2 are expected"),
    ("['x']", "['quarantined: signature']", "in quarantine for another reason: intake:"),
    ("[{ a: 9 }]", "[{}]", "the record is filtered, expected a record that is written"),
  ])
  func whatDiffersIsSaid(_ input: String, _ expect: String, _ message: String) throws {
    let failed = try failures(dedupe, "{ name: 't', input: \(input), expect: \(expect) }")
    #expect(failed.count == 1)
    #expect(failed.first?.message.contains(message) == true)
  }

  @Test func testsDoNotSeeEachOther() throws {
    let one = "{ name: 't', input: [{ a: 1 }], expect: [{ a: 1 }] }"
    #expect(try failures(dedupe, "\(one), \(one)").isEmpty)
  }
}
