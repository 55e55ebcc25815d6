internal import Bytes

/// Who asked for a token, as a row of a claim store says it in `via`, and who acts with it, as its claims say
/// it in `act`. As bytes that can be interned:
///
///   u32 bytes of the key   u32 bytes of the token   u32 bytes of the actor   u32 number of links of `act`
///   the three, and the links of `act` (see `ActClaim`)
struct TokenLink: BitwiseCopyable {
  static let headerCount = 16

  let key: ByteView
  let token: ByteView
  let actor: ByteView
  /// Links of a chain as JSON objects, each with a comma behind it.
  let acts: ByteView
  let actCount: Int

  init(_ bytes: ByteView) {
    func number(_ place: Int) -> Int {
      Int(
        UInt32(
          littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(
            fromByteOffset: place * 4, as: UInt32.self)))
    }
    var start = TokenLink.headerCount
    func next(_ count: Int) -> ByteView {
      defer { start += count }
      return ByteView(rebasing: bytes[start..<start + count])
    }
    key = next(number(0))
    token = next(number(1))
    actor = next(number(2))
    actCount = number(3)
    acts = ByteView(rebasing: bytes[start...])
  }

  /// True if it says who asked.
  var hasAsker: Bool { !key.isEmpty || !actor.isEmpty }

  /// Appends the bytes of a link; `key`, `token` and `actor` lie end to end in `text`.
  static func append(
    _ text: ByteView, key: Int, token: Int, actor: Int, acts: ByteView, actCount: Int,
    to buffer: inout ByteBuffer
  ) {
    for number in [key, token, actor, actCount] {
      withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).littleEndian) {
        buffer.append($0.bindMemory(to: UInt8.self))
      }
    }
    buffer.append(text)
    buffer.append(acts)
  }
}

/// The links of the rows of a claim store that have one, apart from the rows, of which most have none.
final class TokenLinks: @unchecked Sendable {
  // Sendable because the loader alone adds to them, before anyone else sees them.

  private struct Entry: BitwiseCopyable {
    var row: UInt32
    var link: UInt32
  }

  private var entries = FlatArray<Entry>()
  private var links = ByteKeys()

  var isEmpty: Bool { entries.count == 0 }

  var memoryBytes: Int { entries.memoryBytes + links.memoryBytes }

  /// Takes in the link of a row; rows come in their order.
  func add(_ link: ByteView, row: Int) {
    entries.append(Entry(row: UInt32(row), link: UInt32(links.insert(link))))
  }

  /// The number of the link of a row, equal for equal links; nil if it has none.
  func number(ofRow row: Int) -> UInt32? {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if Int(entries[middle].row) < row { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && Int(entries[low].row) == row ? entries[low].link : nil
  }

  /// The link of a row; nil if it has none.
  func link(ofRow row: Int) -> TokenLink? {
    number(ofRow: row).map { TokenLink(links[Int($0)]) }
  }

  /// Calls `body` with the name of each who asked for a token; with some of them more than once.
  func forEachActor(_ body: (ByteView) -> Void) {
    for number in 0..<links.count {
      let actor = TokenLink(links[number]).actor
      if !actor.isEmpty { body(actor) }
    }
  }

  /// Puts rows that differ in nothing but their links into an order.
  func isBefore(_ left: Int, _ right: Int) -> Bool {
    guard !isEmpty else { return false }
    switch (number(ofRow: left), number(ofRow: right)) {
    case (nil, .some): return true
    case (.some(let a), .some(let b)) where a != b:
      return links[Int(a)].lexicographicallyPrecedes(links[Int(b)])
    default: return false
    }
  }
}
