import Bytes
import Codec
import Definition
import Disk
import Foundation
import Pipeline
import Settings
import Synchronization
import TestSupport

/// A folder in which runs go, with nobody watching.
final class Mill {
  let folder: TemporaryFolder
  let disk: Disk

  init(disk: Disk = Disk()) throws {
    folder = try TemporaryFolder()
    self.disk = disk
  }

  var archive: String { folder("archive") }

  /// A definition with these stages and this output; `ARCHIVE` stands for the archive's place.
  func definition(
    stages: String = "", output: String = "{ archive: \"ARCHIVE\" }", rest: String = ""
  ) throws -> PipelineDefinition {
    let text =
      "{ version: 1, stages: [\(stages)], output: \(output)\(rest.isEmpty ? "" : ", " + rest) }"
    let path = try folder.write(
      "definition.json5", text.replacingOccurrences(of: "ARCHIVE", with: archive))
    return try PipelineDefinition.load(
      path, disk: disk, variables: Variables(set: [:], environment: ["S": "a secret"]))
  }

  /// An input with events of these minutes of one hour, each with a number of its own.
  @discardableResult
  func input(_ name: String, _ minutes: [Int], text: String = "") throws -> String {
    let lines = minutes.map { Mill.event(minute: $0) + "\n" }
    return try folder.write(name, lines.joined() + text)
  }

  static func event(minute: Int) -> String {
    let time = minute < 10 ? "0\(minute)" : "\(minute)"
    return #"{"n":\#(minute),"account":"a","timestamp":"2026-11-20T13:\#(time):00Z"}"#
  }

  func run(
    _ definition: PipelineDefinition, _ inputs: [String], threads: Int = 1,
    _ adjust: (inout RunRequest) -> Void = { _ in }
  ) throws -> RunOutcome {
    var request = RunRequest(definition, threads: threads)
    request.inputs = inputs.map { $0 == "-" ? $0 : folder($0) }
    adjust(&request)
    return try request.run(environment)
  }

  var environment: RunEnvironment {
    RunEnvironment(
      disk: disk, variables: ["S": "a secret"], tool: "trailmill test", console: SilentConsole())
  }

  /// What is thrown, as text; nil if nothing is.
  func failure(_ body: () throws -> RunOutcome) -> String? {
    do {
      _ = try body()
      return nil
    } catch { return "\(error)" }
  }

  /// The lines of all parts.
  func archivedLines() throws -> [Substring] {
    try folder.files(below: "archive").filter { $0.key.hasSuffix(".ndjson.gz") }
      .flatMap { try text(ungzip($0.value)).split(separator: "\n") }
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// Names below the archive that are no locks.
  var files: [String] {
    folder.files(below: "archive").keys.filter { !$0.hasSuffix("/lock") }.sorted()
  }
}

/// Nobody watches.
struct SilentConsole: RunConsole {
  func progress(totalBytes: Int?) -> (any RunProgress)? { nil }
  func interrupted(by signal: Int32, _ outcome: String) {}
}

func gzip(_ content: [UInt8]) throws -> [UInt8] {
  var output = ByteBuffer()
  let compressor = try Compressor(Compression())
  try content.withUnsafeBufferPointer { try compressor.compress($0, into: &output) }
  return output.bytes
}

func ungzip(_ stored: [UInt8]) throws -> [UInt8] {
  var output = ByteBuffer()
  var inflater = try Inflater()
  try stored.withUnsafeBufferPointer { stored in
    var at = 0
    while at < stored.count {
      let rest = UnsafeBufferPointer(rebasing: stored[at...])
      at += try inflater.inflate(rest, into: &output, limit: 1 << 20).consumed
    }
    let rest = UnsafeBufferPointer(rebasing: stored[at...])
    while try inflater.inflate(rest, into: &output, limit: 1 << 20).state == .outputFull {}
    try inflater.finish()
  }
  return output.bytes
}
