internal import Bytes
internal import Disk
internal import Pipeline

/// Where a command was asked to write: a file, or `-` for standard output.
enum OutputFile {
  /// Throws, before anything is done, if the file may not be written because an archive holds it.
  static func check(_ path: String?, _ disk: Disk) throws {
    guard let path, path != "-" else { return }
    try OutputPlace.check(file: path, disk)
  }

  /// Writes all of it, whole or not at all.
  static func write(
    _ text: ByteView, to path: String?, mode: UInt32 = 0o644, _ disk: Disk
  ) throws {
    guard let path, path != "-" else { return try disk.standardOutput.write(all: text) }
    try check(path, disk)
    let file = try AtomicFile(disk, path: path, mode: mode)
    try file.write(text)
    try file.commit()
  }
}
