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
  }

  let plan: SecretPlan
  var found = FlatArray<FoundSecret>(capacity: 4)
  var tokens = TokenText()
  var decoded = ByteBuffer(capacity: 16)
  var memory = Memory()
  /// Letters of tokens may stand in escapes: then a token is looked for with the escapes undone.
  var leavesTokens = false
  let secrets = PrefixedSecret.all

  init(_ plan: SecretPlan) { self.plan = plan }

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
    case .awsName: takeNamed(text, start)
    case .paseto: takePaseto(text, start)
    case .header: takeToken(text, base, start)
    case .encodedHeader(let place): takeEncodedToken(text, start, start - place)
    case .algorithm:
      if start > 0, text[start - 1] == UInt8(ascii: "\"") { memory.hasSignedJSON = true }
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
    if start >= 3, text[start - 3] == UInt8(ascii: "%"), Hex.digit(text[start - 2]) != nil,
      Hex.digit(before) != nil
    {
      return true
    }
    return start >= 6 && text[start - 6] == UInt8(ascii: "\\")
      && text[start - 5] == UInt8(ascii: "u")
      && text[start - 4..<start].allSatisfy { Hex.digit($0) != nil }
  }

  /// True if `literal` stands at `at`.
  static func has(_ literal: StaticString, _ text: ByteView, _ at: Int) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard at >= 0, text.count - at >= count else { return false }
    for index in 0..<count where text[at + index] != literal.utf8Start[index] { return false }
    return true
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

  /// Where the backslashes that begin at `at` end.
  static func endOfBackslashes(_ text: ByteView, _ at: Int) -> Int {
    var at = at
    while at < text.count, text[at] == UInt8(ascii: "\\") { at += 1 }
    return at
  }
}
