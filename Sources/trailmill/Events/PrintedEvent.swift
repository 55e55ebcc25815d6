internal import Bytes
internal import Search
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
    withCells { count, cell in (0..<count).map { String(decoding: cell($0), as: UTF8.self) } }
  }

  /// Calls `body` with the number of columns and what gives the text of one, which is valid until it is asked
  /// for another; with no columns if the line cannot be read.
  func withCells<Result>(
    _ body: (_ count: Int, _ cell: (Int) -> ByteView) throws -> Result
  ) rethrows -> Result {
    let nothing = ByteView(start: nil, count: 0)
    guard reader.read(line) else { return try body(0) { _ in nothing } }
    var time = ByteBuffer(capacity: 32)
    reader.time.flatMap { Timestamp(microseconds: $0) }?.append(rfc3339To: &time)
    var actor = ByteBuffer(capacity: 64)
    appendActor(to: &actor)
    return try body(PrintedEvent.columns.count) { column in
      switch column {
      case 0: time.view
      case 1: actor.view
      case 2: reader.shownKey ?? nothing
      case 3: reader.value(.action) ?? nothing
      case 4: reader.value(.resource) ?? nothing
      case 5: reader.value(.address) ?? nothing
      default: reader.value(.account) ?? nothing
      }
    }
  }

  /// Who it was, or where nobody is named who it could have been; of what a key is called that it is one,
  /// where that could pass for somebody.
  private func appendActor(to text: inout ByteBuffer) {
    guard !CandidatesText.append(of: reader, to: &text), let name = reader.shownActor else {
      return
    }
    CandidatesText.append(name: name, to: &text)
    if reader.imitatesByKey { text.append(utf8: KeyMark.words) }
  }
}
