import Bytes
import Disk
import TestSupport
import Testing

@testable import Search

/// Events of many pieces in the order of time, whatever has to wait, and where.
struct TimeOrderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What comes out of pieces of random events, with this much memory.
  private func order(bound: Int, pieces: Int, overlap: Int) throws -> (
    found: [String], expected: [String]
  ) {
    let order = TimeOrder(
      Disk(), temporaryFolder: folder.path, bound: bound, mostFiles: 3)
    var random = SeededGenerator(seed: 9)
    func next(_ bound: Int) -> Int { random.next(below: bound) }
    var all: [(key: EventKey, text: String)] = []
    var found: [String] = []
    for piece in 0..<pieces {
      let events = AnswersInMemory()
      for line in 0..<20 {
        let isTimeless = next(7) == 0
        let time = isTimeless ? Int64.max : Int64(piece * 100 + next(100 + overlap))
        let key = EventKey(
          .oldestFirst, time: time, part: Int32(piece % 3), line: Int64(piece * 20 + line))
        let text = "\(piece).\(line) " + String(repeating: "x", count: next(50))
        withBytes(text) { events.append($0, key) }
        all.append((key, text + " of \(key.part)"))
      }
      events.sort()
      try order.add([events])
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
    let order = TimeOrder(Disk(), temporaryFolder: folder.path, mostFiles: 3)
    var expected: [Int] = []
    for piece in 0..<2 {
      let answers = PieceAnswers(Disk(), temporaryFolder: folder.path, bound: bound)
      for line in 0..<500 {
        let time = (line * 7919 + piece) % 1000
        expected.append(time)
        try withBytes("\(time)") {
          try answers.append(
            $0, EventKey(.oldestFirst, time: Int64(time), part: Int32(piece), line: Int64(line)))
        }
      }
      try order.add(answers.finish())
    }
    #expect(try given(order, before: .max, isLast: true) == expected.sorted().map(String.init))
  }

  private func answers(_ events: [(text: String, time: Int64, part: Int32)]) -> AnswersInMemory {
    let answers = AnswersInMemory()
    for (line, event) in events.enumerated() {
      withBytes(event.text) {
        answers.append(
          $0, EventKey(.oldestFirst, time: event.time, part: event.part, line: Int64(line)))
      }
    }
    answers.sort()
    return answers
  }

  private func given(
    _ order: TimeOrder, before time: Int64, isLast: Bool = false
  ) throws -> [String] {
    var found: [String] = []
    _ = try order.giveOut(before: time, isLast: isLast) { line, _ in
      found.append(text(line))
      return true
    }
    return found
  }

  /// The next piece may have an event of that very time in a part that comes first.
  @Test func whatIsAtTheTimeOfTheNextPieceHasToWaitForIt() throws {
    let order = TimeOrder(Disk(), temporaryFolder: folder.path)
    try order.add([answers([("early", 9, 1), ("second", 10, 1)])])
    #expect(try given(order, before: 10) == ["early"])
    try order.add([answers([("first", 10, 0), ("later", 11, 0)])])
    #expect(try given(order, before: 11) == ["first", "second"])
    #expect(try given(order, before: .max) == ["later"])
  }

  /// Events without a time come at the very end, when no other piece can follow.
  @Test func whatHasNoTimeWaitsForTheLastPiece() throws {
    let order = TimeOrder(Disk(), temporaryFolder: folder.path)
    try order.add([answers([("timeless", .max, 0)])])
    #expect(try given(order, before: .max) == [])
    #expect(try given(order, before: .max, isLast: true) == ["timeless"])
  }

  @Test func stopsWhenTheCallerReturnsFalse() throws {
    let order = TimeOrder(Disk(), temporaryFolder: folder.path)
    try order.add([answers((0..<10).map { ("\($0)", $0, 0) })])
    var count = 0
    let goesOn = try order.giveOut(before: .max, isLast: true) { _, _ in
      count += 1
      return count < 3
    }
    #expect(!goesOn && count == 3)
  }

  @Test func whereNoFileCanBeMadeTheErrorSaysWhatToDo() throws {
    let order = TimeOrder(Disk(), temporaryFolder: folder("missing"), bound: 0)
    let error = #expect(throws: SearchError.self) { try order.add([answers([("x", 1, 0)])]) }
    #expect(error?.description.contains("TMPDIR") == true)
  }
}
