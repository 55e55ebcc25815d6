package import History
internal import Bytes
internal import Engine
internal import Synchronization

/// The index of one part. Valid as long as the bytes that it was read from.
package struct PartIndex {
  private let bytes: ByteView
  /// False if an address may be missing among the blocks of addresses.
  private let hasAllBlocks: Bool
  /// Number of members.
  package let count: Int
  /// True if there are terms of the keys that events name themselves.
  package let hasEventKeys: Bool

  /// Reads a block; nil if it contradicts itself.
  init?(_ bytes: ByteView, isFirstFormat: Bool = false) {
    hasAllBlocks = !isFirstFormat
    hasEventKeys = !isFirstFormat
    guard bytes.count >= 8 else { return nil }
    self.bytes = bytes
    let count = Int(bytes.little(UInt32.self, 0))
    let filters = Int(bytes.little(UInt32.self, 4))
    guard count <= (bytes.count - 8) / PartIndexBuilder.entrySize,
      bytes.count == 8 + count * PartIndexBuilder.entrySize + filters
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
    let at = 8 + number * PartIndexBuilder.entrySize
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
    let at = 8 + number * PartIndexBuilder.entrySize + (isBlock ? 44 : 20)
    let place = Int(bytes.little(UInt32.self, at))
    let filters = 8 + count * PartIndexBuilder.entrySize
    guard place < bytes.count - filters else { return true }
    return BinaryFuseFilter.mayContain(term, ByteView(rebasing: bytes[(filters + place)...]))
  }
}

/// What a file of indexes says of where those of the parts are.
struct SearchIndexFile {
  /// Which part an index is of: its commit, and its number in staging.
  struct Key: Hashable {
    var sequence: Int
    var number: Int
  }

  /// Where the index of a part is.
  struct Entry {
    var key: Key
    var start: Int
    var length: Int
  }

  /// Parts that a file speaks of, at most: 4 million. Of more, it is as if there were no index.
  static let mostParts = 1 << 22
  /// Bytes of the longest index of a part: 64 MiB. A longer one is as if there were none.
  static let longest = 64 << 20

  /// In the order of the places.
  private(set) var entries: [Entry] = []
  private let isFirstFormat: Bool

  /// Reads the directory of a file; nil if it contradicts itself. Of each byte that is read one index is made
  /// at most, so that no file can keep a search busy for longer than it takes to read it.
  init?(_ pieces: IndexPieces) throws {
    let footer = pieces.count - IndexFileWriter.footerSize
    guard footer >= 0 else { return nil }
    var end = ByteBuffer()
    try pieces.read(footer..<pieces.count, into: &end)
    let magic = end.view.suffix(8)
    isFirstFormat = magic.elementsEqual(IndexFileWriter.firstMagic)
    guard isFirstFormat || magic.elementsEqual(IndexFileWriter.magic) else { return nil }
    let count = end.view.little(UInt64.self, 0)
    let directory = end.view.little(UInt64.self, 8)
    guard count <= UInt64(SearchIndexFile.mostParts), directory <= UInt64(footer),
      Int(directory) + Int(count) * IndexFileWriter.directoryEntrySize == footer
    else { return nil }
    var text = ByteBuffer()
    try pieces.read(Int(directory)..<footer, into: &text)
    entries.reserveCapacity(Int(count))
    for place in 0..<Int(count) {
      let at = place * IndexFileWriter.directoryEntrySize
      let number = Int(text.view.little(UInt32.self, at + 8))
      let start = text.view.little(UInt64.self, at + 16)
      let length = text.view.little(UInt64.self, at + 24)
      guard let sequence = Int(exactly: text.view.little(UInt64.self, at)), start <= directory,
        length <= directory - start
      else { return nil }
      let key = Key(sequence: sequence, number: number)
      entries.append(Entry(key: key, start: Int(start), length: Int(length)))
    }
    entries.sort { $0.start < $1.start }
    for (entry, next) in zip(entries, entries.dropFirst())
    where entry.length > next.start - entry.start {
      return nil
    }
  }

  /// The index that `block` is; nil if it contradicts itself.
  func index(_ block: ByteView) -> PartIndex? { PartIndex(block, isFirstFormat: isFirstFormat) }
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

  /// Nil if what is read of the file is not what was committed.
  private func values<Value>(
    ofFile number: Int, _ body: (Int, PartIndex) -> Value
  ) -> [(place: Int, value: Value)]? {
    do {
      let pieces = try IndexPieces(history, files[number].row)
      guard let file = try SearchIndexFile(pieces) else { return nil }
      var values: [(place: Int, value: Value)] = []
      var block = ByteBuffer()
      for entry in file.entries where entry.length <= SearchIndexFile.longest {
        guard let place = places[entry.key] else { continue }
        block.removeAll()
        try pieces.read(entry.start..<entry.start + entry.length, into: &block)
        guard let index = file.index(block.view) else { return nil }
        if isOf(parts[place], index) { values.append((place, body(place, index))) }
      }
      return values
    } catch { return nil }
  }

  /// Of a part that was made again under the number of another, nothing would fit.
  private func isOf(_ part: LiveFile, _ index: PartIndex) -> Bool {
    let records = (0..<index.count).reduce(0) { $0 + index.member($1).records }
    let last = index.count > 0 ? index.member(index.count - 1) : IndexedMember()
    return records == part.row.records && last.offset + Int64(last.storedCount) == part.row.bytes
  }
}
