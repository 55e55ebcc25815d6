internal import Archive
internal import Disk
internal import Engine
internal import Intake
internal import Settings

/// What a failure is called and how it ends the process.
enum Failure {
  static func describe(_ error: any Error) -> (text: String, code: ExitCode) {
    switch error {
    case let error as UsageError: return (error.description, .usage)
    case let error as SettingsError: return (error.description, .usage)
    case let error as IntakeError:
      return (error.description, error.kind == .missing ? .usage : .fault)
    case let error as ArchiveError:
      return (error.description, error.kind == .inUse ? .inUse : .fault)
    case let error as DiskError where error.errno == SignalWatch.closedPipe:
      SignalWatch.dieByClosedPipe()
    default: return ("\(error)", .fault)
    }
  }
}
