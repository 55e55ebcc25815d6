import Foundation
import Testing

/// The checks of `Case` find what they are for.
@Suite struct CaseFormTests {
  /// A case in a folder of its own, for as long as `body` takes. `shared` are files of its group.
  private func withCase<Result>(
    _ files: [String: String], shared: [String: String] = [:], _ body: (Case) throws -> Result
  ) throws -> Result {
    let cases = FileManager.default.temporaryDirectory.appending(path: "cases-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: cases) }
    let made = Case(folder: cases.appending(path: "group/case"))
    for (path, text) in files { try write(text, made.folder.appending(path: path)) }
    for (path, text) in shared { try write(text, made.group.appending(path: path)) }
    return try body(made)
  }

  private func write(_ text: String, _ place: URL) throws {
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: place)
  }

  private func differences(_ files: [String: String], shared: [String: String] = [:]) throws
    -> [String]
  {
    try withCase(files, shared: shared) { try $0.differences() }
  }

  private static let noisy = "echo out; echo err >&2; exit 3\n"

  @Test func missingFilesMeanEmptyAndZero() throws {
    let quiet = try differences(["cmd": ":\n"])
    #expect(quiet == [])
    let noisy = try differences(["cmd": Self.noisy])
    #expect(
      noisy == [
        "group/case/expcode: line 1: found 3, expected nothing",
        "group/case/experr: line 1: found err, expected nothing",
        "group/case/expout: line 1: found out, expected nothing",
      ])
  }

  @Test func recordedFilesHaveToCome() throws {
    let files = ["cmd": ":\n", "expcode": "2\n", "experr": "no\n", "exptree": "== ./file\n"]
    let found = try differences(files)
    #expect(
      found == [
        "group/case/expcode: line 1: found nothing, expected 2",
        "group/case/experr: line 1: found nothing, expected no",
        "group/case/exptree: line 1: found nothing, expected == ./file",
      ])
  }

  @Test func linesAreCompared() throws {
    let another = try differences(["cmd": "echo a; echo b\n", "expout": "a\nc\n"])
    #expect(another == ["group/case/expout: line 2: found b, expected c"])
    let cut = try differences(["cmd": "printf a\n", "expout": "a\n"])
    #expect(cut == ["group/case/expout: the line end of the last line"])
  }

  @Test func filesThatAreLeftCountWhereTheyAreListed() throws {
    let script = "echo text > file\n"
    let unlisted = try differences(["cmd": script])
    #expect(unlisted == [])
    let listed = try differences(["cmd": script, "exptree": "== ./file\ntext\n"])
    #expect(listed == [])
    let none = try differences(["cmd": script, "exptree": ""])
    #expect(none == ["group/case/exptree: line 1: found == ./file, expected nothing"])
  }

  @Test func recordingWritesAndRemoves() throws {
    func recorded(_ files: [String: String]) throws -> [String] {
      try withCase(files) { made in
        try made.record()
        let found = try made.differences() + made.problems()
        #expect(found == [])
        return try FileManager.default.contentsOfDirectory(atPath: made.folder.path).sorted()
      }
    }
    let noisy = try recorded(["cmd": Self.noisy])
    #expect(noisy == ["cmd", "expcode", "experr", "expout"])
    let quiet = try recorded(
      ["cmd": ":\n", "expcode": "3\n", "experr": "err\n", "exptree": "== ./file\n"])
    #expect(quiet == ["cmd", "exptree"])
  }

  @Test func setupAndInputsOfTheGroupAreThere() throws {
    let shared = ["setup": "echo unheard; greet() { cat given; }\n", "inputs/given": "hello\n"]
    let (found, all) = try withCase(["cmd": "greet\n", "expout": "hello\n"], shared: shared) {
      let all = Case.all(below: $0.group.deletingLastPathComponent())
      return (try $0.differences(), all.map(\.testDescription))
    }
    #expect(found == [])
    #expect(all == ["group/case"])
  }

  @Test(arguments: ["false; true\n", "false | true\n", "exit 0\n", "nowhere\n"])
  func setupThatFailsIsAnError(_ setup: String) throws {
    try withCase(["cmd": ":\n"], shared: ["setup": setup]) { made in
      _ = #expect(throws: Sandbox.SetupFailure.self) { try made.outcome() }
    }
  }

  @Test func formIsChecked() throws {
    let wide = String(repeating: "x", count: 111)
    let files = [
      "cmd": String(repeating: ":\n", count: 10) + wide + "\n", "expcode": "0\n", "experr": "",
      "expuot": "",
    ]
    let setup = String(repeating: ":\n", count: 16)
    let found = try withCase(files, shared: ["setup": setup]) { try $0.problems() }
    #expect(
      found == [
        "group/case: expuot is no file of a case", "group/case: cmd: 11 lines, of at most 10",
        "group/case: cmd: line 11 is longer than 110 columns",
        "group/case: setup: 16 lines, of at most 15", "group/case: experr is empty: remove it",
        "group/case: expcode is no exit code from 1 on: remove it if the code is 0",
      ])
  }

  @Test func caseWithoutAScriptIsAnError() throws {
    try withCase(["expout": "x\n"]) { made in
      let problems = try made.problems()
      #expect(problems == ["group/case: there is no cmd"])
      #expect(throws: (any Error).self) { try made.outcome() }
    }
  }
}
