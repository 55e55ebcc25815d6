import Crypto
import History
import Bytes
import Codec
import Disk
import Engine
import Foundation
import Intake
import JSONText
import Trail
import TestSupport

/// What a run of the intake says about one record.
struct Item: Equatable, CustomStringConvertible {
  var input = 0
  var offset = 0
  var raw = ""
  /// Bytes as they came in.
  var length = 0
  /// The event as it would be written; empty if it was turned away.
  var event = ""
  var reason = ""
  var isDelivery = false
  var time: Int64?
  var posted = ""
  /// The digest of a delivery.
  var identity = ""
  var slots: [String] = []
  var isResumed = false

  var description: String { "\(input)@\(offset) \(event.isEmpty ? "[\(reason)] \(raw)" : event)" }
}

struct Outcome {
  var items: [Item] = []
  var facts: [InputFacts] = []
  var skipped = 0
  /// Records in the fullest batch.
  var mostRecords = 0
  /// Bytes in the largest batch.
  var mostBytes = 0

  /// Bytes that only hold records together, by input, as batches say them.
  var syntaxBytes: [Int: Int] = [:]

  /// Every byte of every input is in a record, in the quarantine, or between them.
  var isBalanced: Bool {
    facts.allSatisfy { input in
      let from = input.continued?.text ?? 0
      let items = items.filter { $0.input == input.number }.reduce(0) { $0 + $1.length }
      let syntax = input.syntaxBytes + syntaxBytes[input.number, default: 0]
      return input.textBytes - from == items + syntax + input.besideBytes
    }
  }

  var events: [String] { items.map { $0.reason.isEmpty ? $0.event : "!" + $0.reason } }
}

let sizes = [1, 7, 64 << 10]

func shortReads(_ size: Int) -> Disk {
  Disk(fault: { call, _ in call == .read ? .short(size) : nil })
}

let timeDialect = Dialect(
  name: "test", pointers: [.time: ["/time"].compactMap { try? JSONPointer($0) }])

func read(
  _ inputs: [String], _ settings: InputSettings = InputSettings(), disk: Disk = Disk(),
  tailWaits: Bool = false, digests: Bool = true, histories: [Int: InputHistory] = [:],
  rules: RecordRules = RecordRules()
) throws -> Outcome {
  let source = try InputSource(
    disk: disk, inputs: InputList(inputs, disk), histories: histories, settings: settings,
    digestsInputs: digests, tailWaits: tailWaits)
  var table = PointerTable()
  let reader = RecordReader(
    settings: settings, dialect: timeDialect, rules: rules, table: &table)
  let batch = Batch(pointers: PointerSet(table.pointers), slotCount: Added.slotCount)
  var outcome = Outcome()
  while try source.fill(batch) {
    reader.process(batch, step: 0)
    outcome.mostBytes = max(outcome.mostBytes, batch.bytes.count)
    outcome.mostRecords = max(outcome.mostRecords, batch.records.count)
    outcome.syntaxBytes[batch.input, default: 0] += batch.syntaxBytes
    if case .later(let piece) = batch.longItem?.place {
      outcome.items[outcome.items.count - 1].raw += text(batch.bytes[piece])
      outcome.items[outcome.items.count - 1].length += Int(piece.count)
    }
    for index in 0..<batch.records.count { outcome.items.append(item(batch, index)) }
    batch.clear()
  }
  outcome.facts = source.facts
  outcome.skipped = source.skipped
  return outcome
}

private func item(_ batch: Batch, _ index: Int) -> Item {
  let record = batch.records[index]
  var item = Item()
  item.input = batch.input
  item.offset = batch.inputOffset + Int(record.raw.start)
  item.raw = text(batch.bytes[record.raw])
  item.length = Int(record.raw.count)
  item.isResumed = record.isResumed
  item.posted = text(batch.bytes[batch[.posted, index]])
  if record.digest >= 0 { item.identity = batch.digests[Int(record.digest)].hex }
  item.isDelivery = record.isDelivery
  item.time = record.time == Record.noTime ? nil : record.time
  item.slots = (0..<batch.slotCount).map { slot in
    let value = batch.slot(slot, of: index)
    // No text, but a place among the digests.
    guard slot == AddedSlot.postedDigest.rawValue else { return text(batch.bytes[value]) }
    return value.isEmpty ? "" : batch.digests[Int(value.start)].hex
  }
  if record.verdict == .keep {
    var buffer = ByteBuffer()
    Added().append(batch, index, to: &buffer)
    item.event = text(buffer.view)
  } else {
    item.reason = batch.reason(of: index)
  }
  return item
}

/// Reads `content` as one file with several read sizes, plain and compressed, and checks that all
/// say the same.
func readEveryWay(
  _ content: [UInt8], _ settings: InputSettings = InputSettings(), tailWaits: Bool = false,
  rules: RecordRules = RecordRules()
) throws -> Outcome {
  let scratch = try TemporaryFolder()
  let plain = try scratch.write("input", content)
  let compressed = try scratch.write("input.gz", gzip(content))
  var first: Outcome?
  for path in [plain, compressed] {
    for size in sizes {
      let outcome = try read(
        [path], settings, disk: shortReads(size), tailWaits: tailWaits, rules: rules)
      guard let first else {
        first = outcome
        continue
      }
      if outcome.items != first.items
        || outcome.facts.map(\.pendingBytes) != first.facts.map(\.pendingBytes)
      {
        throw Difference(size: size, path: path, left: first.items, right: outcome.items)
      }
    }
  }
  return first ?? Outcome()
}

struct Difference: Error { let size: Int; let path: String; let left: [Item]; let right: [Item] }

func readEveryWay(
  _ content: String, _ settings: InputSettings = InputSettings(), tailWaits: Bool = false,
  rules: RecordRules = RecordRules()
) throws -> Outcome {
  try readEveryWay(Array(content.utf8), settings, tailWaits: tailWaits, rules: rules)
}

func settings(_ change: (inout InputSettings) throws -> Void) rethrows -> InputSettings {
  var settings = InputSettings()
  try change(&settings)
  return settings
}

func sha256(_ content: [UInt8]) -> String {
  content.withUnsafeBufferPointer { SHA256.digest($0).hex }
}

/// One gzip member.
func gzip(_ content: [UInt8]) throws -> [UInt8] {
  var output = ByteBuffer()
  let compressor = try Compressor(Compression())
  try content.withUnsafeBufferPointer { try compressor.compress($0, into: &output) }
  return output.bytes
}

func gzip(_ content: String) throws -> [UInt8] { try gzip(Array(content.utf8)) }
