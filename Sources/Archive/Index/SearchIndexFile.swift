internal import Crypto
package import History
internal import Bytes
internal import Disk
internal import Engine
internal import Synchronization

/// The index of one part. Valid as long as the bytes that it was read from.
package struct PartIndex {
  fileprivate let bytes: ByteView
  fileprivate let start: Int
  fileprivate let end: Int
  /// False if an address may be missing among the blocks of addresses.
  private let hasAllBlocks: Bool
  /// Number of members.
  package let count: Int
  /// True if there are terms of the keys that events name themselves.
  package let hasEventKeys: Bool

  /// Reads a block; nil if it contradicts itself.
  init?(_ bytes: ByteView, start: Int, end: Int, isFirstFormat: Bool = false) {
    hasAllBlocks = !isFirstFormat
    hasEventKeys = !isFirstFormat
    guard start >= 0, end <= bytes.count, end - start >= 8 else { return nil }
    self.bytes = bytes
    self.start = start
    self.end = end
    let count = Int(bytes.little(UInt32.self, start))
    let filters = Int(bytes.little(UInt32.self, start + 4))
    guard count <= (end - start - 8) / PartIndexBuilder.entrySize,
      end - start == 8 + count * PartIndexBuilder.entrySize + filters
    else { return nil }
    self.count = count
    // Each member begins where the one before ends; so no place that is computed from it can overflow.
    var place: Int64 = 0
    for number in 0..<count {
      let member = member(number)
      guard member.offset == place, place <= Int64.max - (1 << 33) else { return nil }
      place += Int64(member.storedCount)
    }
  }

  /// Member `number`, from 0.
  package func member(_ number: Int) -> IndexedMember {
    let at = start + 8 + number * PartIndexBuilder.entrySize
    return IndexedMember(
      offset: Int64(bitPattern: bytes.little(UInt64.self, at)),
      storedCount: Int(bytes.little(UInt32.self, at + 8)),
      textCount: Int(bytes.little(UInt32.self, at + 12)),
      records: Int(bytes.little(UInt32.self, at + 16)),
      earliest: Int64(bitPattern: bytes.little(UInt64.self, at + 24)),
      latest: Int64(bitPattern: bytes.little(UInt64.self, at + 32)),
      hasTimeless: bytes.little(UInt32.self, at + 40) != 0)
  }

  /// False if no event of member `number` has the term, which may be that of a block of addresses.
  package func mayContain(_ term: UInt64, isBlock: Bool = false, inMember number: Int) -> Bool {
    if isBlock && !hasAllBlocks { return true }
    let at = start + 8 + number * PartIndexBuilder.entrySize + (isBlock ? 44 : 20)
    let place = Int(bytes.little(UInt32.self, at))
    let filters = start + 8 + count * PartIndexBuilder.entrySize
    guard place < end - filters else { return true }
    return BinaryFuseFilter.mayContain(term, ByteView(rebasing: bytes[(filters + place)..<end]))
  }

  var block: ByteView { ByteView(rebasing: bytes[start..<end]) }
}

/// A file of indexes. Valid as long as the bytes that it was read from.
struct SearchIndexFile {
  /// Which part an index is of: its commit, and its number in staging.
  struct Key: Hashable {
    var sequence: Int
    var number: Int
  }

  private(set) var parts: [(key: Key, index: PartIndex)] = []

  /// Reads a file; nil if it contradicts itself.
  init?(_ bytes: ByteView) {
    let footer = bytes.count - IndexFileWriter.footerSize
    guard footer >= 0 else { return nil }
    let magic = bytes.suffix(8)
    let isFirst = magic.elementsEqual(IndexFileWriter.firstMagic)
    guard isFirst || magic.elementsEqual(IndexFileWriter.magic) else { return nil }
    let count = bytes.little(UInt64.self, footer)
    let directory = bytes.little(UInt64.self, footer + 8)
    guard count <= UInt64(footer / IndexFileWriter.directoryEntrySize),
      directory <= UInt64(footer),
      Int(directory) + Int(count) * IndexFileWriter.directoryEntrySize == footer
    else { return nil }
    for number in 0..<Int(count) {
      let at = Int(directory) + number * IndexFileWriter.directoryEntrySize
      let number = Int(bytes.little(UInt32.self, at + 8))
      let (start, length) = (bytes.little(UInt64.self, at + 16), bytes.little(UInt64.self, at + 24))
      guard let sequence = Int(exactly: bytes.little(UInt64.self, at)), start <= directory,
        length <= directory - start,
        let index = PartIndex(
          bytes, start: Int(start), end: Int(start + length), isFirstFormat: isFirst)
      else { return nil }
      parts.append((Key(sequence: sequence, number: number), index))
    }
  }
}

