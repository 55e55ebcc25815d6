internal import Bytes

extension File {
  /// Bytes that are read at a time: 1 MiB.
  private static let piece = 1 << 20

  /// What follows in the file. Of more than `limit` bytes the first `limit` + 1 come back: whoever asked sees
  /// that there are too many, and no file fills the memory.
  package func contents(limit: Int) throws(DiskError) -> [UInt8] {
    var bytes = ByteBuffer()
    while bytes.count <= limit,
      try read(into: &bytes, upTo: min(File.piece - 1, limit - bytes.count) + 1) > 0
    {}
    return bytes.bytes
  }
}

extension Disk {
  /// What the file at `path` holds. Of more than `limit` bytes the first `limit` + 1 come back.
  package func contents(_ path: String, limit: Int) throws(DiskError) -> [UInt8] {
    let file = try open(path)
    let bytes = try file.contents(limit: limit)
    try file.close()
    return bytes
  }
}
