internal import Bytes

/// Memory for text in chunks of one size, linked into chains by number.
///
/// Chunks rather than a buffer per partition: nothing is copied when text grows, nothing is handed
/// to the allocator and taken back, and the bound on memory is exact.
///
/// Unchecked: neither pointer ever changes, and a chunk is touched by the one thread that owns its
/// chain, which passes from thread to thread only by way of the engine's turnstiles.
final class ChunkMemory: @unchecked Sendable {
  /// Bytes in a chunk.
  static let chunkSize = 2048
  /// Ends a chain.
  static let none = UInt32.max

  /// Number of chunks.
  let count: Int
  private let text: UnsafeMutablePointer<UInt8>
  /// For each chunk the next one of its chain.
  let links: UnsafeMutablePointer<UInt32>

  /// The system gives a page when it is first touched, so a small run stays small.
  init(count: Int) {
    self.count = count
    text = .allocate(capacity: max(count, 1) * ChunkMemory.chunkSize)
    links = .allocate(capacity: max(count, 1))
  }

  deinit {
    text.deallocate()
    links.deallocate()
  }

  @inline(__always) func bytes(of chunk: UInt32) -> UnsafeMutablePointer<UInt8> {
    text + Int(chunk) * ChunkMemory.chunkSize
  }
}

/// Chunks in a row. Plain numbers, so that thousands of chains cost no counting.
struct ChunkChain: BitwiseCopyable {
  var first = ChunkMemory.none
  var last = ChunkMemory.none
  /// Bytes of text in all chunks but the last.
  var before = 0
  /// Bytes of text in the last chunk; as if it were full where there is none.
  var fill = ChunkMemory.chunkSize

  var isEmpty: Bool { first == ChunkMemory.none }
  /// Bytes of text.
  var count: Int { isEmpty ? 0 : before + fill }
  /// Number of chunks.
  var chunks: Int { isEmpty ? 0 : before / ChunkMemory.chunkSize + 1 }

  /// Calls `body` with the text, chunk by chunk.
  func forEachRun(in memory: ChunkMemory, _ body: (ByteView) throws -> Void) rethrows {
    var chunk = first
    while chunk != ChunkMemory.none {
      let isLast = chunk == last
      let count = isLast ? fill : ChunkMemory.chunkSize
      try body(ByteView(start: memory.bytes(of: chunk), count: count))
      chunk = isLast ? ChunkMemory.none : memory.links[Int(chunk)]
    }
  }
}

/// The chunks that are free.
struct ChunkPool: ~Copyable {
  let memory: ChunkMemory
  private var free = ChunkMemory.none
  /// Chunks before this one have been used at least once.
  private var touched = 0
  /// Number of free chunks.
  private(set) var available: Int

  /// Room for `bytes` of text, rounded down to chunks.
  init(bytes: Int) {
    // Chunk numbers have 32 bits, and the last one ends chains.
    let count = min(max(bytes, 0) / ChunkMemory.chunkSize, Int(UInt32.max) - 1)
    memory = ChunkMemory(count: count)
    available = count
  }

  /// Appends as much of `text` as there are chunks for, and returns how much.
  mutating func append(_ text: ByteView, to chain: inout ChunkChain) -> Int {
    guard let start = text.baseAddress else { return 0 }
    var done = 0
    while done < text.count {
      if chain.fill == ChunkMemory.chunkSize, !extend(&chain) { break }
      let count = min(text.count - done, ChunkMemory.chunkSize - chain.fill)
      (memory.bytes(of: chain.last) + chain.fill).update(from: start + done, count: count)
      chain.fill += count
      done += count
    }
    return done
  }

  /// Puts a fresh chunk at the end of a chain whose last one is full; false if there is none left.
  private mutating func extend(_ chain: inout ChunkChain) -> Bool {
    let chunk: UInt32
    if free != ChunkMemory.none {
      chunk = free
      free = memory.links[Int(chunk)]
    } else if touched < memory.count {
      chunk = UInt32(touched)
      touched += 1
    } else {
      return false
    }
    available -= 1
    if chain.isEmpty {
      chain.first = chunk
    } else {
      memory.links[Int(chain.last)] = chunk
      chain.before += ChunkMemory.chunkSize
    }
    chain.last = chunk
    chain.fill = 0
    return true
  }

  /// Takes the chunks of a chain back.
  mutating func release(_ chain: ChunkChain) {
    guard !chain.isEmpty else { return }
    memory.links[Int(chain.last)] = free
    free = chain.first
    available += chain.chunks
  }
}
