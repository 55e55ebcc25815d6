import Bytes
import Disk
import Foundation
import TestSupport
import Testing

@testable import Search

/// Events of many pieces in the order of time, whatever has to wait, and where.
struct TimeOrderTests {
  /// What comes out of pieces of random events, with this much memory.
  private func order(bound: Int, pieces: Int, overlap: Int) throws -> (
    found: [String], expected: [String]
  ) {
    let order = TimeOrder(
      Disk(), temporaryFolder: NSTemporaryDirectory(), bound: bound, mostFiles: 3)
    var random = SeededGenerator(seed: 9)
    func next(_ bound: Int) -> Int { random.next(below: bound) }
    var all: [(key: EventKey, text: String)] = []
    var found: [String] = []
    for piece in 0..<pieces {
      let events = FoundEvents()
      for line in 0..<20 {
        let isTimeless = next(7) == 0
        let time = isTimeless ? Int64.max : Int64(piece * 100 + next(100 + overlap))
        let key = EventKey(time: time, part: Int32(piece % 3), line: Int64(piece * 20 + line))
        let text = "\(piece).\(line) " + String(repeating: "x", count: next(50))
        withBytes(text) { events.append($0, key) }
        all.append((key, text + " of \(key.part)"))
      }
      events.sort()
      try order.add(events)
      let isLast = piece == pieces - 1
      let goesOn = try order.giveOut(before: Int64((piece + 1) * 100), isLast: isLast) {
        found.append(String(decoding: $0, as: UTF8.self) + " of \($1)")
        return true
      }
      #expect(goesOn)
    }
    return (found, all.sorted { $0.key < $1.key }.map(\.text))
  }

  /// A bound of nothing spills with every piece, and so merges files too, and what they become.
  @Test(arguments: [0, 2000, 1 << 20], [0, 500, 100_000])
  func theOrderIsThatOfTimeWhateverTheMemory(_ bound: Int, _ overlap: Int) throws {
    let (found, expected) = try order(bound: bound, pieces: 150, overlap: overlap)
    #expect(found == expected)
  }

  /// A piece that waits in files by itself comes out like one that lies in memory.
  @Test(arguments: [0, 300, 1 << 20])
  func aLargePieceIsInOrderToo(_ bound: Int) throws {
    let order = TimeOrder(Disk(), temporaryFolder: NSTemporaryDirectory(), mostFiles: 3)
    var expected: [Int] = []
    for piece in 0..<2 {
      let answers = PieceAnswers(
        Disk(), temporaryFolder: NSTemporaryDirectory(), bound: bound)
      for line in 0..<500 {
        let time = (line * 7919 + piece) % 1000
        expected.append(time)
        try withBytes("\(time)") {
          try answers.append(
            $0, EventKey(time: Int64(time), part: Int32(piece), line: Int64(line)))
        }
      }
      answers.finish()
      try order.add(answers)
    }
    var found: [Int] = []
    _ = try order.giveOut(before: .max, isLast: true) { text, _ in
      found.append(Int(String(decoding: text, as: UTF8.self)) ?? -1)
      return true
    }
    #expect(found == expected.sorted())
  }

  @Test func itEndsWhereNobodyWantsMore() throws {
    let order = TimeOrder(Disk(), temporaryFolder: NSTemporaryDirectory())
    let events = FoundEvents()
    for line in 0..<10 {
      withBytes("\(line)") {
        events.append($0, EventKey(time: Int64(line), part: 0, line: Int64(line)))
      }
    }
    events.sort()
    try order.add(events)
    var count = 0
    let goesOn = try order.giveOut(before: .max, isLast: true) { _, _ in
      count += 1
      return count < 3
    }
    #expect(!goesOn && count == 3)
  }
}
