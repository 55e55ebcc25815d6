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
  let witness: ArchiveWitness?
  private let made: MadeFolders

  /// Takes the lock, completes what an earlier process could not, holds the archive against its signatures
  /// and its witness, and begins a run. With `isRehearsal` nothing is witnessed.
  init(
    _ disk: Disk, _ output: PipelineDefinition.ArchiveOutput, signer: ManifestSigner?,
    mustExist: Bool, isRehearsal: Bool
  ) throws {
    try output.compression.checkForArchive()
    try OutputPlace.check(archive: output.path, disk)
    self.output = output
    self.signer = signer
    made = try MadeFolders(disk, archive: output.path)
    archive = try ArchiveDirectory(disk: disk, path: output.path, mustExist: mustExist)
    do {
      try SigningContinuity.require(archive, signer, from: output.signingFrom)
      try LayoutContinuity.require(archive, output.layout)
      witness = try HeldArchive.witness(output.witness, archive, disk)
      run = try archive.beginRun()
      if !isRehearsal { witness?.fill(signer) }
    } catch {
      // What is refused leaves no trace of an archive that was not there.
      if archive.head == nil { try? made.remove() }
      try? archive.close()
      throw error
    }
  }

  private static func witness(
    _ folder: String?, _ archive: ArchiveDirectory, _ disk: Disk
  ) throws -> ArchiveWitness? {
    guard let folder else { return nil }
    try OutputPlace.check(witness: folder, disk)
    return try ArchiveWitness(disk, folder: folder, of: archive)
  }

  /// Gives the archive back with nothing published. With `removesFolders` its place is left as it was found.
  func release(removesFolders: Bool) throws {
    try run.discard()
    if removesFolders { try made.remove() }
    // Whoever tries again in this process needs the lock.
    try archive.close()
  }
}
