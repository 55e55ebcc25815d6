internal import Bytes

/// Finds where a value ends by its brackets and quotes, whether it is JSON or not. Bytes come in pieces, each
/// is looked at once, and no more is held than one bit for each level of nesting.
///
/// Strings may hold any bytes, numbers and literals any letters, and values, commas and colons may be
/// missing or too many. What tells that a quote or a bracket is missing, so that the end cannot be known,
/// is a backslash outside of a string, a bracket of the wrong kind, one where none can stand, a comma that is
/// missing behind a bracket, which may be one too many, or a comma or colon that is missing or too much where
/// a string begins with what stands between tokens: where a quote is missing, the text between tokens looks
/// like strings. Of a value that a `Scanner` accepts both find the same end.
struct ValueExtent {
  /// What a look came to; offsets are those in the piece.
  enum Step: Equatable {
    /// The value goes on behind the piece.
    case goesOn
    /// It ends before this byte.
    case ends(Int)
    /// From this byte on its end cannot be told.
    case unclear(Int)

    /// Up to where a piece of `count` bytes was looked at.
    func reach(_ count: Int) -> Int {
      switch self {
      case .goesOn: count
      case .ends(let place), .unclear(let place): place
      }
    }
  }

  private enum State { case start, value, name, colon, comma, string, scalar }

  /// Levels of nesting that are followed: 8 Mi, which take 1 MiB.
  private static let deepest = 8 << 20

  /// False where a line feed inside a string tells that its end is missing.
  private let allowsLineFeeds: Bool
  /// True where a line feed between tokens tells it too.
  var stopsAtLineFeed = false
  private var state = State.start
  private var isName = false
  private var isEscape = false
  private var depth = 0
  /// Offset of the quote with which the last string began before the end became doubtful, in the text that
  /// was looked at.
  private(set) var lastString: Int?
  /// False where a comma or colon that is missing is enough to tell that the end cannot be known.
  private let isPatient: Bool
  /// Where the first comma or colon is missing or too much, in the text that was looked at.
  private(set) var doubt: Int?
  /// A string began with what stands between tokens.
  private var hasOddString = false
  /// The value before ended with a bracket, which may be one too many.
  private var isBehindBracket = false
  /// Nothing but white space was seen of the string.
  private var isAtStringStart = false
  /// One bit for each open bracket: set for `{`.
  private var kinds: [UInt64] = []

  /// A value of which nothing was seen.
  init(allowsLineFeeds: Bool = true, isPatient: Bool = true) {
    self.allowsLineFeeds = allowsLineFeeds
    self.isPatient = isPatient
  }

  /// Says that the first `count` bytes of the text are gone.
  mutating func release(_ count: Int) {
    lastString = lastString.map { $0 - count }
    doubt = doubt.map { $0 - count }
  }

  /// Looks at the next piece, from `from` on. The first one starts with the value's first byte.
  mutating func look(_ text: ByteView, from: Int) -> Step {
    var at = from
    while at < text.count {
      if state == .string {
        if isAtStringStart, let step = beginString(text, &at) { return step }
        guard let end = endOfString(text, at) else { return .goesOn }
        if text[end] == 0x0A { return .unclear(end) }
        at = end + 1
        if let step = endToken(at) { return step }
        continue
      }
      let byte = text[at]
      if state == .scalar {
        if ValueExtent.isScalar(byte) {
          at += 1
          continue
        }
        if byte == UInt8(ascii: "\\") || depth > 0 && opens(byte) || depth == 0 && byte == 0x22 {
          return .unclear(at)
        }
        if let step = endToken(at) { return step }
      }
      if let step = take(byte, at) { return step }
      at += 1
    }
    return .goesOn
  }

