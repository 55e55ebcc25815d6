internal import Bytes

/// Bytes that are gathered for later: in memory, and where there are too many of them, in a spill file.
struct SpillableBytes: ~Copyable {
  private var memory = ByteBuffer(capacity: 16)
  private var last = Extent()
  private var spilledCount = 0

  /// Bytes gathered.
  var count: Int { spilledCount + memory.count }
  /// Those of them in memory.
  var memoryCount: Int { memory.count }

  mutating func append(_ bytes: ByteView) { memory.append(bytes) }

  /// Moves what is in memory to the file.
  mutating func spill(to file: SpillFile) throws {
    guard memory.count > 0 else { return }
    last = try file.begin(after: last, count: memory.count)
    try file.add(memory.view)
    spilledCount += memory.count
    memory = ByteBuffer(capacity: 16)
  }

  /// Appends all bytes to `bytes`, and has none any more. `file` is that which they were spilled to.
  mutating func take(
    into bytes: inout ByteBuffer, from file: SpillFile?, scratch: inout ByteBuffer
  ) throws {
    if let file, spilledCount > 0 {
      try file.flush()
      bytes.reserve(spilledCount)
      try file.read(
        endingWith: last, total: spilledCount, to: bytes.base + bytes.count + spilledCount,
        scratch: &scratch)
      bytes.advance(by: spilledCount)
    }
    bytes.append(memory.view)
    memory.removeAll()
    last = Extent()
    spilledCount = 0
  }
}
