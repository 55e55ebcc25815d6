import Bytes
import Crypto
import History
import Search
import Verify
import Disk
import Foundation
import JSONText
import TestSupport
import TestArchives
import Testing

struct EventProofTests {
  /// A line with everything that JSON strings have to escape, and bytes beyond ASCII.
  private func line(_ id: String) -> String {
    #"{"id":"\#(id)","text":"q\" b\\ s\/ \u0007 é 平 😀 \#u{7F}\#u{85}","n":[1.0e+2]}"#
  }

  /// An archive of so many commits, each with two parts, and the heads.
  private func archive(
    commits: Int, signed: Bool = false
  ) throws -> (TestArchive, [PublishedRun], [(id: String, line: String)]) {
    let archive = try TestArchive(signed: signed)
    var runs: [PublishedRun] = []
    var events: [(id: String, line: String)] = []
    for commit in 1...commits {
      var parts: [[String]] = []
      for part in 0..<2 {
        let count = 1 + (commit * 7 + part * 11 + commits * 3) % 20
        let ids = (0..<count).map { "\(commit)-\(part)-\($0)" }
        events += ids.map { ($0, line($0)) }
        parts.append(ids.map(line))
      }
      runs.append(try archive.commit(parts))
    }
    return (archive, runs, events)
  }

  @Test(arguments: 1...5) func everyEventIsProvable(_ commits: Int) throws {
    let (archive, runs, events) = try archive(commits: commits, signed: commits.isMultiple(of: 2))
    for event in events {
      let proof = try check(try archive.proof(event.id))
      let numbers = event.id.split(separator: "-").compactMap { Int($0) }
      let run = runs[numbers[0] - 1]
      #expect(proof.event == Array(event.line.utf8))
      #expect(proof.head == runs.last?.head && proof.newest == commits)
      #expect(proof.sequence == numbers[0] && proof.runName == run.runName)
      #expect(proof.part == run.paths[numbers[1]] && proof.line == UInt64(numbers[2]) + 1)
      #expect(proof.signingKey == (commits.isMultiple(of: 2) ? archive.key.publicKey : nil))
      #expect(proof.finished == time("2026-11-20T03:00:00Z") && proof.kind == .run)
    }
  }

  @Test func partsOfEverySizeAreProvable() throws {
    let archive = try TestArchive()
    let lines = (1...20).map { size in (0..<size).map { line("\(size)-\($0)") } }
    let run = try archive.commit(lines)
    for size in 1...20 {
      for index in 0..<size {
        let proof = try check(try archive.proof("\(size)-\(index)"))
        #expect(proof.head == run.head && proof.event == Array(lines[size - 1][index].utf8))
      }
    }
  }

  @Test func aProofGrowsWithTheLogarithm() throws {
    let small = try TestArchive()
    try small.commit([["{\"id\":\"x\"}"]])
    let large = try TestArchive()
    try large.commit([(0..<4000).map { "{\"n\":\($0)}" } + ["{\"id\":\"x\"}"]])
    let growth = try large.proof("x").count - small.proof("x").count
    // Twelve digests of 64 digits with quotes and comma, and longer numbers.
    #expect(growth > 0 && growth < 12 * 67 + 40)
  }

  /// Refused, or the same result; whether it was one.
  @discardableResult
  private func expectNoOther(_ altered: [UInt8], _ proof: EventProof, _ what: String) -> Bool {
    guard let result = try? check(altered) else { return false }
    #expect(result == proof, "\(what)")
    return true
  }

  @Test(arguments: [(1, false), (3, true)])
  func noFlippedByteProvesAnythingElse(_ commits: Int, _ signed: Bool) throws {
    let (archive, _, _) = try archive(commits: commits, signed: signed)
    let bytes = try archive.proof("1-0-2")
    let proof = try check(bytes)
    var refused = 0
    for at in bytes.indices {
      for mask in [1, 1 << (at % 7 + 1)] as [UInt8] {
        var altered = bytes
        altered[at] ^= mask
        if !expectNoOther(altered, proof, "byte \(at) ^ \(mask)") { refused += 1 }
      }
    }
    // What is left is the case of hexadecimal digits, and the line feed at the end.
    #expect(refused > bytes.count * 3 / 2)
  }

