/// A pattern over text: `*` is any run of characters, none included, `?` one character, and a
/// backslash takes the character after it literally (at the end it stands for itself). The whole
/// text has to match; the case of letters counts unless it is to be ignored.
///
/// Matching remembers only the last `*` it passed: if what follows that star can be found later,
/// then an earlier star never needs to take more. So the work is at most the length of the text
/// times that of the pattern, whatever either holds, and nothing is allocated.
public struct Glob: Sendable, CustomStringConvertible {
  /// The pattern as it was written.
  public let description: String
  /// Bytes as they are; above these, the two wildcards.
  private let pattern: [UInt16]
  private static let anyRun: UInt16 = 256
  private static let oneCharacter: UInt16 = 257

  /// True if capital and small letters are the same, and normal forms: see `LetterCase`.
  public let ignoresCase: Bool

  /// True if the pattern matches one text only: there is no wildcard in it, and the case of letters counts.
  public let isLiteral: Bool

  /// The only text that matches, where there is only one.
  public var literal: String? {
    isLiteral
      ? String(decoding: pattern.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self) : nil
  }

  /// Reads a pattern; every string is one.
  public init(_ pattern: String, ignoresCase: Bool = false) {
    description = pattern
    self.ignoresCase = ignoresCase
    var compiled: [UInt16] = []
    var isEscaped = false
    for byte in (ignoresCase ? LetterCase.folded(pattern) : pattern).utf8 {
      switch byte {
      case _ where isEscaped:
        compiled.append(UInt16(byte))
        isEscaped = false
      case UInt8(ascii: "\\"): isEscaped = true
      case UInt8(ascii: "*"):
        if compiled.last != Self.anyRun { compiled.append(Self.anyRun) }
      case UInt8(ascii: "?"): compiled.append(Self.oneCharacter)
      default: compiled.append(UInt16(byte))
      }
    }
    if isEscaped { compiled.append(UInt16(UInt8(ascii: "\\"))) }
    self.pattern = compiled
    self.isLiteral = !ignoresCase && !compiled.contains { $0 >= Self.anyRun }
  }

  /// Whether the whole of `text`, which should be UTF-8, matches. In text that is not, a character
  /// is a byte and the continuation bytes after it.
  public func matches(_ text: ByteView) -> Bool {
    pattern.withUnsafeBufferPointer { pattern in
      ignoresCase
        ? LetterCase.withFolded(text) { Self.matches(pattern, $0) } : Self.matches(pattern, text)
    }
  }

  private static func matches(_ pattern: UnsafeBufferPointer<UInt16>, _ text: ByteView) -> Bool {
    var (at, next) = (0, 0)
    var retry: (at: Int, next: Int)?
    while true {
      if next == pattern.count {
        if at == text.count { return true }
      } else if pattern[next] == anyRun {
        next += 1
        if next == pattern.count { return true }
        retry = (at, next)
        continue
      } else if at < text.count {
        if pattern[next] == oneCharacter {
          at = end(ofCharacterAt: at, text)
          next += 1
          continue
        }
        if pattern[next] == UInt16(text[at]) {
          at += 1
          next += 1
          continue
        }
      }
      guard let star = retry, star.at < text.count else { return false }
      at = end(ofCharacterAt: star.at, text)
      next = star.next
      retry = (at, next)
    }
  }

  @inline(__always)
  private static func end(ofCharacterAt start: Int, _ text: ByteView) -> Int {
    var end = start + 1
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }
}
