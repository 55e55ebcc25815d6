internal import Bytes

/// The tokens that count at one moment of a timeline, by what they would show and which claims they have.
struct Callers: ~Copyable {
  /// Which of the two sets.
  enum Sets { case tolerant, exact, both }

  /// A set of tokens.
  struct Tokens {
    /// How many.
    var count = 0
    /// Their positions, combined by exclusive or: of one token its position.
    var positions = 0
    /// How many different things they show.
    var distinct = 0
  }

  /// What all tokens with one rendering, and one root of their chains, have in common. The policy is that of
  /// the token itself, the rest is of who is at the root.
  struct Kind: BitwiseCopyable {
    var shown: Int32
    var candidate: Int32
    var policy: Int32
    var flags: UInt32
    /// Text of what is shown, in the store.
    var display: UnsafePointer<UInt8>?
    var displayCount: UInt32

    var text: ByteView { ByteView(start: display, count: Int(displayCount)) }
  }

  /// What several tokens agree on.
  struct Agreement: BitwiseCopyable {
    var policy: Int16
    var candidate: Int16
    var flags: UInt32
    var display: Int
    var displayCount: UInt32
    var claimsCount: UInt32
  }

  /// Those who it could have been, as long as tokens differ.
  var candidates: CandidateLists
  private(set) var tolerant = Tokens()
  private(set) var exact = Tokens()
  private var kindOfPosition: FlatArray<Int32>
  private var kinds = FlatArray<Kind>()
  /// Tokens by kind, and by what they show.
  private var tolerantByKind: FlatArray<Int32>
  private var tolerantByShown: FlatArray<Int32>
  private var exactByShown: FlatArray<Int32>
  /// Kinds that count, with the tolerance, by candidate (the first place is for none) and by flag.
  private var kindsByCandidate: FlatArray<Int32>
  private var kindsByFlag = FlatArray<Int32>(zeros: 32)
  /// The numbers of what is shown, combined by exclusive or: where all show the same, its number.
  private var tolerantShown: Int32 = 0
  /// For each different thing that is shown, the first kind that shows it.
  private var kindOfShown = FlatArray<Int32>()
  private var claims: ClaimValues
  private var bars: InferenceBars
  private var agreed = ByteKeys()
  private var composed = ByteBuffer()

  /// Of rows, of which `root` knows who is at the root of the chain, by the place of the row.
  init(
    _ table: ClaimRows, _ rows: UnsafeBufferPointer<UInt32>, _ selector: PolicySelector,
    root: (Int) -> ChainRoots.Root?
  ) {
    bars = InferenceBars(table.inferences)
    kindOfPosition = FlatArray(capacity: rows.count)
    claims = ClaimValues(names: table.retainedNames)
    var kindOfRendering: [UInt64: Int32] = [:]
    var shown = ByteKeys()
    var places = 1
    for (place, row) in rows.enumerated() {
      let root = root(place)
      let rendered = table.rows[Int(row)].rendering
      let number = UInt64(rendered) << 32 | UInt64(UInt32(bitPattern: root?.number ?? -1))
      if let known = kindOfRendering[number] {
        kindOfPosition.append(known)
        continue
      }
      kindOfRendering[number] = Int32(kinds.count)
      kindOfPosition.append(Int32(kinds.count))
      let rendering = ClaimRendering(table.renderings[Int(rendered)])
      let result = rendering.shown(selector)
      let candidate = root?.candidate ?? result.candidate
      let text = root?.display ?? result.text
      places = max(places, candidate + 2)
      let numberOfShown = shown.insert(root?.identity ?? result.identity)
      if numberOfShown == kindOfShown.count { kindOfShown.append(Int32(kinds.count)) }
      kinds.append(
        Kind(
          shown: Int32(numberOfShown), candidate: Int32(candidate),
          policy: Int32(result.policy), flags: root?.flags ?? result.flags,
          display: text.baseAddress, displayCount: UInt32(text.count)))
      claims.append(root?.claims ?? rendering.claims)
    }
    tolerantByKind = FlatArray(zeros: kinds.count)
    tolerantByShown = FlatArray(zeros: kinds.count)
    exactByShown = FlatArray(zeros: kinds.count)
    kindsByCandidate = FlatArray(zeros: places)
    var texts: [ByteView] = []
    for number in 0..<kindOfShown.count { texts.append(kinds[Int(kindOfShown[number])].text) }
    candidates = CandidateLists(texts)
  }

