internal import Bytes
internal import History

/// The keys that signed so far, and those of them that are trusted.
struct TrustedKeys {
  /// A commit of which the header is what it was.
  struct SignedCommit {
    let sequence: Int
    /// The key that its header names, in hexadecimal.
    let key: String?
    /// True if that key has signed it.
    let isGenuine: Bool
    /// The change of keys that its rows announce.
    var change: SigningKeyChange?
  }

  /// All commits of which the headers are what they were, by their numbers.
  private(set) var commits: [SignedCommit] = []
  /// Keys that are trusted: the one that was given, and those that are tied to it by endorsements.
  private(set) var trusted: Set<String> = []
  /// True once a header was signed.
  private(set) var hasSigned = false
  /// True within headers that lack a signature.
  var isLapsed = false

  /// Takes a header over, and whether the key that it names has signed it.
  mutating func take(_ sequence: Int, key: String?, isGenuine: Bool) {
    commits.append(SignedCommit(sequence: sequence, key: key, isGenuine: isGenuine))
    guard key != nil else { return }
    hasSigned = true
    isLapsed = false
  }

  /// Takes over what the rows of the last commit say of its key.
  mutating func take(_ changes: [SigningKeyChange]) {
    guard let last = commits.indices.last else { return }
    commits[last].change = changes.first { $0.publicKey == commits[last].key }
  }

  /// Finds out which keys are trusted beside `key`: those that it vouches for, and so on, and those that
  /// vouched for it, as the owner of both keys has said in a commit that the newer one signed.
  mutating func spread(
    from key: String, _ verifies: VerificationOptions.SignatureCheck
  ) {
    trusted = [key]
    let links = commits.filter { $0.change.map { endorses($0, verifies) } ?? false }
    // Forward in the order of the commits, then backward.
    for commit in links {
      if let change = commit.change, let previous = change.previous, trusted.contains(previous) {
        trusted.insert(change.publicKey)
      }
    }
    for commit in links.reversed() {
      if commit.isGenuine, let change = commit.change, let previous = change.previous,
        trusted.contains(change.publicKey)
      {
        trusted.insert(previous)
      }
    }
  }

  /// True if a change of keys is endorsed by the key that signed before.
  private func endorses(
    _ change: SigningKeyChange, _ verifies: VerificationOptions.SignatureCheck
  ) -> Bool {
    guard let previous = change.previous, let endorsement = change.endorsement else { return false }
    let bytes = Array(endorsement.utf8).withUnsafeBufferPointer { Hex.decode($0) } ?? []
    let message = SigningKeyChange.message(change.publicKey)
    return bytes.withUnsafeBufferPointer { bytes in
      message.withUnsafeBufferPointer { verifies(previous, bytes, $0) }
    }
  }

  /// The commits behind `start` that no trusted key has signed, and who signs where they stand. A key is in
  /// force until it endorses the next one.
  func uncovered(
    behind start: Int, _ verifies: VerificationOptions.SignatureCheck
  ) -> [(commit: SignedCommit, inForce: String?)] {
    var inForce: String?
    return commits.compactMap { commit in
      guard commit.sequence > start else { return nil }
      guard let key = commit.key else { return (commit, inForce) }
      if key == inForce { return nil }
      let follows =
        if let inForce {
          commit.change.map { $0.previous == inForce && endorses($0, verifies) } ?? false
        } else { trusted.contains(key) }
      guard follows else { return (commit, inForce) }
      inForce = key
      return nil
    }
  }
}
