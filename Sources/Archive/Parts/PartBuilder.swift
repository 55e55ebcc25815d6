internal import Crypto
package import History
package import Bytes
package import Codec
internal import Disk
package import JSONText
package import Trail

/// Makes parts of lines that are there already, folder by folder: what `compact` and `--replace` do
/// with the records that stay. The lines come out byte for byte.
package final class PartBuilder {
  private let place: StagingPlace
  private let partSize: Int
  private let compressor: Compressor
  private var folder = ""
  private var text = ByteBuffer(capacity: 16)
  private var stored = ByteBuffer(capacity: 16)
  private var open: OpenPart?
  private var index: Int
  private let pointers: [Role: [JSONPointer]]
  private let times: TimeRules
  private var collector: TermCollector
  /// Whose events the open folder's are, if another commit made them.
  private var addedBy: Int?
  /// The parts made so far.
  package private(set) var parts: [StagedPart] = []
  /// Their blocks of the index.
  private(set) var blocks: [IndexBlock] = []

  /// A builder of parts of at most about `partSize` bytes as stored, numbered from `firstIndex` on, of
  /// events that keep at `pointers` what a search looks for, and write times by the rules `times`.
  package init(
    _ place: StagingPlace, compression: Compression, partSize: Int, firstIndex: Int,
    pointers: [Role: [JSONPointer]], times: TimeRules = TimeRules()
  ) throws {
    self.place = place
    self.pointers = pointers
    self.times = times
    collector = TermCollector(ArchivedEvent(pointers, times: times, .unnoted))
    self.partSize = partSize
    compressor = try Compressor(compression)
    index = firstIndex
  }

  /// Goes on with another folder. To its events `added` was added, by the commit `addedBy` if that is another
  /// than the one that the parts are of.
  package func begin(_ folder: String, _ added: AddedMembers, addedBy: Int? = nil) throws {
    try end()
    self.folder = folder
    self.addedBy = addedBy
    collector = TermCollector(ArchivedEvent(pointers, times: times, added))
  }

  /// Appends a line, without its line feed.
  package func append(_ line: ByteView) throws {
    text.append(line)
    text.append(UInt8(ascii: "\n"))
    let part = part()
    part.records += 1
    part.merkle.append(leaf: line)
    collector.add(line)
    part.searchIndex.count(text: line.count + 1, records: 1)
    if text.count >= Compression.memberSize { try endMember(part) }
  }

  /// Says between which times the events of the open part are, beside what they say themselves.
  package func cover(_ first: Timestamp?, _ last: Timestamp?) {
    guard let first, let last else { return }
    part().times.add(first.microseconds)
    part().times.add(last.microseconds)
  }

  /// Appends the lines of a published part, and covers its times: also what the run knew that archived it,
  /// and the lines do not say.
  func append(linesOf part: LiveFile, _ lines: PartLines) throws {
    try lines.forEach(of: part) { line in
      try append(line)
      cover(part.row.firstTime, part.row.lastTime)
    }
  }

  /// Parts and their blocks of the index.
  struct Made: Sendable {
    let parts: [StagedPart]
    let blocks: [IndexBlock]
  }

  /// Ends the folder's last part: all that was made.
  func finish() throws -> Made {
    try end()
    return Made(parts: parts, blocks: blocks)
  }

  /// Ends the folder's last part.
  package func end() throws {
    guard let part = open else { return }
    if text.count > 0 { try writeMember(part) }
    try finish(part)
  }

  private func part() -> OpenPart {
    if let open { return open }
    let part = OpenPart(
      index: index, folder: folder, path: place.partPath(index),
      format: compressor.compression.format)
    index += 1
    open = part
    return part
  }

  private func endMember(_ part: OpenPart) throws {
    try writeMember(part)
    if part.bytes >= partSize { try finish(part) }
  }

  private func writeMember(_ part: OpenPart) throws {
    stored.removeAll()
    try compressor.compress(text.view, into: &stored)
    text.removeAll()
    let file = try part.file ?? place.disk.createExclusive(part.path)
    part.file = file
    try part.write(stored.view, to: file)
    part.take(&collector)
    try part.searchIndex.endMember(at: Int64(part.bytes))
  }

  private func finish(_ part: OpenPart) throws {
    try part.file?.close()
    blocks.append(try part.indexBlock())
    var made = part.finished(compressor.compression.format)
    made.addedBy = addedBy
    parts.append(made)
    open = nil
  }
}
