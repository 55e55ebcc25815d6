import Bytes
import History
import Testing

@testable import Verify

struct CommitInvariantsTests {
  /// Numbers of a commit: five records read, of which one is a duplicate, one filtered, one unreadable, one
  /// refused and one written.
  private struct Numbers {
    var kind = CommitKind.run
    var counts = RunCounts(
      read: 5, written: 1, duplicates: 1, filtered: 1, unreadable: 1, refused: 1)
    var quarantined = 2
    var inParts = 1
    var inQuarantine = 2
    var inInputs = 5
    var retired: [(path: String, records: Int, reason: RetiredFile.Reason)] = []
    var retiredParts = 0
    var retiredRecords = 0
    var copied = 0

    var contradiction: (expected: String, found: String)? {
      get throws {
        try CommitInvariants(try #require(header), try rows).contradiction
      }
    }

    private var header: ManifestHeader? {
      let root = MerkleRoot.ofNothing
      let text = """
        {"version":1,"sequence":1,"previous":null,"kind":"\(kind.rawValue)","run":"r","rows":0,\
        "rows_root":"\(root)","history_root":"\(root)","history_nodes":[],"counts":{"read":\
        \(counts.read),"written":\(counts.written),"duplicates":\(counts.duplicates),"filtered":\
        \(counts.filtered),"unreadable":\(counts.unreadable),"refused":\(counts.refused),\
        "quarantined":\(quarantined)},"retired":{"parts":\(retiredParts),"records":\
        \(retiredRecords),"copied":\(copied)}}
        """
      return Array((text + "\n").utf8).withUnsafeBufferPointer { ManifestHeader($0, sequence: 1) }
    }

    private var rows: [ManifestRow] {
      get throws {
        let digest = Digest256(0, 0, 0, 0).hex
        func file(_ kind: String, _ path: String, _ records: Int, _ rest: String) -> String {
          "{\"kind\":\"\(kind)\",\"path\":\"\(path)\",\"bytes\":1,\"sha256\":\"\(digest)\","
            + "\"records\":\(records),\(rest)}"
        }
        var lines = [
          file("part", "a/part", inParts, "\"staged\":\"part\""),
          file("quarantine", "_trailmill/q", inQuarantine, "\"staged\":\"quarantine\""),
          "{\"kind\":\"input\",\"name\":\"i\",\"bytes\":1,\"records\":\(inInputs)}",
        ]
        lines += retired.map {
          file("retired", $0.path, $0.records, "\"reason\":\"\($0.reason.rawValue)\"")
        }
        let text = Array(lines.joined(separator: "\n").utf8).withUnsafeBufferPointer {
          ManifestText($0)
        }
        return try #require(text).rows
      }
    }
  }

  private enum MerkleRoot {
    /// SHA-256 of no bytes.
    static let ofNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  }

  private func expected(_ change: (inout Numbers) -> Void) throws -> String? {
    var numbers = Numbers()
    change(&numbers)
    return try numbers.contradiction?.expected
  }

  @Test func aCommitThatAddsUpIsSound() throws {
    #expect(try expected { _ in } == nil)
    // Parts and records that retire, some of them in copies; what is read again of a quarantine.
    #expect(
      try expected {
        $0.retired = [("a/old", 3, .replaced), ("_trailmill/old", 4, .retried)]
        ($0.retiredParts, $0.retiredRecords, $0.copied) = (1, 3, 1)
        ($0.inInputs, $0.inParts) = (0, 1)
      } == nil)
  }

  @Test func everySumIsChecked() throws {
    let breaks: [(String, (inout Numbers) -> Void)] = [
      ("written + duplicates + filtered + quarantined: 6", { $0.counts.duplicates += 1 }),
      ("written + duplicates + filtered + quarantined: 6", { $0.counts.filtered += 1 }),
      ("unreadable + refused: 3", { $0.counts.unreadable += 1 }),
      ("unreadable + refused: 1", { $0.counts.refused -= 1 }),
      ("the records of its parts: 2", { $0.inParts += 1 }),
      ("the records of its quarantine: 1", { $0.inQuarantine -= 1 }),
      ("the parts that retire: 0", { $0.retiredParts += 1 }),
      ("the records of the parts that retire: 0", { $0.retiredRecords += 1 }),
      ("the records that it read, copied or read again: 6", { $0.copied += 1 }),
      ("the records that it read, copied or read again: 4", { $0.inInputs -= 1 }),
      (
        "the records that it read, copied or read again: 8",
        { $0.retired = [("_trailmill/old", 3, .retried)] }
      ),
    ]
    for (sentence, change) in breaks { #expect(try expected(change) == sentence) }
  }

  @Test func whatIsTooMuchOrNegativeAddsUpToNothing() throws {
    #expect(
      try expected { $0.counts.duplicates = .max }
        == "written + duplicates + filtered + quarantined: too many")
    #expect(try expected { $0.inParts = -1 } == "the records of its parts: too many")
  }

  @Test func kindsThatReadNothingHaveNoRecords() throws {
    for kind in [CommitKind.expire, .hold, .release] {
      #expect(try expected { $0.kind = kind } == "no records")
      #expect(
        try expected {
          $0.kind = kind
          ($0.counts, $0.quarantined) = (RunCounts(), 0)
          ($0.inParts, $0.inQuarantine, $0.inInputs) = (0, 0, 0)
        } == nil)
    }
  }

  @Test func compactionCopiesAllThatRetires() throws {
    #expect(
      try expected {
        $0.kind = .compact
        $0.retired = [("a/old", 3, .compacted)]
        ($0.retiredParts, $0.retiredRecords, $0.copied, $0.inInputs) = (1, 3, 2, 3)
      } == "all retired records copied: 3")
  }
}
