internal import Bytes
internal import JSONText

/// The first bytes of an input, read to tell how to read the rest.
struct InputBeginning: ~Copyable {
  private static let piece = 64 << 10

  private let stream: InputStream
  private var held = ByteBuffer(capacity: InputBeginning.piece)
  private var isEnded = false
  /// Bytes of the input before those held.
  private(set) var offset = 0
  private var isMarkSkipped = false

  init(_ stream: InputStream) { self.stream = stream }

  /// The bytes read so far and not skipped.
  consuming func bytes() -> ByteBuffer { held }

  private mutating func more() throws {
    if try stream.read(into: &held, upTo: Self.piece) == 0 { isEnded = true }
  }

  /// Skips U+FEFF at the start.
  mutating func skipByteOrderMark() throws {
    guard !isMarkSkipped else { return }
    isMarkSkipped = true
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if held.count == 0 { try more() }
    while !isEnded, held.count < 3, held.view.elementsEqual(mark.prefix(held.count)) { try more() }
    guard held.view.starts(with: mark) else { return }
    held.removeFirst(3)
    offset = 3
  }

  /// Reads on until more than `count` bytes are held, or the input is at its end.
  mutating func read(beyond count: Int) throws {
    while !isEnded, held.count <= count { try more() }
  }

  /// The format that no records are read from, if the input has one.
  mutating func foreignFormat() throws -> ForeignFormat? {
    // The mark of UTF-8 says what follows.
    guard offset == 0 else { return nil }
    // A pipe of lines need not wait: its first byte tells that it is none of those.
    while !isEnded, held.count < ForeignFormat.beginning, !ForeignFormat.isText(held.view) {
      try more()
    }
    return ForeignFormat(held.view)
  }

  /// The first byte, behind a byte order mark, that is no white space; nil if there is none.
  mutating func firstByte() throws -> UInt8? {
    try skipByteOrderMark()
    var at = 0
    while true {
      at = Scanner.skipWhitespace(held.view, from: at)
      if at < held.count { return held.view[at] }
      if isEnded { return nil }
      try more()
    }
  }
}
