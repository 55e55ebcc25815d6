internal import Bytes
internal import History
internal import Disk

/// One round of a verification: its findings, and the files that no manifest speaks of.
struct VerificationRound {
  let replay: VerificationReplay
  private let inventory: ArchiveInventory
  private let discrepancies: [Discrepancy]
  /// Files that no manifest speaks of.
  private(set) var extras: [String] = []
  /// Files that cannot be checked, as what they are checked by is lost.
  private(set) var unchecked: Set<String>
  /// Files that are called like those of commits after the newest, by path.
  private(set) var later: [String] = []

  init(
    _ replay: VerificationReplay, _ contents: VerificationContents,
    _ inventory: ArchiveInventory, ignoring ignored: Set<String>
  ) {
    self.replay = replay
    self.inventory = inventory
    discrepancies = replay.discrepancies + contents.discrepancies
    unchecked = replay.unchecked
    let gaps = Dictionary(uniqueKeysWithValues: replay.gaps.map { ($0.sequence, $0) })
    for path in inventory.sizes.keys
    where replay.live[path] == nil && replay.former[path] == nil
      && !replay.manifestFiles.contains(path) && !ignored.contains(path) && !isLeaving(path)
    {
      sort(path, gaps)
    }
    if !later.isEmpty {
      later += extras.filter(VerificationRound.isOfAnyCommit)
      extras.removeAll(where: VerificationRound.isOfAnyCommit)
    }
    later.sort(by: precedesInBytes)
  }

  /// True for what is called by its content, so that it may be of any commit.
  private static func isOfAnyCommit(_ path: String) -> Bool {
    if case .content = FileOrigin(path: path) { true } else { false }
  }

  /// True for a part that its commit has not moved out yet, or has just now.
  private func isLeaving(_ path: String) -> Bool {
    guard let sequence = replay.leaving[path] else { return false }
    if inventory.staged.contains(ManifestNames.number(sequence)) { return true }
    do { return try replay.reader.status(path) == nil } catch { return false }
  }

  private mutating func sort(_ path: String, _ gaps: [Int: VerificationReplay.Gap]) {
    if let part = PartNames.path(ofRetired: path).flatMap({ replay.live[$0] }),
      gaps.values.contains(where: { $0.mayRetire(part) })
    {
      unchecked.insert(path)
      return
    }
    switch FileOrigin(path: PartNames.path(ofRetired: path) ?? path) {
    case .content where !gaps.isEmpty: unchecked.insert(path)
    case .content, nil: extras.append(path)
    case .commit(let sequence): sort(path, sequence, runName: nil, gaps)
    case .run(let sequence, let name): sort(path, sequence, runName: name, gaps)
    }
  }

  private mutating func sort(
    _ path: String, _ sequence: Int, runName: String?, _ gaps: [Int: VerificationReplay.Gap]
  ) {
    if sequence > replay.chain.newest {
      // A header or rows would have counted, if they were any.
      let isNone = path.hasPrefix(ManifestNames.folder) && !ManifestNames.isSignature(path)
      if isNone { extras.append(path) } else { later.append(path) }
    } else if let gap = gaps[sequence],
      runName == nil || gap.header.map({ $0.runName == runName }) ?? true
    {
      unchecked.insert(path)
    } else {
      extras.append(path)
    }
  }

  /// Files whose content may be that of something lost.
  var candidates: Set<String> {
    var paths = unchecked.union(extras).union(later)
    paths.formUnion(replay.former.keys)
    paths.formUnion(discrepancies.map(\.path))
    return paths.filter { inventory.sizes[$0] != nil }
  }

  // MARK: Diagnosis

  /// What was done to the files. Contents that are suspect are read for that, unless no contents are to
  /// be read.
  func diagnose(_ contents: inout VerificationContents) throws -> [VerificationFinding] {
    var discrepancies = discrepancies
    if !contents.options.isQuick { try readSuspects(&contents) }
    for index in discrepancies.indices where discrepancies[index].actual == nil {
      guard inventory.sizes[discrepancies[index].path] != nil else { continue }
      discrepancies[index].actual = digest(discrepancies[index].path, contents)
    }
    let others = odd(&discrepancies)
    let former = replay.former.compactMap { path, file in
      digest(path, contents).flatMap { actual in
        actual == file.sha256
          ? nil
          : Discrepancy(
            path: path, kind: .altered, expected: "a file that was taken out", found: "",
            genuine: file.sha256, actual: actual)
      }
    }
    let extras = Dictionary(
      uniqueKeysWithValues: extras.map { ($0, digest($0, contents)) })
    var diagnosis = VerificationDiagnosis(discrepancies, former: former, extras: extras)
    return diagnosis.diagnose(known: extras.isEmpty && discrepancies.isEmpty ? [:] : known)
      + others
  }

  private func digest(_ path: String, _ contents: VerificationContents) -> Digest256? {
    if case .digest(let digest) = contents.digests[path] { digest } else { nil }
  }

  private func readSuspects(_ contents: inout VerificationContents) throws {
    guard !discrepancies.isEmpty || !extras.isEmpty else { return }
    var sizes = Set(replay.live.values.map(\.bytes))
    sizes.formUnion(replay.former.values.map(\.bytes))
    for path in replay.digests.keys {
      if let size = inventory.sizes[path] { sizes.insert(size) }
    }
    // How large a lost file of a manifest was, nobody knows.
    let longest: Int64 = replay.discrepancies.isEmpty ? 0 : Int64(ReadLimit.header)
    var suspects = extras + discrepancies.map(\.path)
    if !discrepancies.isEmpty { suspects += replay.former.keys }
    try contents.read(
      suspects.filter { path in
        inventory.sizes[path].map { sizes.contains($0) || $0 <= longest } ?? false
      }.sorted(by: precedesInBytes))
  }

  /// Covered files by digest.
  private var known: [Digest256: String] {
    var known: [Digest256: String] = [:]
    func add(_ path: String, _ digest: Digest256) {
      if let other = known[digest], precedesInBytes(other, path) { return }
      known[digest] = path
    }
    for (path, file) in replay.live { add(path, file.sha256) }
    for (path, file) in replay.former { add(path, file.sha256) }
    for (path, digest) in replay.digests { add(path, digest) }
    return known
  }

  /// What is no file at all. Where a covered file should be, that is what was found.
  private func odd(_ discrepancies: inout [Discrepancy]) -> [VerificationFinding] {
    inventory.others.compactMap { other in
      if let index = discrepancies.firstIndex(where: { $0.path == other.path }) {
        discrepancies[index].kind = .altered
        discrepancies[index].found = other.what
        return nil
      }
      return VerificationFinding(
        kind: .added, path: other.path, expected: "nothing", found: other.what)
    }
  }
}
