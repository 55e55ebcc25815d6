import Crypto
import Bytes
import Engine
import Synchronization
import TestSupport
import Testing
import Trail

@testable import Stages

@Suite struct DeduplicateTests {
  private let bench = Workbench()
  private static let whole = #"{ stage: "deduplicate" }"#

  @Test func dropsWhatIsTheSameByteForByte() throws {
    let events = [#"{"a":1}"#, #"{"a":1}"#, #"{"a":1.0}"#, #"{"a": 1}"#, #"{"a":1}"#].map(
      Event.init)
    let batch = try bench.run(events, DeduplicateTests.whole)
    #expect(batch.verdicts == [.keep, .duplicate, .keep, .keep, .duplicate])
  }

  @Test func remembersFromBatchToBatch() throws {
    let made = try bench.make(DeduplicateTests.whole)
    #expect(try bench.run([Event("{}")], on: made).verdicts == [.keep])
    #expect(
      try bench.run([Event("{}"), Event(#"{"a":1}"#)], on: made).verdicts == [.duplicate, .keep])
  }

  @Test func aDeliveryIsTheEventThatIsArchived() throws {
    let events: [Event] = [
      .delivery(#"{"a":1}"#, posted: "{\"a\":\n1}"), .delivery(#"{"a":1}"#, posted: "{\"a\":1\n}"),
      Event(#"{"a":1}"#), .delivery(#"{"a":1}"#), .delivery(#"{"a":2}"#),
    ]
    #expect(
      try bench.run(events, DeduplicateTests.whole).verdicts
        == [.keep, .duplicate, .duplicate, .duplicate, .keep])
  }

  /// A version that knew deliveries by the bytes that were posted has left digests of these.
  @Test func earlierRunsAreAskedForWhatWasPostedToo() throws {
    let posted = "{\"a\":\n1}"
    var bench = bench
    let before = Before(withBytes(posted) { SHA256.digest($0) })
    bench.seenBefore = before
    let events: [Event] = [
      .delivery(#"{"a":1}"#, posted: posted), .delivery(#"{"a":1}"#), .delivery(#"{"a":2}"#),
    ]
    #expect(
      try bench.run(events, DeduplicateTests.whole).verdicts == [.duplicate, .keep, .keep])
    #expect(before.all == [#"{"a":1}"#, #"{"a":2}"#].map { withBytes($0) { SHA256.digest($0) } })
  }

  @Test func takesTheDigestOfTheBytes() throws {
    let batch = try bench.run([Event(#"{"a":1}"#)], DeduplicateTests.whole)
    let text = Array(#"{"a":1}"#.utf8)
    #expect(
      batch.digests[Int(batch.records[0].digest)]
        == text.withUnsafeBufferPointer { SHA256.digest($0) })
  }

  @Test(arguments: [
    // The same values, whatever stands around them.
    (#"{"id":"x","b":1}"#, #"{"b":2,"id":"x"}"#, true),
    (#"{"id":"x"}"#, #"{"id":"y"}"#, false),
    (#"{"id":"1"}"#, #"{"id":1}"#, false),
    (#"{"id":"a","n":"b"}"#, #"{"id":"a","n":"c"}"#, false),
    (#"{"id":"ab","n":"c"}"#, #"{"id":"a","n":"bc"}"#, false),
    (#"{"id":"ab"}"#, #"{"n":"ab"}"#, false),
    (#"{"id":null}"#, #"{"n":1}"#, false),
    // None of the values: nothing is lost for want of an id.
    (#"{"id":null,"b":1}"#, #"{"id":null,"b":2}"#, false),
    (#"{"id":"","b":1}"#, #"{"id":"","n":null,"b":2}"#, false),
    (#"{"id":"","n":0,"b":1}"#, #"{"id":"","n":0,"b":2}"#, true),
    (#"{"b":1}"#, #"{"b":2}"#, false), (#"{"b":1}"#, #"{"b":1}"#, true),
  ]) func comparesValuesAtPointers(_ first: String, _ second: String, _ isSame: Bool) throws {
    let stage = #"{ stage: "deduplicate", by: ["/id", "/n"] }"#
    let verdicts = try bench.run([Event(first), Event(second)], stage).verdicts
    #expect(verdicts == [.keep, isSame ? .duplicate : .keep])
  }

  @Test func nothingThatWasTurnedAwayCounts() throws {
    let made = try bench.make(DeduplicateTests.whole)
    let select = try bench.make(
      #"{ stage: "select", where: [{ pointer: "/a", equals: 2 }] }"#, DeduplicateTests.whole)
    #expect(try bench.run([Event(#"{"a":1}"#)], on: select).verdicts == [.filtered])
    #expect(try bench.run([Event(#"{"a":1}"#)], on: made).verdicts == [.keep])
  }

  private final class Before: SeenBefore {
    let digest: Digest256
    private let added = Mutex<[Digest256]>([])
    /// The days of what was asked for, and of what was added.
    let days = Mutex<[(asked: Bool, day: EventDay?)]>([])
    init(_ digest: Digest256) { self.digest = digest }
    func contains(_ digest: Digest256, on day: EventDay?) -> Bool {
      days.withLock { $0.append((true, day)) }
      return digest == self.digest
    }
    func add(_ digest: Digest256, on day: EventDay?, posted: Digest256?) {
      days.withLock { $0.append((false, day)) }
      added.withLock { $0.append(digest) }
    }
    var all: [Digest256] { added.withLock { $0 } }
  }

  @Test func asksWhatEarlierRunsHaveSeenAndTellsWhatThisOneWrites() throws {
    func digest(_ text: String) -> Digest256 {
      withBytes(text) { SHA256.digest($0) }
    }
    let before = Before(digest("{}"))
    var bench = bench
    bench.seenBefore = before
    let made = try bench.make(DeduplicateTests.whole)
    let events = ["{}", #"{"a":1}"#, "{}", #"{"a":2}"#, #"{"a":1}"#].map { Event($0) }
    #expect(
      try bench.run(events, on: made).verdicts
        == [.duplicate, .keep, .duplicate, .keep, .duplicate])
    #expect(before.all == [digest(#"{"a":1}"#), digest(#"{"a":2}"#)])
  }

  private static let times = [
    "2026-03-02T23:59:59.999999Z", "2026-03-03T00:00:00Z", "2026-03-03T01:30:00+02:00", "no time",
    "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z",
  ]

  /// The day of an event is that of its own time, in UTC, whatever a stage before has made of it.
  @Test(arguments: ["", #"{ stage: "redact", remove: ["/timestamp"] }"#])
  func aWholeEventIsOfTheDayThatItsTimeSays(_ before: String) throws {
    let asked = Before(Digest256(0, 0, 0, 0))
    var bench = bench
    bench.seenBefore = asked
    let events = DeduplicateTests.times.map { Event(#"{"timestamp":"\#($0)"}"#) } + [Event("{}")]
    let made = try bench.make(
      list: [before, DeduplicateTests.whole].filter { !$0.isEmpty })
    _ = try bench.run(events, on: made)
    let expected = [
      "2026-03-02", "2026-03-03", "2026-03-02", nil, "1969-12-31", "0001-01-01", "9999-12-31", nil,
    ]
    let days = asked.days.withLock { $0 }
    for isAsked in [true, false] {
      let found = days.filter { $0.asked == isAsked }.map(\.day)
      #expect(found.allSatisfy { $0 != nil } && found.map { $0?.date } == expected)
    }
  }

  /// The same values can stand in events of any time.
  @Test func valuesAtPointersSayNothingOfADay() throws {
    let asked = Before(Digest256(0, 0, 0, 0))
    var bench = bench
    bench.seenBefore = asked
    let made = try bench.make(#"{ stage: "deduplicate", by: ["/id"] }"#)
    let time = #""timestamp":"2026-03-02T00:00:00Z""#
    _ = try bench.run([Event("{\"id\":1,\(time)}"), Event("{\(time)}")], on: made)
    #expect(asked.days.withLock { $0.count == 4 && $0.allSatisfy { $0.day == nil } })
    #expect(made.context.results.notes.map(\.message).first?.hasPrefix("\"by\" tells") == true)
    #expect(try bench.make(DeduplicateTests.whole).context.results.notes.isEmpty)
  }

  @Test func saysWhatAMillionCost() throws {
    let seen = SeenStage()
    #expect(seen.report.isEmpty)
    var made = try bench.make(DeduplicateTests.whole)
    made.steps[1] = .ordered(seen)
    _ = try bench.run((0..<100_000).map { Event("{\"n\":\($0)}") }, on: made)
    let line = try #require(seen.report.first)
    #expect(line.key == "deduplicate")
    #expect(line.value.hasPrefix("100,000 digests, "))
    let cost = try #require(line.value.split(separator: "(").last?.split(separator: " ").first)
    // At most 48 bytes a digest.
    #expect((1...48e6 / 1_048_576).contains(try #require(Double(cost))))
    #expect(line.value.hasSuffix(" MiB a million)"))
  }
}
