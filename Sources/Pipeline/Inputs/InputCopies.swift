internal import Bytes
internal import Crypto
internal import Disk
internal import Intake

/// Finds inputs of one run that have the same text. Only those that begin alike, and can be as long, are
/// read for that, each once.
struct InputCopies {
  /// A text, as far as it tells it from others.
  struct Content: Hashable {
    let length: Int64
    let digest: Digest256
  }

  private struct Member {
    let name: String
    /// Bytes of text; nil if that takes reading.
    let size: Int64?
  }

  private let disk: Disk
  /// The files of the run, by their text's first bytes.
  private var alike: [Digest256: [Member]] = [:]
  private var contents: [String: Content?] = [:]

  init(_ disk: Disk) { self.disk = disk }

  /// True if a file that was shown before has the same text. `size` is that of its text, if it is known.
  mutating func isCopy(_ name: String, _ text: TextProbe, size: Int64?) throws -> Bool {
    guard !text.first.isEmpty else { return false }
    let key = InputCopies.key(text)
    let others = alike[key] ?? []
    alike[key, default: []].append(Member(name: name, size: size))
    for other in others {
      if let size, let otherSize = other.size, size != otherSize { continue }
      guard let own = try content(name), let content = try content(other.name) else { continue }
      if own == content { return true }
    }
    return false
  }

  /// The texts of the run, without those that are known from before, that a pipe's text may be: of files, and
  /// of pipes that were read.
  mutating func contents(beginningAs text: TextProbe, _ finished: [InputFacts]) throws -> [Content]
  {
    guard !text.first.isEmpty else { return [] }
    var found: [Content] = []
    for member in alike[InputCopies.key(text)] ?? [] {
      if let content = try content(member.name) { found.append(content) }
    }
    for facts in finished where facts.textFirst == text.first {
      guard let digest = facts.textDigest else { continue }
      found.append(Content(length: Int64(facts.textBytes), digest: digest))
    }
    return found
  }

  private static func key(_ text: TextProbe) -> Digest256 {
    text.first.withUnsafeBufferPointer { SHA256.digest($0) }
  }

  private mutating func content(_ name: String) throws -> Content? {
    if let known = contents[name] { return known }
    let text = try TextProbe(disk, name)
    defer { try? text.close() }
    let content = try text.whole().map { Content(length: $0.length, digest: $0.digest) }
    contents[name] = content
    return content
  }
}
