internal import Disk
internal import History

/// The staging folder of a run, as workers on several threads know it.
package struct StagingPlace: Sendable {
  let disk: Disk
  let folder: String
  /// The manifests before the run's.
  let history: ArchiveHistory

  func partPath(_ index: Int) -> String { folder + "/" + StagingNames.part(index) }
}
