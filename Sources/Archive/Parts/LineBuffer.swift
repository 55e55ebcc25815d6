internal import Bytes

/// Text that comes in pieces and goes out in lines.
struct LineBuffer: ~Copyable {
  /// Longest line that is read, in bytes: no run writes one that is longer than `max_record` can be and what
  /// is added to it.
  static let longestLine = 512 << 20

  /// Text whose line has not ended; what is new is appended behind it.
  var bytes: ByteBuffer
  /// Bytes at the beginning that hold no line feed.
  private var searched = 0

  init(capacity: Int) { bytes = ByteBuffer(capacity: capacity) }

  /// Bytes of text.
  var count: Int { bytes.count }

  mutating func removeAll() {
    bytes.removeAll()
    searched = 0
  }

  /// Hands out all lines that have ended, without their line feeds.
  mutating func takeLines(_ body: (ByteView) throws -> Void) rethrows {
    var start = 0
    while let end = bytes.view.place(of: UInt8(ascii: "\n"), from: searched) {
      try body(ByteView(rebasing: bytes.view[start..<end]))
      start = end + 1
      searched = start
    }
    bytes.removeFirst(start)
    searched = bytes.count
  }
}
