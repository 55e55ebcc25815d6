internal import Bytes

/// Finds secrets in plain text: one look at a time, what was found adds up.
struct SecretFinder: ~Copyable {
  /// What one look at a text remembers, so that no part of it is read again for each anchor in it.
  struct Memory {
    /// Where the run of base64url ends whose header was looked at last.
    var headerEnd = 0
    /// Where the last token ends that was cut.
    var tokenEnd = 0
    /// By the remainder of their beginning by four: where what was decoded last ends.
    var decodedEnds: (Int, Int, Int, Int) = (0, 0, 0, 0)
    /// Something looks like the header of a JWS in JSON form.
    var hasSignedJSON = false
    /// Where the last secret ends that has a prefix.
    var secretEnd = 0
    /// Characters of one alphabet, side by side.
    var run = 0..<0
    var alphabet = SecretAlphabet.hexadecimal
    /// Where the last long text of base64 behind `Basic` ends.
    var credentialsEnd = 0
    /// The part of the text last searched for a line that begins or ends a key, and found to have none but,
    /// perhaps, at its end.
    var keyLines = 0..<0
    /// A part of the text that is all in one string, which ends behind it.
    var string = 0..<0
  }

  let plan: SecretPlan
  var found = FlatArray<FoundSecret>(capacity: 4)
  var tokens = TokenText()
  var decoded = ByteBuffer(capacity: 16)
  var memory = Memory()
  /// Letters of tokens may stand in escapes: then a token is looked for with the escapes undone.
  var leavesTokens = false
  /// An escape stands where a secret may go on: what it is shows once the escape is undone.
  var meetsEscape = false
  /// The text with its escapes undone, where that is what is looked at.
  var undone = UndoneText()
  /// What is looked at, or what it came from.
  var source = ByteView(start: nil, count: 0)
  var isUndone = false
  /// Escapes are not undone once more.
  var isLastLook = false
  /// The text is no JSON but the beginning of something, as messages show it: what is at its end may have
  /// been longer.
  var isFragment = false
  let secrets = PrefixedSecret.all

  init(_ plan: SecretPlan) { self.plan = plan }

  /// Finds the secrets in `text` as it stands; with `leavesTokens` others than tokens.
  mutating func begin(_ text: ByteView, leavesTokens: Bool) {
    found.removeAll()
    source = text
    (isUndone, isLastLook, meetsEscape) = (false, false, false)
    self.leavesTokens = leavesTokens
    look(at: text)
  }

  /// Adds what is found with the escapes undone, those of URLs at first only if `percents` says so; and then
  /// as long as there are more: see `TokenText`.
  mutating func lookBehindEscapes(percents: Bool) {
    (isUndone, leavesTokens) = (true, false)
    undone.begin(source, backslashes: true, percents: percents)
    for level in 1...UndoneText.mostLevels {
      let flat = undone.text
      let known = found.count
      meetsEscape = false
      isLastLook = level == UndoneText.mostLevels
      // What is looked at is not part of what changes.
      look(at: flat)
      for index in known..<found.count {
        found[index].cut = undone.place(of: found[index].cut)
        found[index].whole = undone.place(of: found[index].whole)
      }
      guard !isLastLook,
        meetsEscape || TokenEscapes.hidesBehindPercent(flat, secrets: true)
          || TokenEscapes.hidesBehindBackslash(flat, secrets: true)
      else { break }
      undone.goOn(backslashes: true)
    }
  }

  /// Adds the secrets in `text` to those found.
  mutating func look(at text: ByteView) {
    guard let base = text.baseAddress else { return }
    var hit = plan.gate.next(base, text.count, after: SecretGate.Hit())
    guard hit.start >= 0 else { return }
    memory = Memory()
    while hit.start >= 0 {
      for number in plan.ranges[hit.slot]
      where take(text, base, hit.start, plan.shapes[Int(number)]) { break }
      hit = plan.gate.next(base, text.count, after: hit)
    }
    if memory.hasSignedJSON { cutSignatures(text) }
  }

  /// Compares what an anchor at `start` stands for in full; true if a secret was found.
  private mutating func take(
    _ text: ByteView, _ base: UnsafePointer<UInt8>, _ start: Int, _ shape: SecretPlan.Shape
  ) -> Bool {
    let known = found.count
    switch shape {
    case .prefixed(let number): takePrefixed(text, start, secrets[number])
    case .url: takePassword(text, start + SecretGate.anchorLength)
    case .basic: takeBasic(text, start)
    case .privateKey: takePrivateKey(text, start)
    case .awsAccess: takeAWSAccess(text, start)
    case .awsSecret: takeAWSSecret(text, start)
    case .paseto: takePaseto(text, start)
    case .header: takeToken(text, base, start)
    case .encodedHeader(let place): takeEncodedToken(text, start, start - place)
    case .algorithm:
      if start > 0, text[start - 1] == UInt8(ascii: "\"") { memory.hasSignedJSON = true }
      noteEscape(text, start + 3)
    }
    return found.count > known
  }
}

extension SecretFinder {
  /// True if a secret can begin at `start`: behind anything but a letter or a digit, unless that is the end
  /// of an escape; and not inside of one.
  static func canBegin(_ text: ByteView, _ start: Int) -> Bool {
    guard start > 0 else { return true }
    let before = text[start - 1]
    if before == UInt8(ascii: "\\") {
      var slashes = 1
      while start - 1 - slashes >= 0, text[start - 1 - slashes] == UInt8(ascii: "\\") {
        slashes += 1
      }
      return slashes % 2 == 0
    }
    guard SecretAlphabet.isAlphanumeric(before) else { return true }
    if start >= 2, text[start - 2] == UInt8(ascii: "\\") {
      return "nrtbf".utf8.contains(before)
    }
    if start >= 4, text[start - 4] == UInt8(ascii: "\\"), text[start - 3] == UInt8(ascii: "x"),
      Hex.digit(text[start - 2]) != nil, Hex.digit(before) != nil
    {
      return true
    }
    if start >= 3, text[start - 3] == UInt8(ascii: "%"), Hex.digit(text[start - 2]) != nil,
      Hex.digit(before) != nil
    {
      return true
    }
    return start >= 6 && text[start - 6] == UInt8(ascii: "\\")
      && text[start - 5] == UInt8(ascii: "u")
      && text[start - 4..<start].allSatisfy { Hex.digit($0) != nil }
  }

  /// Takes note of an escape at `at`, if one stands there.
  mutating func noteEscape(_ text: ByteView, _ at: Int) {
    if TokenEscapes.isEscape(text, at) { meetsEscape = true }
  }

  /// True if `literal` stands at `at`.
  static func has(_ literal: StaticString, _ text: ByteView, _ at: Int) -> Bool {
    common(literal, text, at) == literal.utf8CodeUnitCount
  }

  /// How many characters of `literal` stand at `at`.
  static func common(_ literal: StaticString, _ text: ByteView, _ at: Int) -> Int {
    guard at >= 0 else { return 0 }
    let count = max(0, min(literal.utf8CodeUnitCount, text.count - at))
    for index in 0..<count where text[at + index] != literal.utf8Start[index] { return index }
    return count
  }

  /// True if `literal`, in lower case, stands at `at` in any case.
  static func hasFolded(_ literal: StaticString, _ text: ByteView, _ at: Int) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard at >= 0, text.count - at >= count else { return false }
    for index in 0..<count where text[at + index] | 0x20 != literal.utf8Start[index] {
      return false
    }
    return true
  }
}
