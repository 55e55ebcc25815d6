internal import Bytes

/// Walks over tokens. Every method starts at the token's first byte and ends behind its last, or
/// sets `fault` and stays where the fault is.
struct Cursor: ~Copyable {
  let base: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>
  var at: UnsafePointer<UInt8>
  var fault = ScanFault.none
  var hasLineBreaks = false

  init(base: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, at: UnsafePointer<UInt8>) {
    self.base = base
    self.end = end
    self.at = at
  }

  var offset: Int { at - base }

  mutating func fail(_ fault: ScanFault) { self.fault = fault }

  @inline(__always) mutating func skipWhitespace() {
    if at < end && at.pointee > 0x20 { return }
    skipWhitespaceSlowly()
  }

  private mutating func skipWhitespaceSlowly() {
    while at < end {
      switch at.pointee {
      case 0x20, 0x09: break
      case 0x0A, 0x0D: hasLineBreaks = true
      default: return
      }
      at += 1
    }
  }

  // MARK: Strings

  /// Reads a string; true if it holds an escape sequence.
  ///
  /// Eight bytes at once. For a word w, `(w ^ q) - 0x01…` borrows into the top bit of a byte that
  /// equals q, `w - 0x20…` into that of one below 0x20, and a byte of a multi-byte character has
  /// its top bit set already. A borrow can spoil only bytes above the first hit, so the lowest
  /// bit is always right.
  @inline(__always) mutating func string() -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var isEscaped = false
    at += 1
    while true {
      while end - at >= 8 {
        let word = UInt64(
          littleEndian: UnsafeRawPointer(at).loadUnaligned(as: UInt64.self))
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let hits =
          (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
            | ((word &- (ones &* 0x20)) & ~word) | word) & tops
        if hits == 0 {
          at += 8
          continue
        }
        at += hits.trailingZeroBitCount &>> 3
        break
      }
      guard at < end else {
        fail(.unexpectedEnd)
        return isEscaped
      }
      let byte = at.pointee
      if byte == UInt8(ascii: "\"") {
        at += 1
        return isEscaped
      }
      if byte == UInt8(ascii: "\\") {
        isEscaped = true
        escape()
      } else if byte >= 0x80 {
        character()
      } else if byte < 0x20 {
        fail(.controlCharacter)
      } else {
        at += 1
      }
      if fault != .none { return isEscaped }
    }
  }

  private mutating func escape() {
    guard end - at >= 2 else { return fail(.unexpectedEnd) }
    switch at[1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at += 2
    case UInt8(ascii: "u"):
      for digit in 2..<6 {
        guard end - at > digit else { return fail(.unexpectedEnd) }
        guard Hex.digit(at[digit]) != nil else { return fail(.badEscape) }
      }
      at += 6
    default:
      fail(.badEscape)
    }
  }

  /// One character of several bytes, by the table of well-formed sequences (Unicode 15, table
  /// 3-7): no overlong form, no surrogate, nothing beyond U+10FFFF.
  private mutating func character() {
    let first = at.pointee
    var second: ClosedRange<UInt8> = 0x80...0xBF
    let length: Int
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0:
      length = 3
      second = 0xA0...0xBF
    case 0xED:
      length = 3
      second = 0x80...0x9F
    case 0xE1...0xEF: length = 3
    case 0xF0:
      length = 4
      second = 0x90...0xBF
    case 0xF4:
      length = 4
      second = 0x80...0x8F
    case 0xF1...0xF3: length = 4
    default: return fail(.badUTF8)
    }
    for position in 1..<length {
      guard end - at > position else { return fail(.unexpectedEnd) }
      let isGood = position == 1 ? second.contains(at[1]) : at[position] & 0xC0 == 0x80
      guard isGood else { return fail(.badUTF8) }
    }
    at += length
  }

  // MARK: Numbers and literals

  @inline(__always) private mutating func digits() -> Bool {
    let start = at
    while at < end, at.pointee &- 0x30 <= 9 { at += 1 }
    return at > start
  }

  mutating func number() {
    if at.pointee == UInt8(ascii: "-") { at += 1 }
    guard at < end else { return fail(.unexpectedEnd) }
    if at.pointee == UInt8(ascii: "0") {
      at += 1
    } else if !digits() {
      return fail(.badNumber)
    }
    guard at < end else { return }
    if at.pointee == UInt8(ascii: ".") {
      at += 1
      if !digits() { return fail(at < end ? .badNumber : .unexpectedEnd) }
    }
    guard at < end else { return }
    if at.pointee | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < end, at.pointee == UInt8(ascii: "+") || at.pointee == UInt8(ascii: "-") { at += 1 }
      if !digits() { return fail(at < end ? .badNumber : .unexpectedEnd) }
    }
    // "01", "1x" and "1.2.3" are no two values side by side.
    if at < end, at.pointee &- 0x30 <= 9 || at.pointee | 0x20 &- 0x61 <= 25 || at.pointee == 0x2E {
      fail(.badNumber)
    }
  }

  mutating func literal(_ word: StaticString) {
    let count = word.utf8CodeUnitCount
    for position in 0..<count {
      guard at < end else { return fail(.unexpectedEnd) }
      guard at.pointee == word.utf8Start[position] else { return fail(.badLiteral) }
      at += 1
    }
    if at < end, at.pointee &- 0x30 <= 9 || at.pointee | 0x20 &- 0x61 <= 25 { fail(.badLiteral) }
  }
}
