internal import JSONText

/// Reads a JSON5 document by recursive descent, at most `maxDepth` levels deep.
struct JSON5Parser {
  /// The most levels of objects and arrays within each other.
  static let maxDepth = 100

  private let scalars: [Unicode.Scalar]
  private let file: String
  private var at = 0
  private var line = 1
  private var column = 1
  private var depth = 0

  init(_ scalars: [Unicode.Scalar], file: String) {
    self.scalars = scalars
    self.file = file
    if scalars.first == "\u{FEFF}" { at = 1 }
  }

  // MARK: The cursor

  var position: SourcePosition { SourcePosition(file: file, line: line, column: column) }

  var peek: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

  private func peek(_ distance: Int) -> Unicode.Scalar? {
    at + distance < scalars.count ? scalars[at + distance] : nil
  }

  mutating func advance() {
    let isLineEnd = scalars[at] == "\n" || (scalars[at] == "\r" && peek(1) != "\n")
    at += 1
    column += 1
    if isLineEnd {
      line += 1
      column = 1
    }
  }

  private mutating func advance(by count: Int) {
    for _ in 0..<count { advance() }
  }

  /// What stands here, for messages.
  private var found: String {
    guard let scalar = peek else { return "the end of the file" }
    if scalar.value > 0x20 && scalar.value < 0x7F { return "\"\(scalar)\"" }
    return scalar.properties.generalCategory.isVisible ? "\"\(scalar)\"" : scalar.codePoint
  }

  // MARK: White space and comments

  private mutating func skipSpace() throws(SettingsError) {
    while let scalar = peek {
      if scalar.isJSON5Space {
        advance()
      } else if scalar == "/", peek(1) == "/" {
        while let next = peek, !next.isLineTerminator { advance() }
      } else if scalar == "/", peek(1) == "*" {
        try skipBlockComment()
      } else {
        return
      }
    }
  }

  private mutating func skipBlockComment() throws(SettingsError) {
    let start = position
    advance(by: 2)
    while peek != nil {
      if peek == "*", peek(1) == "/" {
        advance(by: 2)
        return
      }
      advance()
    }
    throw start.error("this comment is not closed: end it with */")
  }

  // MARK: Values

  mutating func document() throws(SettingsError) -> JSON5Value {
    try skipSpace()
    let value = try value()
    try skipSpace()
    guard peek == nil else { throw position.error("found \(found) after the end of the value") }
    return value
  }

  private mutating func value() throws(SettingsError) -> JSON5Value {
    let start = position
    guard let first = peek else { throw start.error("expected a value, found \(found)") }
    switch first {
    case "{": return JSON5Value(.object(try members()), at: start)
    case "[": return JSON5Value(.array(try elements()), at: start)
    case "\"", "'": return JSON5Value(.string(try string(quote: first)), at: start)
    case "0"..."9", "+", "-", ".": return JSON5Value(.number(try number()), at: start)
    default: return JSON5Value(try word(), at: start)
    }
  }

  /// Moves past an opening bracket and the space after it.
  private mutating func open() throws(SettingsError) {
    guard depth < JSON5Parser.maxDepth else {
      throw position.error("nested deeper than max_depth, \(JSON5Parser.maxDepth) levels")
    }
    depth += 1
    advance()
    try skipSpace()
  }

  /// Moves past a closing bracket.
  private mutating func close() {
    depth -= 1
    advance()
  }

  private mutating func elements() throws(SettingsError) -> [JSON5Value] {
    var elements: [JSON5Value] = []
    try open()
    while peek != "]" {
      elements.append(try value())
      try separator(before: "]")
    }
    close()
    return elements
  }

  private mutating func members() throws(SettingsError) -> [JSON5Value.Member] {
    var members: [JSON5Value.Member] = []
    // By bytes: to `String` two ways to write an accent are equal, to JSON they are two keys.
    var seen: [[UInt8]: SourcePosition] = [:]
    try open()
    while peek != "}" {
      let start = position
      let key = try key()
      if let first = seen.updateValue(start, forKey: Array(key.utf8)) {
        let shown = PlainName.shown(key)
        throw start.error(
          "\(shown.isEmpty ? "this key" : "the key\(shown)") is there already: line \(first.line), column"
            + " \(first.column)")
      }
      try skipSpace()
      guard peek == ":" else {
        throw position.error("expected \":\" after the key\(PlainName.shown(key)), found \(found)")
      }
      advance()
      try skipSpace()
      members.append(JSON5Value.Member(key: key, position: start, value: try value()))
      try separator(before: "}")
    }
    close()
    return members
  }

  /// Moves past the comma after an item, if the list does not close.
  private mutating func separator(before close: Unicode.Scalar) throws(SettingsError) {
    try skipSpace()
    if peek == close { return }
    guard peek == "," else {
      throw position.error("expected \",\" or \"\(close)\", found \(found)")
    }
    advance()
    try skipSpace()
  }

  private mutating func key() throws(SettingsError) -> String {
    if let quote = peek, quote == "\"" || quote == "'" { return try string(quote: quote) }
    let name = try identifier()
    guard !name.isEmpty else { throw position.error("expected a key, found \(found)") }
    return name
  }

  /// Words, in lower case, that somebody writes who means a literal.
  private static let almostLiterals: Set<String> = [
    "true", "ture", "treu", "false", "flase", "fasle", "null", "nul", "nil", "none", "undefined",
    "yes", "no",
    "on", "off", "infinity", "infinit", "inf", "nan",
  ]

