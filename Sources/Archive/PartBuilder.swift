public import Bytes
public import Codec
internal import Disk

/// Makes parts of lines that are there already, folder by folder: what `compact` and `--replace` do
/// with the records that stay. The lines come out byte for byte.
public final class PartBuilder {
  private let place: StagingPlace
  private let partSize: Int
  private let compressor: Compressor
  private var folder = ""
  private var text = ByteBuffer(capacity: 16)
  private var stored = ByteBuffer(capacity: 16)
  private var open: OpenPart?
  private var index: Int
  /// What was made so far.
  public private(set) var parts: [StagedPart] = []

  /// A builder of parts of at most about `partSize` bytes as stored, numbered from `firstIndex` on.
  public init(
    _ place: StagingPlace, compression: Compression, partSize: Int, firstIndex: Int
  ) throws(CodecError) {
    self.place = place
    self.partSize = partSize
    compressor = try Compressor(compression)
    index = firstIndex
  }

  /// Goes on with another folder.
  public func begin(_ folder: String) throws {
    try end()
    self.folder = folder
  }

  /// Appends a line, without its line feed. `time` is its event's in microseconds since 1970; nil if it
  /// has none.
  public func append(_ line: ByteView, time: Int64?) throws {
    text.append(line)
    text.append(UInt8(ascii: "\n"))
    let part = part()
    part.records += 1
    part.merkle.append(leaf: line)
    if let time { part.cover(time, time) }
    if text.count >= MemberAssembler.memberSize { try endMember(part) }
  }

  /// Says between which times the events of the folder's part are, where the lines do not tell.
  public func cover(_ first: Timestamp?, _ last: Timestamp?) {
    guard let first, let last else { return }
    part().cover(first.microseconds, last.microseconds)
  }

  /// Ends the folder's last part.
  public func end() throws {
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
  }

  private func finish(_ part: OpenPart) throws {
    try part.file?.close()
    parts.append(part.finished(fileExtension: compressor.compression.partExtension))
    open = nil
  }
}
