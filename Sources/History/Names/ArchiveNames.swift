/// What lies beside the partitions of an archive, relative to the archive.
package enum ArchiveNames {
  /// Everything of an archive that is no part lies below it.
  package static let folder = "_trailmill"
  /// The file that the writing process has locked.
  package static let lock = folder + "/lock"
  /// Quarantines of runs that were not published.
  package static let failed = folder + "/failed"
  /// Parts that were taken out, until they are removed.
  package static let retired = folder + "/retired"
}

/// What the files of manifests are called.
package enum ManifestNames {
  /// Their folder, relative to the archive.
  package static let folder = ArchiveNames.folder + "/manifests"

  private static let headerExtension = ".json"
  private static let rowsExtension = ".ndjson"
  private static let signatureExtension = ".sig"

  /// Twelve digits, so that names sort as numbers do.
  package static func number(_ sequence: Int) -> String { padded(sequence, 12) }

  package static func header(_ sequence: Int) -> String { number(sequence) + headerExtension }

  package static func rows(_ sequence: Int) -> String { number(sequence) + rowsExtension }

  package static func signature(_ sequence: Int) -> String {
    number(sequence) + signatureExtension
  }

  /// The path of a header, relative to the archive.
  package static func headerPath(_ sequence: Int) -> String { folder + "/" + header(sequence) }

  /// The path of the rows, relative to the archive.
  package static func rowsPath(_ sequence: Int) -> String { folder + "/" + rows(sequence) }

  /// The path of a signature, relative to the archive.
  package static func signaturePath(_ sequence: Int) -> String {
    folder + "/" + signature(sequence)
  }

  /// True for the path of a signature.
  package static func isSignature(_ path: String) -> Bool { path.hasSuffix(signatureExtension) }

  /// True for a path in the folder of manifests that ends like that of rows.
  package static func isRows(_ path: String) -> Bool {
    path.hasSuffix(rowsExtension) && path.hasPrefix(folder)
  }

  /// The number of the header with this name; nil if it is no header's.
  package static func sequence(ofHeader name: String) -> Int? {
    guard name.hasSuffix(headerExtension) else { return nil }
    return sequence(name.dropLast(headerExtension.utf8.count))
  }

  /// The number of the manifest that a file of this name is of; nil if it is of none.
  static func sequence(ofFile name: String) -> Int? {
    let ending = String(name.dropFirst(12))
    guard [headerExtension, rowsExtension, signatureExtension].contains(ending) else { return nil }
    return sequence(name.prefix(12))
  }

  /// The number that these twelve digits are; nil if they are none.
  static func sequence(_ digits: Substring) -> Int? {
    guard let sequence = Int(digits), sequence > 0, number(sequence) == digits else { return nil }
    return sequence
  }
}

/// What files are called in the staging folder of a run: never like a part. Those of a `FileKind` have its
/// name.
package enum StagingNames {
  /// Where commits that are under way wait, each in a folder of its own; relative to the archive.
  package static let folder = ArchiveNames.folder + "/staging"

  /// The folder of the commit with this number.
  package static func folder(_ sequence: Int) -> String {
    "\(folder)/\(ManifestNames.number(sequence))"
  }

  /// Where a commit with this number begins, before it has its folder.
  package static func beginning(_ sequence: Int) -> String { folder(sequence) + ".beginning" }

  /// The file in the folder of a commit that its run holds locked for as long as it goes on.
  package static let owner = "owner"
  package static let journal = "journal"
  package static let digestCopy = "digest-copy"
  package static let signature = "signature"
  package static let rows = "rows"
  package static let header = "header"
  package static let spill = "spill"
  package static let indexSpill = "index-spill"
  package static let inputSpill = "input-spill"

  /// Where a published file can be, relative to the archive, to be tried in this order: at its path; in
  /// staging, if its commit is not rolled forward yet; or at its path after all, if that was done just now.
  package static func places(of path: String, sequence: Int, staged: String?) -> [String] {
    [path] + (staged.map { ["\(folder(sequence))/\($0)", path] } ?? [])
  }

  private static let partPrefix = "part-"

  package static func part(_ index: Int) -> String { partPrefix + padded(index, 8) }

  /// The number of a staged part of this name; nil if it is no part's.
  package static func partNumber(_ name: String) -> Int? {
    name.hasPrefix(partPrefix) ? Int(name.dropFirst(partPrefix.utf8.count)) : nil
  }
}

/// The number with zeros before it, so that it has so many digits.
func padded(_ number: Int, _ digits: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
