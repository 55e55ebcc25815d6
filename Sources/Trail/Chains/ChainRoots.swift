internal import Bytes

/// Who is at the root of each of some tokens, in events that one selector describes: tokens are compared by
/// that, and not by what they say themselves.
///
/// A chain that cannot be followed to its root leads to somebody else than every other chain.
final class ChainRoots {
  /// What a token comes to whose chain was followed.
  struct Root {
    /// Equal for tokens of which everything here is equal.
    let number: Int32
    let candidate: Int
    /// Those of the links.
    let flags: UInt32
    let display: ByteView
    let claims: ByteView
    /// What tells who it is from others.
    let identity: ByteView
  }

  private struct Entry: BitwiseCopyable {
    var candidate: Int32
    var flags: UInt32
    var display: UnsafePointer<UInt8>?
    var displayCount: UInt32
    var claims: UnsafePointer<UInt8>?
    var claimsCount: UInt32
    var identity: Int32
  }

  /// By the position of the token; -1 of one that nobody asked for.
  private var numbers: FlatArray<Int32>
  private var entries = FlatArray<Entry>()
  private var identities = ByteKeys()
  private var known: [[UInt8]: Int32] = [:]
  private var composed = ByteBuffer(capacity: 64)

  /// Follows the chains of rows; nil if none of them has any.
  init?(_ rows: UnsafeBufferPointer<UInt32>, _ store: ClaimStore, _ selector: PolicySelector) {
    guard store.followsChains, rows.contains(where: { store.isAskedFor(Int($0)) }) else {
      return nil
    }
    numbers = FlatArray(capacity: rows.count)
    var walk = ChainWalk()
    for row in rows {
      guard store.isAskedFor(Int(row)) else {
        numbers.append(-1)
        continue
      }
      walk.begin(store.table.answer(row: Int32(row), .token, selector), selector)
      while walk.next(in: store) != nil {}
      numbers.append(number(walk, row, store))
    }
    known = [:]
  }

  private func number(_ walk: borrowing ChainWalk, _ row: UInt32, _ store: ClaimStore) -> Int32 {
    let answer = walk.answer
    compose(walk, row, store)
    let identity = identities.insert(composed.view)
    composed.removeAll()
    withUnsafeBytes(of: (Int32(identity), Int32(answer.candidate), answer.flags)) {
      composed.append($0.bindMemory(to: UInt8.self))
    }
    composed.append(answer.claims)
    let says = composed.bytes
    if let number = known[says] { return number }
    let number = Int32(entries.count)
    known[says] = number
    entries.append(
      Entry(
        candidate: Int32(answer.candidate), flags: answer.flags,
        display: answer.display.baseAddress, displayCount: UInt32(answer.display.count),
        claims: answer.claims.baseAddress, claimsCount: UInt32(answer.claims.count),
        identity: Int32(identity)))
    return number
  }

  /// Puts into `composed` what the root shows, as it is told from others (`ClaimRendering.Shown`). Before it,
  /// behind a zero, which nothing that is shown begins with: the row, where the chain does not lead to the
  /// root; the name or the key at the root, where no credential is.
  private func compose(_ walk: borrowing ChainWalk, _ row: UInt32, _ store: ClaimStore) {
    composed.removeAll()
    guard walk.end.isEmpty else {
      composed.append(0)
      withUnsafeBytes(of: row) { composed.append($0.bindMemory(to: UInt8.self)) }
      return
    }
    if let asker = walk.asker {
      let name = asker.actor.isEmpty ? asker.key : asker.actor
      composed.append(0)
      composed.append(asker.actor.isEmpty ? UInt8(ascii: "k") : UInt8(ascii: "a"))
      withUnsafeBytes(of: UInt32(truncatingIfNeeded: name.count)) {
        composed.append($0.bindMemory(to: UInt8.self))
      }
      composed.append(name)
    }
    if !walk.answer.display.isEmpty {
      let holder = UInt32(walk.root.holder)
      let key = store.key(ofRow: Int(holder))
      composed.append(store.shown(holder, walk.selector(ofKey: key, in: store)).identity)
    }
  }

  /// Who is at the root of the token at `position`; nil if nobody asked for it.
  func root(of position: Int) -> Root? {
    let number = numbers[position]
    guard number >= 0 else { return nil }
    let entry = entries[Int(number)]
    return Root(
      number: number, candidate: Int(entry.candidate), flags: entry.flags,
      display: ByteView(start: entry.display, count: Int(entry.displayCount)),
      claims: ByteView(start: entry.claims, count: Int(entry.claimsCount)),
      identity: identities[Int(entry.identity)])
  }
}

extension ClaimStore {
  /// True if it is known who asked for the token of a row.
  func isAskedFor(_ row: Int) -> Bool { links.link(ofRow: row)?.hasAsker ?? false }
}
