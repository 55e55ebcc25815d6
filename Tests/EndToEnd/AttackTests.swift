import Foundation
import TestSupport
import Testing

/// `fixtures/attacks/attacks.txt` holds what was tried to pass for Jane, and `docs/attribution.md` a table of
/// it with what the archive says to each: the two have to agree with each other and with the program.
///
/// An attack is two lines that begin with `#`, its name and what it tries, and events. After a change that is
/// meant to show, run `TRAILMILL_POPULATE=1 swift test --filter AttackTests`, and read the diff.
@Suite struct AttackTests {
  private struct Attack {
    var name: String
    var tried: String
    var events: [String]
  }

  private static let victim = "jane@example.com"
  private static let head =
    "| attack | what it tried | what the archive says |\n| --- | --- | --- |\n"
  private static let page = Repository.root.appending(path: "docs/attribution.md")

  @Test func theArchiveSaysWhatThePageSays() throws {
    let attacks = try Self.attacks()
    #expect(attacks.count > 35 && attacks.allSatisfy { !$0.events.isEmpty })
    let sandbox = try Sandbox()
    let says = try Self.answers(to: attacks, in: sandbox)
    let rows = zip(attacks, says).map { "| \($0.name) | \($0.tried) | \($1) |" }
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let start = try #require(text.firstRange(of: Self.head)?.upperBound)
    let end = text[start...].firstRange(of: "\n\n")?.lowerBound ?? text.endIndex
    if CaseTests.populates {
      let table = text.replacingCharacters(in: start..<end, with: rows.joined(separator: "\n"))
      return try Data(table.utf8).write(to: Self.page)
    }
    let told = text[start..<end].split(separator: "\n").map(String.init)
    #expect(told.count == rows.count)
    for (row, line) in zip(rows, told) { #expect(row == line) }
    // Of all that only one event is Jane's.
    let mine = try sandbox.run("\"$TRAILMILL\" search archive --actor \(Self.victim) --count")
    #expect(mine.output == "1\n")
    let story = try sandbox.run("\"$TRAILMILL\" trail archive \(Self.victim) | head -n 1")
    #expect(story.output.hasPrefix("\(Self.victim): 1 event,"))
  }

  private static func attacks() throws -> [Attack] {
    let file = Repository.root.appending(path: "fixtures/attacks/attacks.txt")
    let text = try String(contentsOf: file, encoding: .utf8)
    return text.split(separator: "\n\n").compactMap { block in
      let lines = block.split(separator: "\n").map(String.init)
      let said = lines.filter { $0.hasPrefix("# ") }.map { String($0.dropFirst(2)) }
      guard said.count == 2 else { return nil }
      return Attack(name: said[0], tried: said[1], events: lines.filter { $0.hasPrefix("{") })
    }
  }

  /// What the archive says to each attack: what stands in the column of actors, where that was taken from,
  /// how its claims were found, and its flags; or why it is no event of the archive.
  private static func answers(to attacks: [Attack], in sandbox: Sandbox) throws -> [String] {
    var events: [String] = []
    for event in attacks.flatMap(\.events) {
      events.append("\(event.dropLast()),\"data\":{\"number\":\(events.count)}}\n")
    }
    try Data(events.joined().utf8).write(to: sandbox.directory.appending(path: "events.ndjson"))
    let run = try sandbox.run(
      "\"$TRAILMILL\" run fixtures/attacks/definition.json5 events.ndjson --output archive --summary none"
    )
    #expect(run.code == 0, "\(run.errors)")
    var answers: [Int: String] = [:]
    let found = try sandbox.run("\"$TRAILMILL\" search archive").output.split(separator: "\n")
    let shown = try sandbox.run("\"$TRAILMILL\" search archive --format csv").output
    for (line, row) in zip(found, rows(of: shown).dropFirst()) {
      answers[number(in: line)] = try answer(line, shown: row[1])
    }
    let refused = try sandbox.run("\"$TRAILMILL\" log archive --quarantine --format json").output
    for line in refused.split(separator: "\n") {
      let row = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let reason = try #require(row["reason"] as? String).prefix { $0 != ":" && $0 != "(" }
      answers[number(in: line)] = "quarantine: \(reason.trimmingCharacters(in: .whitespaces))"
    }
    #expect(answers.count == events.count)
    var next = 0
    return attacks.map { attack in
      let numbers = next..<next + attack.events.count
      next = numbers.upperBound
      var told: [String] = []
      for answer in numbers.map({ answers[$0] ?? "nothing" }) where told.last != answer {
        told.append(answer)
      }
      return told.joined(separator: "; ")
    }
  }

  private static func answer(_ line: Substring, shown: String) throws -> String {
    // What was added, without the event, which a strict reader may refuse.
    let start = try #require(line.ranges(of: ",\"attribution\":").last?.upperBound)
    // Half of a surrogate pair is JSON, and more than this reader takes.
    let added = Data(line[start...].dropLast().replacing("\\ud800", with: "").utf8)
    let attribution = try #require(
      try JSONSerialization.jsonObject(with: added) as? [String: Any])
    let how = [attribution["from"], attribution["match"]].compactMap { $0 as? String }
    let flags = (attribution["flags"] as? [String] ?? []).joined(separator: ", ")
    return "`\(shown)` (\(how.joined(separator: ", ")))" + (flags.isEmpty ? "" : ": \(flags)")
  }

  /// The number of an event, as it is or inside of a string.
  private static func number(in line: Substring) -> Int {
    line.firstMatch(of: #/number\\?":(\d+)}/#).flatMap { Int($0.1) } ?? -1
  }

  /// The rows of CSV.
  private static func rows(of csv: String) -> [[String]] {
    var rows = [[""]]
    var isQuoted = false
    for scalar in csv.unicodeScalars {
      let row = rows.count - 1
      let cell = rows[row].count - 1
      switch scalar {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: rows[row].append("")
      case "\r" where !isQuoted: continue
      case "\n" where !isQuoted: rows.append([""])
      default: rows[row][cell].unicodeScalars.append(scalar)
      }
    }
    return rows.filter { $0 != [""] }
  }
}