  /// What a byte outside of strings and scalars means; nil if the value goes on behind it.
  private mutating func take(_ byte: UInt8, _ at: Int) -> Step? {
    if byte.isSpace { return byte == 0x0A && stopsAtLineFeed ? .unclear(at) : nil }
    switch (state, byte) {
    case (.start, UInt8(ascii: ",")), (.start, UInt8(ascii: ":")), (.start, UInt8(ascii: "}")),
      (.start, UInt8(ascii: "]")), (.start, UInt8(ascii: "\\")):
      return .unclear(at)
    case (.value, UInt8(ascii: ",")), (.comma, UInt8(ascii: ",")), (.name, UInt8(ascii: ",")):
      state = isInObject ? .name : .value
    case (.value, UInt8(ascii: "}")), (.comma, UInt8(ascii: "}")), (.name, UInt8(ascii: "}")),
      (.value, UInt8(ascii: "]")), (.comma, UInt8(ascii: "]")):
      guard isInObject == (byte == UInt8(ascii: "}")) else { return .unclear(at) }
      depth -= 1
      state = .comma
      isBehindBracket = true
      if depth == 0 { return .ends(at + 1) }
    case (.colon, UInt8(ascii: ":")):
      state = .value
    case (.colon, _), (.comma, _), (_, UInt8(ascii: ":")):
      return takeDoubtful(byte, at)
    case (.start, _) where opens(byte), (.value, _) where opens(byte):
      guard depth < Self.deepest else { return .unclear(at) }
      open(isObject: byte == UInt8(ascii: "{"))
    case (.start, _), (.value, _), (.name, _):
      guard byte == UInt8(ascii: "\"") || ValueExtent.isScalar(byte) else { return .unclear(at) }
      beginToken(byte, at, isName: state == .name)
    default:
      return .unclear(at)
    }
    return nil
  }

  /// A byte where a comma or colon should stand, or a colon where it should not.
  private mutating func takeDoubtful(_ byte: UInt8, _ at: Int) -> Step? {
    guard isPatient, !hasOddString, !opens(byte), byte != UInt8(ascii: "\\") else {
      return .unclear(at)
    }
    doubt = doubt ?? at
    switch byte {
    case UInt8(ascii: ":"): state = .value
    case UInt8(ascii: ","): state = isInObject ? .name : .value
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      state = .comma
      return take(byte, at)
    default:
      guard state == .colon || !isBehindBracket else { return .unclear(at) }
      beginToken(byte, at, isName: state == .comma && isInObject)
    }
    return nil
  }

  private mutating func beginToken(_ byte: UInt8, _ at: Int, isName: Bool) {
    self.isName = isName
    let isString = byte == UInt8(ascii: "\"")
    if isString && doubt == nil { lastString = at }
    isAtStringStart = isString
    state = isString ? .string : .scalar
  }

  /// Looks at the first byte of a string behind white space; passes over that.
  private mutating func beginString(_ text: ByteView, _ at: inout Int) -> Step? {
    while at < text.count, text[at].isSpaceInLine || text[at] == 0x0A && allowsLineFeeds { at += 1 }
    guard at < text.count else { return .goesOn }
    isAtStringStart = false
    switch text[at] {
    case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]"):
      hasOddString = true
      return doubt.map { .unclear(min($0, at)) }
    default: return nil
    }
  }

  /// What was seen is the beginning of a number, a literal or a bare word, which the end of the text ends.
  var isBareScalar: Bool { state == .scalar && depth == 0 }

  /// A string or a scalar ends before `at`.
  private mutating func endToken(_ at: Int) -> Step? {
    state = isName ? .colon : .comma
    isBehindBracket = false
    return depth == 0 ? .ends(at) : nil
  }

  private mutating func open(isObject: Bool) {
    let (word, bit) = (depth >> 6, UInt64(1) << UInt64(depth & 63))
    if word == kinds.count { kinds.append(0) }
    kinds[word] = isObject ? kinds[word] | bit : kinds[word] & ~bit
    depth += 1
    state = isObject ? .name : .value
  }

  private var isInObject: Bool {
    depth > 0 && kinds[(depth - 1) >> 6] & (1 << UInt64((depth - 1) & 63)) != 0
  }

  /// Where the quote stands that ends the string, or the line feed that must not be in it.
  private mutating func endOfString(_ text: ByteView, _ from: Int) -> Int? {
    var at = from
    while at < text.count {
      let byte = text[at]
      if isEscape {
        isEscape = false
        if byte == 0x0A && !allowsLineFeeds { return at }
      } else if byte == UInt8(ascii: "\\") {
        isEscape = true
      } else if byte == UInt8(ascii: "\"") || byte == 0x0A && !allowsLineFeeds {
        return at
      }
      at += 1
    }
    return nil
  }

  private func opens(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
  }

  /// True for what a number, a literal or a bare name may be made of, right or wrong.
  private static func isScalar(_ byte: UInt8) -> Bool {
    !byte.endsScalar && byte != UInt8(ascii: "\\")
  }
}
