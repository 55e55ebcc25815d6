import Foundation

/// Programs of the system, where they are.
enum Shells {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

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
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("trailmill-shell-\(UUID().uuidString)")
    let work = folder.appending(path: "work")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (given, written) = (folder.appending(path: "in"), folder.appending(path: "out"))
    try Data(input.utf8).write(to: given)
    try Data().write(to: written)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = work
    process.standardInput = try FileHandle(forReadingFrom: given)
    process.standardOutput = try FileHandle(forWritingTo: written)
    process.standardError = process.standardOutput
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: written), as: UTF8.self)
    return (text, process.terminationStatus)
  }
}
