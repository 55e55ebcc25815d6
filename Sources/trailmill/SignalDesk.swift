internal import History
internal import Archive
internal import Bytes
internal import Disk
internal import Settings
internal import Stages

/// Where the caller wants the list of signals, beside the archive.
enum SignalPlace: Equatable, Sendable {
  case file(String)
  /// One that the caller has opened.
  case descriptor(Int32)

  /// `PATH` or `fd:N`; nil for nil.
  init?(_ text: String?, of option: String) throws(UsageError) {
    guard let text else { return nil }
    guard text.hasPrefix("fd:") else {
      guard !text.isEmpty else {
        throw UsageError("\(option) is empty: name a file, or a descriptor such as fd:3")
      }
      self = .file(text)
      return
    }
    guard let number = Int32(text.dropFirst(3)), number > 0 else {
      throw UsageError(
        "\(option) names no descriptor: \(text): write fd: and a number from 1 on, such as fd:3")
    }
    self = .descriptor(number)
  }
}

/// Carries what `flag_signals` remembers and lists: the stage knows no archive, the archive no stage.
///
/// It is handed to the stage before the outlet is open, and opened before the first record. Unchecked: while a
/// run is under way one ordered stage alone writes to it, and before and after it one thread.
final class SignalDesk: SignalMemory, SignalList, @unchecked Sendable {
  private let disk: Disk
  private let place: SignalPlace?
  /// The name of an input, and how many of its records were read before.
  var inputs: (Int) -> (file: String, recordsBefore: Int) = { _ in ("", 0) }
  private var run: StagedRun?
  /// What the next run has to know.
  private var remembered: (text: [UInt8], rows: Int)?
  private var staged: StagedSignals?
  private var file: AtomicFile?
  private var stream: File?

  /// Throws where `place` is a descriptor that is not open: so it has to be made before other files are.
  init(_ disk: Disk, _ place: SignalPlace?) throws {
    self.disk = disk
    self.place = place
    guard case .descriptor(let number) = place else { return }
    do { stream = try disk.inherited(number) } catch {
      throw UsageError("descriptor \(number) is not open: the list of signals has nowhere to go")
    }
  }

  func recall() throws -> [UInt8]? { try run?.watchText() }

  func remember(_ text: [UInt8], rows: Int) { remembered = (text, rows) }

  func origin(ofInput input: Int) -> (file: String, recordsBefore: Int) { inputs(input) }

  func take(_ lines: ByteView) throws {
    if let staged {
      try staged.append(lines)
    } else if let file {
      try file.write(lines)
    } else if isStreaming {
      try stream?.write(all: lines)
    }
  }

  // MARK: Into an archive

  /// From here on, lines go to the archive. Throws where the caller's file could not be written: better now
  /// than when the run is published.
  func open(_ run: StagedRun, isRehearsal: Bool) throws {
    self.run = run
    staged = StagedSignals(run)
    if !isRehearsal { try openFile() }
  }

  /// Adds the list, and what the next run has to know, to what is committed.
  func complete(_ commit: inout Commit) throws {
    guard let run else { return }
    commit.signals = try staged?.finish()
    guard let memory = remembered else { return }
    let watch = try run.stageWatch(memory.text, rows: memory.rows)
    commit.watch = watch.file
    commit.retired += [watch.superseded].compactMap { $0 }
  }

  /// Gives the caller the list of a run that is published, which lies at `path`; nil if it has none.
  func deliver(_ path: String?) throws {
    guard place != nil else { return }
    do {
      var text = ByteBuffer()
      let source = try path.map { (path) throws(DiskError) in try disk.open(path) }
      while let source, try source.read(into: &text, upTo: 1 << 20) > 0 {
        if let file { try file.write(text.view) } else { try stream?.write(all: text.view) }
        text.removeAll()
      }
      try finish()
    } catch {
      let rest = path.map { ", and its signals are in \($0)" } ?? ""
      throw ArchiveError(.fault, "\(error): the run is published\(rest)")
    }
  }

  // MARK: Beside a stream

  private var isStreaming = false

  /// From here on, lines go where the caller wants them.
  func openForStream() throws {
    isStreaming = true
    try openFile()
  }

  private func openFile() throws {
    if case .file(let path) = place { file = try AtomicFile(disk, path: path) }
  }

  /// Completes the list.
  func finish() throws {
    try file?.commit()
    file = nil
  }

  /// Leaves no list behind.
  func discard() {
    try? file?.discard()
    file = nil
  }
}
