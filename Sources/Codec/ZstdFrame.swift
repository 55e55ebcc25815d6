internal import Bytes

/// What a frame says of itself before its text: RFC 8878, sections 3.1.1.1 and 3.1.2.
struct ZstdFrame {
  /// Bytes that a frame may refer back to: 128 MiB, as the program `zstd` reads without being told to.
  static let largestWindow: UInt64 = 1 << largestWindowLog
  static let largestWindowLog = 27
  /// Bytes of text in a block: 128 KiB.
  static let largestBlock = 128 << 10
  /// Bytes of the header of a block.
  static let blockHeader = 3
  /// Bytes of the checksum.
  static let checksum = 4

  private static let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]
  private static let skippableMagic: [UInt8] = [0x50, 0x2a, 0x4d, 0x18]
  /// Bytes from which the size of a header can be told.
  private static let firstBytes = 5
  private static let skippableHeader = 8

  /// How a file may begin: with a frame, or with one that is skipped, of which there are sixteen kinds.
  static let beginnings: [[UInt8]] =
    [magic] + (0..<16).map { [skippableMagic[0] + $0] + skippableMagic.dropFirst() }

  /// Bytes of the header.
  let headerSize: Int
  /// Of a frame that is skipped: bytes behind its header; nil for one of text.
  let skipped: Int?
  /// Bytes that it refers back to; those of all of its text if it is one segment.
  let window: UInt64
  /// Bytes of its text, if it says so.
  let textSize: UInt64?
  let isSingleSegment: Bool
  let hasChecksum: Bool
  let hasDictionary: Bool

  /// Bytes of the header that begins with `bytes`; nil if there are too few to tell, and 0 if it is none.
  static func headerSize(_ bytes: ByteView) -> Int? {
    guard let first = bytes.first else { return nil }
    let isSkipped = first & 0xf0 == skippableMagic[0]
    let expected = isSkipped ? [first] + skippableMagic.dropFirst() : magic
    guard zip(bytes, expected).allSatisfy(==) else { return 0 }
    if isSkipped { return skippableHeader }
    guard bytes.count >= firstBytes else { return nil }
    let descriptor = bytes[4]
    return firstBytes + (descriptor & 0x20 == 0 ? 1 : 0) + dictionarySize(descriptor)
      + textSizeSize(descriptor)
  }

  private static func dictionarySize(_ descriptor: UInt8) -> Int {
    [0, 1, 2, 4][Int(descriptor & 3)]
  }

  private static func textSizeSize(_ descriptor: UInt8) -> Int {
    descriptor >> 6 == 0 ? (descriptor & 0x20 == 0 ? 0 : 1) : 1 << Int(descriptor >> 6)
  }

  /// Reads a header that is there to its end; nil for what is none.
  init?(_ header: ByteView) {
    guard let size = ZstdFrame.headerSize(header), size > 0, header.count >= size else {
      return nil
    }
    headerSize = size
    guard header[0] == ZstdFrame.magic[0] else {
      skipped = Int(ZstdFrame.number(header, at: 4, bytes: 4))
      (window, textSize, isSingleSegment, hasChecksum, hasDictionary) = (
        0, nil, false, false, false
      )
      return
    }
    skipped = nil
    let descriptor = header[4]
    isSingleSegment = descriptor & 0x20 != 0
    hasChecksum = descriptor & 4 != 0
    var at = ZstdFrame.firstBytes
    var window: UInt64 = 0
    if !isSingleSegment {
      let base: UInt64 = 1 << (10 + UInt64(header[at] >> 3))
      window = base + base / 8 * UInt64(header[at] & 7)
      at += 1
    }
    let dictionary = ZstdFrame.dictionarySize(descriptor)
    hasDictionary = ZstdFrame.number(header, at: at, bytes: dictionary) != 0
    at += dictionary
    let bytes = ZstdFrame.textSizeSize(descriptor)
    let count = ZstdFrame.number(header, at: at, bytes: bytes)
    // What takes two bytes is never less than 256.
    textSize = bytes == 0 ? nil : bytes == 2 ? count + 256 : count
    self.window = isSingleSegment ? textSize ?? 0 : window
  }

  /// The header of a block: how many bytes follow it, how many of text these are if it says so, and whether
  /// it is the last; nil for what is none.
  static func block(_ header: ByteView) -> (size: Int, text: Int?, isLast: Bool)? {
    let bits = Int(number(header, at: 0, bytes: blockHeader))
    let size = bits >> 3
    guard size <= largestBlock else { return nil }
    return switch bits >> 1 & 3 {
    case 0: (size, size, bits & 1 != 0)
    case 1: (1, size, bits & 1 != 0)
    case 2: (size, nil, bits & 1 != 0)
    default: nil
    }
  }

  /// Where the frame ends that `bytes` begin with; nil if it does not end there, or is none.
  func end(in bytes: ByteView) -> Int? {
    var at = headerSize
    while bytes.count - at >= ZstdFrame.blockHeader {
      guard let block = ZstdFrame.block(ByteView(rebasing: bytes[at...])) else { return nil }
      at += ZstdFrame.blockHeader + block.size
      if block.isLast {
        at += hasChecksum ? ZstdFrame.checksum : 0
        return at <= bytes.count ? at : nil
      }
    }
    return nil
  }

  /// A number with its lowest byte first.
  private static func number(_ bytes: ByteView, at start: Int, bytes count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
  }
}
