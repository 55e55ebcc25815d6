internal import Crypto
package import Bytes
package import Disk

extension File {
  /// Bytes that are read at a time.
  private static let piece = 1 << 20
  /// Bytes that were never written, as no file of an archive has them: what takes no room could take days to
  /// read.
  package static let mostHoles: Int64 = 1 << 20

  /// SHA-256 of the file, which must not have been read yet; nil if it has holes. In little memory, whatever
  /// its length.
  package func digest() throws(DiskError) -> Digest256? {
    guard try !hasHoles(of: File.mostHoles) else { return nil }
    var buffer = ByteBuffer(capacity: File.piece)
    var hasher = SHA256Hasher()
    while try read(into: &buffer, upTo: File.piece) > 0 {
      hasher.update(buffer.view)
      buffer.removeAll()
    }
    return hasher.finalize()
  }
}

extension Disk {
  /// SHA-256 of the file at `path`; nil if it has holes, as no file of an archive has.
  package func digest(_ path: String) throws(DiskError) -> Digest256? {
    let file = try open(path)
    let digest = try file.digest()
    try file.close()
    return digest
  }
}
