internal import Bytes
internal import Crypto

/// Bytes that wait for their piece to be complete: the first of them in the spill file if they had to leave
/// memory, the rest in chunks.
struct WaitingBytes: BitwiseCopyable {
  /// The last extent of what is in the spill file.
  var spilled = Extent()
  /// Bytes there: the last ones up to the end of that extent.
  var spilledCount = 0
  /// The rest.
  var chain = ChunkChain()

  /// Bytes of all.
  @inline(__always) var count: Int { spilledCount + chain.count }

  /// Puts all of them in the place of what `bytes` holds; overwrites `scratch`.
  func copy(
    into bytes: inout ByteBuffer, _ memory: ChunkMemory, _ spill: SpillFile,
    scratch: inout ByteBuffer
  ) throws {
    bytes.removeAll()
    bytes.reserve(count)
    var end = bytes.base + spilledCount
    try spill.read(endingWith: spilled, total: spilledCount, to: end, scratch: &scratch)
    chain.forEachRun(in: memory) { run in
      guard let from = run.baseAddress else { return }
      end.update(from: from, count: run.count)
      end += run.count
    }
    bytes.advance(by: count)
  }
}

/// A piece of a member of a partition: text that one worker compresses.
struct Piece: BitwiseCopyable {
  /// The partition's number.
  var partition = 0
  /// Bytes of the member's text before it.
  var offset = 0
  /// True if its member ends with it.
  var endsMember = false
  /// True if the partition has no text after it.
  var isLast = false
  /// How much of the text here is the end of the piece before, which it may refer to.
  var dictionaryCount = 0
  /// The text, with what it may refer to.
  var text = WaitingBytes()
  /// Rows of `RecordTerms` of the lines that end in it.
  var terms = WaitingBytes()
  /// Lines that end in it.
  var records = 0
  /// The leaf hash of the first of them, if that began in an earlier piece.
  var firstLeaf: Digest256?
  /// The times of these.
  var times = EventTimes()

  /// What waits.
  enum Waiting { case text, terms }

  @inline(__always) subscript(kind: Waiting) -> WaitingBytes {
    get { kind == .text ? text : terms }
    set { if kind == .text { text = newValue } else { terms = newValue } }
  }

  /// Chunks of memory that it takes.
  var chunks: Int { text.chain.chunks + terms.chain.chunks }
  /// Bytes of text, without what it may refer to.
  var count: Int { text.count - dictionaryCount }
  /// True if it is all of its member.
  var isMember: Bool { offset == 0 && endsMember }
}

/// What one worker carries between its batch and the assembler.
struct PieceShare: ~Copyable {
  /// Pieces to encode and write, in this order.
  var pieces = FlatArray<Piece>(capacity: 64)
  /// For each of them its partition's key, in `keyText`.
  var keys = FlatArray<Span32>(capacity: 64)
  var keyText = ByteBuffer(capacity: 4096)

  /// The key of piece `index`'s partition.
  func key(of index: Int) -> ByteView { keyText[keys[index]] }
}
