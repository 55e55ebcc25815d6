import Bytes
import Engine
import TestSupport
import Testing
import Trail

/// Whether a shortened id fits is told by what keys were called at the event's time.
@Suite struct KeyNamesTests {
  private struct Row: Equatable {
    var id: String
    var name: String
    var from: Int?
    var to: Int?

    var text: String {
      let bounds = [("valid_from", from), ("valid_to", to)].map { name, bound in
        bound.map { ",\"\(name)\":\($0)" } ?? ""
      }
      return "{\"id\":\"\(id)\",\"name\":\"\(name)\"\(bounds.joined())}"
    }

    func holds(at time: Int?) -> Bool {
      guard let time else { return from == nil && to == nil }
      return (from ?? .min) <= time && time < (to ?? .max)
    }

    /// Of versions that hold the one that begins last counts, of these the one that ends first.
    func givesWay(to other: Row) -> Bool {
      let (mine, others) = (from ?? .min, other.from ?? .min)
      if mine != others { return mine < others }
      if to != other.to { return (to ?? .max) > (other.to ?? .max) }
      return name < other.name
    }
  }

  private struct Question {
    var id: String
    var name: String
    var time: Int?
  }

  /// What the contract says, looked up slowly.
  private static func answer(_ rows: [Row], _ question: Question) -> String {
    func version(_ id: String) -> Row? {
      rows.filter { $0.id == id && $0.holds(at: question.time) }.max { $0.givesWay(to: $1) }
    }
    let ids = Set(rows.map(\.id))
    let fitting =
      ids.contains(question.id)
      ? [question.id]
      : ids.filter { $0.hasPrefix(question.id) && version($0)?.name == question.name }
    guard fitting.count == 1, let id = fitting.first else { return "unknown" }
    return "\(id) \(version(id)?.name ?? "outside")"
  }

  private static func answer(_ directory: KeyDirectory, _ question: Question) -> String {
    let time = question.time.map { Int64($0) * 1_000_000 } ?? Record.noTime
    let found = KeyDirectoryTests.find(directory, question.id, name: question.name, at: time)
    guard let found else { return "unknown" }
    let id = String(decoding: directory.id(found), as: UTF8.self)
    let name = String(decoding: directory.name(found), as: UTF8.self)
    return "\(id) \(found.hasVersion ? String(name.dropFirst().dropLast()) : "outside")"
  }

  private static let ids = ["01AA", "01AB", "01ABC", "01B", "02"]
  private static let names = ["ci", "deploy", "admin"]

  private static func rows(_ count: Int, from first: Int) -> [Row] {
    (0..<count).map { _ in
      let from = Bool.random() ? Int.random(in: first..<first + 20) : nil
      let to = Bool.random() ? (from ?? first) + Int.random(in: 1..<15) : nil
      return Row(
        id: ids.randomElement() ?? "", name: names.randomElement() ?? "", from: from, to: to)
    }
  }

  private static let questions = (0..<400).map { number in
    Question(
      id: String(ids[number % ids.count].prefix(1 + number / 5 % 4)), name: names[number / 20 % 3],
      time: number % 9 == 0 ? nil : 1000 + number / 9 % 36)
  }

  /// Neither the order of the rows, nor rows of others, nor what a key is called from some later time on
  /// changes what an event is told.
  @Test func nothingThatComesLaterChangesWhatWas() throws {
    for _ in 0..<150 {
      let rows = Self.rows(Int.random(in: 1...12), from: 1000)
      let expected = Self.questions.map { Self.answer(rows, $0) }
      let known = Set(rows.map(\.id))
      let later = Self.rows(8, from: 1000).filter { known.contains($0.id) }.map {
        Row(id: $0.id, name: $0.name, from: 2000 + ($0.from ?? 0), to: nil)
      }
      let others = (0..<5).map { Row(id: "unrelated-\($0)", name: Self.names[$0 % 3]) }
      for rows in [rows, rows.shuffled(), (rows + later).shuffled(), (rows + others).shuffled()] {
        let directory = try KeyDirectoryTests.load(rows.map(\.text))
        #expect(Self.questions.map { Self.answer(directory, $0) } == expected, "\(rows)")
      }
    }
  }

  /// A key for each night, all of one name: at any time one fits, however many there were.
  @Test(.timeLimit(.minutes(1))) func manyKeysOneAfterTheOtherAreNoBurden() throws {
    let rows = (0..<9_000).map { number in
      Row(
        id: "key\(100_000 + number * 7919 % 9_000)", name: "nightly", from: number, to: number + 1)
    }
    let directory = try KeyDirectoryTests.load(rows.map(\.text))
    for number in 0..<9_000 {
      let question = Question(id: "key", name: "nightly", time: number)
      #expect(Self.answer(directory, question) == "\(rows[number].id) nightly")
    }
    #expect(Self.answer(directory, Question(id: "key", name: "nightly", time: 9_000)) == "unknown")
    let overlapping = try KeyDirectoryTests.load(
      rows.map(\.text) + [Row(id: "key1x", name: "nightly", from: 4_000, to: 4_002).text])
    for (time, isKnown) in [(3_999, true), (4_000, false), (4_001, false), (4_002, true)] {
      let found = Self.answer(overlapping, Question(id: "key", name: "nightly", time: time))
      #expect((found != "unknown") == isKnown, "\(time)")
    }
  }

  /// So are the many versions of one key.
  @Test(.timeLimit(.minutes(1))) func manyVersionsOfAKeyAreNoBurden() throws {
    let rows = (0..<9_000).map { Row(id: "key", name: "v\($0)", from: $0, to: $0 + 1) }
    let directory = try KeyDirectoryTests.load(rows.map(\.text).shuffled())
    for number in 0..<9_000 {
      #expect(
        Self.answer(directory, Question(id: "key", name: "", time: number)) == "key v\(number)")
      #expect(
        Self.answer(directory, Question(id: "k", name: "v\(number)", time: number))
          == "key v\(number)")
    }
  }
}
