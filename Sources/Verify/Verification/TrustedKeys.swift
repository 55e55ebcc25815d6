internal import Bytes
internal import History

/// The keys that signed so far, and those of them that are trusted.
struct TrustedKeys {
  /// Keys that are trusted: the one that was given, and those that follow from it by endorsements.
  var trusted: Set<String> = []
  /// The key that signed the last header that is known; nil if it was not signed.
  var last: String?
  /// True once a header was signed.
  var hasSigned = false
  /// True within headers that lack a signature.
  var isLapsed = false

  /// Takes a change of keys over.
  mutating func take(_ change: SigningKeyChange, _ verifies: VerificationOptions.SignatureCheck) {
    guard let previous = change.previous, trusted.contains(previous),
      let endorsement = change.endorsement
    else { return }
    let bytes = Array(endorsement.utf8).withUnsafeBufferPointer { Hex.decode($0) } ?? []
    let message = SigningKeyChange.message(change.publicKey)
    let isGenuine = bytes.withUnsafeBufferPointer { bytes in
      message.withUnsafeBufferPointer { verifies(previous, bytes, $0) }
    }
    if isGenuine { trusted.insert(change.publicKey) }
  }
}
