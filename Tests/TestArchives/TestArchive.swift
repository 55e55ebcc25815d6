import Archive
import Codec
package import Crypto
package import Disk
package import History
package import JSONText
package import Trail
package import Bytes
import Foundation
package import TestSupport

/// An archive in a temporary folder, means to add to it, and means to do something to it.
package final class TestArchive {
  package let folder: TemporaryFolder
  /// With which commits are signed, where they are.
  package let key: SigningKey
  private let isSigned: Bool
  package var path: String { folder.path + "/archive" }

  /// An archive without commits; those to come are signed if `signed`, or where one asks for it.
  package init(signed: Bool = false) throws {
    folder = try TemporaryFolder()
    key = try SigningKey.generate()
    isSigned = signed
  }

  package static func signer(
    _ key: SigningKey, after last: SigningKey? = nil
  ) -> ManifestSigner {
    ManifestSigner(
      publicKey: key.publicKey.hex, sign: { try key.sign($0) },
      previous: last.map { last in (last.publicKey.hex, { try last.sign($0) }) })
  }

  private func signer(_ signed: Bool) -> ManifestSigner? {
    signed || isSigned ? TestArchive.signer(key) : nil
  }

  package var history: ArchiveHistory {
    get throws { try ArchiveHistory(disk: Disk(), path: path) }
  }

  package var files: LiveFiles { get throws { try LiveFiles(history) } }

  package var head: Digest256? { try? ArchiveDirectory(disk: Disk(), path: path).head?.digest }

  // MARK: Commits

  /// Commits parts with these lines, in a folder each, without an index.
  @discardableResult
  package func commit(
    _ parts: [[String]], first: String = "2026-11-20T01:00:00Z",
    last: String = "2026-11-20T01:59:59Z"
  ) throws -> PublishedRun {
    var script = RunScript(
      parts: parts.enumerated().map { .init("hour=\($0)", $1) }, hasQuarantine: false)
    for index in script.parts.indices {
      script.parts[index].first = first
      script.parts[index].last = last
    }
    script.signer = signer(false)
    return try script.run(path)
  }

  /// Runs a small run that differs from others by its number.
  @discardableResult
  package func run(_ number: Int, signed: Bool = false) throws -> PublishedRun {
    var script = RunScript(hasKeys: true)
    script.salt = String(repeating: ",\"n\":1", count: number)
    script.hasDigests = number % 2 == 1
    script.clock = "2026-11-2\(number % 10)T03:00:00Z"
    script.signer = signer(signed)
    return try script.run(path)
  }

  /// Commits events as a run does: compressed, indexed, with the times that they say. A folder has a part.
  @discardableResult
  package func commit(
    events: [(folder: String, lines: [String])], _ pointers: [Role: [JSONPointer]]
  ) throws -> PublishedRun {
    let archive = try opened(path)
    let run = try archive.beginRun()
    let builder = try PartBuilder(
      run.place, compression: TestArchive.compression, partSize: 64 << 20, firstIndex: 0,
      pointers: pointers)
    for (folder, lines) in events {
      try builder.begin(folder, .unnoted)
      for line in lines { try withBytes(line) { try builder.append($0) } }
    }
    try builder.end()
    var commit = Commit(try facts(.run))
    commit.facts.dialect = Dialect(name: "test", pointers: pointers)
    commit.parts = builder.parts
    commit.files[.index] = try run.stageIndex(adding: builder, to: nil)
    return try run.publish(commit, signer: signer(false))
  }

  package func compact(signed: Bool = false, _ disk: Disk = Disk()) throws {
    let archive = try opened(path, disk)
    let compaction = try Compaction(
      LiveFiles(archive.manifests), partSize: 1 << 20, compression: .kept(level: nil))
    let run = try archive.beginRun()
    var commit = Commit(try facts(.compact))
    try compaction.stage(run, &commit, threads: 1)
    _ = try run.publish(commit, signer: signer(signed))
  }

  /// Makes a commit of another kind than a run, of which `body` says what it does.
  package func commit(
    _ kind: CommitKind, signed: Bool = false, _ body: (LiveFiles, inout Commit) -> Void
  ) throws {
    let archive = try opened(path)
    let run = try archive.beginRun()
    var commit = Commit(try facts(kind))
    body(try LiveFiles(archive.manifests), &commit)
    _ = try run.publish(commit, signer: signer(signed))
  }

  private func facts(_ kind: CommitKind) throws -> RunFacts {
    let now = try timestamp("2026-11-24T03:00:00Z")
    return RunFacts(kind: kind, clock: RunClock(started: now, finished: now), tool: "0.1.0")
  }

  private static let compression = Compression(format: .gzip, level: 6)

  // MARK: Tampering

  package func read(_ name: String) -> [UInt8] { (try? folder.bytes("archive/" + name)) ?? [] }

  package func write(_ bytes: [UInt8], _ name: String) throws {
    try folder.write("archive/" + name, bytes)
  }

  package func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path + "/" + name)
  }

  /// Does `body`, and makes these files as they were.
  package func restoring(_ names: [String], _ body: () throws -> Void) throws {
    let before = names.map { ($0, read($0)) }
    try body()
    for (name, bytes) in before { try write(bytes, name) }
  }

  /// Replaces a text in the first file of which the path ends so.
  package func alter(_ suffix: String, _ old: String, _ new: String) throws {
    let names = folder.files(below: "archive").keys.sorted()
    guard let name = names.first(where: { $0.hasSuffix(suffix) }) else { throw Unfit(text: suffix) }
    let text = String(decoding: read(name), as: UTF8.self)
    guard text.contains(old) else { throw Unfit(text: old) }
    try write(Array(text.replacing(old, with: new).utf8), name)
  }
}
