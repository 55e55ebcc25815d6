import Foundation
import Testing

/// `fixtures/upgrade` holds archives as released versions left them, a folder for each version. Of a copy
/// `ask` reads, continues, compacts, replaces, expires, retries and indexes; what it was answered lies in
/// `expected`, in the words of the version that wrote the archive.
///
/// After a change of words that is meant, run `TRAILMILL_POPULATE=1 swift test --filter UpgradeTests`, and
/// read the diff: where a number in it is another one, the archives of users suffer.
@Suite struct UpgradeTests {
  static let folder = Places.root.appendingPathComponent("fixtures/upgrade")

  /// What was asked: `0.1/hive/read`, …
  static let questions: [String] = entries("").flatMap { version in
    entries(version).flatMap { archive in
      entries("\(version)/\(archive)/expected").map { "\(version)/\(archive)/\($0)" }
    }
  }

  private static func entries(_ path: String) -> [String] {
    let folder = folder.appendingPathComponent(path)
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  @Test func everyArchiveIsAsked() {
    let archives = Dictionary(grouping: UpgradeTests.questions) { $0.split(separator: "/")[1] }
    let counts = archives.map { "\($0.key) \($0.value.count)" }.sorted()
    #expect(
      counts.joined(separator: ", ") == """
        abandoned 10, checkpoint 10, cloudtrail 10, collector 9, compacted 10, expired 10, \
        firehose 10, held 10, hive 11, indexed 10, interrupted 10, replaced 10, retried 11, \
        rotated 10, signed 10, template 10, zlib 4
        """)
  }

  /// What a manifest can say stands in at least one of them.
  @Test func everyKindIsThere() throws {
    var commits: Set<String> = []
    var rows: Set<String> = []
    let files = FileManager.default.enumerator(atPath: UpgradeTests.folder.path)
    for case let path as String in try #require(files)
    where path.contains("/_trailmill/manifests/") && !path.hasSuffix(".sig") {
      let file = UpgradeTests.folder.appendingPathComponent(path)
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        let kind = try #require(row?["kind"] as? String)
        if path.hasSuffix(".json") { commits.insert(kind) } else { rows.insert(kind) }
      }
    }
    #expect(
      commits.sorted().joined(separator: " ")
        == "compact expire hold index release replace retry run")
    #expect(
      rows.sorted().joined(separator: " ") == """
        checkpoint definition dialect digests hold index input keys part quarantine release retired \
        signals signing_key table watch
        """)
  }

  @Test(arguments: questions) func answersAsBefore(_ question: String) throws {
    let words = question.split(separator: "/")
    let archive = "fixtures/upgrade/\(words[0])/\(words[1])"
    let outcome = try Sandbox().run("bash fixtures/upgrade/ask \(archive) \(words[2])")
    let recorded = Places.root.appendingPathComponent("\(archive)/expected/\(words[2])")
    if CaseTests.populates { return try Data(outcome.output.utf8).write(to: recorded) }
    let expected = String(decoding: try Data(contentsOf: recorded), as: UTF8.self)
    #expect(lines(outcome.output) == lines(expected))
    #expect(outcome.errors.isEmpty)
    #expect(outcome.code == 0)
  }

  private func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
