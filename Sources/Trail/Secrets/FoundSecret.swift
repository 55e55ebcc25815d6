internal import Bytes

/// A secret that was found.
struct FoundSecret: BitwiseCopyable {
  /// What comes in its place.
  enum Mark: UInt8 {
    case nothing, stars, digest
  }

  /// What goes.
  var cut: Span32
  /// The secret with its prefix.
  var whole: Span32
  let mark: Mark
  /// Characters of the whole secret.
  var length: UInt32 = 0
  /// The first 32 bits of the SHA-256 of the whole secret.
  var digest: UInt32 = 0

  init(_ cut: Range<Int>, _ mark: Mark, whole: Range<Int>? = nil) {
    self.cut = Span32(cut.lowerBound, count: cut.count)
    self.whole = whole.map { Span32($0.lowerBound, count: $0.count) } ?? self.cut
    self.mark = mark
  }

  init(_ cut: Range<Int>, whole: Range<Int>, length: Int, _ digest: Digest256) {
    self.init(cut, .digest, whole: whole)
    self.length = UInt32(truncatingIfNeeded: length)
    self.digest = UInt32(truncatingIfNeeded: digest.words.0 >> 32)
  }

  /// Appends what comes in its place: `***`, or `***(40, sha256 1a2b3c4d)`. It has a blank, so that what
  /// stands around it is no URL with a password any more.
  func appendMark(to buffer: inout ByteBuffer) {
    guard mark != .nothing else { return }
    buffer.append("***")
    guard mark == .digest else { return }
    buffer.append("(")
    buffer.append(decimal: Int(length))
    buffer.append(", sha256 ")
    withUnsafeBytes(of: digest.bigEndian) {
      Hex.append($0.assumingMemoryBound(to: UInt8.self), to: &buffer)
    }
    buffer.append(")")
  }
}
