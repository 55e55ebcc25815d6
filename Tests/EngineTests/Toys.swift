import Bytes
import Engine
import Foundation
import JSONText
import Synchronization

/// Where a toy can be told to fail.
enum Place: String, CaseIterable, Sendable {
  case source, pure, ordered, render, admit, encode, write
}

struct ToyError: Error, Equatable {
  var place: Place
  var batch: Int
}

/// Failures to come, by place and batch; and time that work takes, different in each place.
struct Trouble: Sendable {
  var failures: [Place: Set<Int>] = [:]
  /// Longest time a place takes, in microseconds.
  var work = 0
  var seed: UInt64 = 0

  func meet(_ place: Place, _ batch: Int) throws {
    if work > 0 {
      var hash = Hasher()
      hash.combine(place)
      hash.combine(batch)
      hash.combine(seed)
      usleep(UInt32(abs(hash.finalize() % (work + 1))))
    }
    if failures[place]?.contains(batch) == true { throw ToyError(place: place, batch: batch) }
  }
}

/// Gives `count` batches of a few lines.
final class ToySource: Source {
  let count: Int
  let trouble: Trouble
  let recordsPerBatch: Int
  /// What the engine did with the source.
  let log = Log()
  private var next = 0

  init(count: Int, trouble: Trouble = Trouble(), recordsPerBatch: Int = 3) {
    self.count = count
    self.trouble = trouble
    self.recordsPerBatch = recordsPerBatch
  }

  func fill(_ batch: Batch) throws -> Bool {
    log.add("fill")
    log.see(batch)
    let number = next
    next += 1
    try trouble.meet(.source, number)
    guard number < count else { return false }
    for record in 0..<recordsPerBatch {
      batch.bytes.append(utf8: "{\"batch\":\(number),\"record\":\(record)}\n")
    }
    batch.inputCount = batch.bytes.count
    return true
  }

  func cancel() { log.add("cancel") }
}

/// What happened, from any thread.
final class Log: @unchecked Sendable {
  private let lock = NSLock()
  private var entries: [String] = []
  private var batches: Set<ObjectIdentifier> = []

  func add(_ entry: String) { lock.withLock { entries.append(entry) } }
  func see(_ batch: Batch) { _ = lock.withLock { batches.insert(ObjectIdentifier(batch)) } }
  var all: [String] { lock.withLock { entries } }
  func count(_ entry: String) -> Int { all.filter { $0 == entry }.count }
  var batchesSeen: Int { lock.withLock { batches.count } }
}

/// Frames lines.
struct ToyReader: PureStage {
  var trouble = Trouble()

  func process(_ batch: Batch, step: Int) throws {
    try trouble.meet(.pure, batch.sequence)
    var from = 0
    while from < batch.inputCount {
      var end = from
      while batch.bytes.view[end] != 0x0A { end += 1 }
      var record = Record(raw: Span32(from, count: end - from))
      record.body.count -= 1
      batch.append(record)
      _ = batch.scan(batch.records.count - 1, from: from, end: end)
      from = end + 1
    }
  }
}

/// Adds the number of all records before to each record: only right if the order is.
final class ToyCounter: OrderedStage {
  let trouble: Trouble
  private var seen = 0
  private(set) var sequences: [Int] = []

  init(trouble: Trouble = Trouble()) { self.trouble = trouble }

  func process(_ batch: Batch, step: Int) throws {
    sequences.append(batch.sequence)
    try trouble.meet(.ordered, batch.sequence)
    for index in 0..<batch.records.count {
      let start = batch.bytes.count
      batch.bytes.append(decimal: seen)
      batch.setSlot(0, of: index, Span32(start, count: batch.bytes.count - start))
      seen += 1
    }
  }
}

/// Does something to each batch.
struct ToyStage: PureStage {
  var body: @Sendable (Batch, Int) throws -> Void
  func process(_ batch: Batch, step: Int) throws { try body(batch, step) }
}

