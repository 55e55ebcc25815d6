/// What an event is counted under: numbers of names, one for each dimension.
struct EventCodes: Hashable {
  /// The number of its stretch of time; `noTime` for an event without.
  var bucket: Int64
  var actor: UInt16
  var key: UInt16
  var action: UInt16
  var account: UInt16
  var resource: UInt16
  var address: UInt16
  var from: UInt16
  var match: UInt16
  var kind: UInt16
  var flags: UInt16
  var signals: UInt16
  /// The number of a set of candidates (see `CandidateSet`).
  var candidates: UInt16

  static let noTime = Int64.min
}

/// What names an event has.
enum Dimension: CaseIterable {
  case actor, key, action, account, resource, address, from, match, kind, flags, signals, candidates
}

extension EventCodes {
  /// The number of the name that the event has there. (Key paths would take ten times as long.)
  subscript(dimension: Dimension) -> UInt16 {
    get {
      switch dimension {
      case .actor: actor
      case .key: key
      case .action: action
      case .account: account
      case .resource: resource
      case .address: address
      case .from: from
      case .match: match
      case .kind: kind
      case .flags: flags
      case .signals: signals
      case .candidates: candidates
      }
    }
    set {
      switch dimension {
      case .actor: actor = newValue
      case .key: key = newValue
      case .action: action = newValue
      case .account: account = newValue
      case .resource: resource = newValue
      case .address: address = newValue
      case .from: from = newValue
      case .match: match = newValue
      case .kind: kind = newValue
      case .flags: flags = newValue
      case .signals: signals = newValue
      case .candidates: candidates = newValue
      }
    }
  }
}

/// Counts events under all dimensions at once, so that every picture of a report can be drawn for every
/// filter.
///
/// When there are more counts than the limit, it becomes coarser, a step at a time: longer stretches of
/// time, then rare names become "others". Steps only ever merge counts, so their sum stays exact.
struct EventCube {
  private enum Step {
    /// Longer stretches of time, until there are at most so many.
    case widen(Int)
    /// The most frequent names keep theirs.
    case keep(Dimension, Int)
  }

  /// Seconds. Each is a multiple of the one before.
  static let widths: [Int64] = [
    60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_419_200, 29_030_400,
  ]
  /// From the Monday before 1970 on: weeks begin on Mondays.
  static let origin: Int64 = -3 * 86_400

  private static let steps: [Step] = [
    .widen(2500), .keep(.resource, 1000), .keep(.address, 1000), .widen(750),
    .keep(.resource, 200), .keep(.address, 200), .keep(.resource, 40), .keep(.address, 40),
    .widen(400), .keep(.resource, 10), .keep(.address, 10), .keep(.actor, 500), .keep(.key, 500),
    .keep(.action, 200), .keep(.address, 0), .keep(.resource, 0), .widen(120),
    .keep(.actor, 100), .keep(.key, 100), .keep(.action, 50), .keep(.account, 50), .widen(60),
    .keep(.candidates, 200), .keep(.flags, 5), .keep(.signals, 20),
    .keep(.from, 10), .keep(.actor, 20), .keep(.key, 20), .keep(.action, 20), .keep(.account, 10),
    .keep(.candidates, 0), .keep(.flags, 0), .keep(.key, 0), .keep(.action, 0), .keep(.actor, 0),
  ]

  private(set) var cells: [EventCodes: Int] = [:]
  /// Which of `widths` stretches have.
  private var width = 0
  /// For dimensions that have become coarser the names that were kept.
  private(set) var kept: [Dimension: Set<UInt16>] = [:]

  /// Seconds of a stretch of time.
  var seconds: Int64 { EventCube.widths[width] }

  /// The stretch that a time, in seconds since 1970, lies in.
  func bucket(_ seconds: Int64) -> Int64 {
    EventCube.floored(seconds - EventCube.origin, by: self.seconds)
  }

  static func floored(_ value: Int64, by divisor: Int64) -> Int64 {
    value / divisor - (value % divisor < 0 ? 1 : 0)
  }

  /// Counts an event.
  mutating func add(_ codes: EventCodes) {
    cells[kept.isEmpty ? codes : folded(codes), default: 0] += 1
  }

  /// Becomes coarser until there are at most `limit` counts. `ranked` gives a dimension's names, the most
  /// frequent first.
  ///
  /// Every time from the first step on: by now there may be more stretches of time than when it was taken.
  mutating func coarsen(to limit: Int, ranked: (Dimension) -> [UInt16]) {
    for step in EventCube.steps {
      guard cells.count > limit else { return }
      switch step {
      case .widen(let most): widen(most)
      case .keep(let dimension, let most):
        if let kept = kept[dimension], kept.count <= most { continue }
        let names = ranked(dimension).filter { kept[dimension]?.contains($0) ?? true }
        if names.count > most { keep(dimension, Set(names.prefix(most))) }
      }
    }
    while cells.count > limit, width + 1 < EventCube.widths.count { widen(0, steps: 1) }
  }

  /// Widens stretches of time until their numbers, from the first one on, fit `most`.
  mutating func fit(_ most: Int64) {
    while width + 1 < EventCube.widths.count {
      let buckets = cells.keys.lazy.map(\.bucket).filter { $0 != EventCodes.noTime }
      guard let first = buckets.min(), let last = buckets.max(), last - first >= most else {
        return
      }
      widen(0, steps: 1)
    }
  }

  /// Makes all names but these "others".
  mutating func keep(_ dimension: Dimension, _ names: Set<UInt16>) {
    kept[dimension] = kept[dimension].map { $0.intersection(names) } ?? names
    fold()
  }

  private func folded(_ codes: EventCodes) -> EventCodes {
    var codes = codes
    for (dimension, names) in kept {
      let code = codes[dimension]
      if code > NameTable.others, !names.contains(code) {
        codes[dimension] = NameTable.others
      }
    }
    return codes
  }

  private mutating func fold() {
    var merged: [EventCodes: Int] = [:]
    merged.reserveCapacity(cells.count)
    for (codes, count) in cells { merged[folded(codes), default: 0] += count }
    cells = merged
  }

  private mutating func widen(_ most: Int, steps: Int = .max) {
    var left = steps
    while left > 0, width + 1 < EventCube.widths.count,
      Set(cells.keys.lazy.map(\.bucket)).count > most
    {
      left -= 1
      let factor = EventCube.widths[width + 1] / EventCube.widths[width]
      width += 1
      var merged: [EventCodes: Int] = [:]
      for (codes, count) in cells {
        var codes = codes
        if codes.bucket != EventCodes.noTime {
          codes.bucket = EventCube.floored(codes.bucket, by: factor)
        }
        merged[codes, default: 0] += count
      }
      cells = merged
    }
  }
}
