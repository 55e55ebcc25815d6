package import Archive
package import Bytes
package import History
internal import Settings

/// Who signs vouches for all that was before: so nothing is signed on top of what is not, nor left unsigned
/// on top of what is.
///
/// It is enough to look at the newest commit. Nobody without the key could have made one that is signed, and
/// whoever had it looked at the one before. docs/adr/0034 says more.
package enum SigningContinuity {
  /// Throws if a commit cannot go on from the newest one of an archive. `start` is the head of the newest
  /// commit that is rightly not signed by this key.
  package static func require(
    _ archive: ArchiveDirectory, _ signer: ManifestSigner?, from start: Digest256?
  ) throws {
    guard let signer else { return try requireUnsigned(archive) }
    guard let newest = archive.head else {
      guard let start else { return }
      throw refusal(
        "the archive has no commit: \(archive.path): that with the head \(start.hex), behind which signing "
          + "begins (signing_from), is gone",
        "restore it, or leave signing_from out if the archive is another one")
    }
    guard newest.digest != start else { return }
    let commit = "commit \(newest.sequence) of \(archive.path)"
    let remedy =
      "if a head that was kept elsewhere tells that it is not, say where signing begins: signing_from: "
      + "\"\(newest.digest.hex)\" (--signing-from elsewhere)"
    switch try archive.manifests.signature(of: newest.sequence, head: newest.digest) {
    case .none:
      throw refusal("\(commit) is not signed, and may be forged", remedy)
    case .wrong:
      throw refusal(
        "\(commit) is not signed rightly: its signature does not fit, and it may be forged",
        "restore it, and run `trailmill verify \(archive.path)`")
    case .genuine(let key):
      guard key != signer.publicKey, key != signer.previous?.publicKey else { return }
      throw refusal(
        "\(commit) is signed by another key, \(key), and may be forged",
        "if that key is yours, give it too, to vouch for the new one (previous_signing_key, "
          + "--previous-signing-key); if it is lost: \(remedy)")
    }
  }

  /// A manifest without a signature after one with it looks like a forgery.
  private static func requireUnsigned(_ archive: ArchiveDirectory) throws {
    guard archive.signingKey == nil else {
      throw UsageError(
        "the archive's manifests are signed: \(archive.path): give the key (signing_key in the "
          + "definition's output, --signing-key elsewhere)")
    }
  }

  private static func refusal(_ what: String, _ remedy: String) -> ArchiveError {
    ArchiveError(.damaged, "\(what): \(remedy): nothing was published")
  }
}
