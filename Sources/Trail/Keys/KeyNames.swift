internal import Bytes

// A name can be that of thousands of keys, at once or one after the other: a job that makes itself a key each
// night calls it the same. So those who bear a name lie in the order of their ids, and of many each run of 64
// is counted at once, each run of 128, and so on: how many of a run bear the name at a time are those that
// began to until then, without those that ceased.

/// The names of keys, with those who bear them and when.
struct KeyNames: ~Copyable {
  /// A stretch of time in which a key bears a name.
  struct Bearer: BitwiseCopyable {
    var key: UInt32
    /// In microseconds since 1970.
    var start: Int64
    /// Exclusive.
    var end: Int64

    func bears(at time: Int64) -> Bool { start <= time && time < end }
  }

  /// Where those who bear a name lie.
  struct Name: BitwiseCopyable {
    var start = 0
    var count = 0
    /// Where the times of its runs begin.
    var runs = 0
    /// Lengths of runs that are counted: the shortest, twice that, and so on.
    var levels = 0
  }

  /// What a name and the beginning of an id come to.
  enum Answer {
    /// Exactly one key fits.
    case key(Int)
    /// Several do.
    case several
    /// None does, but one did at another time.
    case otherTime
    /// None ever did.
    case nobody
  }

  /// Members of the shortest run that is counted.
  private static let shortestRun = 64

  private var names = ByteTable<Name>()
  private var bearers: FlatArray<Bearer>
  /// For each name and each length of runs: when its bearers begin and cease, sorted within each run.
  private var starts = FlatArray<Int64>()
  private var ends = FlatArray<Int64>()

  /// The names of those who bear one; `isBefore` orders keys by their ids.
  init(
    _ names: consuming ByteTable<Name>, _ all: [(name: UInt32, bearer: Bearer)],
    isBefore: (UInt32, UInt32) -> Bool
  ) {
    self.names = names
    let all = all.sorted { left, right in
      if left.name != right.name { return left.name < right.name }
      return left.bearer.key == right.bearer.key
        ? left.bearer.start < right.bearer.start : isBefore(left.bearer.key, right.bearer.key)
    }
    bearers = FlatArray(capacity: all.count)
    for (name, bearer) in all {
      if self.names[Int(name)].count == 0 { self.names[Int(name)].start = bearers.count }
      self.names[Int(name)].count += 1
      bearers.append(bearer)
    }
    for name in 0..<self.names.count { addRuns(name) }
  }

  private mutating func addRuns(_ number: Int) {
    var name = names[number]
    guard name.count >= 2 * KeyNames.shortestRun else { return }
    name.runs = starts.count
    var length = KeyNames.shortestRun
    while length <= name.count {
      let first = starts.count
      for place in name.start..<name.start + name.count {
        starts.append(bearers[place].start)
        ends.append(bearers[place].end)
      }
      for run in 0..<name.count / length {
        let range = first + run * length..<first + (run + 1) * length
        var sorted = starts.elements[range]
        sorted.sort()
        sorted = ends.elements[range]
        sorted.sort()
      }
      name.levels += 1
      length *= 2
    }
    names[number] = name
  }

  /// Calls `body` with each name.
  func forEachName(_ body: (ByteView) -> Void) {
    for number in 0..<names.count { body(names.key(number)) }
  }

  /// The only key whose id, which `id` gives, begins with `prefix` and that bears `name` at `time`.
  func find(_ prefix: ByteView, _ name: ByteView, at time: Int64, id: (Int) -> ByteView) -> Answer {
    guard let name = names.find(name) else { return .nobody }
    let low = place(in: 0..<name.count, of: name) {
      !id($0).lexicographicallyPrecedes(prefix)
    }
    let high = place(in: low..<name.count, of: name) { !id($0).starts(with: prefix) }
    guard low < high else { return .nobody }
    var found: Int?
    var place = low
    while place < high {
      let level = level(ofRunAt: place, upTo: high, of: name)
      let (count, length) =
        level < 0
        ? (bearers[name.start + place].bears(at: time) ? 1 : 0, 1)
        : (self.count(inRunAt: place, level, at: time, of: name), KeyNames.shortestRun << level)
      guard count == 0 || found == nil && count == 1 else { return .several }
      if count == 1 {
        found = level < 0 ? place : only(inRunAt: place, level, at: time, of: name)
      }
      place += length
    }
    return found.map { .key(Int(bearers[name.start + $0].key)) } ?? .otherTime
  }

  /// The first place in `range` whose key meets a condition that all behind it meet too.
  private func place(
    in range: Range<Int>, of name: Name, _ isMet: (Int) -> Bool
  ) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if isMet(Int(bearers[name.start + middle].key)) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  // MARK: Runs

  /// The longest run that is counted, begins at a place and ends up to another; -1 if there is none.
  private func level(ofRunAt place: Int, upTo end: Int, of name: Name) -> Int {
    var level = -1
    while level + 1 < name.levels {
      let length = KeyNames.shortestRun << (level + 1)
      guard place % length == 0, place + length <= end else { break }
      level += 1
    }
    return level
  }

  /// How many of a run bear the name at a time.
  private func count(inRunAt place: Int, _ level: Int, at time: Int64, of name: Name) -> Int {
    let first = name.runs + level * name.count + place
    let range = first..<first + KeyNames.shortestRun << level
    return KeyNames.count(upTo: time, starts.elements[range])
      - KeyNames.count(upTo: time, ends.elements[range])
  }

  private static func count(
    upTo time: Int64, _ sorted: Slice<UnsafeMutableBufferPointer<Int64>>
  ) -> Int {
    var (low, high) = (sorted.startIndex, sorted.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low - sorted.startIndex
  }

  /// The place of the only one of a run who bears the name at a time.
  private func only(inRunAt place: Int, _ level: Int, at time: Int64, of name: Name) -> Int? {
    var (place, level) = (place, level)
    while level > 0 {
      level -= 1
      if count(inRunAt: place, level, at: time, of: name) == 0 {
        place += KeyNames.shortestRun << level
      }
    }
    return (place..<place + KeyNames.shortestRun).first {
      bearers[name.start + $0].bears(at: time)
    }
  }
}