  private mutating func word() throws(SettingsError) -> JSON5Value.Content {
    let start = position
    switch try identifier() {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    case "Infinity": return .number(JSON5Number(text: "Infinity"))
    case "NaN": return .number(JSON5Number(text: "NaN"))
    case "": throw start.error("expected a value, found \(found)")
    case let name:
      // Of any other word nobody knows whether it is a secret.
      let shown = JSON5Parser.almostLiterals.contains(name.lowercased()) ? ", found \(name)" : ""
      throw start.error("expected a value\(shown): a string needs quotes")
    }
  }

  /// An ECMAScript 5.1 identifier name; empty if none begins here.
  private mutating func identifier() throws(SettingsError) -> String {
    var name = String.UnicodeScalarView()
    while let scalar = peek {
      let start = position
      var part = scalar
      let isEscaped = scalar == "\\"
      if isEscaped {
        advance()
        guard peek == "u" else { throw start.error("expected \\u and four digits in a key") }
        advance()
        part = try unicodeEscape(from: start)
      }
      guard name.isEmpty ? part.isIdentifierStart : part.isIdentifierPart else {
        if isEscaped { throw start.error("\(part.codePoint) cannot be in a bare key: quote it") }
        break
      }
      name.append(part)
      if !isEscaped { advance() }
    }
    return String(name)
  }

  // MARK: Numbers

  private mutating func number() throws(SettingsError) -> JSON5Number {
    let (start, first) = (position, at)
    if peek == "+" || peek == "-" { advance() }
    if peek == "I" || peek == "N" {
      guard case .number = try word() else { throw start.error("expected a number") }
    } else if peek == "0", peek(1) == "x" || peek(1) == "X" {
      advance(by: 2)
      guard skip({ $0.hexDigit != nil }) > 0 else {
        throw position.error("expected hexadecimal digits, found \(found)")
      }
    } else {
      try skipDecimal()
    }
    if let next = peek, next.isIdentifierPart || next == "\\" || next == "." {
      throw position.error("found \(found) right after a number")
    }
    return JSON5Number(text: String(String.UnicodeScalarView(scalars[first..<at])))
  }

  private mutating func skipDecimal() throws(SettingsError) {
    if peek == "0", peek(1)?.isDigit == true {
      throw position.error("a number must not begin with a 0 that more digits follow")
    }
    var digits = skip { $0.isDigit }
    if peek == "." {
      advance()
      digits += skip { $0.isDigit }
    }
    guard digits > 0 else { throw position.error("expected digits, found \(found)") }
    guard peek == "e" || peek == "E" else { return }
    advance()
    if peek == "+" || peek == "-" { advance() }
    guard skip({ $0.isDigit }) > 0 else {
      throw position.error("expected the digits of an exponent, found \(found)")
    }
  }

  private mutating func skip(_ belongs: (Unicode.Scalar) -> Bool) -> Int {
    var count = 0
    while let scalar = peek, belongs(scalar) {
      advance()
      count += 1
    }
    return count
  }

  // MARK: Strings

  private mutating func string(quote: Unicode.Scalar) throws(SettingsError) -> String {
    let start = position
    var text = String.UnicodeScalarView()
    advance()
    while let scalar = peek, scalar != "\n", scalar != "\r" {
      if scalar == quote {
        advance()
        return String(text)
      }
      if scalar == "\\" {
        if let escaped = try escape() { text.append(escaped) }
        continue
      }
      guard scalar.value >= 0x20 || scalar == "\t" else {
        throw position.error("control character \(scalar.codePoint) in a string: escape it")
      }
      text.append(scalar)
      advance()
    }
    throw start.error("this string is not closed: end it with \(quote) on the same line")
  }

  /// Reads an escape; nil for a continued line.
  private mutating func escape() throws(SettingsError) -> Unicode.Scalar? {
    let start = position
    advance()
    guard let kind = peek else { throw start.error("this escape is not complete") }
    if kind == "\r", peek(1) == "\n" { advance() }
    advance()
    switch kind {
    case "\n", "\r", "\u{2028}", "\u{2029}": return nil
    case "b": return "\u{08}"
    case "f": return "\u{0C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "v": return "\u{0B}"
    case "x": return Unicode.Scalar(UInt8(truncatingIfNeeded: try hex(digits: 2, from: start)))
    case "u": return try unicodeEscape(from: start)
    case "0" where peek?.isDigit != true: return "\0"
    case "0"..."9": throw start.error("octal escapes are no JSON5: write \\x and two digits")
    default: return kind
    }
  }

  /// The character of `\uXXXX`, from after the `u`, or of two that make a surrogate pair.
  private mutating func unicodeEscape(
    from start: SourcePosition
  ) throws(SettingsError) -> Unicode.Scalar {
    let unit = try hex(digits: 4, from: start)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    if peek == "\\", peek(1) == "u" {
      advance(by: 2)
      if let scalar = JSONString.scalar(unit, try hex(digits: 4, from: start)) { return scalar }
    }
    throw start.error("this escape is half of a surrogate pair")
  }

  private mutating func hex(
    digits: Int, from start: SourcePosition
  ) throws(SettingsError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = peek?.hexDigit else {
        throw start.error("this escape needs \(digits) hexadecimal digits")
      }
      value = value << 4 | digit
      advance()
    }
    return value
  }
}
