internal import Bytes
internal import Disk

/// Collects what is found in one piece of a part, and sorts it. A piece can be a whole part: beyond a bound
/// answers wait in files.
final class PieceAnswers {
  /// Files of a level, few, since several pieces have theirs open at a time.
  private static let mostFiles = 8

  private let disk: Disk
  private let folder: String
  /// Bytes that wait in memory at most, roughly.
  private let bound: Int
  private var found = AnswersInMemory()
  private var spilled: TimeOrder?

  init(_ disk: Disk, temporaryFolder: String, bound: Int = 8 << 20) {
    self.disk = disk
    folder = temporaryFolder
    self.bound = bound
  }

  func append(_ line: ByteView, _ key: EventKey) throws {
    found.append(line, key)
    if found.size > bound { try spill() }
  }

  private func spill() throws {
    let order =
      spilled
      ?? TimeOrder(
        disk, temporaryFolder: folder, bound: 0, mostFiles: PieceAnswers.mostFiles)
    spilled = order
    found.sort()
    try order.add([found])
    found = AnswersInMemory()
  }

  /// What was found, each sorted in itself. Nothing more may be added.
  func finish() -> [any SortedAnswers] {
    found.sort()
    return (spilled?.takeAll() ?? []) + (found.count > 0 ? [found] : [])
  }
}
