internal import Bytes
internal import Codec
internal import Disk

/// The index of one part, as it was read.
public struct PartIndex: Sendable {
  fileprivate let bytes: [UInt8]
  fileprivate let start: Int
  fileprivate let end: Int
  /// Number of members.
  public let count: Int

  /// Reads a block; nil if it contradicts itself.
  init?(_ bytes: [UInt8], start: Int, end: Int) {
    guard start >= 0, end <= bytes.count, end - start >= 8 else { return nil }
    self.bytes = bytes
    self.start = start
    self.end = end
    let (count, filters): (Int, Int) = bytes.withUnsafeBytes {
      (Int($0.little(UInt32.self, start)), Int($0.little(UInt32.self, start + 4)))
    }
    guard count <= (end - start - 8) / PartIndexBuilder.entrySize,
      end - start == 8 + count * PartIndexBuilder.entrySize + filters
    else { return nil }
    self.count = count
  }

  /// Member `number`, from 0.
  public func member(_ number: Int) -> IndexedMember {
    let at = start + 8 + number * PartIndexBuilder.entrySize
    return bytes.withUnsafeBytes { raw in
      IndexedMember(
        offset: Int64(bitPattern: raw.little(UInt64.self, at)),
        storedCount: Int(raw.little(UInt32.self, at + 8)),
        textCount: Int(raw.little(UInt32.self, at + 12)),
        records: Int(raw.little(UInt32.self, at + 16)),
        earliest: Int64(bitPattern: raw.little(UInt64.self, at + 24)),
        latest: Int64(bitPattern: raw.little(UInt64.self, at + 32)),
        hasTimeless: raw.little(UInt32.self, at + 40) != 0)
    }
  }

  /// False if no event of member `number` has the term, which may be that of a block of addresses.
  public func mayContain(_ term: UInt64, isBlock: Bool = false, inMember number: Int) -> Bool {
    let at = start + 8 + number * PartIndexBuilder.entrySize + (isBlock ? 44 : 20)
    return bytes.withUnsafeBufferPointer { view in
      let place = Int(UnsafeRawBufferPointer(view).little(UInt32.self, at))
      let filters = start + 8 + count * PartIndexBuilder.entrySize
      guard place < end - filters else { return true }
      return BinaryFuseFilter.mayContain(term, ByteView(rebasing: view[(filters + place)..<end]))
    }
  }

  var block: ArraySlice<UInt8> { bytes[start..<end] }
}

/// A file of indexes.
struct SearchIndexFile {
  /// Which part an index is of: its commit, and its number in staging.
  struct Key: Hashable {
    var sequence: Int
    var number: Int
  }

  private(set) var parts: [(key: Key, index: PartIndex)] = []

  /// Reads a file; nil if it contradicts itself.
  init?(_ bytes: [UInt8]) {
    let footer = bytes.count - IndexFileWriter.footerSize
    guard footer >= 0, bytes.suffix(8).elementsEqual(IndexFileWriter.magic) else { return nil }
    let (count, directory) = bytes.withUnsafeBytes {
      (UInt64($0.little(UInt64.self, footer)), UInt64($0.little(UInt64.self, footer + 8)))
    }
    guard count <= UInt64(footer / IndexFileWriter.directoryEntrySize),
      directory <= UInt64(footer),
      Int(directory) + Int(count) * IndexFileWriter.directoryEntrySize == footer
    else { return nil }
    for number in 0..<Int(count) {
      let at = Int(directory) + number * IndexFileWriter.directoryEntrySize
      let entry = bytes.withUnsafeBytes {
        (
          $0.little(UInt64.self, at), $0.little(UInt32.self, at + 8),
          $0.little(UInt64.self, at + 16), $0.little(UInt64.self, at + 24)
        )
      }
      guard let sequence = Int(exactly: entry.0), entry.2 <= directory,
        entry.3 <= directory - entry.2,
        let index = PartIndex(bytes, start: Int(entry.2), end: Int(entry.2 + entry.3))
      else { return nil }
      parts.append((Key(sequence: sequence, number: Int(entry.1)), index))
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func little<Number: FixedWidthInteger>(_ type: Number.Type, _ offset: Int) -> Number {
    Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }
}

/// The indexes of an archive's parts, as far as they can be trusted.
public struct SearchIndexes: Sendable {
  private var parts: [SearchIndexFile.Key: PartIndex] = [:]
  /// Files that are missing, or not those that were committed.
  public private(set) var unusable: [String] = []

  /// Reads the indexes of those commits that have one of `wanted`.
  public init(_ history: ArchiveHistory, _ files: LiveFiles, of wanted: [LiveFile]) {
    let sequences = Set(wanted.map(\.sequence))
    for file in files.all(.index).sorted(by: { $0.sequence < $1.sequence }) {
      // The index of an index commit is of other commits' parts.
      guard sequences.contains(file.sequence) || files.indexCommits.contains(file.sequence) else {
        continue
      }
      guard let bytes = try? history.disk.contents(history.path + "/" + file.row.path),
        bytes.withUnsafeBufferPointer({ SHA256.digest($0) }) == file.row.sha256,
        let read = SearchIndexFile(bytes)
      else {
        unusable.append(file.row.path)
        continue
      }
      for (key, index) in read.parts { parts[key] = index }
    }
  }

  /// The index of a part; nil if there is none that can be trusted.
  public subscript(part: LiveFile) -> PartIndex? {
    guard let number = part.row.staged.flatMap(StagingNames.partNumber) else { return nil }
    guard let index = parts[.init(sequence: part.sequence, number: number)] else { return nil }
    // Of a part that was made again under the number of another, nothing would fit.
    let records = (0..<index.count).reduce(0) { $0 + index.member($1).records }
    let last = index.count > 0 ? index.member(index.count - 1) : IndexedMember()
    return records == part.row.records && last.offset + Int64(last.storedCount) == part.row.bytes
      ? index : nil
  }
}

extension StagedRun {
  /// Stages the index of a run anew, with what `builder` has made beside the run's own parts.
  public func stageIndex(adding builder: PartBuilder, to own: StagedFile?) throws -> StagedFile? {
    var blocks: [(block: IndexBlock, sequence: Int)] = []
    if own != nil, let file = SearchIndexFile(try archive.disk.contents(indexPath)) {
      blocks = file.parts.map { key, index in
        (
          IndexBlock(number: key.number, members: index.count, bytes: Array(index.block)),
          key.sequence
        )
      }
    }
    return try stageIndex(blocks + builder.blocks.map { ($0, sequence) })
  }
}
