internal import Bytes
internal import History
internal import Intake

/// What a ledger knows of an input's text.
struct TextMatches {
  /// An input that was read and whose text this one begins with.
  struct Match {
    let entry: Ledger.Entry
    /// Bytes of its text, and their digest.
    let length: Int64
    let digest: Digest256
    /// True if nothing follows.
    let isWhole: Bool
  }

  /// A longer input that was read, and of which this one is a beginning, as far as was noted.
  struct Longer {
    let entry: Ledger.Entry
    /// Bytes of text, up to the last place that was noted, that are the same.
    let shared: Int
  }

  /// In the order of reading.
  private(set) var matches: [Match] = []
  private(set) var longer: [Longer] = []
  /// An input whose end closes it, and of which this one has the beginning: an array that has grown.
  private(set) var closed: Ledger.Entry?
  /// True if another input of the run has the same text.
  private(set) var isCopy = false

  /// Looks at a text of `size` bytes, if that is known. `stored` are inputs whose stored bytes are at its
  /// beginning: older archives know nothing else of what was compressed. `copies` are other texts of the run.
  init(
    _ ledger: Ledger, _ text: TextProbe, size: Int64? = nil, stored: [Ledger.Entry] = [],
    copies: [InputCopies.Content] = []
  ) throws {
    var candidates = text.first.withUnsafeBufferPointer { ledger.texts($0) }
    candidates += stored.filter { $0.input.textDigest == nil }
    guard !candidates.isEmpty || !copies.isEmpty else { return }
    var lengths = Set(copies.map(\.length))
    for entry in candidates {
      lengths.insert(entry.input.textBytes)
      lengths.formUnion((entry.input.prefixes?.places ?? []).map { Int64($0.length) })
    }
    var digests: [Int64: Digest256] = [:]
    for length in lengths.sorted() where length <= size ?? .max {
      guard let digest = try text.digest(ofFirst: length) else { break }
      digests[length] = digest
    }
    let end = try size ?? text.length()
    isCopy = copies.contains { $0.length == end && digests[$0.length] == $0.digest }
    for entry in candidates {
      let length = entry.input.textBytes
      if let digest = digests[length], digest == entry.input.textDigest ?? digest {
        matches.append(
          Match(entry: entry, length: length, digest: digest, isWhole: length == end))
      } else if let end, let shared = TextMatches.shared(entry, end, digests) {
        longer.append(Longer(entry: entry, shared: shared))
      }
    }
    closed = candidates.first { $0.isClosed && $0.input.textBytes < end ?? .max }
  }

  /// The last noted place before which an input of `end` bytes is the beginning of one that was read: it has
  /// 64 KiB, and the same digest wherever one was noted. Nil if it is none.
  private static func shared(
    _ entry: Ledger.Entry, _ end: Int64, _ digests: [Int64: Digest256]
  ) -> Int? {
    guard entry.input.textBytes > end, let prefixes = entry.input.prefixes else { return nil }
    let places = prefixes.places.filter { $0.length <= end }
    let areAlike = places.allSatisfy { place in
      digests[Int64(place.length)].map(PrefixDigests.shortened) == place.digest
    }
    return areAlike ? places.last?.length : nil
  }
}
