package import Foundation

/// A folder of its own, removed with the last reference to it.
///
/// In memory where there is room, unless `TMPDIR` is given: archives are synced, which takes long on a busy
/// disk.
package final class TemporaryFolder {
  package let path: String

  private static let parent: String = {
    let memory = "/dev/shm"
    let facts = try? FileManager.default.attributesOfFileSystem(forPath: memory)
    let free = (facts?[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
    let isGiven = ProcessInfo.processInfo.environment["TMPDIR"] != nil
    let hasRoom = !isGiven && free > 2 << 30 && FileManager.default.isWritableFile(atPath: memory)
    return hasRoom ? memory : FileManager.default.temporaryDirectory.path
  }()

  package init() throws {
    path = TemporaryFolder.parent + "/trailmill-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file or folder in it.
  package func callAsFunction(_ name: String) -> String { path + "/" + name }

  package func url(_ name: String) -> URL { URL(fileURLWithPath: self(name)) }

  // MARK: Writing

  /// Writes a file, makes the folders above it, and returns its path.
  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try FileManager.default.createDirectory(
      at: url(name).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url(name))
    return self(name)
  }

  @discardableResult
  package func write(_ name: String, _ text: String = "x") throws -> String {
    try write(name, Array(text.utf8))
  }

  /// Makes a symbolic link.
  package func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: self(name), withDestinationPath: target)
  }

  // MARK: Reading

  package func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self(name)) }

  package func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }

  /// What a file holds, as text; nil if it is not there.
  package func text(_ name: String) -> String? {
    (try? bytes(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The permissions of a file.
  package func mode(_ name: String) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: self(name))
    return (attributes[.posixPermissions] as? NSNumber)?.intValue
  }

  /// What lies in it, without what lies deeper, in the order of names.
  package var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// All files below a folder, however deep, with their contents.
  package func files(below folder: String = "") -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    let root = self(folder)
    for case let name as String in FileManager.default.enumerator(atPath: root) ?? .init() {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: root + "/" + name, isDirectory: &isFolder)
      guard exists, !isFolder.boolValue else { continue }
      found[name] = FileManager.default.contents(atPath: root + "/" + name).map { Array($0) }
    }
    return found
  }
}
