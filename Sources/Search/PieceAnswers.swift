internal import Bytes
internal import Disk

/// What was found in one piece of a part. A piece can be a whole part: beyond a bound it waits in files.
final class PieceAnswers {
  /// Files of a level, few, since several pieces have theirs open at a time.
  private static let mostFiles = 8

  private let disk: Disk
  private let folder: String
  /// Bytes that wait in memory at most, roughly.
  private let bound: Int
  private var found = FoundEvents()
  private var order: TimeOrder?
  private(set) var runs: [any EventRun] = []

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
      order
      ?? TimeOrder(
        disk, temporaryFolder: folder, bound: 0, mostFiles: PieceAnswers.mostFiles)
    self.order = order
    found.sort()
    try order.add(found)
    found = FoundEvents()
  }

  /// Nothing more will be found.
  func finish() {
    found.sort()
    runs = (order?.takeRuns() ?? []) + (found.count > 0 ? [found] : [])
    order = nil
  }
}
