package import Bytes
package import Disk
internal import Engine
internal import Synchronization

/// Where to look for a file of a manifest that is not at its place, by the path of that place.
package typealias Relocations = [String: String]

/// What reading a file came to.
package enum ReadOutcome: Equatable, Sendable {
  case digest(Digest256)
  case missing
  /// This user may not read it.
  case forbidden
  case failed(String)
}

/// Reads files of an archive for a verification, wherever they lie.
package struct ArchiveReader {
  /// Bytes that are read at a time.
  private static let chunk = 1 << 20
  package let disk: Disk
  package let root: String
  /// Where to look for files of manifests that are not at their place.
  package var relocations: Relocations = [:]

  package init(disk: Disk, root: String) {
    self.disk = disk.guarding(root)
    self.root = root
  }

  /// The text of a file of a manifest; nil if it is not there, or this user may not read it. What is longer
  /// than `longest` bytes is none of ours: it is cut 1 MiB behind that, so that the digest of a shorter file
  /// that lies there in its place is known.
  package func text(_ path: String, longest: Int) throws -> [UInt8]? {
    try contents(relocations[path] ?? path, longest: longest)
  }

  /// What is at `path`; nil if nothing is, the way there leads through a link, or this user may not look.
  package func status(_ path: String) throws -> FileStatus? {
    do { return try disk.stat(root + "/" + path) } catch {
      if error.isMissing || error.isNoFile || error.isForbidden { return nil }
      throw error
    }
  }

  /// The first bytes of the file at `path`; nil if it is not there.
  package func contents(_ path: String, longest: Int) throws -> [UInt8]? {
    try unlessMissing { () throws(DiskError) in
      try disk.contents(root + "/" + path, limit: longest + ArchiveReader.chunk)
    }
  }

  private func unlessMissing(_ body: () throws(DiskError) -> [UInt8]) throws -> [UInt8]? {
    do { return try body() } catch {
      // A folder, a link or a pipe is no file of ours either.
      if error.isMissing || error.isNoFile || error.isForbidden { return nil }
      throw error
    }
  }

  /// The digest of the file at `path`.
  package func digest(_ path: String) -> ReadOutcome {
    do {
      guard let digest = try disk.digest(root + "/" + path) else {
        return .failed("it has holes: places that nobody ever wrote")
      }
      return .digest(digest)
    } catch {
      if error.isForbidden { return .forbidden }
      return error.isMissing ? .missing : .failed(error.description)
    }
  }

  /// The digests of files, in their order.
  package func digests(_ paths: [String], threads: Int) throws -> [ReadOutcome] {
    let outcomes = Mutex([ReadOutcome](repeating: .missing, count: paths.count))
    let reader = self
    try Parallel.forEach(paths.count, threads: threads) { index in
      let outcome = reader.digest(paths[index])
      outcomes.withLock { $0[index] = outcome }
    }
    return outcomes.withLock { $0 }
  }
}