extension ByteView {
  fileprivate func little<Number: FixedWidthInteger>(_ type: Number.Type, _ offset: Int) -> Number {
    Number(
      littleEndian: UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: offset, as: type))
  }
}

/// The indexes of some of an archive's parts, as far as they can be trusted.
package struct SearchIndexes: Sendable {
  private let history: ArchiveHistory
  private let parts: [LiveFile]
  private let files: [LiveFile]
  private let places: [SearchIndexFile.Key: Int]
  /// Files that are missing, or not those that were committed; complete once `map` has returned.
  package private(set) var unusable: [String] = []

  /// The indexes of `parts`. No file is read yet.
  package init(_ history: ArchiveHistory, _ live: LiveFiles, of parts: [LiveFile]) {
    self.history = history
    self.parts = parts
    let sequences = Set(parts.map(\.sequence))
    // The index of an index commit is of other commits' parts.
    files = live.all(.index).filter {
      sequences.contains($0.sequence) || live.indexCommits.contains($0.sequence)
    }.sorted { $0.sequence < $1.sequence }
    var places: [SearchIndexFile.Key: Int] = [:]
    for (place, part) in parts.enumerated() {
      guard let number = part.row.staged.flatMap(StagingNames.partNumber) else { continue }
      places[.init(sequence: part.sequence, number: number)] = place
    }
    self.places = places
  }

  /// What `body` makes of the index of each part, given with the part's place; nil where there is no
  /// index that can be trusted. Each worker has one file at a time in memory.
  package mutating func map<Value: Sendable>(
    threads: Int, _ body: @escaping @Sendable (Int, PartIndex) -> Value
  ) throws -> [Value?] {
    let made = Mutex([[(place: Int, value: Value)]?](repeating: nil, count: files.count))
    let indexes = self
    try Parallel.forEach(files.count, threads: threads) { number in
      let values = indexes.values(ofFile: number, body)
      made.withLock { $0[number] = values }
    }
    var values = [Value?](repeating: nil, count: parts.count)
    for (file, found) in zip(files, made.withLock { $0 }) {
      guard let found else {
        unusable.append(file.row.path)
        continue
      }
      for (place, value) in found { values[place] = value }
    }
    return values
  }

  /// Nil if the file is not the one that was committed.
  private func values<Value>(
    ofFile number: Int, _ body: (Int, PartIndex) -> Value
  ) -> [(place: Int, value: Value)]? {
    let row = files[number].row
    var bytes = ByteBuffer(capacity: 16)
    guard let count = Int(exactly: row.bytes),
      (try? history.read(row.path, count: count, into: &bytes)) ?? false,
      SHA256.digest(bytes.view) == row.sha256, let file = SearchIndexFile(bytes.view)
    else { return nil }
    return file.parts.compactMap { key, index in
      guard let place = places[key], isOf(parts[place], index) else { return nil }
      return (place, body(place, index))
    }
  }

  /// Of a part that was made again under the number of another, nothing would fit.
  private func isOf(_ part: LiveFile, _ index: PartIndex) -> Bool {
    let records = (0..<index.count).reduce(0) { $0 + index.member($1).records }
    let last = index.count > 0 ? index.member(index.count - 1) : IndexedMember()
    return records == part.row.records && last.offset + Int64(last.storedCount) == part.row.bytes
  }
}

extension ArchiveHistory {
  /// Reads a file of the archive; false if it has another length than `count`.
  fileprivate func read(
    _ path: String, count: Int, into bytes: inout ByteBuffer
  ) throws -> Bool {
    let file = try disk.open(self.path + "/" + path)
    guard try file.size() == Int64(count) else { return false }
    let read = try file.pread(into: &bytes, upTo: count, at: 0)
    try file.close()
    return read == count
  }
}
