import Archive
import Bytes
import Crypto
import Disk
import Foundation
import History
import TestArchives
import TestSupport
import Testing
import Verify

/// What a run believes of earlier runs' digests is what was committed, block by block.
struct CheckedDigestsTests {
  static let block = 1 << 16
  let folder: TemporaryFolder
  var path: String { folder.path + "/archive" }

  init() throws { folder = try TemporaryFolder() }

  private static func digest(_ number: Int) -> Digest256 { RunScript.digest("delivery \(number)") }

  private static func sha256(_ bytes: ArraySlice<UInt8>, after prefix: [UInt8] = []) -> Digest256 {
    (prefix + bytes).withUnsafeBufferPointer { SHA256.digest($0) }
  }

  /// A run that writes deliveries; without hashes its file is as version 0.1 wrote it. `forge` alters what
  /// the file holds before it is committed.
  private func run(
    _ digests: [Digest256], hasHashes: Bool = true, _ forge: (inout [UInt8]) -> Void = { _ in }
  ) throws {
    let archive = try opened(path)
    defer { try? archive.close() }
    let run = try archive.beginRun()
    do {
      let memory = DeliveryDigests(run, DigestSharing(rule: nil))
      for digest in digests where try !memory.contains(digest, on: nil) {
        try memory.add(digest, on: nil)
      }
      var commit = try RunScript(parts: []).commit([], quarantine: nil)
      let finished = try memory.finish()
      commit.digests = try finished.files.map {
        try staged($0, run.path(of: .digests), hasHashes, forge)
      }
      commit.retired = finished.merged
      _ = try run.publish(commit)
    } catch {
      try? run.discard()
      throw error
    }
  }

  private func staged(
    _ file: StagedFile, _ path: String, _ hasHashes: Bool, _ forge: (inout [UInt8]) -> Void
  ) throws -> StagedFile {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    bytes.removeLast(hashes(bytes.count))
    forge(&bytes)
    let (hashes, root) = CheckedDigestsTests.hashes(of: bytes[...])
    if hasHashes { bytes += hashes }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return StagedFile(
      bytes: Int64(bytes.count), sha256: CheckedDigestsTests.sha256(bytes[...]),
      records: file.records, blocksRoot: hasHashes ? root : nil)
  }

  /// The hashes of the blocks of a content, and their root.
  private static func hashes(of content: ArraySlice<UInt8>) -> (hashes: [UInt8], root: Digest256) {
    var tree = MerkleAccumulator()
    var hashes: [UInt8] = []
    for start in stride(from: 0, to: content.count, by: block) {
      let hash = sha256(content[start..<min(start + block, content.count)], after: [0])
      tree.append(leafHash: hash)
      hash.withBytes { hashes += $0 }
    }
    return (hashes, tree.root)
  }

  /// Bytes of the hashes in a file of so many bytes.
  private func hashes(_ count: Int) -> Int {
    (count + CheckedDigestsTests.block + 31) / (CheckedDigestsTests.block + 32) * 32
  }

  private var rows: [ManifestRow] {
    get throws { try LiveFiles(ArchiveHistory(disk: Disk(), path: path)).all(.digests).map(\.row) }
  }

  private func file(_ row: ManifestRow) -> URL { URL(fileURLWithPath: path + "/" + row.path) }

  /// What a run that does not end in a commit finds.
  private func look(_ body: (DeliveryDigests) throws -> Void) throws {
    let archive = try opened(path)
    defer { try? archive.close() }
    let run = try archive.beginRun()
    defer { try? run.discard() }
    try body(DeliveryDigests(run, DigestSharing(rule: nil)))
  }

  /// The only file of digests, of 9,000 deliveries: five blocks, a small one at the end among them.
  private func large() throws -> (row: ManifestRow, bytes: [UInt8]) {
    try run((0..<9000).map(CheckedDigestsTests.digest))
    let row = try #require(try rows.first)
    return (row, [UInt8](try Data(contentsOf: file(row))))
  }

  @Test func aFileEndsWithTheHashesOfItsBlocksAndTheRowHasTheirRoot() throws {
    let (row, bytes) = try large()
    let content = bytes.dropLast(hashes(bytes.count))
    let expected = CheckedDigestsTests.hashes(of: content)
    #expect(expected.hashes.count == 5 * 32)
    #expect(Array(bytes.suffix(hashes(bytes.count))) == expected.hashes)
    #expect(row.blocksRoot == expected.root && row.bytes == Int64(bytes.count))
    #expect(row.sha256 == CheckedDigestsTests.sha256(bytes[...]))
  }

