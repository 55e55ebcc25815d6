import Crypto
import History
import Archive
import Bytes
import Disk
import Foundation

/// SplitMix64: the same numbers in every run of the tests.
struct SeededRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ mixed >> 31) % UInt64(bound))
  }
}

/// A JSON string in which everything that can be is escaped.
func quoted(_ text: String) -> String {
  "\"" + text.utf16.map { String(format: "\\u%04X", $0) }.joined() + "\""
}

func sha256Hex(_ text: String) -> String {
  Array(text.utf8).withUnsafeBufferPointer { SHA256.digest($0) }.hex
}

/// A folder of its own, removed with the last reference.
final class TemporaryFolder {
  let path: String

  init() throws {
    // Syncing the file system is part of every run: in memory that is quick.
    let shared = "/dev/shm"
    let parent =
      FileManager.default.isWritableFile(atPath: shared) ? shared : NSTemporaryDirectory()
    path = parent + "/trailmill-archive-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// All files below with their contents.
  func files(below folder: String = "") -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    let root = path + "/" + folder
    for case let name as String in FileManager.default.enumerator(atPath: root) ?? .init() {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: root + "/" + name, isDirectory: &isFolder)
      guard exists, !isFolder.boolValue else { continue }
      found[name] = FileManager.default.contents(atPath: root + "/" + name).map { Array($0) }
    }
    return found
  }

  func mode(_ name: String) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue
  }
}

/// Opens an archive. Processes that other tests start hold its lock for the moment between fork and exec,
/// so one that seems to be in use is tried again.
func opened(_ path: String, _ disk: Disk = Disk()) throws -> ArchiveDirectory {
  var attempts = 0
  while true {
    let attempt = Result { try ArchiveDirectory(disk: disk, path: path) }
    attempts += 1
    if case .failure(let error) = attempt, (error as? ArchiveError)?.kind == .inUse,
      attempts < 100
    {
      Thread.sleep(forTimeInterval: 0.02)
    } else {
      return try attempt.get()
    }
  }
}

func time(_ text: String) -> Timestamp? {
  Array(text.utf8).withUnsafeBufferPointer { Timestamp(rfc3339: $0) }
}
