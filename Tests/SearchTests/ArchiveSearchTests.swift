import Bytes
import Codec
import History
import JSONText
import Search
import TestArchives
import TestSupport
import Testing
import Trail

@Suite struct ArchiveSearchTests {
  // MARK: Windows

  private static let windows: [(since: String?, until: String?, ids: [String])] = [
    (nil, nil, ["first", "middle", "last"]),
    ("12:00:00", nil, ["last"]), ("12:00:00.000001", nil, []), ("11:59:59.999999", nil, ["last"]),
    (nil, "10:00:00", []), (nil, "10:00:00.000001", ["first"]),
    ("10:00:00", "12:00:00", ["first", "middle"]),
    ("10:00:00", "12:00:00.000001", ["first", "middle", "last"]),
    ("11:00:00", "11:00:00.000001", ["middle"]),
  ]

  @Test(arguments: windows.indices, [true, false])
  func aWindowHoldsItsFirstTimeAndNotItsLast(_ number: Int, _ usesIndex: Bool) throws {
    let archive = try TestArchive()
    try archive.commit(
      events: [
        (
          "x",
          [
            event("first", "10:00:00"), event("middle", "11:00:00"), event("last", "12:00:00"),
            #"{"id":"timeless"}"#,
          ]
        )
      ], dialect())
    let (since, until, ids) = Self.windows[number]
    let (found, effort) = try find(archive, query(since, until), usesIndex: usesIndex)
    #expect(found == ids + (since == nil && until == nil ? ["timeless"] : []))
    #expect(effort.found == found.count && effort.parts == 1)
    // Its times rule the part out, whether there is an index or not.
    #expect(effort.skippedParts == (ids.isEmpty ? 1 : 0))
  }

  /// Members of one part, of which the index tells the times.
  @Test func aWindowOpensTheMembersThatReachIntoIt() throws {
    let archive = try TestArchive()
    let padding = #","x":"\#(String(repeating: "x", count: 600_000))""#
    let lines = (10..<16).map { event("at \($0)", "\($0):00:00", padding) }
    try archive.commit(events: [("x", lines)], dialect())
    for (since, until, ids, opened) in [
      ("11:00:00", nil, (11..<16).map { "at \($0)" }, 3),
      ("11:00:00.000001", nil, (12..<16).map { "at \($0)" }, 2),
      (nil, "12:00:00", ["at 10", "at 11"], 1),
      (nil, "12:00:00.000001", ["at 10", "at 11", "at 12"], 2),
      ("13:00:00", "14:00:00", ["at 13"], 1),
    ] as [(String?, String?, [String], Int)] {
      let (found, effort) = try find(archive, query(since, until))
      #expect(found == ids, "\(since ?? "") \(until ?? "")")
      #expect(effort.members == 3 && effort.openedMembers == opened)
    }
  }

  // MARK: Order

