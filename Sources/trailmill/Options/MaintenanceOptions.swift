internal import CommandLine
internal import Settings

/// What every command that maintains an archive is asked: which archive, why, and with which keys to sign.
struct MaintenanceOptions {
  let archive: String
  /// Why, for the manifest.
  let reason: String?
  let signing: SigningOptions

  init(_ arguments: CommandArguments) throws(UsageError) {
    archive = arguments.operands[0]
    reason = try arguments.value(SharedOptions.reason)
    signing = try SigningOptions(arguments)
  }
}
