internal import Bytes
package import Disk
package import Settings

/// Where the caller wants the list of signals, beside the archive.
package enum SignalPlace: Sendable {
  case file(String)
  /// A descriptor that the caller has opened.
  case stream(File)

  /// The place that `text`, `PATH` or `fd:N`, names; nil for nil. `option` is what messages call it.
  ///
  /// A descriptor that is not open is refused. Call this before anything else is opened, or a file of our own
  /// could have its number.
  package init?(_ text: String?, of option: String, _ disk: Disk) throws(UsageError) {
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
    do { self = .stream(try disk.inherited(number)) } catch {
      throw UsageError("descriptor \(number) is not open: the list of signals has nowhere to go")
    }
  }
}

/// The list of signals on its way to the caller's place.
final class SignalDelivery {
  private let disk: Disk
  private let stream: File?
  private var file: AtomicFile?

  /// Throws where the caller's file cannot be written: better now than when the run is published.
  init(_ place: SignalPlace, _ disk: Disk) throws {
    self.disk = disk
    switch place {
    case .file(let path):
      try OutputPlace.check(file: path, disk)
      (stream, file) = (nil, try AtomicFile(disk, path: path))
    case .stream(let open): stream = open
    }
  }

  func write(_ lines: ByteView) throws {
    if let file { try file.write(lines) } else { try stream?.write(all: lines) }
  }

  /// Copies the list that lies at `path`.
  func copy(_ path: String) throws {
    var text = ByteBuffer()
    let source = try disk.open(path)
    while try source.read(into: &text, upTo: 1 << 20) > 0 {
      try write(text.view)
      text.removeAll()
    }
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
