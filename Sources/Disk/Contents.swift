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

  /// The lines of a file of which none is longer than 1 MiB: where one is, or where they are more than
  /// `limit` bytes, what comes back ends there, and is not all.
  package func lines(limit: Int) throws(DiskError) -> [UInt8] {
    var bytes = ByteBuffer()
    var isLine = true
    while isLine, bytes.count <= limit {
      let start = bytes.count
      let count = try read(into: &bytes, upTo: min(File.piece - 1, limit - bytes.count) + 1)
      isLine = count > 0 && (count < File.piece || bytes.view.place(of: 0x0A, from: start) != nil)
    }
    return bytes.bytes
  }
}

extension Disk {
  /// The lines of the file at `path`. Of more than `limit` bytes, and where a line has more than 1 MiB, only
  /// the beginning comes back: no file fills the memory.
  package func lines(_ path: String, limit: Int) throws(DiskError) -> [UInt8] {
    let file = try open(path)
    let bytes = try file.lines(limit: limit)
    try file.close()
    return bytes
  }

  /// What the file at `path` holds. Of more than `limit` bytes the first `limit` + 1 come back.
  package func contents(_ path: String, limit: Int) throws(DiskError) -> [UInt8] {
    let file = try open(path)
    let bytes = try file.contents(limit: limit)
    try file.close()
    return bytes
  }
}
