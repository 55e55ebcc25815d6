internal import Bytes
internal import JSONText

/// The names with which the objects before began: of their first members, however they are escaped.
struct FirstNames {
  /// Objects behind which their names are those of all: 2.
  private static let fewest = 2
  /// Spellings that are kept: 8.
  private static let most = 8
  /// Longest name that is kept, in bytes.
  private static let longest = 256

  private var spellings: [(written: [UInt8], name: [UInt8])] = []
  private var objects = 0
  /// One of the names is that of the first object in a row, and none before began with it.
  private(set) var isGuess = false

  /// Notes with what an object begins.
  mutating func note(_ object: ByteView) {
    guard objects < Self.fewest || spellings.count < Self.most,
      case .name(let written) = FirstNames.name(object)
    else { return }
    objects = min(objects + 1, Self.fewest)
    if spellings.count < Self.most, !isKnown(written) {
      spellings.append((Array(written), FirstNames.unescaped(written)))
    }
  }

  /// The names with which records begin where one begins as `object` does; nil if that is none of theirs. One
  /// object alone before may have been damaged: another name may be right, if a row of them says so.
  func known(_ object: ByteView) -> FirstNames? {
    if beginsWithOne(object) { return self }
    guard objects < Self.fewest, case .name(let written) = FirstNames.name(object),
      String(validating: written, as: UTF8.self) != nil, !FirstNames.isBetweenTokens(written)
    else { return nil }
    var known = self
    known.spellings.append((Array(written), FirstNames.unescaped(written)))
    known.isGuess = objects > 0
    return known
  }

  /// What seems to be a name, in quotes, begins like what stands between a string and the next.
  private static func isBetweenTokens(_ written: ByteView) -> Bool {
    let first = written[Scanner.skipWhitespace(written, from: 1)]
    return [UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(
      first)
  }

  /// True if an object, whole or not, begins with one of the names.
  func beginsWithOne(_ object: ByteView) -> Bool {
    guard case .name(let written) = FirstNames.name(object) else { return false }
    if isKnown(written) { return true }
    let escape = UInt8(ascii: "\\")
    guard written.contains(escape) || spellings.contains(where: { $0.written.contains(escape) })
    else { return false }
    let name = FirstNames.unescaped(written)
    return spellings.contains { $0.name == name }
  }

  private func isKnown(_ written: ByteView) -> Bool {
    spellings.contains { $0.written.elementsEqual(written) }
  }

  private static func unescaped(_ written: ByteView) -> [UInt8] {
    var name = ByteBuffer(capacity: written.count)
    JSONString.unescape(written, into: &name)
    return name.bytes
  }

  enum Name {
    case name(ByteView)
    case needsMore
    case none
  }

  /// The name of an object's first member, in quotes and as it is written; `text` may be only the
  /// beginning.
  static func name(_ text: ByteView) -> Name {
    guard let first = text.first else { return .needsMore }
    guard first == UInt8(ascii: "{") else { return .none }
    let start = Scanner.skipWhitespace(text, from: 1)
    guard start < text.count else { return start > longest ? .none : .needsMore }
    guard text[start] == UInt8(ascii: "\"") else { return .none }
    var at = start + 1
    while at < text.count && at - start <= longest {
      if text[at] == UInt8(ascii: "\"") { return .name(ByteView(rebasing: text[start...at])) }
      if text[at] < 0x20 { return .none }
      if text[at] == UInt8(ascii: "\\") { at += 1 }
      at += 1
    }
    return at - start > longest ? .none : .needsMore
  }
}
