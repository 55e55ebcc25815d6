import Foundation
import Testing

/// A folder `fixtures/cases/GROUP/CASE` with `cmd`, a script for bash, and what has to come of it:
/// `expout` and `experr` where something is written there, `expcode` where that is not 0, and
/// `exptree`, the files that it leaves, where they matter (an empty one says that there are none).
///
/// A group is a command, or a command and a topic (`run-ledger`). What its cases share is in the
/// group's folder: `inputs`, files that are copied into the directory of each case, and `setup`, a
/// script that is sourced before each `cmd`. What `setup` writes does not count, but it has to succeed.
struct Case: Sendable, CustomTestStringConvertible {
  static let longestScript = 10
  static let longestSetup = 15
  static let widestLine = 110

  let folder: URL

  var group: URL { folder.deletingLastPathComponent() }
  var testDescription: String { "\(group.lastPathComponent)/\(folder.lastPathComponent)" }

  /// All folders of a group but `inputs`: one without `cmd` is wrong, not overlooked.
  static func all(below cases: URL) -> [Case] {
    entries(cases).flatMap { group in
      entries(cases.appending(path: group)).filter { $0 != "inputs" && $0 != "setup" }.map {
        Case(folder: cases.appending(path: "\(group)/\($0)"))
      }
    }
  }

  private static func entries(_ folder: URL) -> [String] {
    let found = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (found ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  // MARK: What comes of it

  /// Runs the script. What is empty, and the code 0, are left out.
  func outcome() throws -> [String: String] {
    let (inputs, setup) = (group.appending(path: "inputs"), group.appending(path: "setup"))
    let sandbox = try Sandbox(inputs: Case.isThere(inputs) ? inputs : nil)
    let script = try String(contentsOf: folder.appending(path: "cmd"), encoding: .utf8)
    let outcome = try sandbox.run(script, after: Case.isThere(setup) ? setup : nil)
    var found = ["expout": Masks.masked(outcome.output), "experr": Masks.masked(outcome.errors)]
    if outcome.code != 0 { found["expcode"] = "\(outcome.code)\n" }
    found = found.filter { !$0.value.isEmpty }
    if Case.isThere(folder.appending(path: "exptree")) { found["exptree"] = try sandbox.tree() }
    return found
  }

  /// Where what came of it is not what is recorded.
  func differences() throws -> [String] {
    let found = try outcome()
    return try ["expcode", "experr", "expout", "exptree"].compactMap { file in
      let recorded = try text(file)
      guard found[file] != recorded else { return nil }
      let hint = firstDifference(found[file] ?? "", recorded ?? "")
      return "\(testDescription)/\(file): \(hint)"
    }
  }

  /// Records what comes of it, and removes what is no longer needed.
  func record() throws {
    let found = try outcome()
    for file in ["expcode", "experr", "expout", "exptree"] {
      let place = folder.appending(path: file)
      if let text = found[file] {
        try Data(text.utf8).write(to: place)
      } else if Case.isThere(place) {
        try FileManager.default.removeItem(at: place)
      }
    }
  }

  private func firstDifference(_ actual: String, _ expected: String) -> String {
    let left = lines(of: actual)
    let right = lines(of: expected)
    for line in 0..<max(left.count, right.count) {
      let found = line < left.count ? left[line] : "nothing"
      let wanted = line < right.count ? right[line] : "nothing"
      if found != wanted { return "line \(line + 1): found \(found), expected \(wanted)" }
    }
    return "the line end of the last line"
  }

  private func lines(of text: String) -> [Substring] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.last == "" ? lines.dropLast() : lines
  }

  // MARK: Its form

  /// What is wrong with its files, and with what its group shares.
  func problems() throws -> [String] {
    let known: Set = ["cmd", "expcode", "experr", "expout", "exptree"]
    var problems = Case.entries(folder).filter { !known.contains($0) }.map {
      "\($0) is no file of a case"
    }
    if let script = try text("cmd") {
      problems += Case.tooLong(script, most: Case.longestScript).map { "cmd: \($0)" }
    } else {
      problems.append("there is no cmd")
    }
    let setup = group.appending(path: "setup")
    if Case.isThere(setup) {
      let script = try String(contentsOf: setup, encoding: .utf8)
      problems += Case.tooLong(script, most: Case.longestSetup).map { "setup: \($0)" }
    }
    for file in ["experr", "expout"] where try text(file) == "" {
      problems.append("\(file) is empty: remove it")
    }
    if let code = try text("expcode"), !code.contains(/^[1-9][0-9]*\n$/) {
      problems.append("expcode is no exit code from 1 on: remove it if the code is 0")
    }
    return problems.map { "\(testDescription): \($0)" }
  }

  private static func tooLong(_ script: String, most: Int) -> [String] {
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let wide = lines.indices.filter { lines[$0].count > widestLine }
    let number = lines.count > most ? ["\(lines.count) lines, of at most \(most)"] : []
    return number + wide.map { "line \($0 + 1) is longer than \(widestLine) columns" }
  }

  private static func isThere(_ place: URL) -> Bool {
    FileManager.default.fileExists(atPath: place.path)
  }

  private func text(_ file: String) throws -> String? {
    let place = folder.appending(path: file)
    return Case.isThere(place) ? String(decoding: try Data(contentsOf: place), as: UTF8.self) : nil
  }
}
