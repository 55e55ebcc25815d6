import Bytes
import Engine
import JSONText
import Testing

@Suite struct TallyTests {
  private func run(
    batches: Int, perBatch: Int = 3, threads: Int = 2, _ stages: [ToyStage],
    sink: ToySink = ToySink()
  ) throws -> Tally {
    let plan = Plan(
      source: ToySource(count: batches, recordsPerBatch: perBatch),
      steps: [.pure(ToyReader())] + stages.map { .pure($0) }, sink: sink,
      pointers: PointerSet([]), slotCount: 1)
    return try finishing { try Runner.run(plan, threads: threads) }
  }

  /// A verdict that depends on the record alone, and on nothing that could go wrong with it.
  private static func verdict(_ seed: Int, _ batch: Int, _ record: Int) -> Verdict {
    let all: [Verdict] = [.keep, .duplicate, .filtered, .unreadable, .refused]
    var mixed = UInt64(bitPattern: Int64(seed * 1_000_003 + batch * 7919 + record * 104_729))
    mixed = (mixed ^ (mixed >> 31)) &* 0x9E37_79B9_7F4A_7C15
    return all[Int((mixed >> 33) % 5)]
  }

  @Test(arguments: 0..<10)
  func everyRecordIsCountedOnce(_ seed: Int) throws {
    let stage = ToyStage { batch, step in
      for index in 0..<batch.records.count {
        switch TallyTests.verdict(seed, batch.sequence, index) {
        case .keep: break
        case .unreadable: batch.reject(index, .unreadable, by: -1, "no record")
        case .refused: batch.reject(index, .refused, by: step, "not wanted here")
        case let other:
          batch.records[index].verdict = other
          batch.records[index].decidedBy = Int16(step)
        }
      }
    }
    let tally = try run(batches: 20, perBatch: 17, threads: 4, [stage])
    var expected: [Verdict: Int] = [:]
    for batch in 0..<20 {
      for record in 0..<17 { expected[TallyTests.verdict(seed, batch, record), default: 0] += 1 }
    }
    #expect(tally.read == 340)
    #expect(tally.written == expected[.keep])
    #expect(tally.duplicates == expected[.duplicate])
    #expect(tally.filtered == expected[.filtered])
    #expect(tally.unreadable == expected[.unreadable])
    #expect(tally.refused == expected[.refused])
    #expect(
      tally.read == tally.written + tally.duplicates + tally.filtered + tally.quarantined)
    #expect(tally.decisions[-1] == expected[.unreadable])
    #expect(tally.decisions[1] == tally.duplicates + tally.filtered + tally.refused)
    #expect(tally.decisions.count == 2)
  }

  @Test func numbersTheRecordsOfEachInput() throws {
    final class OrdinalSink: ReadingSink {
      var ordinals: [[Int]] = []
      func admit(_ batch: Batch) { ordinals.append([batch.input, batch.firstOrdinal]) }
    }
    let sink = OrdinalSink()
    let plan = Plan(
      source: ToySource(count: 6),
      steps: [
        .pure(ToyReader()), .pure(ToyStage { batch, _ in batch.input = batch.sequence / 2 }),
      ],
      sink: sink, pointers: PointerSet([]), slotCount: 1)
    let tally = try finishing { try Runner.run(plan, threads: 4) }
    #expect(sink.ordinals == [[0, 1], [0, 4], [1, 1], [1, 4], [2, 1], [2, 4]])
    #expect(tally.recordsByInput == [0: 6, 1: 6, 2: 6])
  }

  @Test func notesCountForWhatIsKept() throws {
    let noting = ToyStage { batch, _ in
      for index in 0..<batch.records.count {
        batch.note(4, of: index)
        let start = batch.bytes.count
        batch.bytes.append(index == 0 ? "first" : "later")
        batch.note(5, of: index, name: Span32(start, count: 5))
      }
    }
    // What a later stage turns away does not count.
    let rejecting = ToyStage { batch, step in
      if batch.sequence == 1 { batch.reject(2, .refused, by: step, "no") }
    }
    let tally = try run(batches: 4, [noting, rejecting])
    #expect(tally.counts == [4: 11, 5: 11])
    let top = tally.names[5]?.top(5) ?? []
    #expect(top.map(\.name) == ["later", "first"])
    #expect(top.map(\.count) == [7, 4])
    #expect(tally.names[4] == nil)
  }

  @Test func namesAreLimited() throws {
    let noting = ToyStage { batch, _ in
      for round in 0..<2 {
        for name in 0..<NameCounts.limit + 50 {
          let start = batch.bytes.count
          batch.bytes.append(decimal: name)
          batch.note(0, of: 0, name: Span32(start, count: batch.bytes.count - start))
        }
        if round == 1 { batch.note(0, of: 0, name: batch.records[0].raw) }
      }
    }
    let tally = try run(batches: 1, perBatch: 1, threads: 1, [noting])
    let names = try #require(tally.names[0])
    #expect(names.distinct == NameCounts.limit)
    #expect(names.others == 101)
    #expect(names.top(3).map(\.name) == ["0", "1", "10"])
    #expect(names.top(NameCounts.limit * 2).count == NameCounts.limit)
    #expect(names.top(NameCounts.limit).allSatisfy { $0.count == 2 })
    #expect(tally.counts[0] == NameCounts.limit * 2 + 101)
  }

  @Test func longNamesCountByTheirBeginning() throws {
    let noting = ToyStage { batch, _ in
      for ending in ["a", "b"] {
        let start = batch.bytes.count
        for _ in 0..<NameCounts.longestName { batch.bytes.append("x") }
        batch.bytes.append(utf8: ending)
        batch.note(0, of: 0, name: Span32(start, count: batch.bytes.count - start))
      }
    }
    let tally = try run(batches: 1, perBatch: 1, threads: 1, [noting])
    let top = try #require(tally.names[0]).top(2)
    #expect(top.map(\.name) == [String(repeating: "x", count: NameCounts.longestName)])
    #expect(top.map(\.count) == [2])
  }
}
