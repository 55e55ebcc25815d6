package import Bytes

/// An input that a run read.
package struct RecordedInput: Equatable, Sendable {
  /// Where an earlier run had stopped.
  package struct Continuation: Equatable, Sendable {
    /// Bytes of text before it. (Version 0.1 wrote, of a compressed input, the bytes as stored.)
    package var offset: Int64
    /// Records before it.
    package var records: Int

    /// A place in an input.
    package init(offset: Int64, records: Int) {
      self.offset = offset
      self.records = records
    }
  }

  /// Its path, or a name for standard input.
  package var name: String
  /// Bytes as stored, from the first one on, that were read by this run or those that it continues.
  /// An incomplete last line of a plain file is not among them.
  package var bytes: Int64
  /// Digest of those bytes.
  package var sha256: Digest256?
  /// How those bytes begin: see `ContentMark`.
  package var beginning: ContentMark?
  /// Records in it that this run read.
  package var records: Int
  /// Where this run began; nil at its first byte.
  package var continued: Continuation?
  /// Of a compressed input: bytes of its text that were read; nil for a plain one.
  package var text: Int64?
  /// SHA-256 of its text, where it is compressed: a log that is compressed later is the same log.
  package var textSHA256: Digest256?
  /// How its text begins, where it is compressed.
  package var textBeginning: ContentMark?
  /// Digests of the beginning of the text, to tell an older, shorter copy.
  package var prefixes: PrefixDigests?
  /// How its records stood in it.
  package var format: String?
  /// What is wrong with its compression, and at which byte, where records before that were taken.
  package var damage: String?
  /// Bytes of an incomplete last line, not read yet.
  package var pending: Int64?
  /// What became of its text; nil in manifests of version 0.1.
  package var account: TextAccount?
  /// Of a damaged compressed input: bytes as stored behind the damage.
  package var behindDamage: Int64?

  /// The facts of an input.
  package init(
    name: String, bytes: Int64, sha256: Digest256?, beginning: ContentMark? = nil, records: Int,
    continued: Continuation? = nil, text: Int64? = nil, textSHA256: Digest256? = nil,
    textBeginning: ContentMark? = nil, prefixes: PrefixDigests? = nil, format: String? = nil,
    damage: String? = nil, pending: Int64? = nil, account: TextAccount? = nil,
    behindDamage: Int64? = nil
  ) {
    self.account = account
    self.behindDamage = behindDamage
    self.name = name
    self.bytes = bytes
    self.sha256 = sha256
    self.beginning = beginning
    self.records = records
    self.continued = continued
    self.text = text
    self.textSHA256 = textSHA256
    self.textBeginning = textBeginning
    self.prefixes = prefixes
    self.format = format
    self.damage = damage
    self.pending = pending
  }

  /// True if it was compressed.
  package var isCompressed: Bool { text != nil }
  /// Bytes of its text.
  package var textBytes: Int64 { text ?? bytes }
  /// SHA-256 of its text; nil if nobody knows.
  package var textDigest: Digest256? { isCompressed ? textSHA256 : sha256 }
  /// How its text begins; nil if nobody knows.
  package var textMark: ContentMark? { isCompressed ? textBeginning : beginning }
}
