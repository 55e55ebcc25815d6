internal import Bytes
internal import Crypto
internal import Disk
internal import JSONText
internal import Trail

/// Reads the rows of one quarantine file. The bytes of a long row come in pieces.
final class QuarantineRows {
  /// A row without its bytes.
  struct Row {
    var origin: RecordOrigin
    /// The bytes of the item; nil if they come in pieces: see `read`.
    var bytes: [UInt8]?
  }

  /// Bytes of a row that are read before its own are taken in pieces: 1 MiB.
  private static let longest = 1 << 20
  /// Bytes of the longest row that is not taken in pieces: 64 MiB. Items that are longer than 64 KiB are.
  private static let longestWhole = 64 << 20
  private static let members = DocumentMembers([
    "/file", "/record", "/offset", "/stage", "/reason", "/bytes", "/encoding",
  ])

  private let stream: InputStream
  private let place: String
  private var reader = DocumentReader(QuarantineRows.members)
  /// Held bytes, from `at` on, in which there is no line feed.
  private var searched = 0
  private var held = ByteBuffer(capacity: QuarantineRows.longest)
  private var at = 0
  private var isEnded = false
  /// The bytes of the row that was read last come in pieces, and have not ended.
  private var isInRow = false
  /// Rows so far.
  private(set) var count = 0

  /// Rows out of a file; `place` is what messages call it.
  init(_ disk: Disk, _ path: String, _ progress: InputProgress) throws {
    stream = try InputStream(disk, path, damaged: .fail, isDigested: true, progress)
    place = path
  }

  /// What is known about the file, after the last row.
  func finish() throws -> InputFacts { try stream.finish(pending: 0) }

  /// The next row; nil behind the last. The bytes of the one before must have been read.
  func next() throws -> Row? {
    while true {
      let rest = ByteView(rebasing: held.view[at...])
      if let end = rest.place(of: 0x0A, from: searched) {
        at += end + 1
        searched = 0
        count += 1
        return try whole(ByteView(rebasing: rest[..<end]))
      }
      let isNew = searched < Self.longest
      searched = rest.count
      if isNew, rest.count >= Self.longest, let start = Self.startOfPieces(rest) {
        searched = 0
        count += 1
        isInRow = true
        at += start
        return Row(origin: try head(rest, start), bytes: nil)
      }
      guard rest.count <= Self.longestWhole else { throw damaged }
      guard try more() else {
        if rest.isEmpty { return nil }
        throw damaged
      }
    }
  }

  /// Appends a piece of the bytes of the row that was read last, at most some MiB; false at their end.
  func read(into buffer: inout ByteBuffer) throws -> Bool {
    while isInRow {
      let rest = ByteView(rebasing: held.view[at...])
      let end = rest.place(of: UInt8(ascii: "\""))
      let count = end ?? rest.count - rest.count % 4
      if count > 0 {
        guard Base64.append(decoding: ByteView(rebasing: rest[..<count]), to: &buffer) != nil else {
          throw damaged
        }
        at += count
      }
      if end != nil { try endRow() }
      if count > 0 { return true }
      if end == nil, try !more() { throw damaged }
    }
    return false
  }

  /// Passes over what follows the bytes of a row.
  private func endRow() throws {
    isInRow = false
    while true {
      if let end = held.view.place(of: 0x0A, from: at) {
        at = end + 1
        return
      }
      guard try more() else { throw damaged }
    }
  }

  private func more() throws -> Bool {
    guard !isEnded else { return false }
    held.removeFirst(at)
    at = 0
    isEnded = try stream.read(into: &held, upTo: Self.longest) == 0
    return !isEnded
  }

  private var damaged: IntakeError {
    .damagedQuarantine("\(place) (row \(count + (isInRow ? 0 : 1)))")
  }

  // MARK: One row

  /// Behind the quote with which the bytes begin, where these are base64 and the row says so before them. No
  /// string before them holds such a text, for its quotes would be escaped.
  private static func startOfPieces(_ row: ByteView) -> Int? {
    let mark = Array(",\"encoding\":\"base64\",\"bytes\":\"".utf8)
    var at = 0
    while at + mark.count <= min(row.count, longest) {
      if row[at] == mark[0], row[at..<at + mark.count].elementsEqual(mark) {
        return at + mark.count
      }
      at += 1
    }
    return nil
  }

  private func head(_ row: ByteView, _ start: Int) throws -> RecordOrigin {
    var text = ByteBuffer(capacity: start + 2)
    text.append(ByteView(rebasing: row[..<start]))
    text.append("\"}")
    do { return try origin(reader.read(text.view)) } catch { throw damaged }
  }

  private func whole(_ row: ByteView) throws -> Row {
    let document: OwnDocument
    do { document = try reader.read(row) } catch { throw damaged }
    guard let text = document.bytes(Self.members.place("/bytes")) else { throw damaged }
    guard document.kind(Self.members.place("/encoding")) == .string else {
      return Row(origin: origin(document), bytes: text)
    }
    var bytes = ByteBuffer(capacity: text.count)
    guard text.withUnsafeBufferPointer({ Base64.append(decoding: $0, to: &bytes) }) != nil else {
      throw damaged
    }
    return Row(origin: origin(document), bytes: bytes.bytes)
  }

  private func origin(_ document: OwnDocument) -> RecordOrigin {
    func text(_ pointer: String) -> String { document.string(Self.members.place(pointer)) ?? "" }
    func number(_ pointer: String) -> Int { document.number(Self.members.place(pointer)) ?? 0 }
    return RecordOrigin(
      file: text("/file"), record: number("/record"), offset: number("/offset"),
      stage: text("/stage"), reason: text("/reason"))
  }
}
