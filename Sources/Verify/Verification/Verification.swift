internal import Crypto
package import History
internal import Bytes
package import Disk

// One thing that was done to an archive is one finding. So it is not enough to compare every file with
// what should be there: where a header or rows are lost, what they say of other files is lost too, and
// that is no fault of those files. And where the text of a header lies somewhere else, it still says what
// it said. Hence the rounds: each goes through the whole chain, looks for lost files of manifests in what
// is left over, and the next uses what was found. Contents are read once.
//
// Who writes meanwhile takes out what a newer commit has superseded, and the older rows name it still. So
// where anything is wrong and there is a newer commit, all is held against that one.

/// Holds an archive against its history. Takes no lock and writes nothing.
package struct Verification {
  /// Numbers of manifests that may be lost in a row; what is called like a later one is no manifest.
  private static let longestGap = 1000
  /// Rounds at most: each but the last has found something that was lost.
  private static let mostRounds = 64

  /// Comparisons of what is left over with what is lost, at most: 50,000. Beyond that, what was moved is told
  /// as missing and added.
  private static let mostCompared = 50_000
  /// What checking a signature costs, in comparisons.
  private static let signatureCost = 10
  /// Looks at most, where a newer commit is made during each: 16.
  private static let mostLooks = 16

  private let options: VerificationOptions
  private var inventory: ArchiveInventory
  private var reader: ArchiveReader
  private var contents: VerificationContents
  private var newest = 0
  /// Comparisons so far of what is left over with what is lost.
  private var compared = 0
  /// The number of a commit that was not made: its rows lie there, its header waits.
  private var unmade: Int?

  /// Looks at what is there. Throws, with the kind `missing`, where there is no archive.
  package init(
    disk: Disk, path: String, options: VerificationOptions
  ) throws(ArchiveError) {
    self.options = options
    let path = path.isEmpty ? "." : path
    let disk = disk.guarding(path)
    reader = ArchiveReader(disk: disk, root: path)
    do {
      guard try Verification.isArchive(path, disk) else {
        throw ArchiveError(.missing, "no archive: \(path): name the folder that holds _trailmill")
      }
      inventory = try ArchiveInventory(disk, path)
      contents = VerificationContents(reader, inventory, options)
      try measure()
    } catch { throw ArchiveError(reading: error) }
  }

  /// True also where only the permission is missing to look.
  private static func isArchive(_ path: String, _ disk: Disk) throws(DiskError) -> Bool {
    do {
      return try disk.statIfPresent(path + "/" + ManifestNames.folder)?.kind == .directory
    } catch {
      guard error.isForbidden,
        try disk.statIfPresent(path + "/" + ArchiveNames.folder)?.kind == .directory
      else { throw error }
      return true
    }
  }

  /// Verifies.
  package mutating func run() throws(ArchiveError) -> VerificationReport {
    if inventory.isForbidden(ManifestNames.folder) { return blindReport }
    var report = try verify()
    for look in 2...Verification.mostLooks {
      guard !report.findings.isEmpty, try lookAgain() else { break }
      let before = Set(report.findings.map(\.subject))
      report = try verify()
      // What is wrong is so at every look; what was superseded between two of them is so at one.
      if Set(report.findings.map(\.subject)) == before { break }
      if look == Verification.mostLooks {
        report.findings.removeAll { !before.contains($0.subject) }
      }
    }
    return report
  }

  /// Looks at what is there now; false if there is no newer commit.
  private mutating func lookAgain() throws(ArchiveError) -> Bool {
    do {
      guard try reader.status(ManifestNames.headerPath(newest + 1)) != nil else { return false }
      let last = newest
      inventory = try ArchiveInventory(reader.disk, reader.root)
      contents.lookAgain(inventory)
      reader.relocations = [:]
      (newest, unmade) = (0, nil)
      try measure()
      return newest > last
    } catch { throw ArchiveError(reading: error) }
  }

  /// What can be said without manifests.
  private var blindReport: VerificationReport {
    var report = VerificationReport()
    report.findings = inventory.others.map(VerificationFinding.init)
    report.more[.added] = inventory.moreOthers > 0 ? inventory.moreOthers : nil
    report.unchecked = inventory.sizes.count
    if report.unchecked > 0 {
      report.notes.append("files that cannot be checked: \(report.unchecked)")
    }
    report.arrange()
    return report
  }

  private mutating func verify() throws(ArchiveError) -> VerificationReport {
    do {
      var (round, search) = try runRound()
      for _ in 1..<Verification.mostRounds {
        let found = try relocations(round)
        guard !found.isEmpty else { break }
        reader.relocations.merge(found) { _, new in new }
        (round, search) = try runRound()
      }
      return try report(round, search)
    } catch { throw ArchiveError(reading: error) }
  }

  private mutating func runRound() throws -> (VerificationRound, ManifestChain.HeadSearch?) {
    var chain = try ManifestChain(reader, newest: newest)
    chain.judge(head: options.head)
    let search = options.head.map { chain.search($0) }
    var replay = VerificationReplay(reader, chain, options)
    try replay.run()
    try contents.check(
      replay.live, former: replay.former, lostRetirements: replay.lostRetirements)
    let unmadeFiles = unmade.map {
      Set([ManifestNames.rowsPath($0), ManifestNames.signaturePath($0)])
    }
    return (
      VerificationRound(replay, contents, inventory, ignoring: unmadeFiles ?? []), search
    )
  }

  // MARK: How many manifests there should be

  private mutating func measure() throws {
    let folder = ManifestNames.folder + "/"
    let sequences = inventory.sizes.keys.compactMap { path in
      path.hasPrefix(folder)
        ? ManifestNames.sequence(ofHeader: String(path.dropFirst(folder.count))) : nil
    }
    for sequence in sequences.sorted() {
      guard sequence - newest <= Verification.longestGap else { break }
      if try isManifest(sequence) { newest = sequence }
    }
    // Rows without their header: it was taken away, or the commit was never made.
    var copies: Set<String>?
    while inventory.sizes[ManifestNames.rowsPath(newest + 1)] != nil {
      if inventory.staged.contains(ManifestNames.number(newest + 1)) {
        unmade = newest + 1
        return
      }
      let known =
        try copies ?? contents.copies(among: inventory.sizes.keys.filter(ManifestNames.isRows))
      copies = known
      guard !known.contains(ManifestNames.rowsPath(newest + 1)) else { return }
      newest += 1
    }
  }

  /// True unless a header of this name is a copy of something else, without rows.
  private func isManifest(_ sequence: Int) throws -> Bool {
    if inventory.sizes[ManifestNames.rowsPath(sequence)] != nil { return true }
    let text = try reader.text(
      ManifestNames.headerPath(sequence), longest: ReadLimit.header)
    return (text ?? []).withUnsafeBufferPointer { ManifestHeader($0, sequence: sequence) } != nil
  }

  // MARK: What is lost

  /// Where lost files of manifests lie.
  private mutating func relocations(_ round: VerificationRound) throws -> Relocations {
    var found: Relocations = [:]
    var candidates = round.candidates.subtracting(reader.relocations.values)
      .sorted(by: precedesInBytes)
    for discrepancy in round.replay.discrepancies
    where reader.relocations[discrepancy.path] == nil {
      let index = try candidates.firstIndex {
        try $0 != discrepancy.path && isLost(discrepancy, $0, round)
      }
      guard let index else { continue }
      found[discrepancy.path] = candidates.remove(at: index)
    }
    return found
  }

  /// True if a file has the content that something lost had.
  private mutating func isLost(
    _ lost: Discrepancy, _ candidate: String, _ round: VerificationRound
  ) throws -> Bool {
    guard compared < Verification.mostCompared else { return false }
    compared += 1
    let size = inventory.sizes[candidate] ?? 0
    if let genuine = lost.genuine {
      guard size <= ReadLimit.header else { return false }
      try contents.read([candidate])
      return contents.digests[candidate] == .digest(genuine)
    }
    func text() throws -> [UInt8] {
      try reader.contents(candidate, longest: ReadLimit.header) ?? []
    }
    switch lost.wanted {
    case .digest: return false
    case .header(let sequence):
      guard size <= ReadLimit.header else { return false }
      return try text().withUnsafeBufferPointer {
        ManifestHeader($0, sequence: sequence) != nil
      }
    case .rows(let count, let root):
      return try RowsText(reader, candidate, wanted: count)?.fits(count, root) ?? false
    case .signature(let sequence, let key):
      guard size == SigningKey.signatureLength else { return false }
      compared += Verification.signatureCost
      return try round.replay.isSignature(try text(), sequence, key)
    }
  }

  // MARK: The report

  private mutating func report(
    _ round: VerificationRound, _ search: ManifestChain.HeadSearch?
  ) throws -> VerificationReport {
    let replay = round.replay
    var report = VerificationReport()
    report.manifests = newest
    report.head = replay.chain.links.last.flatMap { $0.standing == .sound ? $0.digest : nil }
    for file in replay.live.values {
      // Rows may say anything: sums wrap around rather than trap.
      report.bytes &+= file.bytes
      guard file.kind == .part else { continue }
      report.parts += 1
      report.records &+= file.records
    }
    report.unchecked = round.unchecked.count + contents.perhapsRetired + contents.hidden
    report.findings =
      replay.findings + contents.contradictions + (try round.diagnose(&contents))
    try reportEnd(round, search, &report)
    reportSigning(replay, &report)
    addNotes(round, &report)
    let uncounted = round.moreExtras + inventory.moreOthers
    if uncounted > 0 { report.more[.added] = uncounted }
    report.arrange()
    return report
  }

  /// What is known of what came after the newest manifest.
  private func reportEnd(
    _ round: VerificationRound, _ search: ManifestChain.HeadSearch?,
    _ report: inout VerificationReport
  ) throws {
    let next = ManifestNames.headerPath(newest + 1)
    var isCut = round.laterCount > 0
    if isCut, inventory.sizes[next] == nil,
      try reader.status(next) != nil
    {
      report.notes.append("commits that were made meanwhile are not verified")
      report.unchecked += round.laterCount
      isCut = false
    }
    let wanted = options.head.map { "the head \($0.hex)" }
    var isKnown = false
    switch search {
    case .found(let sequence):
      isKnown = true
      if sequence < newest {
        report.notes.append(
          "the head given is that of commit \(sequence); commits since: \(newest - sequence)")
      }
    case .lost(let sequence):
      isKnown = true
      report.notes.append(
        "the head given may be that of header \(sequence), which is lost or altered")
    case .nowhere, nil: break
    }
    if isCut {
      report.findings.append(
        VerificationFinding(
          kind: .cut, path: next,
          expected: isKnown ? "a manifest" : wanted ?? "a manifest",
          found: "only \(round.laterCount) files of later commits, such as \(round.later[0])"))
    } else if !isKnown, let wanted {
      report.findings.append(
        VerificationFinding(
          kind: .head, path: ManifestNames.headerPath(newest), expected: wanted,
          found:
            "\(report.head?.hex ?? "none"), and no header before it has that head: the history "
            + "was cut at its end, altered or made anew"))
    }
  }

  /// Where signing begins, and what the witness says.
  private func reportSigning(_ replay: VerificationReplay, _ report: inout VerificationReport) {
    if let head = options.signingFrom {
      if let start = replay.signingStart {
        report.notes.append("commits that need no signature, as --signing-from says: 1 to \(start)")
      } else {
        report.findings.append(
          VerificationFinding(
            kind: .head, path: ManifestNames.headerPath(newest),
            expected: "the head \(head.hex), behind which signing begins",
            found: "no header that has it"))
      }
    }
    guard let folder = options.witness else { return }
    let comparison = WitnessComparison(folder, replay)
    // That there are files of later commits may be told already.
    let told = Set(report.findings.map(\.subject))
    report.findings += comparison.findings.filter { !told.contains($0.subject) }
    report.notes += comparison.notes
  }

  private func addNotes(_ round: VerificationRound, _ report: inout VerificationReport) {
    if contents.waiting > 0 {
      report.notes.append(
        "a commit is still to be completed, by the next run: files in staging: \(contents.waiting)")
    }
    let unfinished = inventory.staged.filter { (Int($0) ?? .max) > newest }
    if !unfinished.isEmpty {
      report.notes.append("a run is under way, or ended before its commit: it is no part of this")
    }
    if contents.notRead > 0 {
      report.notes.append(
        "files of older commits of which only the size was compared: \(contents.notRead)")
    }
    if contents.notAllowed > 0 {
      report.notes.append(
        "quarantines that this user may not read, and that were not checked: \(contents.notAllowed)"
      )
    }
    if report.unchecked > 0 {
      report.notes.append("files that cannot be checked: \(report.unchecked)")
    }
  }
}
