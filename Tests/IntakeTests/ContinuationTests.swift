import History
import Bytes
import Disk
import Engine
import Foundation
import Intake
import JSONText
import TestSupport
import Testing

/// Inputs that grow from run to run.
struct ContinuationTests {
  let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  /// Where a run ended, for the next one.
  private func place(_ facts: InputFacts, records: Int) -> InputContinuation {
    InputContinuation(
      text: facts.textBytes, records: records, format: facts.format,
      digest: facts.textDigest ?? Digest256(0, 0, 0, 0))
  }

  /// Reads a file in all states of its growth, each run from where the last one ended; the records of all
  /// runs are those of one run over the whole.
  private func compare(_ states: [[UInt8]], _ settings: InputSettings, _ label: String) throws {
    let path = try scratch.write("grown", states.last ?? [])
    let whole = try read([path], settings, tailWaits: true)
    var history: InputHistory?
    var items: [Item] = []
    for state in states {
      try scratch.write("grown", state)
      let outcome = try read(
        [path], settings, disk: shortReads(sizes[items.count % sizes.count]), tailWaits: true,
        histories: history.map { [0: $0] } ?? [:])
      items += outcome.items
      let facts = try #require(outcome.facts.first)
      let consumed = facts.isCompressed ? state : Array(state.prefix(facts.bytes))
      #expect(facts.digest?.hex == sha256(consumed), "\(label)")
      #expect(facts.bytes == consumed.count, "\(label)")
      history = .continued(place(facts, records: items.count))
    }
    #expect(items == whole.items, "\(label)")
    #expect(items.filter { $0.reason.isEmpty }.count > 0, "\(label)")
  }

  private func text(_ random: inout SeededGenerator) -> [UInt8] {
    let lines = (0..<Int.random(in: 1...30, using: &random)).map { number in
      switch Int.random(in: 0..<9, using: &random) {
      case 0: "{\"n\":\(number)} {\"m\":\(number)}"
      case 1: ""
      case 2: "{\"a\":\"" + String(repeating: "ü", count: number * 40) + "\"}\r"
      case 3: "{\"bad\":\(number)"
      default: "{\"n\":\(number),\"time\":\"2026-11-20T13:00:00Z\"}"
      }
    }
    let mark = Bool.random(using: &random) ? "\u{FEFF}" : ""
    // A whole line at the beginning, so that the format is told in the first state.
    return Array((mark + "{\"first\":1}\n" + lines.joined(separator: "\n") + "\n").utf8)
  }

  @Test func whatIsReadInPiecesIsWhatIsReadAtOnce() throws {
    var random = SeededGenerator(seed: 11)
    var settings = InputSettings()
    settings.format = .ndjson
    for round in 0..<60 {
      let text = text(&random)
      let cuts =
        (0..<Int.random(in: 1...6, using: &random))
        .map { _ in Int.random(in: 0...text.count, using: &random) }.sorted() + [text.count]
      try compare(cuts.map { Array(text.prefix($0)) }, settings, "plain, round \(round)")
      var members: [[UInt8]] = []
      var last = 0
      for cut in cuts where cut > last {
        members.append((members.last ?? []) + (try gzip(Array(text[last..<cut]))))
        last = cut
      }
      try compare(members, settings, "gzip, round \(round)")
    }
  }

  @Test func valuesEndToEndAreContinuedToo() throws {
    var settings = InputSettings()
    settings.format = .concatenated
    let text = Array("{\"a\":1}{\"b\":[2,{}]} \n{\"c\":\"}{\"}".utf8)
    for cut in 1..<text.count {
      try compare([Array(text.prefix(cut)), text], settings, "cut at \(cut)")
    }
  }

  /// A log that has grown before it was compressed is read on in the middle of its member.
  @Test func whatIsCompressedLaterIsReadOn() throws {
    let path = try scratch.write("log", "{\"a\":1}\n{\"a\":2}\n")
    let facts = try #require(try read([path]).facts.first)
    let text = Array("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n".utf8)
    try scratch.write("log", gzip(text))
    let outcome = try read([path], histories: [0: .continued(place(facts, records: 2))])
    #expect(outcome.events == ["{\"a\":3}"])
    #expect(outcome.items.map(\.offset) == [16])
    #expect(outcome.facts.first?.textBytes == 24)
    #expect(outcome.facts.first?.textDigest?.hex == sha256(text))
  }

  /// A first run that saw no line end could not know how records stand.
  @Test func aFormatThatWasGuessedFromOneValueIsLookedForAgain() throws {
    let path = try scratch.write("x", "{\"n\":1}")
    let facts = try #require(try read([path], tailWaits: true).facts.first)
    #expect(facts.format == .auto)
    for (more, records) in [
      (String(repeating: "{\"n\":2}", count: 50), 50), ("\n{\"n\":2}\n{\"n\":3}\n", 2),
    ] {
      try scratch.write("x", "{\"n\":1}" + more)
      let outcome = try read(
        [path], settings { $0.maxRecord = 100 }, tailWaits: true,
        histories: [0: .continued(place(facts, records: 1))])
      #expect(outcome.items.count == records && outcome.items.allSatisfy { $0.reason.isEmpty })
    }
  }

  @Test func anInputThatIsKnownIsNotOpened() throws {
    let path = try scratch.write("a", "{\"a\":1}\n")
    let other = try scratch.write("b", "{\"b\":1}\n")
    let disk = Disk { call, name in call == .open && name == path ? .fail(13) : nil }
    let outcome = try read([path, other], disk: disk, histories: [0: .known])
    #expect(outcome.events == ["{\"b\":1}"])
    #expect(outcome.facts.map(\.number) == [1])
  }

  @Test func anInputThatShrankIsAnError() throws {
    let path = try scratch.write("a", "{\"a\":1}\n{\"a\":2}\n")
    let facts = try #require(try read([path]).facts.first)
    for (name, content) in [("plain", Array("{\"a\":1}\n".utf8)), ("gzip", try gzip("{}\n"))] {
      try scratch.write("a", content)
      let place = place(facts, records: 2)
      let error = #expect(throws: IntakeError.self) {
        try read([path], histories: [0: .continued(place)])
      }
      #expect(error?.kind == .changed, "\(name)")
    }
  }

  /// Log rotation between the look at all inputs and the reading of this one.
  @Test func anInputThatWasReplacedIsNotReadOnInItsMiddle() throws {
    let old = Array("{\"a\":1}\n{\"a\":2}\n".utf8)
    let new = Array("{\"b\":1}\n{\"b\":2}\n{\"b\":3}\n".utf8)
    for (name, before, after) in [
      ("plain", old, new), ("gzip", try gzip(old), try gzip(new) + gzip(old)),
    ] {
      let path = try scratch.write(name, before)
      let facts = try #require(try read([path]).facts.first)
      try scratch.write(name, after)
      let error = #expect(throws: IntakeError.self) {
        try read([path], histories: [0: .continued(place(facts, records: 2))])
      }
      #expect(error?.kind == .changed, "\(name)")
    }
  }
}
