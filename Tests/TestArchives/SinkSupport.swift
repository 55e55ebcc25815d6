import Output
import Bytes
import Codec
import Disk
import Engine
import Foundation
import JSONText
import Synchronization
import TestSupport
import Testing
import Trail

/// Events in the order of the input: `{"p":…,"n":…,"x":…}`, n from 0, p the partition.
struct Events {
  var lines: [String] = []
  var partitions: [String] = []

  /// The lines of each partition, in the order of the input.
  var byPartition: [String: [String]] {
    var result: [String: [String]] = [:]
    for (line, partition) in zip(lines, partitions) { result[partition, default: []].append(line) }
    return result
  }

  private static let noise: String = {
    var random = SeededGenerator(seed: 0)
    let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".unicodeScalars)
    return (0..<4000).reduce(into: "") { text, _ in
      text.unicodeScalars.append(letters[random.next(below: letters.count)])
    }
  }()

  mutating func append(_ partition: String, padding: Int) {
    let pad = Events.noise.dropFirst(lines.count * 7 % 3000).prefix(padding)
    let rest = String(repeating: "x", count: padding - pad.count)
    lines.append("{\"p\":\"\(partition)\",\"n\":\(lines.count),\"x\":\"\(pad)\(rest)\"}")
    partitions.append(partition)
  }

  /// Appends a line of so many bytes, its line feed among them.
  mutating func append(_ partition: String, bytes: Int) {
    let frame = "{\"p\":\"\(partition)\",\"n\":\(lines.count),\"x\":\"\"}\n".utf8.count
    append(partition, padding: bytes - frame)
  }

  /// A few partitions of some MiB, many of a few records, in an order drawn from `seed`.
  static func mixed(seed: UInt64, count: Int = 6000) -> Events {
    var random = SeededGenerator(seed: seed)
    var events = Events()
    for _ in 0..<count {
      let isLarge = random.next(below: 10) > 0
      let partition = random.next(below: (isLarge ? 2 : 40))
      events.append(
        isLarge ? "large\(partition)" : "small\(partition)",
        padding: random.next(below: 900))
    }
    return events
  }
}

/// Gives lines, a fixed number to a batch.
final class LineSource: Source {
  private let lines: [String]
  private let perBatch: Int
  private var next = 0
  private var offset = 0

  init(_ lines: [String], perBatch: Int) {
    self.lines = lines
    self.perBatch = perBatch
  }

  func fill(_ batch: Batch) throws -> Bool {
    guard next < lines.count else { return false }
    let end = min(next + perBatch, lines.count)
    for line in lines[next..<end] {
      batch.bytes.append(utf8: line)
      batch.bytes.append(UInt8(ascii: "\n"))
    }
    batch.inputCount = batch.bytes.count
    batch.inputOffset = offset
    offset += batch.inputCount
    next = end
    return true
  }

  func cancel() {}
}

/// Frames and scans; the second member of an event, `n`, is its time in seconds, except every
/// tenth, which has none. Turns away what is no JSON.
struct LineReader: PureStage {
  func process(_ batch: Batch, step: Int) throws {
    var start = 0
    for at in 0..<batch.inputCount where batch.bytes.base[at] == UInt8(ascii: "\n") {
      let index = batch.records.count
      batch.append(Record(raw: Span32(start, count: at - start)))
      let scan = batch.scan(index, from: start, end: at)
      if scan.fault != .none {
        batch.reject(index, .unreadable, by: step, "it is no JSON")
      } else {
        batch.records[index].body = Span32(start, count: at - start - 1)
        if let number = batch.scalar(1, of: index),
          let value = Int64(String(decoding: batch.bytes[number], as: UTF8.self)), value % 10 != 9
        {
          batch.records[index].time = value * 1_000_000
        }
      }
      start = at + 1
    }
  }
}

/// One way to run the engine.
struct Way: Sendable, CustomStringConvertible {
  var threads = 1
  var perBatch = 1000
  var memoryBound = 32 << 20

  var description: String { "\(threads) threads, \(perBatch) a batch, \(memoryBound) bytes" }
}

/// Counts files that are open at a time, and fails where a test says so.
final class Watch: Sendable {
  private let counts = Mutex((open: 0, most: 0))
  private let failing: @Sendable (DiskCall, String) -> Int32?

  init(failing: @escaping @Sendable (DiskCall, String) -> Int32? = { _, _ in nil }) {
    self.failing = failing
  }

  var mostOpen: Int { counts.withLock { $0.most } }
  var stillOpen: Int { counts.withLock { $0.open } }

  var disk: Disk {
    Disk { call, path in
      if let code = self.failing(call, path) { return .fail(code) }
      self.counts.withLock {
        if call == .create { $0.open += 1 }
        if call == .close { $0.open -= 1 }
        $0.most = max($0.most, $0.open)
      }
      return nil
    }
  }
}

/// What gzip members stand for, and the text of each.
func gunzip(_ stored: [UInt8]) throws -> [[UInt8]] { try members(of: stored, .gzip) }

/// The texts of the members of a format.
func members(of stored: [UInt8], _ format: CompressionFormat) throws -> [[UInt8]] {
  var decoder = try MemberDecoder()
  try decoder.begin(format)
  var members: [[UInt8]] = []
  var output = ByteBuffer()
  try stored.withUnsafeBufferPointer { stored in
    var at = 0
    while true {
      let (consumed, state) = try decoder.decode(
        ByteView(rebasing: stored[at...]), into: &output, limit: 1 << 20)
      at += consumed
      if state == .memberEnd {
        members.append(output.bytes)
        output.removeAll()
      }
      if state == .needsInput, at == stored.count { break }
    }
  }
  try decoder.finish()
  return members
}

/// The lines of a text whose every line ends with a line feed.
func lines(_ text: [UInt8]) -> [String] {
  var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  #expect(lines.last?.isEmpty == true)
  lines.removeLast()
  return lines.map { String(decoding: $0, as: UTF8.self) }
}

let rejectRows = RejectRows(stepNames: ["reader"], inputName: { "input-\($0)" })

func plan(_ lines: [String], _ way: Way, into sink: any Sink, _ table: PointerTable) -> Plan {
  Plan(
    source: LineSource(lines, perBatch: way.perBatch), steps: [.pure(LineReader())], sink: sink,
    pointers: PointerSet(table.pointers), slotCount: Added.slotCount)
}
