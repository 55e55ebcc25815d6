internal import Crypto
package import History
internal import Bytes
internal import Disk
package import Trail

// The key table: what is known of keys, once for each version that events of the archive refer to.
//
//   _trailmill/keys/<SHA-256 of the file>.ndjson
//   {"digest":"<32 digits>","id":…,"name":…, and what else the detail `full` writes}
//
// A run adds one file at most, with the versions that no manifest's table holds yet, by their digests. A
// row proves itself: its digest is that of the object without the member `digest`. A table that is gone
// counts as missing, and the next run that needs its rows writes them again; an altered one is an error.

extension StagedRun {
  /// Stages those of `rows` that the tables of earlier runs do not hold; nil if they hold all. To be
  /// asked once, before `publish`.
  package func stageKeys(_ rows: [ReferencedKey]) throws(ArchiveError) -> StagedFile? {
    do {
      var missing = rows.reduce(into: [:]) { $0[$1.digest] = $1 }
      try KeyTable.subtract(archive, from: &missing)
      guard !missing.isEmpty else { return nil }
      return try write(missing.values.sorted { $0.digest < $1.digest })
    } catch { throw ArchiveError(beforeCommit: error) }
  }

  private func write(_ rows: [ReferencedKey]) throws -> StagedFile {
    var writer = StagedFileWriter(try create(.keys))
    for row in rows {
      KeyTable.append(row, to: &writer.buffer)
      try writer.flushIfLarge()
    }
    return try writer.finish(records: rows.count)
  }
}

/// Rows of key tables, written and read.
enum KeyTable {
  /// Bytes that are written or read at a time.
  static let chunk = 1 << 20
  /// Longest row that is read, in bytes: 32 MiB.
  private static let longestRow = 32 << 20

  private static let opening: StaticString = "{\"digest\":\""
  private static let closing: StaticString = "\","

  /// Appends a line.
  static func append(_ row: ReferencedKey, to buffer: inout ByteBuffer) {
    buffer.append(opening)
    row.digest.withBytes {
      Hex.append(ByteView(rebasing: $0[..<(KeyReferences.digits / 2)]), to: &buffer)
    }
    buffer.append(closing)
    row.text.withUnsafeBufferPointer { buffer.append(ByteView(rebasing: $0.dropFirst())) }
    buffer.append(UInt8(ascii: "\n"))
  }

  /// The digest, in full, of what a line (without its line feed) holds; nil if that is not what its first
  /// member says.
  static func digest(of line: ByteView) -> Digest256? {
    let digits = opening.utf8CodeUnitCount..<opening.utf8CodeUnitCount + KeyReferences.digits
    let rest = digits.upperBound + closing.utf8CodeUnitCount
    guard line.count > rest, starts(line, 0, opening), starts(line, digits.upperBound, closing)
    else { return nil }
    var hasher = SHA256Hasher()
    hasher.update(UInt8(ascii: "{"))
    hasher.update(ByteView(rebasing: line[rest...]))
    let digest = hasher.finalize()
    guard digest.hex.utf8.prefix(KeyReferences.digits).elementsEqual(line[digits]) else {
      return nil
    }
    return digest
  }

  private static func starts(_ line: ByteView, _ at: Int, _ text: StaticString) -> Bool {
    for index in 0..<text.utf8CodeUnitCount where line[at + index] != text.utf8Start[index] {
      return false
    }
    return true
  }

  // MARK: What earlier runs wrote

  /// Takes away the rows that the tables of committed runs hold. Starts with the newest and ends when
  /// nothing is missing, so that a run whose keys are all known looks no further back than it has to.
  ///
  /// Only a table that a manifest names counts: what else lies in the folder is no evidence of anything.
  static func subtract(
    _ archive: ArchiveDirectory, from missing: inout [Digest256: ReferencedKey]
  ) throws {
    for table in archive.state.all(.keys).reversed() {
      guard !missing.isEmpty else { return }
      // Nothing counts before the end, where it is known whether the table is the one that was committed.
      var found: [Digest256] = []
      try forEachLine(of: table, archive) {
        if let digest = digest(of: $0), missing[digest] != nil { found.append(digest) }
      }
      for digest in found { missing[digest] = nil }
    }
  }

  /// Hands out the lines of a table without their line feeds; none if it is not there. Throws, with the kind
  /// `damaged`, at its end if it is not the one that was committed.
  private static func forEachLine(
    of table: ManifestRow, _ archive: ArchiveDirectory, _ body: (ByteView) -> Void
  ) throws {
    let path = archive.path + "/" + table.path
    guard try archive.disk.statIfPresent(path) != nil else { return }
    func altered(_ how: String) -> ArchiveError {
      ArchiveError(
        .damaged,
        "a key table \(how): \(path): restore it, or remove it: what it held is then written again")
    }
    let file = try archive.disk.open(path)
    guard try file.size() == table.bytes else { throw altered("has another length than it had") }
    var text = LineBuffer(capacity: chunk)
    var hasher = SHA256Hasher()
    var size = 0
    while Int64(size) <= table.bytes {
      let before = text.bytes.count
      let count = try file.read(into: &text.bytes, upTo: chunk)
      guard count > 0 else { break }
      size += count
      hasher.update(ByteView(rebasing: text.bytes.view[before...]))
      text.takeLines(body)
      guard text.count <= longestRow else {
        throw altered("has a line longer than \(longestRow) bytes")
      }
    }
    if text.count > 0 { body(text.bytes.view) }
    try file.close()
    guard hasher.finalize() == table.sha256 else {
      throw altered("is not the one that was committed")
    }
  }
}
