import Crypto
import Bytes
import Engine
import TestSupport
import Testing
import Trail

@Suite struct KeyReferencesTests {
  private func directory(_ rows: [String]) throws -> KeyDirectory {
    var loader = KeyDirectoryLoader()
    for (number, row) in rows.enumerated() {
      try withBytes(row) { try loader.add($0, line: number + 1) }
    }
    return loader.finish()
  }

  private func find(_ directory: KeyDirectory, _ id: String, _ time: Int64) -> KeyDirectory.Found? {
    withBytes(id) {
      directory.find($0, name: ByteView(start: nil, count: 0), at: time)
    }
  }

  private func text(_ references: KeyReferences, _ found: KeyDirectory.Found) -> String {
    var buffer = ByteBuffer()
    references.append(found, to: &buffer)
    return String(decoding: buffer.view, as: UTF8.self)
  }

  private static func digest(_ text: String) -> Digest256 {
    withBytes(text) { SHA256.digest($0) }
  }

  private static let versions = [
    #"{"id":"k","name":"a","owner":"jane","valid_to":1000,"secret":"HUSH"}"#,
    #"{"id":"k","name":"a","owner":"joe","valid_from":1000}"#, #"{"id":"later","valid_from":5000}"#,
  ]

  @Test func theDigestIsOfWhatFullWrites() throws {
    let directory = try directory(KeyReferencesTests.versions)
    let references = KeyReferences(directory)
    let found = try #require(find(directory, "k", 0))
    let full = #"{"id":"k","name":"a","owner":"jane"}"#
    let digest = String(KeyReferencesTests.digest(full).hex.prefix(32))
    #expect(text(references, found) == #"{"id":"k","name":"a","digest":"\#(digest)"}"#)
    #expect(references.digest(found) == digest)
    #expect(references.used == [ReferencedKey(text: Array(full.utf8))])
  }

  @Test func versionsAreRememberedOnceAndByDigest() throws {
    let directory = try directory(KeyReferencesTests.versions)
    let references = KeyReferences(directory)
    #expect(references.used == [])
    for time in [2_000_000_000, 0, 2_000_000_000, 1] as [Int64] {
      _ = text(references, try #require(find(directory, "k", time)))
    }
    #expect(references.used.count == 2)
    #expect(references.used.map(\.digest) == references.used.map(\.digest).sorted())
    // To look is not to refer.
    let untouched = KeyReferences(directory)
    #expect(untouched.digest(try #require(find(directory, "k", 0))) != nil)
    #expect(untouched.used == [])
  }

  @Test func aKeyWithoutAVersionHasNoDigest() throws {
    let directory = try directory(KeyReferencesTests.versions)
    let references = KeyReferences(directory)
    let found = try #require(find(directory, "later", 0))
    #expect(text(references, found) == #"{"id":"later"}"#)
    #expect(references.digest(found) == nil && references.used == [])
  }

  @Test func equalVersionsAreOneRow() throws {
    let directory = try directory([
      #"{"id":"k","owner":"x","valid_to":1000}"#, #"{"owner":"x","id":"k","valid_from":1000}"#,
    ])
    let references = KeyReferences(directory)
    for time in [0, 2_000_000_000] as [Int64] {
      _ = text(references, try #require(find(directory, "k", time)))
    }
    #expect(
      references.used.map { String(decoding: $0.text, as: UTF8.self) } == [
        #"{"id":"k","owner":"x"}"#
      ])
  }

  @Test func hostileNamesStayWithinTheirString() throws {
    let directory = try directory([#"{"id":"k\"}","name":"a\",\"digest\":\"0\u0000"}"#])
    let references = KeyReferences(directory)
    let shown = text(references, try #require(find(directory, "k\"}", 0)))
    #expect(shown.hasPrefix(#"{"id":"k\"}","name":"a\",\"digest\":\"0\u0000","digest":""#))
  }

  @Test func anEmptyDirectoryRefersToNothing() throws {
    #expect(KeyReferences(try directory([])).used == [])
  }

  @Test func marksFromManyThreadsAreAllKept() async throws {
    let rows = (0..<2000).map { #"{"id":"k\#($0)"}"# }
    let directory = try directory(rows)
    let references = KeyReferences(directory)
    let found = try (0..<2000).map { try #require(find(directory, "k\($0)", 0)) }
    await withTaskGroup(of: Void.self) { group in
      for part in 0..<4 {
        group.addTask {
          var buffer = ByteBuffer()
          for number in 0..<2000 where number % 4 <= part {
            references.append(found[number], to: &buffer)
          }
        }
      }
    }
    #expect(references.used.count == 2000)
  }
}
