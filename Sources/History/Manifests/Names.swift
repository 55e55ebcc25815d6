internal import Crypto
package import Bytes

/// What parts are called.
package enum PartNames {
  /// `000000000012-1a2b3c4d`: the number of the run, and the beginning of the digest of the head
  /// before it and of its inputs' digests. Where an input has none, its row stands for it.
  package static func run(sequence: Int, previous: Digest256?, inputs: [RecordedInput]) -> String {
    var hasher = SHA256Hasher()
    if let previous { hasher.update(previous) }
    for input in inputs {
      let row = ManifestRows.row(input)
      hasher.update(input.sha256 ?? row.withUnsafeBufferPointer { SHA256.digest($0) })
    }
    return ManifestNames.number(sequence) + "-" + String(hasher.finalize().hex.prefix(8))
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
      (part, "\(part.folder)/part-\(runName)-\(padded(number, 4))\(part.fileExtension)")
    }.sorted { $0.1.utf8.lexicographicallyPrecedes($1.1.utf8) }
  }
}

/// What manifests are called.
package enum ManifestNames {
  package static let folder = "_trailmill/manifests"

  /// Twelve digits, so that names sort as numbers do.
  package static func number(_ sequence: Int) -> String { padded(sequence, 12) }

  package static func header(_ sequence: Int) -> String { number(sequence) + ".json" }

  package static func rows(_ sequence: Int) -> String { number(sequence) + ".ndjson" }

  package static func signature(_ sequence: Int) -> String { number(sequence) + ".sig" }

  /// The same, relative to the archive.
  package static func headerPath(_ sequence: Int) -> String { folder + "/" + header(sequence) }

  package static func rowsPath(_ sequence: Int) -> String { folder + "/" + rows(sequence) }

  package static func signaturePath(_ sequence: Int) -> String {
    folder + "/" + signature(sequence)
  }

  /// The number of the header with this name; nil if it is no header's.
  package static func sequence(ofHeader name: String) -> Int? {
    guard name.hasSuffix(".json"), name.utf8.count == 17, let number = Int(name.prefix(12)),
      number > 0, header(number) == name
    else { return nil }
    return number
  }
}

extension ManifestNames {
  /// The number and the name of the run whose file this is, by its path alone; nil if it is not called
  /// like a part, a file beside the parts, or one of a manifest. Key tables are called by their content.
  package static func run(ofFile path: String) -> (sequence: Int, name: String?)? {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let folder = String(path.dropLast(name.count))
    switch folder {
    case ManifestNames.folder + "/":
      let isOurs = [".json", ".ndjson", ".sig"].contains(name.dropFirst(12))
      return number(name.prefix(12), then: isOurs).map { ($0, nil) }
    case "_trailmill/checkpoints/":
      return number(name.prefix(12), then: name.dropFirst(12) == ".ndjson").map { ($0, nil) }
    case "_trailmill/quarantine/", "_trailmill/digests/", "_trailmill/index/",
      "_trailmill/signals/", "_trailmill/watch/":
      return run(Substring(name))
    default:
      guard name.hasPrefix("part-"), !path.hasPrefix("_trailmill/") else { return nil }
      return run(name.dropFirst(5))
    }
  }

  private static func run(_ name: Substring) -> (sequence: Int, name: String?)? {
    let rest = name.dropFirst(12)
    let isName =
      rest.first == "-" && rest.utf8.count > 9
      && rest.dropFirst().prefix(8).utf8.allSatisfy { Hex.digit($0) != nil }
    return number(name.prefix(12), then: isName).map { ($0, String(name.prefix(21))) }
  }

  private static func number(_ digits: Substring, then isFollowed: Bool) -> Int? {
    guard isFollowed, let number = Int(digits), number > 0, self.number(number) == digits else {
      return nil
    }
    return number
  }
}

/// What files beside the parts are called, relative to the archive.
package enum SideNames {
  package static func quarantine(_ runName: String) -> String {
    "_trailmill/quarantine/\(runName).rejects.gz"
  }

  /// Key tables are called by their content.
  package static func keys(_ sha256: Digest256) -> String { "_trailmill/keys/\(sha256.hex).ndjson" }

  package static func digests(_ runName: String) -> String {
    "_trailmill/digests/\(runName).digests"
  }

  package static func index(_ runName: String) -> String { "_trailmill/index/\(runName).index" }

  package static func signals(_ runName: String) -> String {
    "_trailmill/signals/\(runName).ndjson"
  }

  package static func watch(_ runName: String) -> String { "_trailmill/watch/\(runName).ndjson" }

  package static func checkpoint(_ sequence: Int) -> String {
    "_trailmill/checkpoints/\(ManifestNames.number(sequence)).ndjson"
  }
}

/// What files are called in the staging folder of a run: never like a part.
package enum StagingNames {
  /// Where commits that are under way wait, each in a folder of its own; relative to the archive.
  package static let folder = "_trailmill/staging"

  /// The folder of the commit with this number.
  package static func folder(_ sequence: Int) -> String {
    "\(folder)/\(ManifestNames.number(sequence))"
  }

  package static let quarantine = "quarantine"
  package static let keys = "keys"
  package static let digests = "digests"
  package static let index = "index"
  package static let journal = "journal"
  package static let signals = "signals"
  package static let watch = "watch"
  package static let checkpoint = "checkpoint"
  package static let signature = "signature"
  package static let rows = "rows"
  package static let header = "header"
  package static let spill = "spill"
  package static let indexSpill = "index-spill"

  package static func part(_ index: Int) -> String { "part-" + padded(index, 8) }

  /// The number of a staged part of this name; nil if it is no part's.
  package static func partNumber(_ name: String) -> Int? {
    name.hasPrefix("part-") ? Int(name.dropFirst(5)) : nil
  }
}

private func padded(_ number: Int, _ digits: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
