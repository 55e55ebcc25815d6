internal import Disk
package import Bytes

/// Which commit a file is of, as its path alone says.
package enum FileOrigin: Equatable, Sendable {
  /// A file that is called by the number of its commit: one of a manifest, or a checkpoint.
  case commit(Int)
  /// A file that is called by its run.
  case run(sequence: Int, name: String)
  /// A file that is called by the digest of what it holds, whatever its commit.
  case content(Digest256)

  /// Nil for a path that no file of a commit has.
  package init?(path: String) {
    let name = pathNames(path).last.map(String.init) ?? path
    let folder = String(Substring(path.utf8.dropLast(name.utf8.count)))
    if folder == ManifestNames.folder + "/" {
      guard let sequence = ManifestNames.sequence(ofFile: name) else { return nil }
      self = .commit(sequence)
      return
    }
    guard FileKind.isPart(path) else {
      for kind in FileKind.allCases {
        guard case .folder(let own, let source) = kind.place,
          folder == "\(ArchiveNames.folder)/\(own)/"
        else { continue }
        self.init(name, by: source, kind.fileExtension)
        return
      }
      return nil
    }
    guard name.hasPrefix(PartNames.prefix) else { return nil }
    self.init(name.dropFirst(PartNames.prefix.count))
  }

  private init?(_ name: String, by source: FileKind.NameSource, _ fileExtension: String) {
    switch source {
    case .run: self.init(Substring(name))
    case .commit:
      guard name.hasSuffix(fileExtension),
        let sequence = ManifestNames.sequence(name.dropLast(fileExtension.count))
      else { return nil }
      self = .commit(sequence)
    case .content:
      var digits = String(name.dropLast(fileExtension.count))
      guard name.hasSuffix(fileExtension), let digest = digits.withUTF8({ Digest256(hex: $0) })
      else { return nil }
      self = .content(digest)
    }
  }

  /// A name that begins with that of a run: twelve digits, a hyphen, eight hexadecimal digits and more.
  private init?(_ name: Substring) {
    let rest = name.dropFirst(12)
    guard let sequence = ManifestNames.sequence(name.prefix(12)),
      rest.first == "-" && rest.utf8.count > 9,
      rest.dropFirst().prefix(8).utf8.allSatisfy({ Hex.digit($0) != nil })
    else { return nil }
    self = .run(sequence: sequence, name: String(name.prefix(21)))
  }
}