  /// Whatever byte is another, who looks at its block gets an error, and nobody a wrong answer.
  @Test func whatIsLookedAtIsCheckedAndNothingElse() throws {
    let (row, bytes) = try large()
    let known = (0..<9000).map(CheckedDigestsTests.digest)
    for place in stride(from: 0, to: bytes.count, by: 20_011) + [bytes.count - 1] {
      var altered = bytes
      altered[place] ^= 1
      try Data(altered).write(to: file(row))
      let isEverywhere =
        place < CheckedDigestsTests.block || place >= bytes.count - hashes(bytes.count)
      var (right, errors) = (0, 0)
      try look { memory in
        for digest in known {
          do {
            if try memory.contains(digest, on: nil) { right += 1 }
          } catch let error as ArchiveError {
            #expect(error.kind == .damaged && error.description.contains(row.path))
            errors += 1
          }
        }
      }
      #expect(right + errors == known.count && errors > 0 && (right == 0) == isEverywhere)
    }
  }

  /// An archive that somebody wrote into does not swallow deliveries.
  @Test(arguments: [true, false]) func aPlantedDigestIsAnErrorAndNothingIsPublished(
    _ hasHashes: Bool
  ) throws {
    try run((0..<6).map(CheckedDigestsTests.digest), hasHashes: hasHashes)
    let row = try #require(try rows.first)
    var bytes = [UInt8](try Data(contentsOf: file(row)))
    let planted = CheckedDigestsTests.digest(77)
    let start = bytes.count - (hasHashes ? 32 : 0) - 6 * 32
    let digests = (0..<6).compactMap { number in
      bytes.withUnsafeBufferPointer { view in
        Digest256(ByteView(rebasing: view[start + number * 32..<start + number * 32 + 32]))
      }
    }
    let forged = (digests.dropFirst() + [planted]).sorted()
    for (number, digest) in forged.enumerated() {
      let place = start + number * 32
      digest.withBytes { bytes.replaceSubrange(place..<place + 32, with: $0) }
    }
    try Data(bytes).write(to: file(row))
    let before = folder.files(below: "archive")
    let error = #expect(throws: ArchiveError.self) { try run([planted]) }
    #expect(error?.kind == .damaged && error?.description.contains(row.path) == true)
    #expect(folder.files(below: "archive") == before)
  }

  /// Whoever writes into a file while a run goes on alters nothing of what was looked at, and whoever cuts it
  /// off ends no process.
  @Test func whatHappensToAFileMeanwhileChangesNoAnswer() throws {
    let (row, bytes) = try large()
    try look { memory in
      let digests = (0..<9000).map(CheckedDigestsTests.digest)
      func isKnown() throws -> Bool {
        try digests.prefix(2).allSatisfy { try memory.contains($0, on: nil) }
      }
      var answers = [try isKnown()]
      let handle = try FileHandle(forWritingTo: file(row))
      try handle.write(contentsOf: Data(count: bytes.count))
      answers.append(try isKnown())
      try handle.truncate(atOffset: 10)
      answers.append(try isKnown())
      #expect(answers == [true, true, true])
      var errors = 0
      for digest in digests {
        do { _ = try memory.contains(digest, on: nil) } catch { errors += 1 }
      }
      #expect(errors > 0)
      try handle.close()
    }
  }

  @Test func filesOfTheFirstVersionAreReadWholeAndMergedIntoOneWithHashes() throws {
    for round in 0..<3 {
      try run(
        (0..<3000).map { CheckedDigestsTests.digest(round * 3000 + $0) }, hasHashes: round == 1)
    }
    #expect(try rows.map { $0.blocksRoot != nil } == [false, true, false])
    try look { memory in
      let known = try (0...9000).filter {
        try memory.contains(CheckedDigestsTests.digest($0), on: nil)
      }
      #expect(known.count == 9000 && known.last == 8999)
    }
    try run((9000..<12_000).map(CheckedDigestsTests.digest))
    let row = try #require(try rows.first)
    #expect(try rows.count == 1 && row.records == 12_000 && row.blocksRoot != nil)
    try run((0..<12_000).map(CheckedDigestsTests.digest))
    #expect(try rows.count == 1)
  }

