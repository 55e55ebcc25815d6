internal import Bytes
internal import Disk

// Events of many parts, given out in the order of time, in bounded memory.
//
// What was found in one piece of a part is sorted, in memory or in a file. A heap holds it by its next
// event. Pieces are looked at in the order of their first events (the latest, where the newest come
// first); so when the next piece begins at a certain time, everything before that can be given out, and
// with partitions by time little has to wait.
// Where pieces overlap so much that more than a bound has to wait, it is moved to a temporary
// file, sorted; the file has no name any more and is gone with the process. When there are many such
// files they become one of the next level, and many of those one of the level above: so an event is moved a
// few times, however many there are (O'Neil, Cheng, Gawlick, O'Neil, "The log-structured merge-tree", 1996).

/// Why a search ended early.
package struct SearchError: Error, CustomStringConvertible {
  /// What is wrong, and what to do.
  package let description: String

  init(_ description: String) { self.description = description }
}

/// Puts events of many pieces in the order of time.
final class TimeOrder {
  /// Files of a level that become one of the next.
  private let mostFiles: Int
  /// Bytes that wait in memory at most, roughly: 64 MiB.
  private let bound: Int
  private let disk: Disk
  private let folder: String
  /// A heap by the keys of the next events.
  private var heap: [any SortedAnswers] = []
  private var size = 0
  private var spilled = 0

  init(_ disk: Disk, temporaryFolder: String, bound: Int = 64 << 20, mostFiles: Int = 64) {
    self.disk = disk
    folder = temporaryFolder
    self.bound = bound
    self.mostFiles = mostFiles
  }

  /// Adds what was found in a piece.
  func add(_ found: [any SortedAnswers]) throws {
    for answers in found where answers.key != nil {
      size += answers.size
      push(answers)
    }
    if size > bound {
      try spill()
      try mergeFiles()
    } else if found.contains(where: { $0 is AnswersInFile }) {
      try mergeFiles()
    }
  }

  /// Gives out all events whose rank is below `rank`, or all that are left if nothing comes any more, in
  /// their order, with the numbers of their parts, until `body` returns false; whether it never did.
  func giveOut(
    before rank: Int64, isLast: Bool, _ body: (ByteView, Int) throws -> Bool
  ) throws -> Bool {
    while let answers = heap.first, let key = answers.key, key.rank < rank || isLast {
      var goesOn = true
      try answers.take { goesOn = try body($0, key.part) }
      if answers.key == nil { size -= answers.size }
      replaceFirst()
      if !goesOn { return false }
    }
    return true
  }

  /// Takes out everything that waits.
  func takeAll() -> [any SortedAnswers] {
    defer { heap = [] }
    return heap
  }

  /// Moves what waits in memory to a file of the lowest level.
  private func spill() throws {
    try merge(to: 0) { !($0 is AnswersInFile) }
    size = 0
  }

  private func mergeFiles() throws {
    while let level = crowdedLevel {
      try merge(to: level + 1) { ($0 as? AnswersInFile)?.level == level }
    }
  }

  /// The lowest level with as many files as become one.
  private var crowdedLevel: Int? {
    var counts: [Int: Int] = [:]
    for case let file as AnswersInFile in heap { counts[file.level, default: 0] += 1 }
    return counts.filter { $0.value >= mostFiles }.keys.min()
  }

  /// Makes one file of some of what waits.
  private func merge(to level: Int, _ isChosen: (any SortedAnswers) -> Bool) throws {
    let others = heap.filter { !isChosen($0) }
    heap = heap.filter(isChosen)
    rebuild()
    let file = try merged(level)
    heap = others
    rebuild()
    push(file)
  }

  /// Everything in the heap, in one file that has no name any more.
  private func merged(_ level: Int) throws -> AnswersInFile {
    spilled += 1
    let file = try temporaryFile()
    var buffer = ByteBuffer(capacity: 1 << 20)
    var written: Int64 = 0
    while let answers = heap.first, let key = answers.key {
      try answers.take { AnswersInFile.append($0, key, to: &buffer) }
      replaceFirst()
      guard buffer.count >= 1 << 20 else { continue }
      try file.write(all: buffer.view)
      written += Int64(buffer.count)
      buffer.removeAll()
    }
    try file.write(all: buffer.view)
    return try AnswersInFile(file, size: written + Int64(buffer.count), level: level)
  }

  private func temporaryFile() throws -> File {
    let path = "\(folder)/trailmill-search-\(spilled)-\(UInt64.random(in: 0...UInt64.max))"
    do {
      let file = try disk.createExclusive(path, mode: 0o600)
      try disk.remove(path)
      return file
    } catch {
      throw SearchError(
        "more was found than is put in order in memory, and it cannot wait in a file: \(error): set TMPDIR "
          + "to a folder with room, or ask for less")
    }
  }

  // MARK: The heap

  private func precedes(_ left: any SortedAnswers, _ right: any SortedAnswers) -> Bool {
    guard let left = left.key, let right = right.key else { return left.key != nil }
    return left < right
  }

  private func rebuild() {
    let all = heap
    heap = []
    for answers in all { push(answers) }
  }

  private func push(_ answers: any SortedAnswers) {
    heap.append(answers)
    var at = heap.count - 1
    while at > 0, precedes(heap[at], heap[(at - 1) / 2]) {
      heap.swapAt(at, (at - 1) / 2)
      at = (at - 1) / 2
    }
  }

  /// Puts the first where it belongs by now, or takes it out if it has ended.
  private func replaceFirst() {
    guard let first = heap.first else { return }
    if first.key == nil {
      let last = heap.removeLast()
      guard !heap.isEmpty else { return }
      heap[0] = last
    }
    var at = 0
    while true {
      var least = at
      for child in [2 * at + 1, 2 * at + 2] where child < heap.count {
        if precedes(heap[child], heap[least]) { least = child }
      }
      guard least != at else { return }
      heap.swapAt(at, least)
      at = least
    }
  }
}
