internal import Codec

/// What parts are called.
package enum PartNames {
  static let prefix = "part-"
  private static let retiredExtension = ".retired"

  /// Where a part lies when it was taken out, both relative to the archive: its name is none of a part any
  /// more.
  package static func retired(_ path: String) -> String {
    "\(ArchiveNames.retired)/\(path)\(retiredExtension)"
  }

  /// The path that a part had which lies at this one now; nil if that is no place of a part that was taken
  /// out.
  package static func path(ofRetired place: String) -> String? {
    let above = ArchiveNames.retired + "/"
    guard place.utf8.starts(with: above.utf8), place.hasSuffix(retiredExtension) else { return nil }
    let path = String(place.dropFirst(above.count).dropLast(retiredExtension.count))
    return retired(path) == place && FileKind(ofPath: path) == .part ? path : nil
  }

  /// Gives each part its path and sorts by it. Parts of one folder are numbered in the order given.
  ///
  /// Folders whose names differ in case alone share their numbers: a file system that ignores case
  /// puts their parts into one folder, and none may replace another.
  package static func assign(_ parts: [StagedPart], runName: String) -> [(StagedPart, String)] {
    var next: [String: Int] = [:]
    var named: [(part: StagedPart, number: Int)] = []
    let sorted = parts.enumerated().sorted {
      $0.element.folder == $1.element.folder
        ? $0.offset < $1.offset
        : $0.element.folder.utf8.lexicographicallyPrecedes($1.element.folder.utf8)
    }
    for (_, part) in sorted {
      let number = next[part.folder.lowercased(), default: 0]
      next[part.folder.lowercased()] = number + 1
      named.append((part, number))
    }
    // Once more: a folder's own name sorts before one that it begins, its path may not.
    return named.map { part, number in
      (part, "\(part.folder)/\(prefix)\(runName)-\(padded(number, 4))\(part.format.linesEnding)")
    }.sorted { $0.1.utf8.lexicographicallyPrecedes($1.1.utf8) }
  }
}
