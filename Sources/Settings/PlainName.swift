/// Names that messages may show where a secret could stand by mistake.
package enum PlainName {
  /// True for `AUDIT_SECRET_2`: what variables of the environment are called. Anything else may be the secret
  /// itself, written where its variable's name belongs, or filled in there with `${env:…}`; that is not for
  /// the log.
  package static func isVariable(_ name: String) -> Bool {
    let words = name.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    guard name.utf8.count <= 64 else { return false }
    let isAlone = words.count == 1
    return words.allSatisfy { word in
      let letters = word.prefix { (0x41...0x5A).contains($0) }
      let digits = word.dropFirst(letters.count)
      return letters.count <= (isAlone ? 12 : 16) && digits.count <= (isAlone ? 2 : 4)
        && (!isAlone || !letters.isEmpty) && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
  }

  /// True for the name of a variable of the environment, and for a few short words in lower case without
  /// digits, as keys of definitions and variables of `--set` are: `trusted_issuers`.
  static func isPlain(_ name: String) -> Bool {
    if isVariable(name) { return true }
    let words = name.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    return name.utf8.count <= 32
      && words.allSatisfy { word in
        (1...12).contains(word.count) && word.allSatisfy { (0x61...0x7A).contains($0) }
      }
  }

  /// The key behind a blank and in quotes, if it is plain, or hardly longer than the known key `meant`, to
  /// which it is near; else nothing.
  static func shown(_ key: String, like meant: String? = nil) -> String {
    let isLike = meant.map { key.unicodeScalars.count <= $0.unicodeScalars.count + 2 } ?? false
    return isLike || isPlain(key) ? " \"\(key)\"" : ""
  }
}
