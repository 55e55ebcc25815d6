import Foundation
import TestSupport

/// Programs of the system, where they are.
enum Shells {
  /// The path of a program; nil, and a word about it, where there is none.
  static func path(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
      .split(separator: ":")
    let path = folders.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    if path == nil { FileHandle.standardError.write(Data("skipped: no \(name) here\n".utf8)) }
    return path
  }

  /// What a program writes, and how it ends, when it gets `input`; its folder is empty.
  static func run(
    _ path: String, _ arguments: [String], input: String = ""
  ) throws -> (output: String, code: Int32) {
    let folder = try TemporaryFolder()
    try folder.write("in", input)
    try folder.write("out", "")
    try FileManager.default.createDirectory(
      at: folder.url("work"), withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder.url("work")
    process.standardInput = try FileHandle(forReadingFrom: folder.url("in"))
    process.standardOutput = try FileHandle(forWritingTo: folder.url("out"))
    process.standardError = process.standardOutput
    try process.run()
    process.waitUntilExit()
    return (folder.text("out") ?? "", process.terminationStatus)
  }
}
