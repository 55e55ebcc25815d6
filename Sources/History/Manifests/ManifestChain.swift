internal import Crypto
package import Bytes
internal import Disk

// Who is to blame where two headers do not fit each other? A header is covered by the one after it, so
// that one is believed, from the newest down: what `previous` says is what a header has to be. Below a
// header that is lost nobody vouches for the next; it is taken as it is, unless it contradicts itself.
// The newest is vouched for by a head from outside, or by its signature.

/// The headers of an archive, and which of them are what they were.
package struct ManifestChain {
  /// Whether a header is what was committed.
  package enum Standing {
    case sound, altered, truncated, missing
  }

  /// A header.
  package struct Link {
    package var standing = Standing.missing
    /// The digest of its text; nil if there is none.
    package var digest: Digest256?
    /// What the next header says that this should be, or a head that is known.
    package var expected: Digest256?
    /// True if it is a header of this number at all.
    var isValid = false
    var previous: Digest256?
    /// Whether its root over the headers before it is that of those that lie there; nil if one of these is
    /// lost.
    package var fitsHistory: Bool?
    /// True if its text seems to end too early.
    var isCutShort = false
    /// True if nothing vouches for it and something speaks against it.
    package var isSuspect = false

    /// The digest of what was committed, so far as it is known.
    package var genuine: Digest256? { standing == .sound ? digest : expected }
  }

  /// By number, from 1.
  package private(set) var links: [Link] = []

  /// The number of the newest.
  package var newest: Int { links.count }

  /// Reads the headers 1 to `newest`.
  package init(_ reader: ArchiveReader, newest: Int) throws {
    links.reserveCapacity(newest)
    var tree: MerkleAccumulator? = MerkleAccumulator()
    var sequence = 1
    while sequence <= newest {
      links.append(try ManifestChain.read(reader, sequence, &tree))
      sequence += 1
    }
  }

  private static func read(
    _ reader: ArchiveReader, _ sequence: Int, _ tree: inout MerkleAccumulator?
  ) throws -> Link {
    var link = Link()
    guard
      let text = try reader.text(
        ManifestNames.headerPath(sequence), longest: ReadLimit.header)
    else {
      tree = nil
      return link
    }
    text.withUnsafeBufferPointer { text in
      link.digest = SHA256.digest(text)
      link.isCutShort = JSONEnding(text) == .cutShort
      guard let header = ManifestHeader(text, sequence: sequence) else {
        tree?.append(leaf: text)
        return
      }
      link.isValid = !link.isCutShort
      link.previous = header.previous
      link.fitsHistory = tree.map { $0.root == header.historyRoot }
      tree = header.history
    }
    return link
  }

  // MARK: Judging

  /// Finds out which headers are what they were. `head` is a digest that is known from outside.
  package mutating func judge(head: Digest256?) {
    var expected: Digest256?
    for index in links.indices.reversed() {
      links[index].expected = expected
      let isProven = expected != nil || links[index].digest.map { $0 == head } == true
      let standing = standing(index, expected, isProven: isProven)
      links[index].standing = standing
      expected = standing == .sound ? links[index].previous : nil
    }
  }

  private func standing(_ index: Int, _ expected: Digest256?, isProven: Bool) -> Standing {
    let link = links[index]
    guard let digest = link.digest else { return .missing }
    guard link.isValid, expected == nil || digest == expected else {
      return link.isCutShort ? .truncated : .altered
    }
    guard !isProven, index > 0 else { return .sound }
    // Its digests of what lies before it contradict each other: so it is this one that was altered.
    guard let previous = link.previous else { return .altered }
    let before = links[index - 1].digest
    return before != nil && before != previous && link.fitsHistory == true ? .altered : .sound
  }

  /// What became of a head that is known from outside.
  package enum HeadSearch {
    /// It is that of this commit.
    case found(Int)
    /// It may be that of a header that is lost.
    case lost(Int)
    /// No header has it.
    case nowhere
  }

  /// Looks for a head, and holds it against the newest header if no header has it.
  package mutating func search(_ head: Digest256) -> HeadSearch {
    for (index, link) in links.enumerated().reversed() where link.genuine == head {
      return .found(index + 1)
    }
    guard let last = links.indices.last else { return .nowhere }
    if links[last].standing != .sound {
      links[last].expected = head
      return .lost(last + 1)
    }
    if let lost = links.lastIndex(where: { $0.genuine == nil }) { return .lost(lost + 1) }
    links[last].isSuspect = true
    return .nowhere
  }
}

/// How the text of a JSON object and a line feed ends.
package enum JSONEnding {
  case whole, cutShort, other

  /// A text that was cut has no line feed, and nothing behind the object if that is complete.
  package init(_ text: ByteView) {
    guard text.last != UInt8(ascii: "\n") else {
      self = .whole
      return
    }
    var depth = 0
    var isInString = false
    var isEscaped = false
    for (index, byte) in text.enumerated() {
      if isEscaped {
        isEscaped = false
        continue
      }
      switch (byte, isInString) {
      case (UInt8(ascii: "\\"), true): isEscaped = true
      case (UInt8(ascii: "\""), _): isInString.toggle()
      case (UInt8(ascii: "{"), false): depth += 1
      case (UInt8(ascii: "}"), false):
        depth -= 1
        guard depth <= 0 else { continue }
        self = index == text.count - 1 ? .cutShort : .other
        return
      default: break
      }
    }
    self = .cutShort
  }
}
