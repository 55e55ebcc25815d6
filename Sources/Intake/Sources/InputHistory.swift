package import Bytes

/// How far an input was read by an earlier run.
package struct InputContinuation: Equatable, Sendable {
  /// Bytes of its text; those bytes themselves where the input is not compressed.
  package var text: Int
  /// Records in it.
  package var records: Int
  /// How its records stood in it.
  package var format: InputFormat
  /// SHA-256 of the text before it: a file that was replaced meanwhile has another.
  package var digest: Digest256

  package init(text: Int, records: Int, format: InputFormat, digest: Digest256) {
    self.text = text
    self.records = records
    self.format = format
    self.digest = digest
  }
}

/// What an earlier run has to do with an input.
package enum InputHistory: Equatable, Sendable {
  /// All of it was read.
  case known
  /// It was read up to here.
  case continued(InputContinuation)
}