  /// What each of the tokens shows, and the policy that shows it; -1 is none.
  func policy(of position: Int) -> Int { Int(kinds[Int(kindOfPosition[position])].policy) }

  /// The number of the thing that a token shows.
  func shown(of position: Int) -> Int32 { kinds[Int(kindOfPosition[position])].shown }

  /// True if a token that counts bars inference, with the tolerance for clocks, and without.
  var isBarred: (tolerant: Bool, exact: Bool) { (bars.isTolerantBarred, bars.isExactBarred) }

  /// When the cover of a claim store begins or ends next.
  var nextCover: Int64? { bars.next }

  /// Passes the covers that begin or end at `time`.
  mutating func passCovers(_ time: Int64) { bars.pass(time) }

  mutating func add(_ position: Int, to sets: Sets) { change(position, sets, by: 1) }

  mutating func remove(_ position: Int, from sets: Sets) { change(position, sets, by: -1) }

  private mutating func change(_ position: Int, _ sets: Sets, by step: Int32) {
    let kind = Int(kindOfPosition[position])
    let shown = Int(kinds[kind].shown)
    let edge: Int32 = step > 0 ? 1 : 0
    bars.change(Int(kinds[kind].policy), sets, by: Int(step))
    if sets != .exact {
      tolerant.change(position, by: Int(step))
      tolerantByShown[shown] += step
      if tolerantByShown[shown] == edge {
        tolerant.distinct += Int(step)
        tolerantShown ^= Int32(shown)
        if step > 0 { candidates.insert(shown) } else { candidates.remove(shown) }
      }
      tolerantByKind[kind] += step
      if tolerantByKind[kind] == edge { changeKind(kind, by: step) }
    }
    if sets != .tolerant {
      exact.change(position, by: Int(step))
      exactByShown[shown] += step
      if exactByShown[shown] == edge { exact.distinct += Int(step) }
    }
  }

  private mutating func changeKind(_ kind: Int, by step: Int32) {
    kindsByCandidate[Int(kinds[kind].candidate) + 1] += step
    var flags = kinds[kind].flags
    while flags != 0 {
      kindsByFlag[flags.trailingZeroBitCount] += step
      flags &= flags &- 1
    }
    claims.change(kind, by: step)
  }

  /// What is wrong with the chains of the tokens that count.
  var chainFlags: UInt32 {
    var flags: UInt32 = 0
    for bit in 0..<32 where kindsByFlag[bit] > 0 { flags |= 1 << UInt32(bit) }
    return flags & AttributionFlags.ofChain.rawValue
  }

  /// The number, among `agreements`, of what the tokens that count agree on: the text shown, the best of
  /// the candidates that gave it, all flags, and the claims that are equal in all. New ones are added, with
  /// their text in `text`.
  mutating func agreement(
    of policies: [Int], text: inout ByteBuffer,
    _ agreements: inout FlatArray<Agreement>
  ) -> Int {
    var candidate = -1
    for place in 1..<max(kindsByCandidate.count, 1) where kindsByCandidate[place] > 0 {
      candidate = place - 1
      break
    }
    var flags: UInt32 = 0
    for bit in 0..<32 where kindsByFlag[bit] > 0 { flags |= 1 << UInt32(bit) }
    let kind = kinds[Int(kindOfShown[Int(tolerantShown)])]
    composed.removeAll()
    withUnsafeBytes(of: (Int32(candidate), flags)) {
      composed.append($0.bindMemory(to: UInt8.self))
    }
    let header = composed.count
    composed.append(ByteView(start: kind.display, count: Int(kind.displayCount)))
    let claimsStart = composed.count
    claims.appendCommon(to: &composed)
    let number = agreed.insert(composed.view)
    if number < agreements.count { return number }
    agreements.append(
      Agreement(
        policy: candidate < 0 ? -1 : Int16(policies[candidate]), candidate: Int16(candidate),
        flags: flags, display: text.count, displayCount: kind.displayCount,
        claimsCount: UInt32(composed.count - claimsStart)))
    text.append(ByteView(rebasing: composed.view[header...]))
    return number
  }
}

extension Callers.Tokens {
  fileprivate mutating func change(_ position: Int, by step: Int) {
    count += step
    positions ^= position
  }
}

extension FlatArray where Element: FixedWidthInteger {
  init(zeros count: Int) {
    self.init(capacity: count)
    append(repeating: 0, count: count)
  }
}
