import Bytes
import Disk
import TestSupport
import Testing

@testable import Search

@Suite struct PieceAnswersTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func answers(bound: Int, count: Int) throws -> [any SortedAnswers] {
    let answers = PieceAnswers(Disk(), temporaryFolder: folder.path, bound: bound)
    for line in 0..<count {
      let time = Int64(line * 7919 % 1000)
      try withBytes("\(time)") {
        try answers.append($0, EventKey(.oldestFirst, time: time, part: 0, line: Int64(line)))
      }
    }
    return answers.finish()
  }

  @Test(arguments: [0, 300, 5000])
  func beyondABoundAnswersWaitInFiles(_ bound: Int) throws {
    let found = try answers(bound: bound, count: 2000)
    let inMemory = found.filter { !($0 is AnswersInFile) }.reduce(0) { $0 + $1.size }
    #expect(inMemory <= bound)
    #expect(found.contains { $0 is AnswersInFile })
    // Their names are gone: nothing stays behind, however a search ends.
    #expect(folder.names == [])
  }

  @Test func whatFitsStaysInMemory() throws {
    let found = try answers(bound: 1 << 20, count: 2000)
    #expect(found.count == 1 && found.first is AnswersInMemory)
    #expect(try answers(bound: 0, count: 0).isEmpty)
  }

  /// Many small files become larger ones, as each takes a descriptor.
  @Test func filesStayFew() throws {
    let found = try answers(bound: 0, count: 2000)
    #expect(found.count < 30)
    for answers in found {
      var last: EventKey?
      while let key = answers.key {
        #expect(last.map { $0 < key } ?? true)
        last = key
        try answers.take { #expect(text($0) == "\(key.rank)") }
      }
    }
  }
}
