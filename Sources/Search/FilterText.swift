package import Bytes

/// What a filter is given: a pattern, with a `!` before it one that must not match.
///
/// A text that itself begins with `!` is written `\!…`, as a pattern's wildcards are.
package struct FilterText: Sendable {
  /// True if it must not match.
  package let isNot: Bool
  /// The pattern without the `!`.
  package let text: String
  private let ignoresCase: Bool

  /// Reads what was given; every text is a filter.
  package init(_ text: String, ignoresCase: Bool = false) {
    // By scalars: a mark that combines with the `!` makes one character of both.
    isNot = text.unicodeScalars.first == "!"
    self.text = isNot ? String(text.unicodeScalars.dropFirst()) : text
    self.ignoresCase = ignoresCase
  }

  /// The pattern.
  package var glob: Glob { Glob(text, ignoresCase: ignoresCase) }

  /// The only text that the pattern stands for, letter case apart; nil if it has wildcards.
  package var literal: String? { Glob(text).literal }

  /// The address, or the block of addresses, that the text is.
  package var addressBlock: AddressBlock? {
    guard var literal else { return nil }
    return literal.withUTF8 { AddressBlock($0) }
  }
}
