internal import Synchronization

/// How many records of each input earlier runs have read: found out when the archive is open, and asked
/// for by any worker.
final class RecordsBefore: Sendable {
  private let counts = Mutex<[Int: Int]>([:])

  subscript(number: Int) -> Int {
    get { counts.withLock { $0[number, default: 0] } }
    set { counts.withLock { $0[number] = newValue } }
  }
}
