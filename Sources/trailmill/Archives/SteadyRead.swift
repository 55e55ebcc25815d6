internal import Disk
internal import History
internal import Settings

/// Reading archives to which others may write. What a commit took out is removed some time later, and who
/// began before that commit may look for it then: so where anything fails and there is a newer commit,
/// all is read again, from the manifests on.
enum SteadyRead {
  /// Looks at most, where a newer commit is made during each.
  static let mostLooks = 16

  /// Calls `body`, which reads archives at `paths` from their manifests on, until it succeeds or nothing new
  /// was committed. `mayBegin` is false once anything was put out that cannot be taken back.
  static func of<Result: ~Copyable>(
    _ paths: [String], _ disk: Disk, mayBegin: () -> Bool = { true }, _ body: () throws -> Result
  ) throws -> Result {
    var look = 1
    while true {
      let before = paths.map { newest($0, disk) }
      do { return try body() } catch {
        let isNew = !(error is UsageError) && paths.map { newest($0, disk) } != before
        guard isNew, look < mostLooks else { throw error }
        guard mayBegin() else {
          throw ArchiveError(
            .fault,
            "\(error): a commit was made meanwhile, and it cannot begin anew by itself: run it again"
          )
        }
        look += 1
      }
    }
  }

  /// Calls `body`, which reads archives, files and what else inputs may be. What came by a pipe cannot be
  /// read again.
  static func of<Result: ~Copyable>(
    inputs: [String], _ disk: Disk, _ body: () throws -> Result
  ) throws -> Result {
    let stays = try inputs.allSatisfy { input in
      try input != "-" && disk.statIfPresent(input)?.kind != .other
    }
    return try of(inputs, disk, mayBegin: { stays }, body)
  }

  /// Calls `body` with the history of an archive, until it succeeds or nothing new was committed.
  static func of<Result: ~Copyable>(
    archive path: String, _ disk: Disk, _ body: (ArchiveHistory) throws -> Result
  ) throws -> Result {
    try of([path], disk) { try body(try ArchiveHistory(disk: disk, path: path)) }
  }

  /// The number of the newest commit of an archive; nil where there is none.
  static func newest(_ path: String, _ disk: Disk) -> Int? {
    do { return try ArchiveHistory(disk: disk, path: path).last } catch { return nil }
  }
}
