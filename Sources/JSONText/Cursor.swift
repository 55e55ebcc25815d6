internal import Bytes

/// Walks over tokens. Every method starts at the token's first byte and ends behind its last, or
/// sets `fault` and stays where the fault is.
///
/// A plain value on purpose, and what is seldom needed (escapes, characters of several bytes, white
/// space) is static and takes and returns places: so the optimiser keeps a cursor in registers,
/// which is worth a third of the scanner's time.
struct Cursor {
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

  /// Where a token ends, or where its fault is.
  struct Step {
    var at: UnsafePointer<UInt8>
    var fault = ScanFault.none
  }

  var offset: Int { at - base }

  @inline(__always) mutating func fail(_ fault: ScanFault) { self.fault = fault }

  @inline(__always) private mutating func take(_ step: Step) {
    at = step.at
    fault = step.fault
  }

  // MARK: Between tokens

  @inline(__always) mutating func skipWhitespace() {
    if at < end && at.pointee > 0x20 { return }
    let (next, hasBreaks) = Cursor.whitespaceEnd(at, end)
    at = next
    if hasBreaks { hasLineBreaks = true }
  }

  @inline(never) private static func whitespaceEnd(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> (at: UnsafePointer<UInt8>, hasBreaks: Bool) {
    var at = start
    var hasBreaks = false
    while at < end {
      switch at.pointee {
      case 0x20, 0x09: break
      case 0x0A, 0x0D: hasBreaks = true
      default: return (at, hasBreaks)
      }
      at += 1
    }
    return (at, hasBreaks)
  }

  /// Skips white space and looks at what follows; at the end of the text fails and gives nil.
  @inline(__always) mutating func peek() -> UInt8? {
    skipWhitespace()
    guard at < end else {
      fail(.unexpectedEnd)
      return nil
    }
    return at.pointee
  }

  // MARK: Strings

  /// Reads a string; true if it holds an escape sequence.
  ///
  /// Eight bytes at once. For a word w of bytes below 0x80, `(w ^ q) - 0x01…` borrows into the top
  /// bit of a byte that equals q, `w - 0x20…` into that of one below 0x20, and a byte of a
  /// multi-byte character has its top bit set already. A borrow can spoil only bytes above the
  /// first hit, so the lowest bit is always right.
  @inline(__always) mutating func string() -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var isEscaped = false
    var at = self.at + 1
    while true {
      while end - at >= 8 {
        let word = UInt64(
          littleEndian: UnsafeRawPointer(at).loadUnaligned(as: UInt64.self))
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let hits =
          ((quote &- ones) | (backslash &- ones) | (word &- (ones &* 0x20)) | word) & tops
        if hits == 0 {
          at += 8
          continue
        }
        at += hits.trailingZeroBitCount &>> 3
        break
      }
      if at < end, at.pointee == UInt8(ascii: "\"") {
        self.at = at + 1
        return isEscaped
      }
      if at < end, at.pointee == UInt8(ascii: "\\") { isEscaped = true }
      let step = Cursor.inString(at, end)
      at = step.at
      if step.fault != .none {
        take(step)
        return isEscaped
      }
    }
  }

  /// What stands in a string and is no plain eight bytes: one character or escape sequence.
  @inline(never) private static func inString(
    _ at: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Step {
    guard at < end else { return Step(at: at, fault: .unexpectedEnd) }
    switch at.pointee {
    case UInt8(ascii: "\\"): return escape(at, end)
    case 0x80...: return character(at, end)
    case ..<0x20: return Step(at: at, fault: .controlCharacter)
    default: return Step(at: at + 1)
    }
  }

  private static func escape(
    _ at: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Step {
    guard end - at >= 2 else { return Step(at: at, fault: .unexpectedEnd) }
    switch at[1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return Step(at: at + 2)
    case UInt8(ascii: "u"):
      for digit in 2..<6 {
        guard end - at > digit else { return Step(at: at, fault: .unexpectedEnd) }
        guard Hex.digit(at[digit]) != nil else { return Step(at: at, fault: .badEscape) }
      }
      return Step(at: at + 6)
    default:
      return Step(at: at, fault: .badEscape)
    }
  }

  /// One character of several bytes, by the table of well-formed sequences (Unicode 15, table
  /// 3-7): no overlong form, no surrogate, nothing beyond U+10FFFF.
  private static func character(
    _ at: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Step {
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
    default: return Step(at: at, fault: .badUTF8)
    }
    for position in 1..<length {
      guard end - at > position else { return Step(at: at, fault: .unexpectedEnd) }
      let isGood = position == 1 ? second.contains(at[1]) : at[position] & 0xC0 == 0x80
      guard isGood else { return Step(at: at, fault: .badUTF8) }
    }
    return Step(at: at + length)
  }

  // MARK: Numbers and literals

  @inline(__always) mutating func number() { take(Cursor.numberEnd(at, end)) }

  @inline(__always) private static func digitsEnd(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var at = start
    while at < end, at.pointee &- 0x30 <= 9 { at += 1 }
    return at
  }

  @inline(never) private static func numberEnd(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Step {
    var at = start
    if at.pointee == UInt8(ascii: "-") { at += 1 }
    guard at < end else { return Step(at: at, fault: .unexpectedEnd) }
    let isZero = at.pointee == UInt8(ascii: "0")
    let wholeEnd = isZero ? at + 1 : digitsEnd(at, end)
    if wholeEnd == at { return Step(at: at, fault: .badNumber) }
    at = wholeEnd
    if at < end, at.pointee == UInt8(ascii: ".") {
      let fractionEnd = digitsEnd(at + 1, end)
      if fractionEnd == at + 1 { return missingDigits(fractionEnd, end) }
      at = fractionEnd
    }
    if at < end, at.pointee | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < end, at.pointee == UInt8(ascii: "+") || at.pointee == UInt8(ascii: "-") { at += 1 }
      let exponentEnd = digitsEnd(at, end)
      if exponentEnd == at { return missingDigits(at, end) }
      at = exponentEnd
    }
    // "01", "1x" and "1.2.3" are no two values side by side.
    if at < end, isWordByte(at.pointee) || at.pointee == UInt8(ascii: ".") {
      return Step(at: at, fault: .badNumber)
    }
    return Step(at: at)
  }

  private static func missingDigits(
    _ at: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Step {
    Step(at: at, fault: at < end ? .badNumber : .unexpectedEnd)
  }

  @inline(__always) private static func isWordByte(_ byte: UInt8) -> Bool {
    byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 <= 25
  }

  /// Reads `true`, `false` or `null`, of which the first byte is right. `word` is all of it but, of
  /// five letters, the first: four bytes, the lowest first.
  @inline(__always) mutating func literal(_ text: StaticString, count: Int, _ word: UInt32) {
    if end - at > count,
      UInt32(
        littleEndian: UnsafeRawPointer(at + (count - 4)).loadUnaligned(as: UInt32.self)) == word,
      !Cursor.isWordByte(at[count])
    {
      at += count
    } else {
      take(Cursor.literalEnd(at, end, text))
    }
  }

  @inline(never) private static func literalEnd(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ text: StaticString
  ) -> Step {
    var at = start
    for position in 0..<text.utf8CodeUnitCount {
      guard at < end else { return Step(at: at, fault: .unexpectedEnd) }
      guard at.pointee == text.utf8Start[position] else {
        return Step(at: at, fault: .badLiteral)
      }
      at += 1
    }
    if at < end, isWordByte(at.pointee) { return Step(at: at, fault: .badLiteral) }
    return Step(at: at)
  }
}
