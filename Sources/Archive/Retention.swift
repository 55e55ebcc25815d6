public import Bytes
internal import Disk

/// Which files are older than they have to be, and which of those are held.
public struct Retention: Sendable {
  /// What may go.
  public private(set) var expired: [RetiredFile] = []
  /// Parts that would go but for a hold, and the first hold that says so.
  public private(set) var held: [(path: String, hold: String)] = []

  /// Parts whose last event was before `time`, and quarantines of commits before it. A part of which
  /// no event has a time stays.
  public init(_ files: LiveFiles, before time: Timestamp) {
    let holds = files.holds.values.sorted { precedesInBytes($0.name, $1.name) }
    for part in files.all(.part) {
      guard let last = part.row.lastTime, last < time, let retired = part.retired(.expired)
      else { continue }
      if let hold = holds.first(where: { $0.protects(part.row.firstTime, part.row.lastTime) }) {
        held.append((part.row.path, hold.name))
      } else {
        expired.append(retired)
      }
    }
    for quarantine in files.all(.quarantine) {
      guard let finished = files.finished[quarantine.sequence], finished < time,
        let retired = quarantine.retired(.expired)
      else { continue }
      if let hold = holds.first {
        held.append((quarantine.row.path, hold.name))
      } else {
        expired.append(retired)
      }
    }
  }
}

extension ArchiveDirectory {
  /// Removes files that were taken out at `time` or before, and the folders that are empty then.
  /// Returns how many files went. Readers that still have an old manifest in hand find them until then.
  public func removeFormer(_ files: LiveFiles, retiredBy time: Timestamp) throws(ArchiveError)
    -> Int
  {
    var removed = 0
    do {
      for file in files.former {
        guard let retired = file.time, retired <= time else { continue }
        let path = self.path + "/" + file.path
        guard try disk.statIfPresent(path) != nil else { continue }
        try disk.remove(path)
        removed += 1
        var folder = parent(of: path)
        while folder.utf8.count > self.path.utf8.count, !folder.hasSuffix("/_trailmill"),
          try disk.removeDirectoryIfEmpty(folder)
        {
          folder = parent(of: folder)
        }
      }
    } catch { throw ArchiveError(wrapping: error) }
    return removed
  }
}
