import Bytes
import Engine
import Foundation
import JSONText
import TestSupport
import Testing

@Suite struct RunnerTests {
  static let threads = [1, 2, 4, 8]

  // MARK: Order

  @Test(arguments: [1, 2, 3, 4, 8, 16])
  func theOutputDoesNotDependOnTheThreads(_ threads: Int) throws {
    for seed in UInt64(0)..<3 {
      let run = runToys(
        batches: 60, threads: threads, trouble: Trouble(work: 300, seed: seed), shares: 7)
      #expect(run.error == nil)
      #expect(run.sink.output == (0..<60).map(toyText) + (0..<7).map { "share \($0)" })
      #expect(run.counter.sequences.prefix(60).elementsEqual(0..<60))
      #expect(run.sink.admitted.elementsEqual(0..<60))
      #expect(run.tally?.read == 180)
    }
  }

  @Test(arguments: threads)
  func batchesAreFew(_ threads: Int) {
    let run = runToys(batches: 100, threads: threads, trouble: Trouble(work: 50))
    #expect(run.error == nil)
    #expect(run.source.log.batchesSeen <= (threads == 1 ? 1 : 2 * threads))
  }

  @Test func oneThreadAtLeast() {
    #expect(runToys(batches: 3, threads: 0).sink.output.count == 3)
    #expect(runToys(batches: 3, threads: -5).sink.output.count == 3)
    #expect((1...32).contains(Runner.defaultThreads))
  }

  @Test(arguments: threads)
  func anEmptySourceWritesNothing(_ threads: Int) throws {
    let run = runToys(batches: 0, threads: threads)
    #expect(run.error == nil)
    #expect(run.sink.output.isEmpty)
    #expect(run.tally?.read == 0)
    #expect(run.source.log.all == ["fill"])
  }

  @Test func observesTheTallyInOrder() throws {
    let source = ToySource(count: 40)
    let plan = Plan(
      source: source, steps: [.pure(ToyReader(trouble: Trouble(work: 200)))], sink: ToySink(),
      pointers: PointerSet([]), slotCount: 1)
    let reads = try finishing {
      var reads: [Int] = []
      _ = try Runner.run(plan, threads: 4) { reads.append($0.read) }
      return reads
    }
    #expect(reads == (1...40).map { $0 * 3 })
  }

  // MARK: Failures

  @Test(arguments: Place.allCases, threads)
  func aFailureKeepsWhatCameBefore(_ place: Place, _ threads: Int) {
    for batch in [0, 1, 6] {
      for seed in UInt64(0)..<4 {
        let run = runToys(
          batches: 30, threads: threads,
          trouble: Trouble(failures: [place: [batch]], work: 300, seed: seed))
        #expect(run.error as? ToyError == ToyError(place: place, batch: batch))
        #expect(run.sink.output == (0..<batch).map(toyText))
        #expect(run.source.log.count("cancel") >= 1)
      }
    }
  }

  @Test(arguments: threads)
  func theErrorOfTheLowestBatchIsThrown(_ threads: Int) {
    for seed in UInt64(0)..<20 {
      var random = SeededGenerator(seed: seed)
      var failures: [Place: Set<Int>] = [:]
      var lowest = Int.max
      for _ in 0..<5 {
        let batch = Int.random(in: 2..<20, using: &random)
        failures[Place.allCases[Int(random.next() % 7)], default: []].insert(batch)
        lowest = min(lowest, batch)
      }
      let run = runToys(
        batches: 25, threads: threads, trouble: Trouble(failures: failures, work: 200, seed: seed))
      #expect((run.error as? ToyError)?.batch == lowest, "\(failures)")
      #expect(run.sink.output == (0..<lowest).map(toyText), "\(failures)")
    }
  }

  @Test(arguments: threads)
  func aFailureWhileDraining(_ threads: Int) {
    for place in [Place.encode, .write] {
      let run = runToys(
        batches: 5, threads: threads, trouble: Trouble(failures: [place: [8]], work: 100),
        shares: 10)
      #expect(run.error as? ToyError == ToyError(place: place, batch: 8))
      #expect(run.sink.output == (0..<5).map(toyText) + (0..<3).map { "share \($0)" })
    }
  }

  /// A source that has thrown is in no state to be asked again.
  @Test(arguments: threads)
  func aSourceThatFailedIsNotAskedAgain(_ threads: Int) {
    for _ in 0..<100 {
      let run = runToys(
        batches: 50, threads: threads, trouble: Trouble(failures: [.source: [3]]))
      #expect(run.source.log.count("fill") == 4)
    }
  }

  @Test(arguments: threads)
  func aSinkThatCannotStartFailsTheRun(_ threads: Int) {
    final class Broken: Sink {
      func makeAttachment() throws -> any AnyObject & SinkAttachment {
        throw ToyError(place: .render, batch: -1)
      }
      func render(_ batch: Batch) {}
      func admit(_ batch: Batch) {}
      func drain(_ batch: Batch) -> Bool { false }
      func encode(_ batch: Batch) {}
      func write(_ batch: Batch) {}
    }
    let plan = Plan(
      source: ToySource(count: 5), steps: [], sink: Broken(), pointers: PointerSet([]),
      slotCount: 0)
    #expect(throws: ToyError(place: .render, batch: -1)) {
      try finishing { try Runner.run(plan, threads: threads) }
    }
  }

  /// Standard input can keep a source waiting for ever; a failure elsewhere must end the run.
  @Test(arguments: [2, 4, 8])
  func aFailureWakesASourceThatWaits(_ threads: Int) {
    final class Waiting: Source, @unchecked Sendable {
      let cancelled = DispatchSemaphore(value: 0)
      var count = 0
      func fill(_ batch: Batch) throws -> Bool {
        count += 1
        if count > 1 { cancelled.wait() }
        return count == 1
      }
      func cancel() { cancelled.signal() }
    }
    let plan = Plan(
      source: Waiting(),
      steps: [
        .pure(
          ToyStage { _, _ in
            usleep(20_000)
            throw ToyError(place: .pure, batch: 0)
          })
      ], sink: ToySink(), pointers: PointerSet([]), slotCount: 1)
    #expect(throws: ToyError(place: .pure, batch: 0)) {
      try finishing(within: 20) { try Runner.run(plan, threads: threads) }
    }
  }

  // MARK: Draining

  @Test(arguments: threads, [0, 1, 2, 50])
  func drainIsAskedUntilItSaysNo(_ threads: Int, _ shares: Int) {
    let run = runToys(
      batches: 4, threads: threads, trouble: Trouble(work: 100), shares: shares)
    #expect(run.error == nil)
    #expect(run.sink.output == (0..<4).map(toyText) + (0..<shares).map { "share \($0)" })
    #expect(run.sink.drains == shares + 1)
  }

  /// Steps see records, and sinks admit and render them; a batch without any is for draining.
  @Test func stepsDoNotSeeBatchesForDraining() {
    let run = runToys(batches: 4, threads: 2, shares: 9)
    #expect(run.counter.sequences == [0, 1, 2, 3])
    #expect(run.sink.admitted == [0, 1, 2, 3])
  }
}
