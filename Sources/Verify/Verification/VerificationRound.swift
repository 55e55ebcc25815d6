internal import Bytes
internal import History
internal import Disk

/// One round of a verification: its findings, and the files that no manifest speaks of.
struct VerificationRound {
  let replay: VerificationReplay
  private let inventory: ArchiveInventory
  private let discrepancies: [Discrepancy]
  /// The first of the files that no manifest speaks of.
  private(set) var extras: [String] = []
  /// How many more there are.
  private(set) var moreExtras = 0
  /// Files that cannot be checked, as what they are checked by is lost.
  private(set) var unchecked: Set<String>
  /// The first of the files that are called like those of commits after the newest, by path.
  private(set) var later: [String] = []
  /// How many there are.
  private(set) var laterCount = 0

  init(
    _ replay: VerificationReplay, _ contents: VerificationContents,
    _ inventory: ArchiveInventory, ignoring ignored: Set<String>
  ) {
    self.replay = replay
    self.inventory = inventory
    discrepancies =
      replay.discrepancies.map { VerificationRound.forbidden($0, inventory) }
      + contents.discrepancies
    unchecked = replay.unchecked
    let gaps = Dictionary(uniqueKeysWithValues: replay.gaps.map { ($0.sequence, $0) })
    let lostRetirements = replay.lostRetirements
    for path in inventory.sizes.keys
    where replay.live[path] == nil && replay.former[path] == nil
      && !replay.manifestFiles.contains(path) && !ignored.contains(path) && !isLeaving(path)
    {
      if let part = PartNames.path(ofRetired: path).flatMap({ replay.live[$0] }),
        part.mayRetire(by: lostRetirements)
      {
        unchecked.insert(path)
      } else {
        sort(path, gaps)
      }
    }
    if !later.isEmpty {
      later += extras.filter(VerificationRound.isOfAnyCommit)
      extras.removeAll(where: VerificationRound.isOfAnyCommit)
    }
    later.sort(by: precedesInBytes)
    laterCount = later.count
    later = Array(later.prefix(VerificationReport.mostOfKind))
    keepFirstExtras()
  }

  /// Keeps no more of what was planted than is told; before all else what may be something that is lost.
  private mutating func keepFirstExtras() {
    guard extras.count > VerificationReport.mostOfKind else { return }
    let lost = Set(discrepancies.compactMap { replay.live[$0.path]?.bytes })
    func isLikely(_ path: String) -> Bool { inventory.sizes[path].map(lost.contains) ?? false }
    extras.sort(by: precedesInBytes)
    let kept = (extras.filter(isLikely) + extras.filter { !isLikely($0) })
      .prefix(VerificationReport.mostOfKind)
    moreExtras = extras.count - kept.count
    extras = Array(kept)
  }

  /// A file of a manifest that is there and has no text is one that this user may not read.
  private static func forbidden(
    _ discrepancy: Discrepancy, _ inventory: ArchiveInventory
  ) -> Discrepancy {
    guard discrepancy.kind == .missing, inventory.sizes[discrepancy.path] != nil else {
      return discrepancy
    }
    var discrepancy = discrepancy
    discrepancy.kind = .unreadable
    discrepancy.found = ArchiveInventory.noPermission
    return discrepancy
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
    let extras = Dictionary(
      uniqueKeysWithValues: extras.map { ($0, digest($0, contents)) })
    var diagnosis = VerificationDiagnosis(discrepancies, extras: extras)
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
    guard !inventory.others.isEmpty else { return [] }
    var places: [String: Int] = [:]
    for (index, discrepancy) in discrepancies.enumerated() where places[discrepancy.path] == nil {
      places[discrepancy.path] = index
    }
    return inventory.others.compactMap { other in
      if let index = places[other.path] {
        discrepancies[index].kind = other.isForbidden ? .unreadable : .altered
        discrepancies[index].found = other.what
        return nil
      }
      return VerificationFinding(other)
    }
  }
}

extension VerificationFinding {
  /// Of something that is no file, or that nobody may look at.
  init(_ other: ArchiveInventory.Other) {
    self.init(
      kind: other.isForbidden ? .unreadable : .added, path: other.path,
      expected: other.isForbidden ? "that it can be read" : "nothing", found: other.what)
  }
}
