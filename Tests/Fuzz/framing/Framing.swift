import Bytes
import Codec
import Disk
import Engine
import Glibc
import Intake
import JSONText
import Trail

// The same input in any pieces, and compressed or not, gives the same records, verdicts, offsets
// and facts.

private struct Item: Equatable {
  var offset: Int
  var raw: [UInt8]
  var body: [UInt8]
  var identity: [UInt8]
  var verdict: Verdict
  var reason: String
  var time: Int64
  var slots: [[UInt8]]
}

private struct Outcome: Equatable {
  var items: [Item] = []
  var pending: [Int] = []
  /// Bytes that are in no record and not between them.
  var lost = 0
  var failure = ""
}

private let dialect = Dialect.builtIn["spacelift"] ?? Dialect(name: "none", pointers: [:])

/// One for all runs, because its memory takes longer to get than the rest of a run does.
nonisolated(unsafe) private let batch: Batch = {
  var table = PointerTable()
  _ = RecordReader(settings: InputSettings(), dialect: dialect, table: &table)
  return Batch(pointers: PointerSet(table.pointers), slotCount: Added.slotCount)
}()

private let path = "/dev/shm/trailmill-fuzz-\(getpid())"

private func write(_ bytes: [UInt8]) {
  do throws(DiskError) {
    let file = try Disk().createTruncating(path)
    let failure = bytes.withUnsafeBufferPointer { view -> DiskError? in
      do throws(DiskError) { try file.write(all: view) } catch { return error }
      return nil
    }
    if let failure { throw failure }
    try file.close()
  } catch {
    check(false, "cannot write the input: \(error)")
  }
}

private func item(_ batch: Batch, _ index: Int) -> Item {
  let record = batch.records[index]
  let isKept = record.verdict == .keep
  return Item(
    offset: batch.inputOffset + Int(record.raw.start), raw: Array(batch.bytes[record.raw]),
    body: isKept ? Array(batch.bytes[record.body]) : [],
    identity: Array(batch.bytes[record.identity]), verdict: record.verdict,
    reason: isKept ? "" : batch.reason(of: index), time: record.time,
    slots: (0..<batch.slotCount).filter { $0 != AddedSlot.postedDigest.rawValue }.map {
      Array(batch.bytes[batch.slot($0, of: index)])
    })
}

private func read(_ settings: InputSettings, size: Int, tailWaits: Bool) -> Outcome {
  var outcome = Outcome()
  do {
    let disk = Disk(fault: { call, _ in call == .read ? .short(size) : nil })
    let source = try InputSource(
      disk: disk, inputs: [path], settings: settings, digestsInputs: false, tailWaits: tailWaits)
    var table = PointerTable()
    let reader = RecordReader(settings: settings, dialect: dialect, table: &table)
    batch.clear()
    while try source.fill(batch) {
      reader.process(batch, step: 0)
      if case .later(let piece) = batch.longItem?.place {
        outcome.items[outcome.items.count - 1].raw += Array(batch.bytes[piece])
      }
      for index in 0..<batch.records.count { outcome.items.append(item(batch, index)) }
      outcome.lost -= batch.syntaxBytes
      batch.clear()
    }
    outcome.pending = source.facts.map(\.pendingBytes)
    for facts in source.facts {
      outcome.lost += facts.textBytes - facts.syntaxBytes - facts.besideBytes
    }
    for item in outcome.items { outcome.lost -= item.raw.count }
  } catch {
    outcome.failure = "\(error)"
  }
  return outcome
}

private func gzip(_ text: ByteView) -> [UInt8] {
  var output = ByteBuffer()
  do throws(CodecError) {
    try Compressor(Compression(format: .gzip, level: 1)).compress(
      text, into: &output)
  } catch {
    check(false, "compression failed: \(error)")
  }
  return output.bytes
}

func fuzz(_ input: ByteView) {
  var choices = Choices(input)
  var settings = InputSettings()
  settings.format = InputFormat.allCases[choices.next() % InputFormat.allCases.count]
  settings.envelope = EnvelopePolicy.allCases[choices.next() % EnvelopePolicy.allCases.count]
  settings.maxRecord = [16, 64, 1 << 20][choices.next() % 3]
  settings.leastHeld = [1, 32, 64 << 10][choices.next() % 3]
  let records = ["", "/*", "/a/*"][choices.next() % 3]
  if !records.isEmpty { settings.records = try? JSONPointer(records) }
  let size = choices.next() + 1
  let tailWaits = choices.next() & 1 == 1
  // What is compressed itself would be taken for it twice.
  guard CompressionFormat.ofInput(beginning: choices.rest) == CompressionFormat.none else { return }
  write(Array(choices.rest))
  let whole = read(settings, size: 1 << 20, tailWaits: tailWaits)
  let pieces = read(settings, size: size, tailWaits: tailWaits)
  check(
    whole.lost == 0 || !whole.failure.isEmpty, "\(whole.lost) bytes are unaccounted for: \(whole)")
  check(pieces == whole, "in pieces of \(size): \(pieces) but \(whole)")
  write(gzip(choices.rest))
  let compressed = read(settings, size: size, tailWaits: tailWaits)
  check(compressed == whole, "compressed: \(compressed) but \(whole)")
}
