internal import Codec
internal import Crypto
internal import Disk
internal import Engine
internal import History
internal import Intake
internal import Settings
internal import Terminal

/// What a failure is called and how it ends the process.
enum Failure {
  /// Writes what went wrong, and returns the code to end with.
  static func report(_ error: any Error) -> ExitCode {
    let (text, code) = describe(error)
    Console.message(text)
    return code
  }

  static func describe(_ error: any Error) -> (text: String, code: ExitCode) {
    switch error {
    case let error as UsageError: return (error.description, .usage)
    case let error as SettingsError: return (error.description, .usage)
    case let error as CodecError where error.kind == .setting:
      return (error.description, .usage)
    case let error as CryptoError where error.kind == .setting:
      return (error.description, .usage)
    case let error as IntakeError:
      let isUsage = error.kind == .missing || error.kind == .output
      return (error.description, isUsage ? .usage : .fault)
    case let error as ArchiveError:
      switch error.kind {
      case .inUse: return (error.description, .inUse)
      case .missing: return (error.description, .usage)
      case .limit: return (error.description, .limit)
      case .fault, .unfinished, .damaged: return (error.description, .fault)
      }
    case let error as DiskError where error.errno == SignalWatch.closedPipe:
      SignalWatch.dieByClosedPipe()
    default: return ("\(error)", .fault)
    }
  }
}