  @Test func noTruncatedProofProvesAnythingElse() throws {
    let (archive, _, _) = try archive(commits: 2)
    let bytes = try archive.proof("1-1-0")
    let proof = try check(bytes)
    for count in bytes.indices { expectNoOther(Array(bytes[..<count]), proof, "\(count) bytes") }
    #expect(throws: ProofError.self) { try check([UInt8]()) }
    #expect(throws: ProofError.self) { try check(bytes + bytes) }
  }

  @Test func laterCommitsNeedANewProof() throws {
    let archive = try TestArchive()
    let first = try archive.commit([[line("a")]])
    let before = try check(try archive.proof("a"))
    let second = try archive.commit([[line("b")]])
    let after = try check(try archive.proof("a"))
    #expect(before.head == first.head && before.newest == 1)
    #expect(after.head == second.head && after.newest == 2)
    #expect(before.event == after.event && before.part == after.part)
  }

  @Test func piecesOfOtherProofsDoNotFit() throws {
    let (archive, _, _) = try archive(commits: 3)
    func object(_ id: String) throws -> [String: Any] {
      let object = try JSONSerialization.jsonObject(with: Data(try archive.proof(id)))
      return try #require(object as? [String: Any])
    }
    let ours = try object("1-0-1")
    for other in ["1-0-2", "1-1-1", "2-0-1", "3-0-1"] {
      let theirs = try object(other)
      for key in ["event", "row", "header", "newest"] {
        var mixed = ours
        mixed[key] = theirs[key]
        // The other event of the same part is proven by what is above it.
        let isSame =
          mixed as NSDictionary == ours as NSDictionary || (key == "event" && other == "1-0-2")
        let bytes = [UInt8](try JSONSerialization.data(withJSONObject: mixed))
        #expect(((try? check(bytes)) != nil) == isSame, "\(key) of \(other)")
      }
    }
  }

  /// What a check says of a proof in which a text is replaced.
  private func reason(_ proof: String, _ old: String, _ new: String) throws -> String {
    try #require(proof.contains(old))
    do { _ = try check(proof.replacing(old, with: new, maxReplacements: 1)) } catch {
      return "\(error)"
    }
    return "it holds"
  }

  @Test func refusalsSayWhatIsWrong() throws {
    let (archive, _, _) = try archive(commits: 3, signed: true)
    let proof = String(decoding: try archive.proof("2-0-1"), as: UTF8.self)
    let table: [(old: String, new: String, reason: String)] = [
      ("{\"version\":1,", "{\"version\":2,", "its version is 2"),
      ("{\"version\":1,\"h", "{\"version\":1.0,\"h", "/version is no whole number"),
      ("{\"version\":1,\"h", "{\"version\":1,\"version\":1,\"h", "/version twice"),
      ("\"head\":\"", "\"head\":\"0", "/head is no digest"),
      ("\"head\":", "\"head\":\"\(RunScript.digest("x").hex)\",\"h\":", "is not that of the head"),
      ("\"event\":", "\"event\":{\"text\":\"\"},\"event\":", "/event/text twice"),
      ("\"index\":1,", "\"index\":-1,", "/event/index is no whole number"),
      ("\"index\":1,", "\"index\":18446744073709551615,", "the event is not, at this place"),
      ("\"index\":1,", "\"index\":99999999999999999999,", "/event/index is no whole number"),
      ("\"path\":[", "\"path\":[7,", "something else than digests"),
      ("\"path\":[", "\"path\":[[", "it is no JSON"),
      ("\"text\":\"{\\\"id", "\"text\":\"\\ud800{\\\"id", "half of a surrogate pair"),
      ("\\\"sequence\\\":2,", "\\\"sequence\\\":0,", "the commit's header is not valid"),
      (
        "\\\"sequence\\\":2,", "\\\"sequence\\\":-9223372036854775808,",
        "the commit's header is not valid"
      ),
      ("\\\"sequence\\\":3,", "\\\"sequence\\\":4,", "the newest header is not valid"),
      ("\\\"rows\\\":", "\\\"rows\\\":1", "the commit's header is not, at this place"),
      ("\\\"records\\\":", "\\\"records\\\":-", "the part's row is not, at this place"),
      ("\"signature\":\"", "\"signature\":\"00", "the signature is not one"),
      ("\"signature\":\"", "\"signature\":\"x", "/signature is not hexadecimal"),
      ("\"signature\":\"", "\"signature\":null,\"s\":\"", "the signature is missing"),
      ("\"newest\":\"", "\"newest\":null,\"n\":\"", "its header has a path"),
      ("\"newest\":", "\"newer\":", "it has no /newest"),
    ]
    for (old, new, expected) in table {
      let reason = try reason(proof, old, new)
      #expect(reason.contains(expected), "\(new): \(reason)")
    }
  }

