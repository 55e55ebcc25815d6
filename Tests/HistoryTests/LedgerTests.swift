import Bytes
@testable import History
import TestArchives
import TestSupport
import Testing

@Suite struct LedgerTests {
  private func ledger(_ content: [String], format: String = "ndjson") -> Ledger {
    var ledger = Ledger()
    for (number, text) in content.enumerated() {
      let mark = withBytes(text) { ContentMark($0, total: Int64($0.count)) }
      let input = RecordedInput(
        name: "in \(number)", bytes: Int64(text.utf8.count), sha256: RunScript.digest(text),
        beginning: mark, records: 1, format: format)
      ledger.add(
        Ledger.Entry(
          input: input, plan: nil, window: TimeWindow(), sequence: number + 1, isDigested: true))
    }
    return ledger
  }

  /// An input may be one that was read, or one that has grown: only what is no longer than it comes into
  /// question.
  @Test func lengthsAreThoseUpToTheInputsOwn() {
    let ledger = ledger(["0123456789", "0123456789abcdef"])
    func lengths(_ text: String, _ size: Int64) -> Set<Int64> {
      withBytes(text) { ledger.lengths($0, size: size) }
    }
    #expect(lengths("0123456789", 10) == [10])
    #expect(lengths("0123456789", 9) == [])
    #expect(lengths("0123456789abcdef", 16) == [10, 16])
    #expect(lengths("0123456789abcde", 15) == [10])
    #expect(lengths("9876543210", 10) == [])
  }

  /// What is compressed is known by how its text begins, too, not by its stored bytes alone.
  @Test func textsAreFoundByHowTheyBegin() {
    var ledger = ledger(["0123456789abcdef", "x"])
    let stored = withBytes("compressed") { ContentMark($0, total: 10) }
    let text = withBytes("0123456789") { ContentMark($0, total: 10) }
    for digest in [RunScript.digest("0123456789"), nil] {
      ledger.add(
        Ledger.Entry(
          input: RecordedInput(
            name: "gz", bytes: 10, sha256: RunScript.digest("compressed"), beginning: stored,
            records: 1, text: 10, textSHA256: digest, textBeginning: text),
          plan: nil, window: TimeWindow(), sequence: 3, isDigested: true))
    }
    func lengths(_ text: String) -> [Int64] {
      withBytes(text) { ledger.texts($0).map(\.input.textBytes) }
    }
    // Longer ones too: of these it may be an older copy.
    #expect(lengths("0123456789") == [10])
    #expect(lengths("0123456789abcdefgh") == [16, 10])
    #expect(lengths("compressed") == [])
    #expect(withBytes("compressed") { ledger.lengths($0, size: 10) } == [10])
  }

  @Test func anInputWasReadUnderOnePlanAndWindow() throws {
    var entry = try #require(ledger(["x"]).entries.first)
    let (plan, other) = (RunScript.digest("plan"), RunScript.digest("other"))
    let window = TimeWindow(since: time("2026-11-01T00:00:00Z"))
    #expect(!entry.wasRead(under: plan, TimeWindow()))
    entry.plan = plan
    entry.window = window
    #expect(entry.wasRead(under: plan, window) && !entry.wasRead(under: other, window))
    #expect(!entry.wasRead(under: plan, TimeWindow()))
    #expect(!entry.wasRead(under: plan, TimeWindow(until: window.since)))
  }
}
