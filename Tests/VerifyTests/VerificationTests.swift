import Crypto
import History
import Verify
import Bytes
import Disk
import Foundation
import TestSupport
import TestArchives
import Testing

/// Whatever is done to an archive is reported as exactly what it is.
struct VerificationTests {
  @Test(arguments: [false, true]) func nothingIsFoundWhereNothingWasDone(_ signed: Bool) throws {
    let archive = try TestArchive.withHistory(signed: signed)
    let before = archive.folder.files()
    let report = try archive.verify(head: archive.head)
    #expect(report.findings == [] && report.notes == [])
    #expect(report.manifests == 7 && report.unchecked == 0)
    #expect(report.head == archive.head)
    let files = try LiveFiles(ArchiveHistory(disk: Disk(), path: archive.path))
    #expect(report.parts == files.all(.part).count)
    #expect(report.records == 9)
    #expect(archive.folder.files() == before)
    #expect(try archive.findings { $0.isQuick = true } == [])
  }

  @Test(arguments: [false, true]) func everyDeletionIsMissing(_ signed: Bool) throws {
    let archive = try TestArchive.withHistory(signed: signed)
    let head = archive.head
    for file in try archive.covered() {
      try archive.restoring([file.path]) {
        try archive.remove(file.path)
        let expected = file.kind == .retired ? [] : ["missing \(file.path)"]
        for head in [head, nil] {
          #expect(try archive.findings(head: head) == expected, "\(file.path)")
          #expect(try archive.findings(head: head) { $0.isQuick = true } == expected)
        }
      }
    }
  }

  @Test func everyPairOfDeletionsIsMissing() throws {
    let archive = try TestArchive.withHistory(signed: true)
    let head = archive.head
    for (one, other) in pairs(of: try archive.covered()) {
      try archive.restoring([one.path, other.path]) {
        try archive.remove(one.path)
        try archive.remove(other.path)
        let expected = expectedOfDeletions(one, other)
        #expect(try archive.findings(head: head) == expected, "\(one.path) and \(other.path)")
      }
    }
  }

  private typealias Covered = TestArchive.Covered

  private func pairs(of files: [Covered]) -> [(Covered, Covered)] {
    Effort.pairs(of: files, oneIn: 5) { "\($0.kind), \($1.kind), \($0.sequence == $1.sequence)" }
  }

  /// What two deletions come to: one finding each, except where the loss of one hides the other.
  private func expectedOfDeletions(
    _ one: TestArchive.Covered, _ other: TestArchive.Covered
  ) -> [String] {
    let last = 7
    if one.sequence == last, other.sequence == last, one.kind == .header, other.kind == .rows {
      return ["cut \(one.path)"]
    }
    return [(one, other), (other, one)].filter { !isHidden($0, by: $1) && $0.kind != .retired }
      .map { "missing \($0.0.path)" }.sorted()
  }

  private func isHidden(
    _ file: TestArchive.Covered, by lost: TestArchive.Covered
  ) -> Bool {
    switch (file.kind, lost.kind) {
    // What the rows said of their files is lost with them.
    case (.live, .rows) where file.sequence == lost.sequence: true
    // Commit 4 has taken parts out, commit 5 a part and a quarantine, runs may take digests out.
    case (.live(.part), .rows): file.sequence < lost.sequence && [4, 5].contains(lost.sequence)
    case (.live(.quarantine), .rows): file.sequence < lost.sequence && lost.sequence == 5
    case (.live(.digests), .rows):
      file.sequence < lost.sequence && [1, 2, 3, 7].contains(lost.sequence)
    // Nobody knows whether the first header had a signature.
    case (.signature, .header): file.sequence == 1 && lost.sequence == 1
    default: false
    }
  }

