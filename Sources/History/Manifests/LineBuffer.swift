package import Bytes

/// Text that comes in pieces and goes out in lines.
package struct LineBuffer: ~Copyable {
  /// Text whose line has not ended; what is new is appended behind it.
  package var bytes: ByteBuffer
  /// Bytes at the beginning that hold no line feed.
  private var searched = 0

  package init(capacity: Int) { bytes = ByteBuffer(capacity: capacity) }

  /// Bytes at the beginning that were there when lines were last handed out.
  package var searchedCount: Int { searched }

  /// Bytes of text.
  package var count: Int { bytes.count }

  package mutating func removeAll() {
    bytes.removeAll()
    searched = 0
  }

  /// Hands out all lines that have ended, without their line feeds.
  package mutating func takeLines(_ body: (ByteView) throws -> Void) rethrows {
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
