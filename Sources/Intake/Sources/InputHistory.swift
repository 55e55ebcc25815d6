package import Bytes

/// How far an input was read by an earlier run.
package struct InputContinuation: Equatable, Sendable {
  /// Bytes as stored.
  package var bytes: Int
  /// Bytes of its text; those bytes themselves where the input is not compressed.
  package var text: Int
  /// Records in it.
  package var records: Int
  /// How its records stood in it.
  package var format: InputFormat
  /// True if it is compressed.
  package var isGzip: Bool
  /// Its first bytes, at most `InputFacts.keptBeginning` of them.
  package var first: [UInt8]
  /// SHA-256 of the bytes before it, as stored: a file that was replaced meanwhile has another.
  package var digest: Digest256

  package init(
    bytes: Int, text: Int, records: Int, format: InputFormat, isGzip: Bool, first: [UInt8],
    digest: Digest256
  ) {
    self.digest = digest
    self.bytes = bytes
    self.text = text
    self.records = records
    self.format = format
    self.isGzip = isGzip
    self.first = first
  }
}

/// What an earlier run has to do with an input.
package enum InputHistory: Equatable, Sendable {
  /// All of it was read.
  case known
  /// It was read up to here.
  case continued(InputContinuation)
}
