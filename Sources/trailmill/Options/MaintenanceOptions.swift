internal import CommandLine
internal import Settings

/// What every command that maintains an archive is asked: which archive, why, with which keys to sign, and
/// what witnesses it.
struct MaintenanceOptions {
  private static let witness = Option(
    "witness", .folder, "hold the archive against this folder's files, and add one for the commit")
  /// Options that say what vouches for a commit.
  static let evidence: [any AnyOption] = SigningOptions.all + [witness]

  let archive: String
  /// Why, for the manifest.
  let reason: String?
  let signing: SigningOptions
  let witness: String?

  init(_ arguments: CommandArguments) throws(UsageError) {
    archive = arguments.operands[0]
    reason = try arguments.value(SharedOptions.reason)
    signing = try SigningOptions(arguments)
    witness = try arguments.value(MaintenanceOptions.witness)
  }
}
