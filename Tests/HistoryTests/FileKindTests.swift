import Bytes
import Testing

@testable import History

@Suite struct FileKindTests {
  private let file = StagedFile(bytes: 1, sha256: Digest256(1, 2, 3, 4), records: 1)
  private let run = "000000000012-1a2b3c4d"

  private func path(_ kind: FileKind) -> String { kind.path(file, sequence: 12, runName: run) }

  @Test func everyFileBesideThePartsHasItsPlace() {
    let paths = FileKind.allCases.filter { $0 != .part }.map(path)
    #expect(
      paths == [
        "_trailmill/keys/\(file.sha256.hex).ndjson", "_trailmill/index/\(run).index",
        "_trailmill/digests/\(run).digests", "_trailmill/quarantine/\(run).rejects.gz",
        "_trailmill/signals/\(run).ndjson", "_trailmill/watch/\(run).ndjson",
        "_trailmill/checkpoints/000000000012.ndjson",
      ])
    #expect(FileKind.checkpoint.path(ofCommit: 12) == path(.checkpoint))
  }

  @Test func aPathTellsTheCommit() {
    for kind in FileKind.allCases where kind != .part {
      let expected: FileOrigin =
        switch kind {
        case .keys: .content(file.sha256)
        case .checkpoint: .commit(12)
        default: .run(sequence: 12, name: run)
        }
      #expect(FileOrigin(path: path(kind)) == expected, "\(kind)")
    }
    #expect(
      FileOrigin(path: "a/b/part-\(run)-0000.ndjson.gz") == .run(sequence: 12, name: run))
    for name in [
      ManifestNames.headerPath(12), ManifestNames.rowsPath(12), ManifestNames.signaturePath(12),
    ] {
      #expect(FileOrigin(path: name) == .commit(12))
      #expect(ManifestNames.isSignature(name) == name.hasSuffix(".sig"))
    }
  }

  @Test(arguments: [
    "a/\(name).index", "_trailmill/part-\(name)-0000.ndjson.gz", "_trailmill/other/\(name).index",
    "a/part-\(name)", "a/part-000000000000-1a2b3c4d-0", "a/part-12-1a2b3c4d-0000.ndjson.gz",
    "a/part-000000000012_1a2b3c4d-0", "a/part-000000000012-1a2b3c4g-0",
    "_trailmill/index/sub/\(name).index", "_trailmill/checkpoints/000000000012.json",
    "_trailmill/checkpoints/12.ndjson", "_trailmill/keys/ab.ndjson", "_trailmill/lock",
    "_trailmill/manifests/000000000012.index", "_trailmill/manifests/000000000012", "",
  ])
  func anotherPathTellsNothing(_ path: String) { #expect(FileOrigin(path: path) == nil) }

  private static let name = "000000000012-1a2b3c4d"

  @Test func rowsAreCalledByTheirKind() {
    let kinds = FileKind.allCases.map(ManifestRow.Kind.file) + ManifestRow.Kind.others
    for kind in kinds { #expect(ManifestRow.Kind(rawValue: kind.rawValue) == kind) }
    #expect(Set(kinds.map(\.rawValue)).count == kinds.count)
    #expect(ManifestRow.Kind(rawValue: "parts") == nil)
  }

  @Test func nothingStagedLooksLikeAPart() {
    for kind in FileKind.allCases { #expect(StagingNames.partNumber(kind.stagedName) == nil) }
    #expect(StagingNames.partNumber(StagingNames.part(7)) == 7)
  }

  @Test func onlyTheQuarantineIsClosedToOthers() {
    #expect(FileKind.allCases.filter { $0.mode != 0o644 } == [.quarantine])
    #expect(FileKind.quarantine.mode == 0o600)
  }

  @Test func checkpointsListKindsByName() {
    #expect(FileKind.remembered == [.digests, .keys, .watch])
  }
}
