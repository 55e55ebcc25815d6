internal import Codec
internal import Archive
internal import Definition
internal import Disk
internal import History

/// An archive that this process alone holds, with a run begun in it.
struct HeldArchive {
  let output: PipelineDefinition.ArchiveOutput
  let archive: ArchiveDirectory
  let run: StagedRun
  let signer: ManifestSigner?
  private let made: MadeFolders

  /// Takes the lock, completes what an earlier process could not, and begins a run.
  init(
    _ disk: Disk, _ output: PipelineDefinition.ArchiveOutput, signer: ManifestSigner?,
    mustExist: Bool
  ) throws {
    try output.compression.checkForArchive()
    try OutputPlace.check(archive: output.path, disk)
    self.output = output
    self.signer = signer
    made = try MadeFolders(disk, archive: output.path)
    archive = try ArchiveDirectory(disk: disk, path: output.path, mustExist: mustExist)
    do {
      if signer == nil { try SigningContinuity.require(archive) }
      run = try archive.beginRun()
    } catch {
      try? archive.close()
      throw error
    }
  }

  /// Gives the archive back with nothing published. With `removesFolders` its place is left as it was found.
  func release(removesFolders: Bool) throws {
    try run.discard()
    if removesFolders { try made.remove() }
    // Whoever tries again in this process needs the lock.
    try archive.close()
  }
}
