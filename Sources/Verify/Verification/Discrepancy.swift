internal import Bytes

/// A covered file that is not what was committed.
struct Discrepancy {
  var path: String
  var kind: VerificationFinding.Kind
  var expected: String
  var found: String
  /// The digest of what should be there, where that is known.
  var genuine: Digest256?
  /// The digest of what is there, where it was read.
  var actual: Digest256?
  /// What content would be right, where no digest is known.
  var wanted = Wanted.digest

  /// What makes content right.
  enum Wanted {
    /// It has the digest.
    case digest
    /// It is a header of this number.
    case header(Int)
    /// They are rows with this number and root.
    case rows(UInt64, Digest256)
    /// It is a signature by this key of the header of this number.
    case signature(Int, String)
  }
}
