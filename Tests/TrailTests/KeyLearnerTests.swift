import Bytes
import Foundation
import TestSupport
import Testing
import Trail

@Suite struct KeyLearnerTests {
  /// A change; times in seconds.
  static func change(
    _ kind: KeyChangeKind, _ id: String, _ time: Int64, name: String? = nil, old: String? = nil,
    scopes: String? = nil, file: String = "f", record: Int = 1
  ) -> KeyChange {
    var values: [KeyField: KeyChange.Value] = [:]
    if let name { values[.name] = name.isEmpty ? .gone : .text(Array("\"\(name)\"".utf8)) }
    if let scopes { values[.scopes] = .text(Array(scopes.utf8)) }
    return KeyChange(
      kind: kind, id: Array(id.utf8), values: values,
      old: old.map { [.name: .text(Array("\"\($0)\"".utf8))] } ?? [:],
      source: KeyChange.Source(
        file: file, record: record, offset: record * 10, action: Array(kind.rawValue.utf8),
        time: time * 1_000_000))
  }

  static func rows(_ changes: [KeyChange]) -> [String] {
    var learner = KeyLearner()
    for change in changes { learner.add(change) }
    return learner.finish().map { version in
      var text = ByteBuffer()
      version.append(to: &text)
      return String(decoding: text.view, as: UTF8.self)
    }
  }

  /// The rows without where they come from, and times as minutes after 1970.
  static func short(_ changes: [KeyChange]) -> [String] {
    rows(changes).map { row in
      var row = row
      if let from = row.range(of: ",\"learned_from\"") {
        row = String(row[..<from.lowerBound]) + "}"
      }
      return row.replacing("1970-01-01T00:", with: "").replacing(":00Z", with: "")
    }
  }

  struct Case: Sendable {
    var name: String
    var changes: [KeyChange]
    var expected: [String]
  }

