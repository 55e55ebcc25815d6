package import Bytes
package import Disk
package import Settings

/// What a run has from the process that it runs in.
package struct RunEnvironment: Sendable {
  package let disk: Disk
  /// Environment variables, for secrets.
  package let variables: [String: String]
  /// Name and version of the program, for the manifest.
  package let tool: String
  package let console: any RunConsole

  package init(
    disk: Disk, variables: [String: String], tool: String, console: any RunConsole
  ) {
    self.disk = disk
    self.variables = variables
    self.tool = tool
    self.console = console
  }

  /// What a run has that writes to the archive at `path`: below it no link is followed.
  func guarding(archive path: String) -> RunEnvironment {
    RunEnvironment(
      disk: disk.guarding(path.isEmpty ? "." : path), variables: variables, tool: tool,
      console: console)
  }

  /// The time; throws if no manifest could say it.
  package static func now() throws(UsageError) -> Timestamp {
    guard let now = Timestamp.now() else {
      throw UsageError("the clock is beyond the year 9999: set it")
    }
    return now
  }
}
