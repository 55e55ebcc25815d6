internal import Platform

package import Bytes

/// The bytes of a file as memory, which the system reads when they are touched and takes back when it
/// needs the room.
///
/// Somebody who truncates the file meanwhile ends the process (SIGBUS), and whoever can write to it alters
/// what is read: only for files without a name.
///
/// Unchecked: the address never changes, and whoever writes must see to it that nobody else does.
package final class MappedFile: @unchecked Sendable {
  private let address: UnsafeMutableRawPointer?
  private let length: Int

  /// Maps a file as long as it is now. Throws what the system says where it cannot.
  package init(_ file: File, writable: Bool = false) throws(DiskError) {
    let size = try file.size()
    length = Int(clamping: size)
    guard length > 0 else {
      address = nil
      return
    }
    address = try file.map(length, writable: writable)
  }

  /// Maps `length` bytes of a file from `offset` on, a multiple of 64 KiB, which it must have.
  package init(_ file: File, at offset: Int64, _ length: Int) throws(DiskError) {
    self.length = length
    address = length > 0 ? try file.map(length, at: offset, writable: false) : nil
  }

  deinit { if let address { sysUnmap(address, length) } }

  /// All bytes.
  package var bytes: ByteView {
    ByteView(start: address?.assumingMemoryBound(to: UInt8.self), count: length)
  }

  /// All bytes, to alter them.
  package var mutableBytes: UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(
      start: address?.assumingMemoryBound(to: UInt8.self), count: length)
  }
}

extension File {
  fileprivate func map(
    _ length: Int, at offset: Int64 = 0, writable: Bool
  ) throws(DiskError) -> UnsafeMutableRawPointer? {
    var address: UnsafeMutableRawPointer?
    try attempt(.map) { descriptor -> Int32 in
      address = sysMap(descriptor, offset, length, writable: writable)
      return address == nil ? -1 : 0
    }
    return address
  }
}

extension Disk {
  /// True if one call syncs a whole file system and reports what went wrong.
  package var fileSystemSyncReports: Bool { sysFileSystemSyncReports }

  /// Waits until the contents of a file are on the medium.
  package func syncFile(_ path: String) throws(DiskError) {
    let file = try open(path)
    try file.sync()
    try file.close()
  }
}
