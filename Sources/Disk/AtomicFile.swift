internal import Platform

package import Bytes

/// A file that appears under its name whole or not at all.
///
/// It is written as `.<name>.partial` in the same directory, and renamed when it is on the medium.
/// The partial file is locked while it is written, so two writers cannot mix; one that a killed
/// process left behind is taken over. Not committed, it is removed.
///
/// A device or pipe is no file that could be replaced: it is written in place, as it comes. Of a
/// symbolic link the file that it leads to is replaced, and the link stays.
package final class AtomicFile {
  /// Where it will appear.
  package let path: String
  /// Where it is written; for a device the device.
  package let partialPath: String
  /// To write to.
  package let file: File
  private let disk: Disk
  private let isInPlace: Bool
  private var isPending = true

  /// Begins a file; throws EWOULDBLOCK, "Resource temporarily unavailable", while another process
  /// writes the same, EISDIR where a directory has the name.
  package init(_ disk: Disk, path: String, mode: UInt32 = 0o644) throws(DiskError) {
    self.disk = disk
    let kind = try disk.statIfPresent(path)?.kind
    if kind == .directory { throw DiskError(.create, path, EISDIR) }
    isInPlace = kind == .other
    if isInPlace {
      self.path = path
      partialPath = path
      file = try disk.openWriting(path)
      return
    }
    let isLink = (try? disk.linkStat(path))?.kind == .symbolicLink
    self.path = isLink ? try disk.realPath(path) : path
    let directory = parent(of: self.path)
    let name = pathNames(self.path).last.map(String.init) ?? self.path
    partialPath = (directory == "/" ? "/" : directory + "/") + "." + name + ".partial"
    file = try Self.claim(disk, partialPath, mode)
  }

  deinit { if isPending && !isInPlace { try? disk.remove(partialPath) } }

  /// Opens, locks and empties the partial file.
  private static func claim(
    _ disk: Disk, _ path: String, _ mode: UInt32
  ) throws(DiskError) -> File {
    while true {
      let file = try disk.openOrCreate(path, mode: mode, followsLinks: false)
      guard try file.lock() else { throw DiskError(.lock, path, EWOULDBLOCK) }
      // Whoever held the lock before may have renamed the file since it was opened here: what is
      // locked now could be the published one, which must not be emptied.
      if let present = try disk.statIfPresent(path), present.isSameFile(as: try file.status()) {
        try file.truncate(to: 0)
        return file
      }
    }
  }

  /// Writes all bytes.
  package func write(_ bytes: ByteView) throws(DiskError) { try file.write(all: bytes) }

  /// Forces the contents to the medium, gives the file its name, and makes the name durable.
  ///
  /// If this throws, the old file may or may not have been replaced, by the whole new one.
  package func commit() throws(DiskError) {
    precondition(isPending, "committed or discarded before")
    guard !isInPlace else {
      isPending = false
      return try file.close()
    }
    try file.sync()
    try disk.rename(partialPath, to: path)
    isPending = false
    try file.close()
    try disk.syncDirectory(parent(of: path))
  }

  /// Removes the partial file.
  package func discard() throws(DiskError) {
    guard isPending else { return }
    isPending = false
    if !isInPlace { try disk.remove(partialPath) }
    try file.close()
  }
}
