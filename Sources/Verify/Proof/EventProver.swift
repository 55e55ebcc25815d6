internal import Archive
internal import Crypto
package import History
internal import Bytes
internal import Disk

/// Where an event is.
package struct EventPlace: Sendable {
  /// The part that holds it.
  package let part: LiveFile
  /// Lines before it there.
  package let index: Int

  /// The event on the line with this number, from 0.
  package init(part: LiveFile, index: Int) {
    self.part = part
    self.index = index
  }
}

extension ArchiveHistory {
  /// The file that proves one event against the newest head. It grows with the logarithm of the
  /// numbers of records, rows and commits; to make it takes one pass over the part and all headers.
  ///
  /// Throws, with the kind `damaged`, if the part, the rows or the headers are not what was
  /// committed: what was altered is not to be proven.
  package func proof(of place: EventPlace) throws(ArchiveError) -> [UInt8] {
    do {
      let newest = try header(last)
      let commit = try headerLeaf(place.part.sequence, newest)
      let isNewest = newest.sequence == place.part.sequence
      let file = ProofFile(
        head: newest.head, event: try eventLeaf(place), row: try rowLeaf(place.part),
        header: commit,
        newest: isNewest ? nil : try disk.contents(headerPath(last), limit: ReadLimit.header),
        signature: newest.signingKey == nil ? nil : try signature(last))
      let text = file.text
      guard text.count <= ProofFile.largest else {
        throw ArchiveError(
          .fault,
          "the proof of this event would have \(text.count) bytes, and nobody takes one of more than "
            + "\(ProofFile.largest) (max_proof_size)")
      }
      // What is handed out was checked as whoever gets it will check it.
      do { _ = try text.withUnsafeBufferPointer { try EventProof.check($0) } } catch {
        throw damaged("the proof would not hold: \(error)", path)
      }
      return text
    } catch { throw ArchiveError(reading: error) }
  }

  private func headerPath(_ sequence: Int) -> String {
    manifestFolder + "/" + ManifestNames.header(sequence)
  }

  private func signature(_ sequence: Int) throws -> [UInt8] {
    let file = manifestFolder + "/" + ManifestNames.signature(sequence)
    guard try disk.statIfPresent(file)?.size == Int64(SigningKey.signatureLength) else {
      throw damaged("a manifest's signature is missing, or is none", file)
    }
    return try disk.contents(file, limit: SigningKey.signatureLength)
  }

  /// The header of a commit, and its way among those before the newest.
  private func headerLeaf(_ sequence: Int, _ newest: ManifestHeader) throws -> ProofFile.Leaf {
    var leaf = ProofFile.Leaf(
      text: try disk.contents(headerPath(sequence), limit: ReadLimit.header),
      index: UInt64(sequence - 1), path: [])
    var tree = MerkleAccumulator()
    var way = MerklePathBuilder(leafIndex: leaf.index, treeSize: UInt64(newest.sequence - 1))
    for number in 1..<newest.sequence {
      let header = try disk.contents(headerPath(number), limit: ReadLimit.header)
      let hash = header.withUnsafeBufferPointer { MerkleAccumulator.leafHash($0) }
      tree.append(leafHash: hash)
      way?.append(leafHash: hash)
    }
    guard tree.root == newest.historyRoot else {
      throw damaged("the headers are not those that the newest one covers", manifestFolder)
    }
    leaf.path = way?.finish()?.nodes ?? []
    return leaf
  }

  /// The row of a part among those of its commit.
  private func rowLeaf(_ part: LiveFile) throws -> ProofFile.Leaf {
    let header = try header(part.sequence)
    let rows = try rows(of: header)
    let isRow = { (row: ManifestRow) in row.kind == .file(.part) && row.path == part.row.path }
    let file = manifestFolder + "/" + ManifestNames.rows(part.sequence)
    guard let index = rows.lastIndex(where: isRow),
      var builder = MerklePathBuilder(leafIndex: UInt64(index), treeSize: header.rows)
    else { throw damaged("a manifest's rows are not those that were read before", file) }
    var leaf = ProofFile.Leaf(text: [], index: UInt64(index), path: [])
    let lines = try disk.lines(file, limit: ReadLimit.rows).split(separator: UInt8(ascii: "\n"))
    for (number, line) in lines.enumerated() {
      if number == index { leaf.text = Array(line) }
      builder.append(leafHash: line.withUnsafeBufferPointer { MerkleAccumulator.leafHash($0) })
    }
    leaf.path = builder.finish()?.nodes ?? []
    return leaf
  }

  /// The event among the records of its part.
  private func eventLeaf(_ place: EventPlace) throws -> ProofFile.Leaf {
    let row = place.part.row
    guard let index = UInt64(exactly: place.index), let size = UInt64(exactly: row.records),
      var builder = MerklePathBuilder(leafIndex: index, treeSize: size)
    else { throw damaged("a part has fewer records than were found", row.path) }
    var leaf = ProofFile.Leaf(text: [], index: index, path: [])
    try forEachLine(of: place.part) { line in
      if builder.count == index { leaf.text = Array(line) }
      builder.append(leafHash: MerkleAccumulator.leafHash(line))
    }
    guard let path = builder.finish() else {
      throw damaged("a part has another number of records than its row says", row.path)
    }
    leaf.path = path.nodes
    guard leaf.root(size: size) == row.merkleRoot else {
      throw damaged("a part's records are not those that its row covers", row.path)
    }
    return leaf
  }
}
