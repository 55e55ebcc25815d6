import Bytes
import Engine
import JSONText
import Stages
import Testing
import Trail

@Suite struct StageRegistryTests {
  /// A plan whose only record notes what is asked for.
  private struct Noting: PureStage {
    let notes: [(counter: Int, name: String)]

    init(_ notes: [(counter: Int, name: String)]) { self.notes = notes }

    func process(_ batch: Batch, step: Int) {
      batch.bytes.append("{}")
      batch.append(Record(raw: Span32(0, count: 2)))
      for note in notes {
        let start = batch.bytes.count
        batch.bytes.append(utf8: note.name)
        batch.note(
          note.counter, of: 0, name: Span32(start, count: batch.bytes.count - start))
      }
    }
  }

  private final class Once: Source {
    private var isDone = false
    func fill(_ batch: Batch) -> Bool {
      defer { isDone = true }
      return !isDone
    }
    func cancel() {}
  }

  private final class Nowhere: ReadingSink {
    func admit(_ batch: Batch) {}
  }

  private func tally(_ notes: [(counter: Int, name: String)]) throws -> Tally {
    try Runner.run(
      Plan(
        source: Once(), steps: [.pure(Noting(notes))], sink: Nowhere(), pointers: PointerSet([]),
        slotCount: Added.slotCount),
      threads: 1)
  }

  private final class Reporter: StageResult {
    var report: [ReportLine] { [ReportLine("weather", "fine")] }
  }

  @Test func listsWhatWasCountedAndReported() throws {
    var context = StageContext(
      dialect: Dialect(name: "none", pointers: [:]), services: StageServices())
    let keys = context.counter(named: "unknown keys", listsNames: true)
    let plain = context.counter(named: "plain")
    let silent = context.counter(named: "silent")
    #expect([keys, plain, silent] == [0, 1, 2])
    #expect(context.counter(named: "unknown keys", listsNames: true) == keys)
    context.add(Reporter())
    let tally = try tally([(keys, "b"), (keys, "a"), (keys, "b"), (plain, "")])
    let findings = context.results.findings(tally).map { "\($0.key): \($0.value)" }
    #expect(findings == ["unknown keys: 3 (2 different; b 2, a 1)", "plain: 1", "weather: fine"])
  }

  @Test func listsTheMostFrequentNames() throws {
    var context = StageContext(
      dialect: Dialect(name: "none", pointers: [:]), services: StageServices())
    let keys = context.counter(named: "keys", listsNames: true)
    let names = ["a", "b", "c", "d", "e", "f", "f", "f"].map { (keys, $0) }
    #expect(
      context.results.findings(try tally(names)).map(\.value)
        == ["8 (6 different; most often f 3, a 1, b 1, c 1, d 1)"])
  }
}
