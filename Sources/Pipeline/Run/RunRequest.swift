package import Bytes
package import Codec
package import Definition
internal import Settings

/// What `trailmill run` was asked for.
package struct RunRequest: Sendable {
  /// How a run stands to what the archive holds.
  package enum Mode: Sendable {
    /// Adds what is new.
    case add
    /// Reads inputs once more that were read before.
    case again
    /// Reads a window once more, and retires what the archive holds of it.
    case replace
  }

  package var definition: PipelineDefinition
  /// Instead of the definition's; none for those.
  package var inputs: [String] = []
  /// Instead of the definition's: a path, or `-` for standard output.
  package var output: String?
  /// Instead of the output's format and level; the library stays the definition's.
  package var compression: Compression?
  /// Events outside of it are filtered.
  package var window = TimeWindow()
  package var mode = Mode.add
  /// Why, for the manifest.
  package var reason: String?
  /// Where the list of signals goes beside the archive, instead of the definition's place: a path or `fd:N`.
  package var signals: String?
  package var isDryRun = false
  /// Workers.
  package var threads: Int

  package init(_ definition: PipelineDefinition, threads: Int) {
    self.definition = definition
    self.threads = threads
  }
}

extension RunRequest {
  /// Where the records go.
  enum Destination {
    case archive(PipelineDefinition.ArchiveOutput)
    case stream(path: String?, PipelineDefinition.StreamOutput)
  }

  /// The inputs of the request, or else those of the definition.
  func inputPaths() throws(UsageError) -> [String] {
    let paths = inputs.isEmpty ? definition.input.paths : inputs
    guard !paths.isEmpty else {
      throw UsageError("no input: name files, folders or \"-\", or set input.paths")
    }
    return paths
  }

  /// The definition's output with what the request says instead. Throws where the rest of the request does
  /// not fit it.
  func destination() throws(UsageError) -> Destination {
    let destination = try place()
    guard mode != .add else { return destination }
    let option = mode == .replace ? "--replace" : "--again"
    guard case .archive = destination else {
      throw UsageError("\(option) is about an archive, and the output is none")
    }
    guard mode == .replace else { return destination }
    guard window.isBounded else {
      throw UsageError("--replace needs a window: --since, --until or both")
    }
    guard definition.deduplicates else {
      throw UsageError(
        "--replace needs the stage deduplicate: it tells which deliveries are there again")
    }
    return destination
  }

  private func place() throws(UsageError) -> Destination {
    switch (definition.output, output) {
    case (.archive(var archive), let path?) where path != "-":
      archive.path = path
      archive.compression = changed(archive.compression)
      return .archive(archive)
    case (.archive(var archive), nil):
      archive.compression = changed(archive.compression)
      return .archive(archive)
    case (.archive, .some), (nil, .some):
      let plain = Compression(format: .none)
      return .stream(
        path: output == "-" ? nil : output,
        PipelineDefinition.StreamOutput(compression: changed(plain), quarantine: nil))
    case (.file(let path, let stream), let other):
      return .stream(path: other == "-" ? nil : other ?? path, changed(stream))
    case (.standardOutput(let stream), let other):
      return .stream(path: other == "-" ? nil : other, changed(stream))
    case (nil, nil):
      throw UsageError("no output: pass --output, or add a section \"output\" to the definition")
    }
  }

  private func changed(_ compression: Compression) -> Compression {
    guard var wanted = self.compression else { return compression }
    wanted.library = compression.library
    return wanted
  }

  private func changed(
    _ stream: PipelineDefinition.StreamOutput
  ) -> PipelineDefinition.StreamOutput {
    var stream = stream
    stream.compression = changed(stream.compression)
    return stream
  }
}