  @Test func everyCutIsTruncated() throws {
    let archive = try TestArchive.withHistory(signed: true)
    let head = archive.head
    for file in try archive.covered() {
      let bytes = archive.read(file.path)
      try archive.restoring([file.path]) {
        for length in Set([0, 1, bytes.count / 2, bytes.count - 2, bytes.count - 1]) {
          try archive.write(Array(bytes[..<length]), file.path)
          // What is called gzip is held against its own end; most of it is none here.
          let name = PartNames.path(ofRetired: file.path) ?? file.path
          let isText = name.hasSuffix(".gz") && !bytes.starts(with: [0x1F, 0x8B])
          let kind = isText && length > 1 ? "altered" : "truncated"
          for head in [head, nil] {
            #expect(
              try archive.findings(head: head) == ["\(kind) \(file.path)"],
              "\(file.path) at \(length) of \(bytes.count)")
          }
        }
      }
    }
  }

  @Test(arguments: [false, true]) func everyFlippedBitIsAltered(_ signed: Bool) throws {
    let archive = try TestArchive.withHistory(signed: signed)
    let head = archive.head
    for file in try archive.covered() {
      let bytes = archive.read(file.path)
      let isNewest = file.kind == .header && file.sequence == 7
      let most = isNewest ? 200 : 24
      let step = max(1, bytes.count / (Effort.isExhaustive ? most : most / 4))
      let places = Array(stride(from: 0, to: bytes.count, by: step)) + [bytes.count - 1]
      try archive.restoring([file.path]) {
        for place in places {
          var altered = bytes
          altered[place] ^= 1 << (place % 8)
          try archive.write(altered, file.path)
          let found = try archive.findings(head: head)
          let kinds = isNewest ? ["altered", "head"] : ["altered"]
          #expect(
            found.count == 1 && kinds.map { "\($0) \(file.path)" }.contains(found[0]),
            "byte \(place) of \(file.path): \(found)")
        }
      }
    }
  }

  @Test func aSignatureTellsThatTheNewestHeaderWasAltered() throws {
    let archive = try TestArchive.withHistory(signed: true)
    let header = "_trailmill/manifests/000000000007.json"
    let text = String(decoding: archive.read(header), as: UTF8.self)
    try archive.write(Array(text.replacing("0.1.0", with: "0.1.1").utf8), header)
    #expect(
      try archive.findings() == ["signature _trailmill/manifests/000000000007.sig"])
  }

  @Test func everySwapIsASwap() throws {
    let archive = try TestArchive.withHistory(signed: true)
    let head = archive.head
    for (one, other) in pairs(of: try archive.covered()) {
      let (left, right) = (archive.read(one.path), archive.read(other.path))
      #expect(left != right, "\(one.path) and \(other.path) must differ")
      try archive.restoring([one.path, other.path]) {
        try archive.write(right, one.path)
        try archive.write(left, other.path)
        #expect(
          try archive.findings(head: head) == ["swapped \(one.path)"],
          "\(one.path) and \(other.path)")
      }
    }
  }

  @Test func everySwapIsASwapWithoutAHeadToo() throws {
    let archive = try TestArchive.withHistory(signed: true)
    let files = try archive.covered().filter { $0.path.hasPrefix("_trailmill/manifests/") }
    for (index, one) in files.enumerated() {
      for other in files[(index + 1)...] {
        let (left, right) = (archive.read(one.path), archive.read(other.path))
        try archive.restoring([one.path, other.path]) {
          try archive.write(right, one.path)
          try archive.write(left, other.path)
          #expect(try archive.findings() == ["swapped \(one.path)"], "with \(other.path)")
        }
      }
    }
  }

  @Test func everyCopyIsAdded() throws {
    let archive = try TestArchive.withHistory(signed: true)
    let head = archive.head
    for file in try archive.covered() {
      for copy in [file.path + ".copy", "a/copy", "_trailmill/keys/copy", ".hidden/_copy"] {
        try archive.write(archive.read(file.path), copy)
        let findings = try archive.verify(head: head).findings
        #expect(
          findings == [
            VerificationFinding(
              kind: .added, path: copy, expected: "nothing", found: "a copy of \(file.path)")
          ])
        #expect(try archive.findings(head: head) { $0.isQuick = true } == ["added \(copy)"])
        try archive.remove(copy)
      }
    }
  }

  @Test func manifestsThatAreCopiesOfOthersAreAdded() throws {
    let archive = try TestArchive.withHistory(signed: true)
    let head = archive.head
    let folder = "_trailmill/manifests/"
    for (from, to) in [
      ("000000000003.json", "000000000008.json"), ("000000000003.ndjson", "000000000008.ndjson"),
      ("000000000003.json", "999999999999.json"),
    ] {
      try archive.write(archive.read(folder + from), folder + to)
      let findings = try archive.verify(head: head).findings
      #expect(findings.map(\.path) == [folder + to] && findings.first?.kind == .added)
      #expect(findings.first?.found == "a copy of \(folder + from)")
      try archive.remove(folder + to)
    }
  }

  @Test func everyMoveIsAMove() throws {
    let archive = try TestArchive.withHistory(signed: true)
    let head = archive.head
    for file in try archive.covered() {
      for place in [file.path + ".old", "b/elsewhere"] {
        try archive.restoring([file.path]) {
          try archive.write(archive.read(file.path), place)
          try archive.remove(file.path)
          let findings = try archive.verify(head: head).findings
          #expect(findings.count == 1, "\(file.path): \(findings)")
          #expect(findings.first?.kind == (file.kind == .retired ? .added : .moved))
          #expect(findings.first?.path == (file.kind == .retired ? place : file.path))
          if file.kind != .retired { #expect(findings.first?.found == place) }
          try archive.remove(place)
        }
      }
    }
  }

  @Test func otherThingsThatLieAboutAreAdded() throws {
    let archive = try TestArchive.withHistory(signed: false)
    let head = archive.head
    try archive.write([1], "a/part-000000000001-00000000-0000.ndjson.gz")
    try archive.write([1], "_trailmill/failed/000000000008-00.rejects.gz")
    try archive.write([1], "_trailmill/staging/000000000008/part-00000000")
    try FileManager.default.createSymbolicLink(
      atPath: archive.path + "/link", withDestinationPath: "nowhere")
    try FileManager.default.createSymbolicLink(
      atPath: archive.path + "/b/up", withDestinationPath: "..")
    let report = try archive.verify(head: head)
    #expect(
      report.findings.map { "\($0.kind) \($0.path)" } == [
        "added a/part-000000000001-00000000-0000.ndjson.gz", "added b/up", "added link",
      ])
    #expect(report.notes.count == 1)
  }

  /// Several things at once, of any kind: never without a finding, and never a trap.
  @Test func whateverIsDoneIsNoticed() throws {
    let archive = try TestArchive.withHistory(signed: true)
    let head = archive.head
    var random = SeededGenerator(seed: 7)
    let files = try archive.covered().filter { $0.kind != .retired }
    for round in 0..<120 {
      let chosen = (0...random.next(below: 4)).map { _ in
        files[random.next(below: files.count)].path
      }
      try archive.restoring(Array(Set(chosen))) {
        for name in Set(chosen).sorted() {
          var bytes = archive.read(name)
          switch random.next(below: 4) {
          case 0: try archive.remove(name)
          case 1: try archive.write(bytes.dropLast(1 + random.next(below: bytes.count)), name)
          case 2: try archive.write([0x7B] + bytes + [0x0A], name)
          default:
            // Digits become other digits, so that manifests stay readable.
            let digits = bytes.indices.filter { (0x30...0x38).contains(bytes[$0]) }
            let place = digits.isEmpty ? 0 : digits[random.next(below: digits.count)]
            bytes[place] += 1
            try archive.write(bytes, name)
          }
        }
        #expect(try !archive.findings(head: head).isEmpty, "round \(round): \(chosen)")
        _ = try archive.findings()
        _ = try archive.findings { $0.isQuick = true }
      }
    }
    #expect(try archive.findings(head: head) == [])
  }

  // MARK: The ends of the chain

  @Test(arguments: 1...4) func manifestsAreMissingAtTheOldestEndAndInTheMiddle(_ count: Int) throws
  {
    for first in [1, 2] {
      let archive = try TestArchive.withHistory(signed: false)
      let head = archive.head
      var expected: [String] = []
      for sequence in first..<(first + count) {
        for name in [".json", ".ndjson"] {
          let path = "_trailmill/manifests/00000000000\(sequence)" + name
          try archive.remove(path)
          expected.append("missing \(path)")
        }
      }
      for head in [head, nil] { #expect(try archive.findings(head: head) == expected) }
    }
  }

  @Test(arguments: [true, false]) func aCutAtTheNewestEndNeedsAHead(_ leavesFiles: Bool) throws {
    let archive = try TestArchive.withHistory(signed: true)
    let head = archive.head
    let covered = try archive.covered()
    for file in covered where file.sequence >= 6 && file.kind != .retired {
      if leavesFiles, case .live = file.kind { continue }
      try archive.remove(file.path)
    }
    let cut = "cut _trailmill/manifests/000000000006.json"
    let unknown = "head _trailmill/manifests/000000000005.json"
    #expect(try archive.findings(head: head) == [leavesFiles ? cut : unknown])
    #expect(try archive.findings() == (leavesFiles ? [cut] : []))
  }

  @Test func aHeadFromBeforeIsFoundInTheChain() throws {
    let archive = try TestArchive.withHistory(signed: false)
    let old = archive.head
    try archive.run(8)
    try archive.run(9)
    let report = try archive.verify(head: old)
    #expect(report.findings == [])
    #expect(report.notes == ["the head given is that of commit 7; commits since: 2"])
  }

  @Test func anArchiveThatWasMadeAnewHasAnotherHead() throws {
    let archive = try TestArchive.withHistory(signed: false)
    let other = try TestArchive()
    for number in 1...7 { try other.run(number) }
    #expect(try other.findings() == [])
    #expect(
      try other.findings(head: archive.head) == ["head _trailmill/manifests/000000000007.json"])
  }

  // MARK: Commits that are still to be completed

  @Test func whatIsStillStagedIsVerifiedThere() throws {
    let archive = try TestArchive.withHistory(signed: false)
    let header = archive.path + "/_trailmill/manifests/000000000008.json"
    let dies = DiskThatDies(after: header)
    #expect(throws: ArchiveError.self) { try RunScript().run(archive.path, dies.disk) }
    let report = try archive.verify()
    #expect(report.findings == [] && report.manifests == 8 && report.notes.count == 1)
    let staged = "_trailmill/staging/000000000008/part-00000001"
    let bytes = archive.read(staged)
    #expect(!bytes.isEmpty)
    try archive.write(bytes.dropLast() + [0], staged)
    let findings = try archive.verify().findings
    #expect(findings.map(\.kind) == [.altered])
    #expect(findings.first?.path.hasPrefix("a/hour=01/part-000000000008-") == true)
  }

  @Test func aRunThatEndedBeforeItsCommitIsNoFault() throws {
    let archive = try TestArchive.withHistory(signed: false)
    let rows = archive.path + "/_trailmill/manifests/000000000008.ndjson"
    #expect(throws: ArchiveError.self) {
      try RunScript().run(archive.path, DiskThatDies(after: rows).disk)
    }
    let report = try archive.verify(head: nil)
    #expect(report.findings == [] && report.manifests == 7 && report.notes.count == 1)
  }

  // MARK: Checkpoints

  @Test func checkpointsAreWhatReplayingComesTo() throws {
    let archive = try TestArchive()
    for number in 1...33 { try archive.run(number % 8) }
    let head = archive.head
    #expect(try archive.findings(head: head) == [])
    let path = "_trailmill/checkpoints/000000000032.ndjson"
    let bytes = archive.read(path)
    #expect(!bytes.isEmpty)
    try archive.write(bytes.dropLast() + [0x20], path)
    #expect(try archive.findings(head: head) == ["altered \(path)"])
    try archive.remove(path)
    #expect(try archive.findings(head: head) == ["missing \(path)"])
  }

  // MARK: Signatures

  @Test func keysThatFollowFromOneThatIsTrustedAreTrusted() throws {
    let archive = try TestArchive()
    try archive.run(1, signed: true)
    let old = archive.key
    let next = try SigningKey.generate()
    let stranger = try SigningKey.generate()
    var script = RunScript()
    script.signer = TestArchive.signer(next, after: old)
    try script.run(archive.path)
    func uncovered(_ sequences: ClosedRange<Int>) -> [String] {
      sequences.map { "signature _trailmill/manifests/00000000000\($0).json" }
    }
    #expect(try archive.findings { $0.publicKey = old.publicKey.hex } == [])
    #expect(try archive.findings { $0.publicKey = next.publicKey.hex } == [])
    #expect(try archive.findings { $0.publicKey = stranger.publicKey.hex } == uncovered(1...2))
    script.signer = TestArchive.signer(stranger)
    try script.run(archive.path)
    #expect(try archive.findings() == [])
    #expect(try archive.findings { $0.publicKey = old.publicKey.hex } == uncovered(3...3))
    #expect(try archive.findings { $0.publicKey = stranger.publicKey.hex } == uncovered(1...2))
  }

  @Test func aHeaderWithoutASignatureAfterOneWithIsReportedOnce() throws {
    let archive = try TestArchive()
    try archive.run(1)
    try archive.run(2, signed: true)
    try archive.run(3)
    try archive.run(4)
    #expect(try archive.findings() == ["unsigned _trailmill/manifests/000000000003.json"])
    #expect(
      try archive.findings { $0.publicKey = archive.key.publicKey.hex }
        == [1, 3, 4].map { "signature _trailmill/manifests/00000000000\($0).json" })
  }

  @Test func anArchiveThatIsNotSignedDoesNotSatisfyAKey() throws {
    let archive = try TestArchive()
    try archive.run(1)
    #expect(
      try archive.findings { $0.publicKey = archive.key.publicKey.hex }
        == ["signature _trailmill/manifests/000000000001.json"])
  }

  // MARK: What is not read

  @Test func contentsOfOlderCommitsAreNotReadWithSince() throws {
    let archive = try TestArchive.withHistory(signed: false)
    let covered = try archive.covered()
    let old = try #require(covered.first { $0.kind == .live(.part) && $0.sequence < 7 })
    let new = try #require(covered.first { $0.kind == .live(.part) && $0.sequence == 7 })
    for file in [old, new] {
      var bytes = archive.read(file.path)
      bytes[0] ^= 1
      try archive.write(bytes, file.path)
    }
    let report = try archive.verify { $0.since = time("2026-11-27T00:00:00Z") }
    #expect(report.findings.map(\.path) == [new.path])
    #expect(try archive.findings().count == 2)
    #expect(try archive.findings { $0.isQuick = true } == [])
  }

  @Test func whereThereIsNoArchiveThatIsSaid() throws {
    let archive = try TestArchive()
    let error = #expect(throws: ArchiveError.self) { try archive.verify() }
    #expect(error?.kind == .missing)
  }
}

/// A disk on which nothing works any more once a file has got its name.
private final class DiskThatDies: Sendable {
  private let name: String
  private let isDead = Dead()

  private final class Dead: @unchecked Sendable {
    private let lock = NSLock()
    private var value = false
    private var isNext = false

    /// True for every call after the first rename to `name`.
    func sees(_ isRename: Bool) -> Bool {
      lock.withLock {
        if isNext { value = true }
        if isRename { isNext = true }
        return value
      }
    }
  }

  init(after name: String) { self.name = name }

  var disk: Disk {
    Disk { [isDead, name] call, path in
      isDead.sees(call == .rename && path == name) ? .fail(EIO) : nil
    }
  }
}
