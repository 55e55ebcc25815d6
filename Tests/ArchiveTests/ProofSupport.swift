import Archive
import Crypto
import History
import Search
import Verify
import Bytes
import Disk
import Foundation
import JSONText
import Testing

/// An archive whose parts hold given lines.
struct LinesArchive {
  let folder: TemporaryFolder
  var path: String { folder.path + "/archive" }
  /// With which the commits are signed.
  var key: SigningKey?

  init(signed: Bool = false) throws {
    folder = try TemporaryFolder()
    key = signed ? try SigningKey.generate() : nil
  }

  /// Commits parts with these lines.
  @discardableResult
  func commit(
    _ parts: [[String]], first: String = "2026-11-20T01:00:00Z",
    last: String = "2026-11-20T01:59:59Z"
  ) throws -> PublishedRun {
    let archive = try opened(path)
    let run = try archive.beginRun()
    var staged: [StagedPart] = []
    for (index, lines) in parts.enumerated() {
      let text = lines.map { $0 + "\n" }.joined()
      try Data(text.utf8).write(to: URL(fileURLWithPath: run.partPath(index: index)))
      var tree = MerkleAccumulator()
      for line in lines { Array(line.utf8).withUnsafeBufferPointer { tree.append(leaf: $0) } }
      staged.append(
        StagedPart(
          index: index, folder: "hour=\(index)", bytes: Int64(text.utf8.count),
          sha256: RunScript.digest(text), merkleRoot: tree.root, records: lines.count,
          firstTime: time(first), lastTime: time(last)))
    }
    var commit = Commit(try RunScript().facts)
    commit.parts = staged
    let signer = key.map { key in
      ManifestSigner(publicKey: key.publicKey.hex, sign: { try key.sign($0) })
    }
    return try run.publish(commit, signer: signer)
  }

  var history: ArchiveHistory {
    get throws { try ArchiveHistory(disk: Disk(), path: path) }
  }

  /// The proof of the only event with this id.
  func proof(_ id: String) throws -> [UInt8] {
    let history = try history
    let search = try EventSearch(history, [EventCondition(try .init("/id"), is: id)])
    let matches = try search.run(threads: 2)
    try #require(matches.count == 1)
    return try history.proof(of: try #require(matches.first(1).first))
  }

  /// Replaces a text in a file of the archive, of which the name ends so.
  func alter(_ suffix: String, _ old: String, _ new: String) throws {
    let name = try #require(
      folder.files(below: "archive").keys.sorted().first { $0.hasSuffix(suffix) })
    let file = URL(fileURLWithPath: path + "/" + name)
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    try #require(text.contains(old))
    try Data(text.replacing(old, with: new).utf8).write(to: file)
  }
}

func check(_ proof: [UInt8]) throws -> EventProof {
  try proof.withUnsafeBufferPointer { try EventProof.check($0) }
}

func check(_ proof: String) throws -> EventProof { try check(Array(proof.utf8)) }

/// The checker that docs/proof.md shows.
struct PythonChecker {
  static let python = ["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let manual = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/proof.md")
    let text = try String(contentsOf: manual, encoding: .utf8)
    let match = try #require(text.firstMatch(of: /(?s)```python\n(.*?)```/))
    try Data(String(match.1).utf8).write(to: URL(fileURLWithPath: folder.path + "/check.py"))
  }

  /// What it prints if the proof holds; nil if it refuses it.
  func check(_ proof: [UInt8], head: String? = nil) throws -> String? {
    let file = folder.path + "/proof.json"
    try Data(proof).write(to: URL(fileURLWithPath: file))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(PythonChecker.python))
    process.arguments = ["-X", "utf8", folder.path + "/check.py", file] + (head.map { [$0] } ?? [])
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: text, as: UTF8.self) : nil
  }
}
