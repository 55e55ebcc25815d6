import Foundation
import TestSupport

/// Where things are.
enum Places {
  /// The root of the package.
  static let root = Repository.root

  static let cases = root.appendingPathComponent("fixtures/cases")

  /// The binary that was built beside these tests; `TRAILMILL` names another one to be proven.
  static let binary: String = {
    let environment = ProcessInfo.processInfo.environment
    if let given = environment["TRAILMILL"] {
      return URL(fileURLWithPath: given, relativeTo: root).path
    }
    let beside = Bundle.main.bundleURL.appendingPathComponent("trailmill").path
    if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    return root.appendingPathComponent(".build/debug/trailmill").path
  }()
}

/// An empty directory in which `fixtures` and `pipelines` can be reached, gone when it is released.
final class Sandbox {
  /// What a command left.
  struct Outcome {
    var output: String
    var errors: String
    /// As a shell says it: 128 and the number of the signal that ended it.
    var code: Int32
  }

  let directory: URL

  /// In memory where there is room: a case that makes fifty thousand files durable takes a minute on
  /// a busy disk.
  private static let parent: URL = {
    let memory = "/dev/shm"
    let facts = try? FileManager.default.attributesOfFileSystem(forPath: memory)
    let free = (facts?[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
    let isGiven = ProcessInfo.processInfo.environment["TMPDIR"] != nil
    let hasRoom = !isGiven && free > 2 << 30 && FileManager.default.isWritableFile(atPath: memory)
    return hasRoom ? URL(fileURLWithPath: memory) : FileManager.default.temporaryDirectory
  }()

  /// `inputs`: a folder whose files are copied into the directory.
  init(inputs: URL? = nil) throws {
    directory = Sandbox.parent.appendingPathComponent("trailmill-\(UUID().uuidString)")
    if let inputs {
      try FileManager.default.copyItem(at: inputs, to: directory)
    } else {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }
    for name in ["fixtures", "pipelines"] {
      try FileManager.default.createSymbolicLink(
        at: directory.appendingPathComponent(name),
        withDestinationURL: Places.root.appendingPathComponent(name))
    }
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// What a script of preparation said before it failed.
  struct SetupFailure: Error, CustomStringConvertible {
    var description: String
  }

  /// Runs a script with bash, and before it, in the same shell, `setup`, a script in a file. What
  /// `setup` writes does not count, and its first command that fails is an error. What the script
  /// writes goes through files, so that nothing waits for a reader.
  func run(_ script: String, after setup: URL? = nil) throws -> Outcome {
    let captured = try Sandbox.captureDirectory()
    defer { try? FileManager.default.removeItem(at: captured) }
    let prepared = captured.appendingPathComponent("prepared")
    let said = captured.appendingPathComponent("setup")
    let preparation = setup.map {
      """
      set -eo pipefail; . '\($0.path)' > '\(said.path)' 2>&1; set +eo pipefail
      : > '\(prepared.path)'

      """
    }
    let output = captured.appendingPathComponent("output")
    let errors = captured.appendingPathComponent("errors")
    for file in [output, errors] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", (preparation ?? "") + script]
    process.currentDirectoryURL = directory
    process.environment = [
      "TRAILMILL": Places.binary, "LC_ALL": "C", "HOME": directory.path,
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "AUDIT_WEBHOOK_SECRET": "fixture-secret",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    if let setup, !FileManager.default.fileExists(atPath: prepared.path) {
      let text = String(decoding: (try? Data(contentsOf: said)) ?? Data(), as: UTF8.self)
      throw SetupFailure(
        description: "\(setup.path) ended with \(process.terminationStatus): \(text)")
    }
    let signal: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
    return Outcome(
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self),
      code: signal + process.terminationStatus)
  }

  private static func captureDirectory() throws -> URL {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("trailmill-output-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    return directory
  }

  /// All files that are there, in the order of their names, compressed ones as what they hold. Of
  /// manifests only the names: they hold the time, and have tests of their own.
  func tree() throws -> String {
    try run(
      """
      find . -type f | LC_ALL=C sort | while read -r file; do
        echo "== $file"
        case $file in
          */_trailmill/manifests/* | */_trailmill/lock) ;;
          *.digests | *.index) echo "$(wc -c < "$file") bytes" ;;
          *.gz) gzip -dc "$file" ;;
          *) cat "$file" ;;
        esac
      done
      """
    ).output
  }
}
