package import Definition
package import Disk
package import Engine
package import History
package import Output
internal import Settings
package import Stages
package import Trail

/// One file, or standard output.
package struct StreamOutlet: Outlet {
  private let stream: StreamSink
  private let desk: SignalDesk?
  package let place: String
  private let quarantine: String?
  private let isStandardOutput: Bool

  /// A rehearsal writes the records nowhere.
  package init(
    _ disk: Disk, path: String?, _ output: PipelineDefinition.StreamOutput, rows: RejectRows,
    names: AddedNames = AddedNames(), desk: SignalDesk?, screen: OutputScreen, isRehearsal: Bool
  ) throws {
    self.desk = desk
    for place in [path, output.quarantine].compactMap({ $0 }) {
      try StreamOutlet.requireNoFolder(place, disk)
      try OutputPlace.check(file: place, disk)
    }
    stream = try StreamSink(
      disk, path: path, standardOutput: isRehearsal ? disk.openAppending("/dev/null") : nil,
      compression: output.compression, quarantine: output.quarantine, rows: rows,
      added: Added(names), screen: screen)
    place = path ?? "standard output"
    quarantine = output.quarantine
    isStandardOutput = path == nil && !isRehearsal
  }

  /// A file is written aside and takes its name at the end; a device or pipe is written as it is.
  private static func requireNoFolder(_ path: String, _ disk: Disk) throws {
    guard try disk.statIfPresent(path)?.kind == .directory else { return }
    throw UsageError("the output is a folder: \(path): name a file, or use an archive")
  }

  package var sink: any Sink { stream }
  package var bytesGone: Int { isStandardOutput ? stream.bytes : 0 }
  package var keepsKeyTable: Bool { false }
  package var interrupted: String { "what was written to \(place) is incomplete" }

  package func publish(_ facts: RunFacts, _ results: StageResults) throws -> PublishResult {
    try stream.finish()
    try desk?.finish()
    return PublishResult(ending: .streamed, bytes: stream.bytes)
  }

  package func abandon(keepingQuarantine: Bool) throws -> String? {
    desk?.discard()
    guard keepingQuarantine, let quarantine else {
      try stream.discard()
      return nil
    }
    try stream.keepRejects()
    return quarantine
  }

  package func leave() throws -> PublishResult {
    _ = try abandon(keepingQuarantine: false)
    return PublishResult(ending: .nothingNew)
  }

  package func rehearse() throws -> PublishResult {
    try stream.discard()
    return PublishResult(ending: .dryRun, bytes: stream.bytes)
  }
}
