package import Archive
internal import Settings

/// Whoever signs once has to go on: a manifest without a signature after one with it looks like a forgery.
package enum SigningContinuity {
  /// Throws if the newest manifest of an archive is signed: for a commit that has no key to sign with.
  package static func require(_ archive: ArchiveDirectory) throws {
    guard archive.signingKey == nil else {
      throw UsageError(
        "the archive's manifests are signed: \(archive.path): give the key (signing_key in the "
          + "definition's output, --signing-key elsewhere)")
    }
  }
}