  /// Events of one time come in the order of the parts' paths and of the lines in them.
  @Test(arguments: [1, 2, 5], [true, false])
  func eventsOfOneTimeComeInTheOrderOfTheirPlaces(_ threads: Int, _ usesIndex: Bool) throws {
    let archive = try TestArchive()
    try archive.commit(
      events: [
        ("a", [event("a1", "12:00:00"), event("a2", "12:00:00")]),
        ("b", [event("b1", "12:00:00"), event("b2", "11:00:00"), #"{"id":"b3"}"#]),
        ("c", [event("c1", "12:00:00"), event("c2", "10:00:00"), #"{"id":"c3"}"#]),
      ], dialect())
    let found = try find(archive, SearchQuery(), usesIndex: usesIndex, threads: threads).ids
    #expect(found == ["c2", "b2", "a1", "a2", "b1", "c1", "b3", "c3"])
  }

  /// The newest first is the same order backwards, but for events without a time, which come last.
  @Test(arguments: [1, 2, 5], [true, false])
  func theNewestCanComeFirst(_ threads: Int, _ usesIndex: Bool) throws {
    let archive = try TestArchive()
    try archive.commit(
      events: [
        ("a", [event("a1", "12:00:00"), event("a2", "12:00:00")]),
        ("b", [event("b1", "12:00:00"), event("b2", "11:00:00"), #"{"id":"b3"}"#]),
        ("c", [event("c1", "12:00:00"), event("c2", "10:00:00"), #"{"id":"c3"}"#]),
      ], dialect())
    let found = try find(
      archive, SearchQuery(), order: .newestFirst, usesIndex: usesIndex, threads: threads
    ).ids
    #expect(found == ["c1", "b1", "a2", "a1", "b2", "c2", "b3", "c3"])
  }

  @Test func whereEnoughOfTheNewestIsFoundNoOlderPartIsRead() throws {
    let archive = try TestArchive()
    let parts = (10..<20).map { hour in
      ("hour=\(hour)", (0..<3).map { event("\(hour)-\($0)", "\(hour):00:0\($0)") })
    }
    try archive.commit(events: parts, dialect())
    let (found, effort) = try find(
      archive, SearchQuery(), order: .newestFirst, threads: 1, limit: 4)
    #expect(found == ["19-2", "19-1", "19-0", "18-2"])
    #expect(effort.found == 6)
  }

  // MARK: Keys that events name themselves

  private static let keys = [
    #","actor":"api::01JKEY::deployer""#, #","actor":"api::01JOTHER""#,
    #","actor":"jane","key":"AKIA1""#,
    #","actor":"api::01JSHORT","attribution":{"api_key":{"id":"01JLONG","name":"nightly"}}"#,
    #","actor":"xapi::01JKEY""#, #","actor":"api::""#,
  ]

  private func ofKey(_ text: String) -> SearchQuery {
    var query = SearchQuery()
    query.add(.key, FilterText(text))
    return query
  }

  @Test(arguments: [
    ("01JKEY", ["0"]), ("deployer", ["0"]), ("01JOTHER", ["1"]), ("AKIA1", ["2"]),
    ("01JSHORT", ["3"]), ("01JLONG", ["3"]), ("nightly", ["3"]), ("jane", []),
    ("01J*", ["0", "1", "3"]),
    ("", []),
  ])
  func aKeyIsFoundWithoutResolveKeys(_ key: String, _ ids: [String]) throws {
    let archive = try TestArchive()
    var pointers = try dialect()
    pointers[.key] = [try JSONPointer("/key")]
    let parts = Self.keys.enumerated().map { number, more in
      ("p\(number)", [event("\(number)", "1\(number):00:00", more)])
    }
    try archive.commit(events: parts, pointers)
    for usesIndex in [true, false] {
      #expect(try find(archive, ofKey(key), usesIndex: usesIndex).ids == ids)
    }
    guard !key.isEmpty, !key.contains("*") else { return }
    // The index rules out the other parts.
    #expect(try find(archive, ofKey(key)).effort.openedMembers == ids.count)
  }

  @Test func whatMustNotHoldIsNotRuledOut() throws {
    let (archive, _) = try indexed()
    var query = SearchQuery()
    query.add(.actor, FilterText("!jane"))
    #expect(try find(archive, query).ids == ["2"])
    query.add(.address, FilterText("!10.0.0.0/8"))
    query.add(try JSONPointer("/actor"), FilterText("!e*"))
    #expect(try find(archive, query).ids == [])
  }

  @Test func theCaseOfLettersIsIgnoredWithTheIndexToo() throws {
    let (archive, _) = try indexed()
    var query = SearchQuery()
    query.add(.actor, FilterText("JANE", ignoresCase: true))
    #expect(try find(archive, query).ids == ["1"])
    query.add(.actor, FilterText("!JAn*", ignoresCase: true))
    #expect(try find(archive, query).ids == [])
  }

  @Test func whereEnoughIsFoundNoOtherPartIsRead() throws {
    let archive = try TestArchive()
    let parts = (10..<20).map { hour in
      ("hour=\(hour)", (0..<3).map { event("\(hour)-\($0)", "\(hour):00:0\($0)") })
    }
    try archive.commit(events: parts, dialect())
    let (found, effort) = try find(archive, SearchQuery(), threads: 1, limit: 4)
    #expect(found == ["10-0", "10-1", "10-2", "11-0"])
    #expect(effort.found == 6)
  }

  // MARK: Damage

  private func indexed() throws -> (archive: TestArchive, index: String) {
    let archive = try TestArchive()
    try archive.commit(
      events: [
        ("a", [event("1", "10:00:00", #","actor":"jane""#)]),
        ("b", [event("2", "11:00:00", #","actor":"eve""#)]),
      ], dialect())
    return (archive, try #require(archive.files.all(.index).first).row.path)
  }

  private func ofJane() -> SearchQuery {
    var query = SearchQuery()
    query.add(.actor, FilterText("jane"))
    return query
  }

  @Test func theIndexRulesOutWhatItCan() throws {
    let (archive, _) = try indexed()
    let (found, effort) = try find(archive, ofJane())
    #expect(found == ["1"] && effort.unusableIndexes == [])
    #expect(effort.skippedParts == 1 && effort.openedMembers == 1 && effort.openedParts == 0)
  }

  /// Whatever happens to the index, as much is found as without it.
  @Test func anIndexThatIsDamagedIsNotBelieved() throws {
    let (archive, index) = try indexed()
    let good = archive.read(index)
    var bad: [[UInt8]] = [[], Array(good.dropLast()), good + [0], Array(good.reversed())]
    for place in stride(from: 0, to: good.count, by: 7) {
      var bytes = good
      bytes[place] ^= 1
      bad.append(bytes)
    }
    for bytes in bad {
      try archive.write(bytes, index)
      let (found, effort) = try find(archive, ofJane())
      #expect(found == ["1"] && effort.unusableIndexes == [index])
      #expect(effort.openedParts == 2 && effort.skippedParts == 0)
    }
    try archive.remove(index)
    let (found, effort) = try find(archive, ofJane())
    #expect(found == ["1"] && effort.unusableIndexes == [index] && effort.openedParts == 2)
  }

  /// An index is checked as far as it is read.
  @Test func whatIsNotReadOfAnIndexCostsNothing() throws {
    let archive = try TestArchive()
    let many = (0..<60_000).map {
      event("\($0)", "11:00:00", #","actor":"a\#($0)","action":"b\#($0)""#)
    }
    try archive.commit(
      events: [("a", [event("1", "10:00:00", #","actor":"jane""#)]), ("b", many)], dialect())
    let index = try #require(archive.files.all(.index).first).row
    var bytes = archive.read(index.path)
    #expect(bytes.count > 2 << 16)
    bytes[100_000] ^= 1
    try archive.write(bytes, index.path)
    let (found, effort) = try find(archive, query("09:00:00", "10:30:00"))
    #expect(found == ["1"] && effort.unusableIndexes == [] && effort.openedMembers == 1)
    #expect(try find(archive, ofJane()).effort.unusableIndexes == [index.path])
  }

  /// Somebody puts other events into a part, as many bytes of them: nobody who reads members can know.
  @Test func aForgedMemberIsFoundWherePartsAreReadWhole() throws {
    let (archive, _) = try indexed()
    let part = try #require(archive.files.all(.part).first).row.path
    let good = archive.read(part)
    let forgeries = try (2...9).map { number in
      var stored = ByteBuffer()
      let line = event("\(number)", "10:00:00", #","actor":"jane""#) + "\n"
      let compressor = try Compressor(Compression(format: .gzip, level: 6))
      try withBytes(line) { try compressor.compress($0, into: &stored) }
      return stored.bytes
    }
    try archive.write(try #require(forgeries.first { $0.count == good.count }), part)
    let (found, effort) = try find(archive, ofJane())
    #expect(found.count == 1 && found != ["1"])
    #expect(effort.openedMembers == 1 && effort.partlyOpenedParts == 1)
    let error = #expect(throws: ArchiveError.self) {
      try find(archive, ofJane(), reading: .wholeParts)
    }
    #expect(error?.kind == .damaged && error?.description.contains(part) == true)
    try archive.write(good, part)
    let whole = try find(archive, ofJane(), reading: .wholeParts)
    #expect(whole.ids == ["1"] && whole.effort.openedMembers == 0)
    #expect(whole.effort.openedParts == 1 && whole.effort.skippedParts == 1)
  }

  @Test func aPartThatIsDamagedIsAnError() throws {
    let (archive, _) = try indexed()
    let part = try #require(archive.files.all(.part).first).row.path
    var bytes = archive.read(part)
    bytes[bytes.count - 5] ^= 1
    try archive.write(bytes, part)
    for usesIndex in [true, false] {
      let error = #expect(throws: ArchiveError.self) {
        try find(archive, ofJane(), usesIndex: usesIndex)
      }
      #expect(error?.kind == .damaged && error?.description.contains(part) == true)
    }
  }
}
