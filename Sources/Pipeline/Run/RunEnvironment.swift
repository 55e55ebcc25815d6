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

  /// The time; throws if no manifest could say it.
  package static func now() throws(UsageError) -> Timestamp {
    guard let now = Timestamp.now() else {
      throw UsageError("the clock is beyond the year 9999: set it")
    }
    return now
  }
}