  static let cases: [Case] = [
    Case(
      name: "made, renamed, deleted",
      changes: [
        change(.create, "k", 60, name: "one", scopes: "[1]"),
        change(.update, "k", 120, name: "two"),
        change(.delete, "k", 180),
      ],
      expected: [
        #"{"id":"k","name":"one","scopes":[1],"valid_from":"01","valid_to":"02"}"#,
        #"{"id":"k","name":"two","scopes":[1],"valid_from":"02","deleted_at":"03"}"#,
      ]),
    Case(
      name: "first seen in an update that tells what was before",
      changes: [change(.update, "k", 60, name: "two", old: "one", scopes: "[1]")],
      expected: [
        #"{"id":"k","name":"one","valid_to":"01"}"#,
        #"{"id":"k","name":"two","scopes":[1],"valid_from":"01"}"#,
      ]),
    Case(
      name: "first seen in an update that does not",
      changes: [change(.update, "k", 60, name: "two")],
      expected: [#"{"id":"k","name":"two","valid_from":"01"}"#]),
    Case(
      name: "first seen in its end", changes: [change(.delete, "k", 60, name: "x", old: "was")],
      expected: [#"{"id":"k","name":"was","deleted_at":"01"}"#]),
    Case(
      name: "an update that says nothing new opens nothing",
      changes: [change(.create, "k", 60, name: "one"), change(.update, "k", 120, name: "one")],
      expected: [#"{"id":"k","name":"one","valid_from":"01"}"#]),
    Case(
      name: "a name that is taken away",
      changes: [change(.create, "k", 60, name: "one"), change(.update, "k", 120, name: "")],
      expected: [
        #"{"id":"k","name":"one","valid_from":"01","valid_to":"02"}"#,
        #"{"id":"k","valid_from":"02"}"#,
      ]),
    Case(
      name: "made again: nothing is inherited",
      changes: [
        change(.create, "k", 60, name: "one", scopes: "[1]"), change(.delete, "k", 120),
        change(.create, "k", 180, name: "two"),
      ],
      expected: [
        #"{"id":"k","name":"one","scopes":[1],"valid_from":"01","valid_to":"03","deleted_at":"02"}"#,
        #"{"id":"k","name":"two","valid_from":"03"}"#,
      ]),
    Case(
      name: "an update of what is deleted does not bring it back",
      changes: [
        change(.create, "k", 60, name: "one"), change(.delete, "k", 120),
        change(.update, "k", 180, name: "two"),
      ],
      expected: [
        #"{"id":"k","name":"one","valid_from":"01","valid_to":"03","deleted_at":"02"}"#,
        #"{"id":"k","name":"two","valid_from":"03","deleted_at":"02"}"#,
      ]),
    Case(
      name: "made, changed and deleted at one moment",
      changes: [
        change(.delete, "k", 60), change(.update, "k", 60, name: "b"),
        change(.create, "k", 60, name: "a"), change(.update, "k", 60, name: "c"),
      ],
      expected: [#"{"id":"k","name":"c","valid_from":"01","deleted_at":"01"}"#]),
    Case(
      name: "of two deletions the first counts",
      changes: [
        change(.delete, "k", 120), change(.create, "k", 0, name: "a"), change(.delete, "k", 60),
      ],
      expected: [#"{"id":"k","name":"a","valid_from":"00","deleted_at":"01"}"#]),
    Case(
      name: "by the bytes of the ids: é is not e with an accent",
      changes: [
        change(.create, "\u{e9}", 60, name: "a"), change(.create, "e\u{301}", 60, name: "b"),
        change(.create, "Z", 60), change(.create, "", 60),
      ],
      expected: [
        #"{"id":"","valid_from":"01"}"#, #"{"id":"Z","valid_from":"01"}"#,
        "{\"id\":\"e\u{301}\",\"name\":\"b\",\"valid_from\":\"01\"}",
        "{\"id\":\"\u{e9}\",\"name\":\"a\",\"valid_from\":\"01\"}",
      ]),
    Case(name: "nothing", changes: [], expected: []),
  ]

  @Test(arguments: cases) func learns(_ example: Case) {
    #expect(Self.short(example.changes) == example.expected, "\(example.name)")
    #expect(Self.short(example.changes.reversed()) == example.expected, "\(example.name), reversed")
  }

  @Test func namesTheEventsThatItKnowsFrom() {
    let rows = Self.rows([
      Self.change(.delete, "k", 60, file: "z\n", record: 3), Self.change(.create, "k", 0),
      Self.change(.delete, "k", 60, file: "b", record: 9),
      Self.change(.delete, "k", 60, file: "b", record: 7),
    ])
    #expect(
      rows == [
        #"{"id":"k","valid_from":"1970-01-01T00:00:00Z","deleted_at":"1970-01-01T00:01:00Z","#
          + #""learned_from":{"file":"f","record":1,"offset":10,"action":"create","time":"1970-01-01T00:00:00Z"},"#
          + #""deleted_in":{"file":"b","record":7,"offset":70,"action":"delete","time":"1970-01-01T00:01:00Z"}}"#
      ])
  }

  /// What the changes up to `time` come to, one after the other.
  private func replay(_ changes: [KeyChange], at time: Int64) -> (
    name: String?, isDeleted: Bool, isKnown: Bool
  ) {
    var state: (name: String?, isDeleted: Bool, isKnown: Bool) = (nil, false, false)
    func text(_ value: KeyChange.Value?) -> String? {
      guard case .text(let bytes) = value else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
    let ordered = changes.sorted { $0.source.time < $1.source.time }
    // What was before the first of all changes is known where that says it, or is a deletion.
    if let first = ordered.first, first.kind != .create, first.kind == .delete || !first.old.isEmpty
    {
      state = (
        text(first.old[.name]) ?? (first.kind == .delete ? text(first.values[.name]) : nil), false,
        true
      )
    }
    for change in ordered where change.source.time <= time * 1_000_000 {
      switch change.kind {
      case .create: state = (text(change.values[.name]), false, true)
      case .update:
        state.isKnown = true
        if let value = change.values[.name] { state.name = text(value) }
      case .delete: state.isDeleted = true
      }
    }
    return state
  }

  @Test(arguments: 0..<60) func theDirectoryIsWhatAReplayGives(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let ids = ["a", "b", "\"c\\", "d\u{301}"]
    var changes: [KeyChange] = []
    var taken: Set<[Int64]> = []
    for record in 0..<Int(random.next() % 40) {
      let (id, time) = (Int(random.next() % 4), Int64(random.next() % 50))
      guard taken.insert([Int64(id), time]).inserted else { continue }
      let names = ["n1", "n2", "", nil]
      changes.append(
        Self.change(
          [.create, .update, .update, .delete][Int(random.next() % 4)], ids[id], time,
          name: names[Int(random.next() % 4)], old: random.next() % 3 == 0 ? "before" : nil,
          scopes: random.next() % 2 == 0 ? "[\(random.next() % 3)]" : nil,
          file: random.next() % 2 == 0 ? "x" : "y", record: record))
    }
    let rows = Self.rows(changes)
    #expect(Self.rows(changes.shuffled(using: &random)) == rows)
    // The same trail read twice tells nothing new.
    #expect(Self.rows(changes + changes) == rows)
    let directory = try KeyDirectoryTests.load(rows)
    for id in ids {
      let own = changes.filter { $0.id == Array(id.utf8) }
      for time in Int64(-1)...51 {
        let expected = replay(own, at: time)
        let found = KeyDirectoryTests.find(directory, id, at: time * 1_000_000)
        #expect((found?.hasVersion ?? false) == expected.isKnown, "\(id) at \(time)")
        guard let found, found.hasVersion else { continue }
        let name = String(decoding: directory.name(found), as: UTF8.self)
        #expect(name == expected.name ?? "", "\(id) at \(time): \(rows)")
        let isDeleted = found.flags & AttributionFlags.keyDeleted.rawValue != 0
        #expect(isDeleted == expected.isDeleted, "\(id) at \(time): \(rows)")
      }
    }
  }

  /// Also where changes of one key fall on one moment.
  @Test(arguments: 0..<40) func theOrderDoesNotMatter(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let changes = (0..<30).map { record in
      Self.change(
        [.create, .update, .delete][Int(random.next() % 3)], "k", Int64(random.next() % 4) * 60,
        name: ["a", "b", "", nil][Int(random.next() % 4)], old: random.next() % 2 == 0 ? "o" : nil,
        file: random.next() % 2 == 0 ? "x" : "y", record: record)
    }
    let rows = Self.rows(changes)
    for _ in 0..<5 { #expect(Self.rows(changes.shuffled(using: &random)) == rows) }
    // Each can be loaded: no version ends before it begins.
    #expect(throws: Never.self) { try KeyDirectoryTests.load(rows) }
  }
}
