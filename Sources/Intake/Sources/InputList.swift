package import Bytes
package import Disk

/// A file that an archive has published.
package struct PublishedFile: Equatable, Sendable {
  package var path: String
  /// SHA-256 of the file, as its manifest says.
  package var sha256: Digest256?
  /// Where it lies when the archive has given it its name, or taken it out, meanwhile: to be tried in this
  /// order.
  package var otherPlaces: [String]

  package init(path: String, sha256: Digest256?, otherPlaces: [String] = []) {
    self.path = path
    self.sha256 = sha256
    self.otherPlaces = otherPlaces
  }
}

/// Says of a folder which files an archive has published below it, and of such a file that it is one; nil
/// where it belongs to no archive.
package typealias PublishedFiles = (_ folder: String) throws -> [PublishedFile]?

/// The inputs that were given, as the files that they stand for.
package struct InputList: Sendable {
  /// What an archive's folder has in it.
  private static let archiveMark = "_trailmill"

  /// Paths in the order of reading, each once; `-` is standard input.
  package private(set) var paths: [String] = []
  /// Names in folders that were passed over by rule: see `Walk`.
  package private(set) var skipped = 0
  /// What was found in folders or by patterns, and cannot be read or is not to be.
  package private(set) var leftOut: [LeftOut] = []
  /// Bytes of all files; nil if that of one cannot be told.
  package private(set) var totalSize: Int? = 0
  /// Patterns that match nothing.
  package private(set) var unmatched: [String] = []
  private var seen: Set<String> = []
  /// Those that nobody named: if one goes away, the others are read.
  private var found: Set<String> = []
  /// Those that an archive has published, by path.
  private var published: [String: PublishedFile] = [:]
  private let outputs: Outputs

  /// Finds the files; throws if one that is given by its name is not there, or is one of `outputs`, where
  /// the same run writes to (archives, files), or lies in one. A pattern may match nothing, as a folder may
  /// be empty: then there is nothing to do.
  ///
  /// An archive in a folder is left out: what it holds was an input once. Of one that is given by its name,
  /// or a folder of which is, the files are those that `published` says.
  package init(
    _ inputs: [String], _ disk: Disk, outputs: [String] = [],
    published: PublishedFiles = { _ in nil }
  ) throws {
    self.outputs = try Outputs(outputs, disk)
    for input in inputs {
      if input == "-" {
        add(input, size: nil)
      } else if try disk.statIfPresent(input) != nil {
        guard try !self.outputs.hold(input, disk) else { throw IntakeError.isOutput(input) }
        try add(fileOrFolder: input, disk, published)
      } else if PathPattern.isPattern(input) {
        let matches = try disk.expand(input)
        if matches.paths.isEmpty && matches.leftOut.isEmpty { unmatched.append(input) }
        leftOut += matches.leftOut
        for path in matches.paths { try add(match: path, disk, published) }
      } else {
        throw IntakeError.missing(input)
      }
    }
  }

  /// The digest that an input has to have, as an archive has published it; nil of any other.
  func digest(of path: String) -> Digest256? { published[path]?.sha256 }

  /// Where an input may be that an archive has published and is not at its path any more.
  func otherPlaces(of path: String) -> [String] { published[path]?.otherPlaces ?? [] }

  /// True if the input was found in a folder or by a pattern, and not given by its name.
  package func isFound(_ path: String) -> Bool { found.contains(path) }

  private mutating func add(match path: String, _ disk: Disk, _ published: PublishedFiles) throws {
    do {
      if try outputs.hold(path, disk) { return leftOut.append(LeftOut(path, .output)) }
      if try isArchive(path, disk) { return leftOut.append(LeftOut(path, .archive)) }
      found.insert(path)
      try add(fileOrFolder: path, disk, published)
    } catch let error as DiskError where error.leadsNowhere {
      leftOut.append(LeftOut(path, .vanished))
    }
  }

  private func isArchive(_ path: String, _ disk: Disk) throws -> Bool {
    try disk.statIfPresent(path + "/" + InputList.archiveMark) != nil
  }

  private mutating func add(
    fileOrFolder path: String, _ disk: Disk, _ published: PublishedFiles
  ) throws {
    let status = try disk.stat(path)
    guard status.kind == .directory else {
      if status.kind == .regular, let file = try published(path)?.first {
        self.published[path] = file
      }
      return add(path, size: status.kind == .regular ? Int(status.size) : nil)
    }
    if let files = try published(path) {
      // None of them may go away: what an archive has published is not left out.
      for file in files {
        self.published[file.path] = file
        add(file.path, size: try disk.statIfPresent(file.path).map { Int($0.size) })
      }
      return
    }
    let outputs = outputs
    let walk = try disk.walk(path) { (folder, names) throws(DiskError) in
      if names.contains(InputList.archiveMark) { return .archive }
      return try outputs.isOne(folder, disk) ? .output : nil
    }
    skipped += walk.skipped
    leftOut += walk.leftOut
    for file in walk.files {
      guard let size = try disk.statIfPresent(file)?.size else {
        leftOut.append(LeftOut(file, .vanished))
        continue
      }
      guard try !outputs.isOne(file, disk) else {
        leftOut.append(LeftOut(file, .output))
        continue
      }
      found.insert(file)
      add(file, size: Int(size))
    }
  }

  private mutating func add(_ path: String, size: Int?) {
    guard seen.insert(path).inserted else { return }
    paths.append(path)
    totalSize = totalSize.flatMap { total in size.map { total + $0 } }
  }

  /// Where the run writes to.
  private struct Outputs: Sendable {
    private struct Identity: Hashable {
      let device, inode: UInt64

      init(_ status: FileStatus) { (device, inode) = (status.device, status.inode) }
    }

    /// Those that are there already: what is not cannot be an input.
    private var identities: Set<Identity> = []
    /// Where folders among them are.
    private var folders: [String] = []

    init(_ paths: [String], _ disk: Disk) throws {
      for path in paths {
        guard let status = try disk.statIfPresent(path) else { continue }
        if status.kind == .directory { folders.append(try disk.realPath(path)) }
        guard status.kind == .directory || status.kind == .regular else { continue }
        identities.insert(Identity(status))
      }
    }

    /// True if `path` leads to one of them.
    func isOne(_ path: String, _ disk: Disk) throws(DiskError) -> Bool {
      guard !identities.isEmpty, let status = try disk.statIfPresent(path) else { return false }
      return identities.contains(Identity(status))
    }

    /// True if `path` leads to one of them, or to something in one.
    func hold(_ path: String, _ disk: Disk) throws(DiskError) -> Bool {
      if try isOne(path, disk) { return true }
      guard !folders.isEmpty else { return false }
      let place = try disk.realPath(path)
      return folders.contains { place.utf8.starts(with: ($0 == "/" ? $0 : $0 + "/").utf8) }
    }
  }
}
