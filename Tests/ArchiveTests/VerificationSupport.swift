import Crypto
import History
import Verify
import Archive
import Bytes
import Codec
import Disk
import Foundation
import Testing

/// An archive with a history, and means to do something to it.
final class VerifiedArchive {
  /// A file that the history covers.
  struct Covered {
    enum Kind: Equatable {
      case header, rows, signature, live(FileKind), retired
    }

    var path: String
    var kind: Kind
    var sequence: Int
  }

  let folder: TemporaryFolder
  let key: SigningKey
  let signer: ManifestSigner
  var path: String { folder.path + "/archive" }

  init() throws {
    folder = try TemporaryFolder()
    let key = try SigningKey.generate()
    self.key = key
    signer = VerifiedArchive.signer(key)
  }

  static func signer(_ key: SigningKey, after last: SigningKey? = nil) -> ManifestSigner {
    ManifestSigner(
      publicKey: key.publicKey.hex, sign: { try key.sign($0) },
      previous: last.map { last in (last.publicKey.hex, { try last.sign($0) }) })
  }

  /// Runs, and every kind of maintenance.
  static func withHistory(signed: Bool) throws -> VerifiedArchive {
    let archive = try VerifiedArchive()
    for number in 1...3 { try archive.run(number, signed: signed) }
    try archive.compact(signed: signed)
    try archive.commit(.expire, signed: signed) { files, commit in
      let part = files.all(.part).first { $0.row.path.hasPrefix("a/") }
      commit.retired = [part, files.all(.quarantine).first].compactMap { $0?.retired(.expired) }
    }
    try archive.commit(.hold, signed: signed) { _, commit in
      commit.hold = Hold(
        name: "case 7", since: time("2026-11-01T00:00:00Z"), until: nil, reason: "asked for")
    }
    try archive.run(7, signed: signed)
    return archive
  }

  func run(_ number: Int, signed: Bool = false) throws {
    var script = RunScript(hasKeys: true)
    script.salt = String(repeating: ",\"n\":1", count: number)
    script.hasDigests = number % 2 == 1
    script.clock = "2026-11-2\(number % 10)T03:00:00Z"
    if signed { script.signer = signer }
    try script.run(path)
  }

  func compact(signed: Bool = false) throws {
    let archive = try opened(path)
    let compaction = Compaction(
      try LiveFiles(archive.manifests), partSize: 1 << 20,
      compression: Compression(format: .gzip, level: 6))
    let run = try archive.beginRun()
    var commit = Commit(try facts(.compact))
    try compaction.stage(run, &commit, threads: 1)
    _ = try run.publish(commit, signer: signed ? signer : nil)
  }

  func commit(
    _ kind: CommitKind, signed: Bool = false, _ body: (LiveFiles, inout Commit) -> Void
  ) throws {
    let archive = try opened(path)
    let run = try archive.beginRun()
    var commit = Commit(try facts(kind))
    body(try LiveFiles(archive.manifests), &commit)
    _ = try run.publish(commit, signer: signed ? signer : nil)
  }

  private func facts(_ kind: CommitKind) throws -> RunFacts {
    let now = try #require(time("2026-11-24T03:00:00Z"))
    return RunFacts(kind: kind, clock: RunClock(started: now, finished: now), tool: "0.1.0")
  }

  var head: Digest256? { try? ArchiveDirectory(disk: Disk(), path: path).head?.digest }

  func covered() throws -> [Covered] {
    let history = try ArchiveHistory(disk: Disk(), path: path)
    let files = try LiveFiles(history)
    let kinds: [FileKind] = [.part, .keys, .digests, .quarantine, .checkpoint]
    var covered: [Covered] = kinds.flatMap { kind in
      files.all(kind).map {
        Covered(path: $0.row.path, kind: .live(kind), sequence: $0.sequence)
      }
    }
    covered += files.former.map { Covered(path: $0.path, kind: .retired, sequence: $0.sequence) }
    for sequence in 1...history.last {
      let number = "_trailmill/manifests/" + String(format: "%012d", sequence)
      covered.append(Covered(path: number + ".json", kind: .header, sequence: sequence))
      covered.append(Covered(path: number + ".ndjson", kind: .rows, sequence: sequence))
      if FileManager.default.fileExists(atPath: path + "/" + number + ".sig") {
        covered.append(Covered(path: number + ".sig", kind: .signature, sequence: sequence))
      }
    }
    return covered.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  // MARK: Verification

  func verify(
    head: Digest256? = nil, _ change: (inout VerificationOptions) -> Void = { _ in }
  ) throws -> VerificationReport {
    var options = VerificationOptions { key, signature, message in
      Array(key.utf8).withUnsafeBufferPointer { VerifyingKey(hex: $0) }?
        .verifies(signature, of: message) ?? false
    }
    options.head = head
    change(&options)
    var verification = try Verification(disk: Disk(), path: path, options: options)
    return try verification.run()
  }

  /// Findings as `kind path`.
  func findings(
    head: Digest256? = nil, _ change: (inout VerificationOptions) -> Void = { _ in }
  ) throws -> [String] {
    try verify(head: head, change).findings.map { "\($0.kind.rawValue) \($0.path)" }
  }

  // MARK: Tampering

  func read(_ name: String) -> [UInt8] {
    FileManager.default.contents(atPath: path + "/" + name).map { Array($0) } ?? []
  }

  func write(_ bytes: [UInt8], _ name: String) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path + "/" + name)
  }

  /// Does `body`, and makes these files as they were.
  func restoring(_ names: [String], _ body: () throws -> Void) throws {
    let before = names.map { ($0, read($0)) }
    try body()
    for (name, bytes) in before { try write(bytes, name) }
  }
}
