internal import Bytes
internal import Codec

/// What parts are called.
enum PartNames {
  /// `000000000012-1a2b3c4d`: the number of the run, and the beginning of the digest of the head
  /// before it and of its inputs' digests. Where an input has none, its row stands for it.
  static func run(sequence: Int, previous: Digest256?, inputs: [InputFacts]) -> String {
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
  static func assign(_ parts: [StagedPart], runName: String) -> [(StagedPart, String)] {
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
enum ManifestNames {
  static let folder = "_trailmill/manifests"

  /// Twelve digits, so that names sort as numbers do.
  static func number(_ sequence: Int) -> String { padded(sequence, 12) }

  static func header(_ sequence: Int) -> String { number(sequence) + ".json" }

  static func rows(_ sequence: Int) -> String { number(sequence) + ".ndjson" }

  static func signature(_ sequence: Int) -> String { number(sequence) + ".sig" }

  /// The same, relative to the archive.
  static func headerPath(_ sequence: Int) -> String { folder + "/" + header(sequence) }

  static func rowsPath(_ sequence: Int) -> String { folder + "/" + rows(sequence) }

  static func signaturePath(_ sequence: Int) -> String { folder + "/" + signature(sequence) }

  /// The number of the header with this name; nil if it is no header's.
  static func sequence(ofHeader name: String) -> Int? {
    guard name.hasSuffix(".json"), name.utf8.count == 17, let number = Int(name.prefix(12)),
      number > 0, header(number) == name
    else { return nil }
    return number
  }
}

extension ManifestNames {
  /// The number and the name of the run whose file this is, by its path alone; nil if it is not called
  /// like a part, a file beside the parts, or one of a manifest. Key tables are called by their content.
  static func run(ofFile path: String) -> (sequence: Int, name: String?)? {
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
enum SideNames {
  static func quarantine(_ runName: String) -> String {
    "_trailmill/quarantine/\(runName).rejects.gz"
  }

  static func digests(_ runName: String) -> String { "_trailmill/digests/\(runName).digests" }

  static func index(_ runName: String) -> String { "_trailmill/index/\(runName).index" }

  static func signals(_ runName: String) -> String { "_trailmill/signals/\(runName).ndjson" }

  static func watch(_ runName: String) -> String { "_trailmill/watch/\(runName).ndjson" }

  static func checkpoint(_ sequence: Int) -> String {
    "_trailmill/checkpoints/\(ManifestNames.number(sequence)).ndjson"
  }
}

/// What files are called in the staging folder of a run: never like a part.
enum StagingNames {
  static let quarantine = "quarantine"
  static let keys = "keys"
  static let digests = "digests"
  static let index = "index"
  static let journal = "journal"
  static let signals = "signals"
  static let watch = "watch"
  static let checkpoint = "checkpoint"
  static let signature = "signature"
  static let rows = "rows"
  static let header = "header"
  static let spill = "spill"
  static let indexSpill = "index-spill"

  static func part(_ index: Int) -> String { "part-" + padded(index, 8) }

  /// The number of a staged part of this name; nil if it is no part's.
  static func partNumber(_ name: String) -> Int? {
    name.hasPrefix("part-") ? Int(name.dropFirst(5)) : nil
  }
}

private func padded(_ number: Int, _ digits: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
