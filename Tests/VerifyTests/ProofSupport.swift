import Archive
import Crypto
import History
import Search
import Verify
import Bytes
import Disk
import Foundation
import JSONText
import TestSupport
import TestArchives
import Testing

extension TestArchive {
  /// The proof of the only event with this id.
  func proof(_ id: String) throws -> [UInt8] {
    let history = try history
    var query = SearchQuery()
    query.conditions = [.text(try JSONPointer("/id"), id)]
    var search = try ArchiveSearch(history, query, reading: .wholeParts, threads: 2)
    let matches = try search.places(threads: 2)
    try #require(matches.count == 1)
    return try history.proof(of: try #require(matches.first(1).first))
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
    let manual = Repository.file("docs/proof.md")
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