/// Collects text, batch by batch; holds `shares` pieces back for the end.
final class ToySink: Sink {
  final class Attachment: SinkAttachment {
    var text = ""
    /// The share that `drain` gave out; nil for an ordinary batch.
    var share: Int?
  }

  let trouble: Trouble
  let shares: Int
  private(set) var output: [String] = []
  private(set) var admitted: [Int] = []
  private(set) var drains = 0
  private var given = 0

  init(trouble: Trouble = Trouble(), shares: Int = 0) {
    self.trouble = trouble
    self.shares = shares
  }

  func makeAttachment() throws -> any AnyObject & SinkAttachment { Attachment() }

  private func attachment(_ batch: Batch) -> Attachment {
    guard let attachment = batch.attachment as? Attachment else {
      preconditionFailure("a batch without its attachment")
    }
    return attachment
  }

  func render(_ batch: Batch) throws {
    try trouble.meet(.render, batch.sequence)
    var text = ""
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      text += String(decoding: batch.bytes[batch.records[index].body], as: UTF8.self)
      text += ":\(String(decoding: batch.bytes[batch.slot(0, of: index)], as: UTF8.self))} "
    }
    attachment(batch).text = text
    attachment(batch).share = nil
  }

  func admit(_ batch: Batch) throws {
    try trouble.meet(.admit, batch.sequence)
    admitted.append(batch.sequence)
  }

  func drain(_ batch: Batch) throws -> Bool {
    drains += 1
    guard given < shares else { return false }
    precondition(batch.records.count == 0)
    attachment(batch).share = given
    given += 1
    return true
  }

  func encode(_ batch: Batch) throws {
    try trouble.meet(.encode, batch.sequence)
    if let share = attachment(batch).share { attachment(batch).text = "share \(share)" }
  }

  func write(_ batch: Batch) throws {
    try trouble.meet(.write, batch.sequence)
    output.append(attachment(batch).text)
  }
}

/// Runs `body` on a thread of its own and gives up on it after `seconds`: a run that hangs is a
/// failed test and not a hanging one. Where one has hung, others are likely to: they get a second.
func finishing<Value>(
  within seconds: Int = 30, _ body: @escaping () throws -> Value
) throws -> Value {
  let box = Attempt(body)
  Thread { box.run() }.start()
  let patience = hasHung.withLock { $0 } ? 1 : seconds
  guard box.done.wait(timeout: .now() + .seconds(patience)) == .success,
    let result = box.result
  else {
    hasHung.withLock { $0 = true }
    throw Hang()
  }
  return try result.get()
}

private final class Attempt<Value>: @unchecked Sendable {
  // Sendable because the semaphore orders the accesses.
  let body: () throws -> Value
  var result: Result<Value, any Error>?
  let done = DispatchSemaphore(value: 0)

  init(_ body: @escaping () throws -> Value) { self.body = body }

  func run() {
    result = Result { try body() }
    done.signal()
  }
}

struct Hang: Error {}

private let hasHung = Mutex(false)

/// What a run of toys left behind.
struct ToyRun {
  var source: ToySource
  var counter: ToyCounter
  var sink: ToySink
  var tally: Tally?
  var error: (any Error)?
}

func runToys(
  batches: Int, threads: Int, trouble: Trouble = Trouble(), shares: Int = 0
) -> ToyRun {
  let source = ToySource(count: batches, trouble: trouble)
  let counter = ToyCounter(trouble: trouble)
  let sink = ToySink(trouble: trouble, shares: shares)
  var run = ToyRun(source: source, counter: counter, sink: sink)
  let plan = Plan(
    source: source, steps: [.pure(ToyReader(trouble: trouble)), .ordered(counter)], sink: sink,
    pointers: PointerSet([]), slotCount: 1)
  do {
    run.tally = try finishing { try Runner.run(plan, threads: threads) }
  } catch {
    run.error = error
  }
  return run
}

/// What the toys write for batch `number`.
func toyText(_ number: Int) -> String {
  (0..<3).map { "{\"batch\":\(number),\"record\":\($0):\(number * 3 + $0)} " }.joined()
}
