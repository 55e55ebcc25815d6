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

  /// The format, looked for if it is not known.
  mutating func format(_ wanted: InputFormat, limit: Int) throws -> InputFormat {
    guard wanted == .auto else { return wanted }
    try skipByteOrderMark()
    return try detect(limit: limit)
  }

  /// The format of what follows `continuation`: that of before, but where it was guessed by text without a
  /// single line feed.
  mutating func format(
    _ wanted: InputFormat, after continuation: InputContinuation, limit: Int
  ) throws -> InputFormat {
    let isGuess = wanted == .auto && continuation.format == .ndjson && !stream.hasLineFeed
    guard isGuess, try detect(limit: limit) == .concatenated else { return continuation.format }
    return .concatenated
  }

  private mutating func detect(limit: Int) throws -> InputFormat {
    var detector = FormatDetector(limit: limit)
    while true {
      if let format = detector.detect(held.view, isEnd: isEnded) { return format }
      try more()
    }
  }
}
