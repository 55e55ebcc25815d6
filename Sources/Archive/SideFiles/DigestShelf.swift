internal import Bytes
internal import Disk
internal import History
internal import Synchronization
internal import Trail

/// The files of digests that earlier runs published: each is opened when it is asked first, and none stays
/// open. Safe on any thread.
///
/// Unchecked: `init` alone writes, but for `opened`, which is atomic.
final class DigestShelf: @unchecked Sendable {
  /// The rows of the files, in the order of publication.
  let rows: [ManifestRow]
  private let history: ArchiveHistory
  private let copies: CheckedCopies
  private let opening = Mutex(())
  /// The files that were asked, by the places of their rows; each is held.
  private let opened: UnsafeMutablePointer<Atomic<Unmanaged<DigestFile>?>>
  private let places: PlacesByDay

  /// The files of `rows`. `path` is where what was looked at is copied to.
  init(_ history: ArchiveHistory, _ rows: [ManifestRow], rule: Digest256?, copyingTo path: String) {
    self.history = history
    self.rows = rows
    copies = CheckedCopies(history.disk, path)
    opened = .allocate(capacity: max(rows.count, 1))
    for place in rows.indices { (opened + place).initialize(to: Atomic(nil)) }
    places = PlacesByDay(rows, rule: rule)
  }

  deinit {
    for place in rows.indices { opened[place].load(ordering: .acquiring)?.release() }
    opened.deinitialize(count: rows.count)
    opened.deallocate()
  }

  /// True if the digest of an event of `day` is in one of the files; nil asks all of them. The newest come
  /// first, and before those that can hold any day.
  func contains(_ digest: Digest256, on day: EventDay?) throws -> Bool {
    for at in places.range(of: day) where try isThere(digest, places[at]) { return true }
    for at in places.always where try isThere(digest, places[at]) { return true }
    return false
  }

  private func isThere(_ digest: Digest256, _ place: Int) throws -> Bool {
    guard let file = opened[place].load(ordering: .acquiring) else {
      return try self.file(place).contains(digest)
    }
    return try file._withUnsafeGuaranteedRef { try $0.contains(digest) }
  }

  /// The file of a row. Throws, with the kind `damaged`, if it is not there or none of digests.
  func file(_ place: Int) throws -> DigestFile {
    try opening.withLock { _ in
      if let file = opened[place].load(ordering: .acquiring) { return file.takeUnretainedValue() }
      let file = try open(rows[place])
      opened[place].store(.passRetained(file), ordering: .releasing)
      return file
    }
  }

  private func open(_ row: ManifestRow) throws -> DigestFile {
    let altered = BlockReader.altered(history, row)
    let source = try row.blocksRoot.map {
      try BlockReader(history, row, root: $0, staysOpen: false)
    }
    let count = source?.content ?? Int(clamping: row.bytes)
    guard count <= HashedBlocks.longest else { throw altered }
    let (copy, start) = try copies.room(HashedBlocks.count(count) * HashedBlocks.size)
    let checked =
      try source.map { CheckedFile($0, copy, at: start) }
      ?? CheckedFile(history, row, copy, at: start)
    guard let file = try DigestFile(checked), file.count == row.records else { throw altered }
    return file
  }
}

/// Which files may hold events of a day, by the places of their rows. Plain memory, as it is looked at for
/// every event: arrays would count references.
private final class PlacesByDay {
  /// Days, in their order and each once.
  private let days: UnsafeMutableBufferPointer<EventDay>
  /// For each day where its places begin in `places`, and their end.
  private let starts: UnsafeMutableBufferPointer<Int>
  /// The places of each day's files, then of those that may hold any day, then of all that do not.
  private let places: UnsafeMutableBufferPointer<Int>
  /// Where the files are that may hold any day.
  let always: Range<Int>
  /// Where those are that know their days.
  private let knowing: Range<Int>

  init(_ rows: [ManifestRow], rule: Digest256?) {
    var byDay: [EventDay: [Int]] = [:]
    var others: [Int] = []
    var knowing: [Int] = []
    for place in rows.indices.reversed() {
      guard let known = rows[place].days, known.rule == rule else {
        others.append(place)
        continue
      }
      knowing.append(place)
      for day in known.days { byDay[day, default: []].append(place) }
    }
    let sorted = byDay.keys.sorted()
    var starts = [0]
    var places: [Int] = []
    for day in sorted {
      places += byDay[day] ?? []
      starts.append(places.count)
    }
    always = places.count..<places.count + others.count
    self.knowing = always.upperBound..<always.upperBound + knowing.count
    days = PlacesByDay.copy(sorted)
    self.starts = PlacesByDay.copy(starts)
    self.places = PlacesByDay.copy(places + others + knowing)
  }

  deinit {
    days.deallocate()
    starts.deallocate()
    places.deallocate()
  }

  private static func copy<Element>(_ elements: [Element]) -> UnsafeMutableBufferPointer<Element> {
    let copy = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = copy.initialize(from: elements)
    return copy
  }

  /// The place of a row.
  subscript(at: Int) -> Int { places[at] }

  /// Where the files are that say that they hold events of a day; nil for whatever day.
  func range(of day: EventDay?) -> Range<Int> {
    guard let day else { return knowing }
    var (low, high) = (0, days.count)
    while low < high {
      let middle = low + (high - low) / 2
      if days[middle] < day { low = middle + 1 } else { high = middle }
    }
    guard low < days.count, days[low] == day else { return 0..<0 }
    return starts[low]..<starts[low + 1]
  }
}