  @Test(arguments: [0, 100_000, -1]) func anAlteredFileOfTheFirstVersionIsAnErrorOnceItIsAsked(
    _ place: Int
  ) throws {
    try run((0..<9000).map(CheckedDigestsTests.digest), hasHashes: false)
    let row = try #require(try rows.first)
    var bytes = [UInt8](try Data(contentsOf: file(row)))
    bytes[place < 0 ? bytes.count - 1 : place] ^= 1
    try Data(bytes).write(to: file(row))
    let error = #expect(throws: ArchiveError.self) {
      try look { _ = try $0.contains(CheckedDigestsTests.digest(1), on: nil) }
    }
    #expect(error?.kind == .damaged && error?.description.contains(row.path) == true)
  }

  /// Whoever commits a file of digests can write anything into it, with hashes that fit: whatever that is, a
  /// run looks it up, merges it or refuses it.
  @Test func whateverAFileHoldsItIsReadOrRefused() throws {
    var random = SeededGenerator(seed: 5)
    var refused = 0
    for round in 0..<60 {
      try? Disk().removeTree(path)
      try run((0..<100).map(CheckedDigestsTests.digest)) { bytes in
        for _ in 0...random.next(below: 3) {
          let place = round % 2 == 0 ? random.next(below: 32) : random.next(below: bytes.count)
          bytes[place] = random.pick([0, 1, 3, 0x7F, 0x80, 0xFF])
        }
      }
      do {
        for other in 1...3 {
          try run((0..<100).map { CheckedDigestsTests.digest(other * 100 + $0) })
        }
        try look { memory in
          for number in 0..<500 {
            _ = try memory.contains(CheckedDigestsTests.digest(number), on: nil)
          }
        }
      } catch let error as ArchiveError {
        #expect(error.kind == .damaged)
        refused += 1
      }
    }
    #expect(refused > 0 && refused < 60)
  }

  /// Whoever commits a file can say another root than its own, or have other hashes at its end.
  @Test(arguments: [true, false]) func whatContradictsItselfIsRefusedAndFound(
    _ isRoot: Bool
  ) throws {
    let archive = try opened(path)
    let run = try archive.beginRun()
    let memory = DeliveryDigests(run, DigestSharing(rule: nil))
    try memory.add(CheckedDigestsTests.digest(1), on: nil)
    var commit = try RunScript(parts: []).commit([], quarantine: nil)
    var file = try #require(try memory.finish().files.first)
    if isRoot {
      file.blocksRoot = CheckedDigestsTests.digest(2)
    } else {
      let place = URL(fileURLWithPath: run.path(of: .digests))
      var bytes = [UInt8](try Data(contentsOf: place))
      bytes[bytes.count - 1] ^= 1
      try Data(bytes).write(to: place)
      file.sha256 = CheckedDigestsTests.sha256(bytes[...])
    }
    commit.digests = [file]
    _ = try run.publish(commit)
    try archive.close()
    let error = #expect(throws: ArchiveError.self) {
      try look { _ = try $0.contains(CheckedDigestsTests.digest(1), on: nil) }
    }
    #expect(error?.kind == .damaged)
    let options = VerificationOptions { _, _, _ in false }
    var verification = try Verification(disk: Disk(), path: path, options: options)
    let findings = try verification.run().findings
    let path = try #require(try rows.first).path
    #expect(findings.filter { $0.path == path }.map(\.kind) == [.inconsistent])
  }

  /// Nothing of what is copied stays, and nothing has a name meanwhile.
  @Test func copiesHaveNoNames() throws {
    _ = try large()
    let archive = try opened(path)
    let run = try archive.beginRun()
    let memory = DeliveryDigests(run, DigestSharing(rule: nil))
    try memory.add(CheckedDigestsTests.digest(-1), on: nil)
    #expect(try memory.contains(CheckedDigestsTests.digest(1), on: nil))
    let staged = folder.files(below: "archive/_trailmill/staging").keys
    #expect(staged.allSatisfy { $0.hasSuffix("/owner") })
    try run.discard()
    try archive.close()
  }

  /// Digests that came with a checkpoint are checked like all others.
  @Test func aCheckpointKnowsTheRoots() throws {
    for number in 1...33 { try run([CheckedDigestsTests.digest(number)]) }
    let row = try #require(try rows.last)
    #expect(row.blocksRoot != nil)
    var bytes = [UInt8](try Data(contentsOf: file(row)))
    bytes[40] ^= 1
    try Data(bytes).write(to: file(row))
    #expect(throws: ArchiveError.self) {
      try look { _ = try $0.contains(CheckedDigestsTests.digest(33), on: nil) }
    }
  }
}

private func + (places: StrideTo<Int>, more: [Int]) -> [Int] { Array(places) + more }
