import Bytes
import Foundation
import History
import TestArchives
import TestSupport
import Testing

@testable import Verify

/// Each sum that a commit has to satisfy is compared: one number that is altered contradicts.
@Suite struct CommitInvariantsTests {
  private let header: String
  private let rows: [String]

  /// A commit that reads 8 records: 5 from an input, 2 that it copies, 1 again out of a quarantine.
  init() throws {
    let archive = try TestArchive()
    try RunScript().run(archive.path)
    func file(_ name: String) -> String {
      String(decoding: archive.read("_trailmill/manifests/" + name), as: UTF8.self)
    }
    header = file("000000000001.json")
      .replacing("\"read\":5,\"written\":3", with: "\"read\":8,\"written\":6")
      .replacing(
        "\"retired\":{\"parts\":0,\"records\":0,\"copied\":0}",
        with: "\"retired\":{\"parts\":1,\"records\":2,\"copied\":2}")
    func retired(_ path: String, _ records: Int, _ reason: String) -> String {
      let digest = RunScript.digest("x").hex
      let file = #"{"kind":"retired","path":"\#(path)","bytes":1,"sha256":"\#(digest)""#
      return file + #","records":\#(records),"reason":"\#(reason)"}"#
    }
    rows =
      file("000000000001.ndjson").split(separator: "\n").map {
        String($0).replacing(/(part-00000001.*"records":)1/) { "\($0.1)4" }
      } + [
        retired("a/part-000000000001-0a0a0a0a-0000.ndjson.gz", 2, "replaced"),
        retired("_trailmill/quarantine/000000000001-0a0a0a0a.rejects.gz", 1, "retried"),
      ]
  }

  private func contradiction(_ header: String, _ rows: [String]) throws -> String? {
    let header = try #require(withBytes(header) { ManifestHeader($0, sequence: 1) })
    var reader = ManifestRowReader()
    let rows = try rows.map { row in try #require(withBytes(row) { reader.read($0) }) }
    return CommitInvariants(header, rows).contradiction?.expected
  }

  /// Days that no run writes are told, and files that are there twice; where there are no days, none are
  /// missed.
  @Test func daysOfDigestsAreWellFormed() throws {
    func row(_ more: String) -> String {
      #"{"kind":"digests","path":"_trailmill/digests/000000000001-0a0a0a0a.digests","staged":"x""#
        + #","bytes":1,"sha256":"\#(RunScript.digest("x").hex)","records":1\#(more)}"#
    }
    let rule = #","time_rule":"\#(RunScript.digest("rule").hex)""#
    #expect(try contradiction(header, rows + [row("")]) == nil)
    #expect(try contradiction(header, rows + [row(#","days":[null,"2026-03-02"]"# + rule)]) == nil)
    let found = try contradiction(header, rows + [row(#","days":["2026-02-30"]"# + rule)])
    #expect(found?.hasPrefix("days in their order") == true)
    #expect(
      try contradiction(header, rows + [row(""), row("")]) == "files that are published once")
  }

  @Test func aCommitThatAddsUpContradictsNothing() throws {
    #expect(try contradiction(header, rows) == nil)
  }

  @Test(arguments: [
    ("\"filtered\":1", "\"filtered\":2", "written + duplicates + filtered + quarantined: 9"),
    ("\"unreadable\":1", "\"unreadable\":0", "unreadable + refused: 0"),
    ("\"parts\":1", "\"parts\":2", "the parts that retire: 1"),
    (
      "\"retired\":{\"parts\":1,\"records\":2", "\"retired\":{\"parts\":1,\"records\":3",
      "the records of the parts that retire: 2"
    ),
    ("\"copied\":2", "\"copied\":1", "the records that it read, copied or read again: 7"),
    (
      "\"filtered\":1", "\"filtered\":-1", "written + duplicates + filtered + quarantined: too many"
    ),
  ])
  func aHeaderThatDoesNotAddUpContradicts(_ old: String, _ new: String, _ sum: String) throws {
    let altered = header.replacing(old, with: new)
    try #require(altered != header)
    #expect(try contradiction(altered, rows) == sum)
  }

  @Test(arguments: [
    (
      "input", "\"records\":5", "\"records\":6", "the records that it read, copied or read again: 9"
    ),
    (
      "retried", "\"records\":1", "\"records\":0",
      "the records that it read, copied or read again: 7"
    ),
    ("part-00000001", "\"records\":4", "\"records\":3", "the records of its parts: 5"),
    ("rejects", "\"records\":1", "\"records\":2", "the records of its quarantine: 2"),
    ("replaced", "\"records\":2", "\"records\":1", "the records of the parts that retire: 1"),
  ])
  func rowsThatDoNotAddUpContradict(
    _ row: String, _ old: String, _ new: String, _ sum: String
  ) throws {
    var altered = rows
    let index = try #require(rows.firstIndex { $0.contains(row) && $0.contains(old) })
    altered[index] = rows[index].replacing(old, with: new)
    #expect(try contradiction(header, altered) == sum)
  }

  @Test func whatReadsNothingHasNoRecords() throws {
    for kind in ["expire", "hold", "release"] {
      let altered = header.replacing("\"kind\":\"run\"", with: "\"kind\":\"\(kind)\"")
      #expect(try contradiction(altered, rows) == "no records")
    }
    let compaction = header.replacing("\"kind\":\"run\"", with: "\"kind\":\"compact\"")
    #expect(try contradiction(compaction, rows) == nil)
    // Two more records retire, and are not copied.
    let retired = rows.map {
      $0.replacing(
        "\"records\":2,\"reason\":\"replaced\"", with: "\"records\":4,\"reason\":\"replaced\"")
    }
    let more = compaction.replacing("\"parts\":1,\"records\":2", with: "\"parts\":1,\"records\":4")
    #expect(try contradiction(more, retired) == "all retired records copied: 4")
  }
}
