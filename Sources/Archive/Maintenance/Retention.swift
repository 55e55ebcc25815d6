package import History
package import Bytes
internal import Disk

/// Which files are older than they have to be, and which of those are held.
package struct Retention: Sendable {
  /// What may go.
  package private(set) var expired: [RetiredFile] = []
  /// Parts that would go but for a hold, and the first hold that says so.
  package private(set) var held: [(path: String, hold: String)] = []

  /// Parts whose last event was before `time`, and quarantines and lists of signals of commits before it. A
  /// part of which no event has a time stays.
  package init(_ files: LiveFiles, before time: Timestamp) {
    let holds = files.holds.values.sorted { precedesInBytes($0.name, $1.name) }
    let kept = TimeWindow(since: time)
    for part in files.all(.part) {
      guard let first = part.row.firstTime, let last = part.row.lastTime,
        !kept.mayMeet(first, last), let retired = part.retired(.expired)
      else { continue }
      if let hold = holds.first(where: { $0.protects(first, last) }) {
        held.append((part.row.path, hold.name))
      } else {
        expired.append(retired)
      }
    }
    for file in files.all(.quarantine) + files.all(.signals) {
      guard let finished = files.finished[file.sequence], !kept.contains(finished),
        let retired = file.retired(.expired)
      else { continue }
      if let hold = holds.first {
        held.append((file.row.path, hold.name))
      } else {
        expired.append(retired)
      }
    }
  }
}

extension ArchiveDirectory {
  /// Removes files that were taken out at `time` or before, and the folders that are empty then.
  /// Returns how many files went. Readers that still have an old manifest in hand find them until then.
  package func removeFormer(_ files: LiveFiles, retiredBy time: Timestamp) throws(ArchiveError)
    -> Int
  {
    var removed = 0
    var folders: Set<String> = []
    do {
      for file in files.former {
        guard let retired = file.time, retired <= time else { continue }
        if try disk.removeIfPresent(path + "/" + file.place) { removed += 1 }
        for place in [file.path, file.place] { folders.insert(parent(of: path + "/" + place)) }
      }
      for folder in folders.sorted(by: precedesInBytes) { try removeIfEmpty(folder) }
    } catch {
      throw ArchiveError(
        .fault, "\(error): what is committed stays so; the next time goes on removing retired files"
      )
    }
    return removed
  }

  /// Removes a partition's folder and those above it as far as they are empty.
  private func removeIfEmpty(_ folder: String) throws(DiskError) {
    var folder = folder
    while folder.utf8.count > path.utf8.count,
      parent(of: folder) != path + "/" + ArchiveNames.folder,
      try disk.removeDirectoryIfEmpty(folder)
    {
      folder = parent(of: folder)
    }
  }
}
