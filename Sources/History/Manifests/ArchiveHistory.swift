internal import Crypto
package import Bytes
package import Disk

/// The manifests of an archive, read without its lock: what is committed never changes.
package struct ArchiveHistory: Sendable {
  /// Where the archive is.
  package let path: String
  /// The number of the newest manifest; 0 in an archive without any.
  package let last: Int
  /// Follows no link below the archive.
  package let disk: Disk
  /// The head of the newest manifest, to whoever has looked at it already: it must not be another any more.
  private let head: Digest256?

  /// The history up to now. Throws, with the kind `missing`, where there is no archive.
  package init(disk: Disk, path: String) throws(ArchiveError) {
    let path = path.isEmpty ? "." : path
    let disk = disk.guarding(path)
    let folder = path + "/" + ManifestNames.folder
    do {
      guard try disk.statIfPresent(folder)?.kind == .directory else {
        throw ArchiveError(.missing, "no archive: \(path): name the folder that holds _trailmill")
      }
      let last = ArchiveHistory.last(try disk.names(in: folder).readable)
      self.init(disk: disk, path: path, last: last)
    } catch { throw ArchiveError(reading: error) }
  }

  package init(disk: Disk, path: String, last: Int, head: Digest256? = nil) {
    self.head = head
    self.disk = disk.guarding(path)
    self.path = path
    self.last = last
  }

  package static func last(_ names: [String]) -> Int {
    names.reversed().lazy.compactMap { ManifestNames.sequence(ofHeader: $0) }.first ?? 0
  }

  /// The last name of its path.
  package var name: String { pathNames(path).last.map(String.init) ?? path }

  package var manifestFolder: String { path + "/" + ManifestNames.folder }

  /// The header of a commit.
  package func header(_ sequence: Int) throws(ArchiveError) -> ManifestHeader {
    let file = manifestFolder + "/" + ManifestNames.header(sequence)
    do {
      let header = try disk.contents(file, limit: ReadLimit.header).withUnsafeBufferPointer {
        ManifestHeader($0, sequence: sequence)
      }
      guard let header else { throw damaged("a manifest's header is not valid", file) }
      guard sequence != last || head == nil || header.head == head else {
        throw damaged("a header was altered meanwhile", file)
      }
      return header
    } catch { throw ArchiveError(reading: error) }
  }

  /// The rows of a commit. Throws if they are not those that the header speaks of.
  package func rows(of header: ManifestHeader) throws(ArchiveError) -> [ManifestRow] {
    let file = manifestFolder + "/" + ManifestNames.rows(header.sequence)
    do {
      let opened = try disk.open(file)
      guard try mayBeRows(opened, of: header) else { throw otherRows(file) }
      let rows = try opened.lines(limit: ReadLimit.rows).withUnsafeBufferPointer {
        ManifestText($0, most: header.rows)
      }
      try opened.close()
      guard let rows, rows.tree.count == header.rows, rows.tree.root == header.rowsRoot else {
        throw otherRows(file)
      }
      return rows.rows
    } catch { throw ArchiveError(reading: error) }
  }

  private func otherRows(_ file: String) -> ArchiveError {
    damaged("a manifest's rows are not those that its header speaks of", file)
  }

  /// False if the rows in a file that is too long to be taken into memory unseen are not those of a header.
  private func mayBeRows(_ file: File, of header: ManifestHeader) throws -> Bool {
    guard try file.size() > Int64(ReadLimit.unchecked) else { return true }
    var text = LineBuffer(capacity: 2 << 20)
    var tree = MerkleAccumulator()
    while try file.read(into: &text.bytes, upTo: 1 << 20) > 0 {
      text.takeLines { tree.append(leaf: $0) }
      guard text.count <= 1 << 20, tree.count <= header.rows else { return false }
    }
    if text.count > 0 { tree.append(leaf: text.bytes.view) }
    try file.seek(to: 0)
    return tree.count == header.rows && tree.root == header.rowsRoot
  }

  /// What a file holds, if it is the one that its row speaks of; nil if it is another, or not there. It is
  /// read only if it is as long as its row says, and no longer than `longest`.
  package func contents(
    of row: ManifestRow, longest: Int = ReadLimit.rows
  ) throws(DiskError) -> [UInt8]? {
    let place = path + "/" + row.path
    guard row.bytes <= Int64(longest), let status = try disk.statIfPresent(place),
      status.kind == .regular, status.size == row.bytes
    else { return nil }
    if row.bytes > Int64(ReadLimit.unchecked) {
      guard try disk.digest(place) == row.sha256 else { return nil }
    }
    let bytes = try disk.contents(place, limit: Int(row.bytes))
    return bytes.withUnsafeBufferPointer { SHA256.digest($0) } == row.sha256 ? bytes : nil
  }

  /// Calls `body` with every commit from `first` on, the oldest first. Throws unless their headers are one
  /// chain up to the newest, which may show only behind that: what `body` was told counts when this has
  /// returned, and not before.
  package func forEach(
    from first: Int = 1, _ body: (ManifestHeader, [ManifestRow]) throws -> Void
  ) throws {
    var before: Digest256?
    var sequence = first
    while sequence <= last {
      let header = try header(sequence)
      if let before { try requireLink(from: header, to: before) }
      before = header.head
      try body(header, try rows(of: header))
      sequence += 1
    }
  }

  /// Throws unless the commit before has this head, as a header says.
  func requireLink(from header: ManifestHeader, to before: Digest256) throws(ArchiveError) {
    guard header.previous == before else { throw offChain(header.sequence - 1) }
  }

  /// What is thrown where a header is not the one that was committed.
  package func offChain(_ sequence: Int) -> ArchiveError {
    damaged(
      "a header is not the one of which the next one speaks",
      manifestFolder + "/" + ManifestNames.header(sequence))
  }

  package func damaged(_ what: String, _ place: String) -> ArchiveError {
    ArchiveError(.damaged, "\(what): \(place): restore it, and run `trailmill verify \(path)`")
  }
}
