internal import Bytes
internal import Trail

/// An event on its way out: as it is archived, and in columns.
struct PrintedEvent {
  static let columns = ["time", "actor", "key", "action", "resource", "address", "account"]

  /// The line as it is archived.
  let line: ByteView
  /// What reads it.
  let reader: ArchivedEvent

  /// A text for each column; none if the line cannot be read.
  var row: [String] {
    guard reader.read(line) else { return [] }
    return [
      reader.time.flatMap { Timestamp(microseconds: $0) }?.rfc3339 ?? "",
      text(reader.shownActor), text(reader.shownKey), text(reader.value(.action)),
      text(reader.value(.resource)), text(reader.value(.address)), text(reader.value(.account)),
    ]
  }

  private func text(_ view: ByteView?) -> String {
    view.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
