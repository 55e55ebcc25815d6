internal import Bytes

/// Which version of each key counts when, so that finding it takes no look at the others.
///
/// A key has stretches of time, one behind the other, and in each the same version counts, or none does.
/// Events without a time have a stretch of their own, before all others: there only versions without any
/// bound hold.
struct KeyStretches: ~Copyable {
  struct Stretch: BitwiseCopyable {
    /// In microseconds since 1970, up to where the key's next one begins.
    var start: Int64
    /// The place of the version among all; -1 if none holds.
    var version: Int32
  }

  /// Where events without a time stand: `Record.noTime`.
  private static let timeless = Int64.min

  private(set) var all = FlatArray<Stretch>()
  /// Versions that hold at the moment, the one that counts last; each ends before those beneath it.
  private var open = FlatArray<Int32>()

  /// The stretches of all keys, whose versions lie side by side, each behind those that give way to it.
  init(
    _ versions: borrowing FlatArray<KeyDirectory.Version>, _ keys: inout FlatArray<KeyDirectory.Key>
  ) {
    for number in 0..<keys.count {
      let first = Int(keys[number].firstVersion)
      let start = all.count
      add(versions, first..<first + Int(keys[number].versionCount), since: start)
      keys[number].firstStretch = Int32(start)
      keys[number].stretchCount = Int32(all.count - start)
      if all.count == start + 1, all[start].start == KeyStretches.timeless {
        keys[number].onlyVersion = all[start].version
      }
    }
  }

  private mutating func add(
    _ versions: borrowing FlatArray<KeyDirectory.Version>, _ range: Range<Int>, since first: Int
  ) {
    open.removeAll()
    for index in range {
      let version = versions[index]
      let isBound = version.validTo != .max
      let start =
        version.validFrom == .min && isBound ? KeyStretches.timeless + 1 : version.validFrom
      close(versions, until: start, since: first)
      // What ends no later will never count again.
      while let last = open.last, versions[Int(last)].validTo <= version.validTo {
        open.truncate(to: open.count - 1)
      }
      open.append(Int32(index))
      begin(start, Int32(index), since: first)
    }
    close(versions, until: .max - 1, since: first)
  }

  /// Ends the versions that end up to a time: what is beneath them counts again.
  private mutating func close(
    _ versions: borrowing FlatArray<KeyDirectory.Version>, until time: Int64, since first: Int
  ) {
    while let last = open.last, versions[Int(last)].validTo <= time {
      open.truncate(to: open.count - 1)
      begin(versions[Int(last)].validTo, open.last ?? -1, since: first)
    }
  }

  private mutating func begin(_ start: Int64, _ version: Int32, since first: Int) {
    if all.count > first, all[all.count - 1].start == start {
      all[all.count - 1].version = version
    } else {
      all.append(Stretch(start: start, version: version))
    }
  }

  /// The place of the version of a key that counts at a time; nil if none holds.
  func version(of key: KeyDirectory.Key, at time: Int64) -> Int? {
    if key.onlyVersion >= 0 { return Int(key.onlyVersion) }
    var low = Int(key.firstStretch)
    var high = low + Int(key.stretchCount)
    let first = low
    while low < high {
      let middle = (low + high) / 2
      if all[middle].start <= time { low = middle + 1 } else { high = middle }
    }
    guard low > first else { return nil }
    let version = Int(all[low - 1].version)
    return version < 0 ? nil : version
  }
}

extension FlatArray {
  fileprivate var last: Element? { count == 0 ? nil : self[count - 1] }
}
