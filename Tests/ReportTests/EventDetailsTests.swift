import Bytes
import TestSupport
import Testing

@testable import Report

/// Events that are embedded: those worth most, as long as they fit.
@Suite struct EventDetailsTests {
  private struct Sample {
    var worth: EventDetail.Worth
    var text: [UInt8]
    /// What it costs, by the rule that a report documents.
    var cost: Int
  }

  private func codes(isSignalled: Bool) -> EventCodes {
    EventCodes(
      bucket: 0, actor: 2, key: 0, action: 0, account: 0, resource: 0, address: 0, from: 0,
      match: 0, kind: 0, flags: 0, signals: isSignalled ? 2 : 0, candidates: 0)
  }

  private func samples(_ count: Int, _ random: inout SeededGenerator) -> [Sample] {
    (0..<count).map { line in
      let text = [UInt8](repeating: random.pick([0x61, 0x3C]), count: random.next(below: 300))
      let worth = EventDetail.Worth(
        isSignalled: random.chance(10), time: Int64(random.next(below: 50)), part: line % 3,
        line: line)
      return Sample(worth: worth, text: text, cost: 60 + text.count * (text.first == 0x3C ? 6 : 1))
    }
  }

  private func add(_ sample: Sample, to details: inout EventDetails) {
    sample.text.withUnsafeBufferPointer {
      details.add(
        codes(isSignalled: sample.worth.isSignalled), time: sample.worth.time,
        part: sample.worth.part, line: sample.worth.line, text: $0)
    }
  }

  /// Slow and obvious.
  private func expected(_ samples: [Sample], _ budget: Int, _ longest: Int) -> [Int] {
    var left = budget
    var lines: [Int] = []
    for sample in samples.sorted(by: { $0.worth > $1.worth }) {
      let hasText = sample.text.count <= longest && sample.cost <= budget
      left -= hasText ? sample.cost : 60
      if left < 0 { break }
      lines.append(sample.worth.line)
    }
    return lines.sorted()
  }

  @Test(arguments: [0, 59, 60, 300, 1000, 5000, 50_000, 1_000_000])
  func theWorthiestAreKeptInWhateverOrderTheyCome(_ budget: Int) {
    var random = SeededGenerator(seed: UInt64(budget))
    for round in 0..<30 {
      var samples = samples(200, &random)
      let expected = expected(samples, budget, 250)
      samples.shuffle(using: &random)
      var whole = EventDetails(budget: budget, longest: 250)
      for sample in samples.prefix(100) { add(sample, to: &whole) }
      // Others begin without what is known so far, or with it.
      for piece in [samples[100..<130], samples[130...]] {
        var details = EventDetails(
          budget: budget, longest: 250, floor: round % 2 == 0 ? nil : whole.floor)
        for sample in piece { add(sample, to: &details) }
        whole.take(details, Renumbering())
      }
      #expect(whole.newestFirst().map(\.line).sorted() == expected)
      #expect(whole.bytes <= budget)
    }
  }
}