  @Test func limitsAreNamed() throws {
    let (archive, _, _) = try archive(commits: 1)
    let proof = String(decoding: try archive.proof("1-0-1"), as: UTF8.self)
    for count in [60, 65, 200_000] {
      let nodes = String(repeating: "\"" + RunScript.digest("x").hex + "\",", count: count)
      let reason = try reason(proof, "\"path\":[\"", "\"path\":[" + nodes + "\"")
      #expect(reason.contains(count > 64 ? "max_path_length" : "is not"), "\(reason)")
    }
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(
      try reason(proof, "\"version\":1,", "\"version\":1,\"x\":" + deep).contains("max_depth"))
  }

  @Test func arbitraryBytesAreRefused() throws {
    var random = SeededGenerator(seed: 7)
    for text in ["", "null", "[]", "{}", "{\"version\":1}", "\u{0}", "\"", "{\"version\":1e999}"] {
      #expect(throws: ProofError.self, "\(text)") { try check(text) }
    }
    for _ in 0..<300 {
      let bytes = (0..<random.next(below: 200)).map { _ in UInt8(random.next(below: 256)) }
      #expect(throws: ProofError.self) { try check(bytes) }
    }
  }

  // MARK: What was altered

  private func expectDamaged(_ archive: TestArchive, _ id: String) {
    #expect { _ = try archive.proof(id) } throws: { ($0 as? ArchiveError)?.kind == .damaged }
  }

  @Test func whatWasAlteredIsNotProven() throws {
    for (suffix, old, new) in [
      ("-0000.ndjson.gz", "\"n\":[1", "\"n\":[2"), ("000000000001.ndjson", "hour=1", "hour=2"),
      ("000000000001.json", "2026-11-20T03", "2026-11-20T04"),
      ("000000000002.json", "\"previous\":\"", "\"previous\":\"0"),
      ("000000000003.sig", "", ""),
    ] {
      let (archive, _, _) = try archive(commits: 3, signed: true)
      _ = try archive.proof("1-0-1")
      if suffix.hasSuffix("sig") {
        try Disk().remove(archive.path + "/_trailmill/manifests/" + suffix)
      } else {
        try archive.alter(suffix, old, new)
      }
      expectDamaged(archive, "1-0-1")
      // An altered part could hold another event that fits; an altered history is none.
      expectDamaged(archive, "3-1-0")
    }
  }

  @Test func aPartThatWasAlteredSinceTheSearchIsNotProven() throws {
    let (archive, _, _) = try archive(commits: 2)
    let history = try archive.history
    let part = try #require(try archive.files.all(.part).first)
    let place = EventPlace(part: part, index: 1)
    _ = try history.proof(of: place)
    let beyond = EventPlace(part: place.part, index: 1000)
    #expect(throws: ArchiveError.self) { try history.proof(of: beyond) }
    #expect(throws: ArchiveError.self) { try history.proof(of: .init(part: place.part, index: -1)) }
    try archive.alter("-0000.ndjson.gz", "1-0-1", "1-0-9")
    #expect { _ = try history.proof(of: place) } throws: {
      ($0 as? ArchiveError)?.kind == .damaged
    }
  }

  // MARK: The checker in Python

  @Test(.enabled(if: PythonChecker.python != nil, "there is no python3"))
  func thePythonCheckerAgrees() throws {
    let checker = try PythonChecker()
    var random = SeededGenerator(seed: 11)
    for commits in [1, 2, 5] {
      let (archive, _, events) = try archive(commits: commits, signed: commits == 2)
      for event in [events[0], events[events.count / 2], events[events.count - 1]] {
        let bytes = try archive.proof(event.id)
        let head = try check(bytes).head.hex
        let expected = head + "\n" + event.line + "\n"
        #expect(try checker.check(bytes) == expected)
        #expect(try checker.check(bytes, head: head) == expected)
        #expect(try checker.check(bytes, head: RunScript.digest("other").hex) == nil)
        for _ in 0..<10 {
          var altered = bytes
          altered[random.next(below: bytes.count)] ^= UInt8(1 << random.next(below: 8))
          let result = try checker.check(altered)
          #expect(result == nil || result == expected)
          if (try? check(altered)) != nil { #expect(result == expected) }
        }
      }
    }
  }
}
