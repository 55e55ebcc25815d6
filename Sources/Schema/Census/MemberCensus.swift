internal import Bytes
internal import JSONText

/// Which members the events of an archive have, how many events have each, and what their values are.
///
/// Names are kept in the order in which they came. Where they become too many, the half that fewer events
/// have is dropped and counted: so nobody fills the room with names that come once. Of a name that comes
/// behind that nobody knows what its values were before.
final class MemberCensus {
  /// Names that are told apart at a time.
  static let mostNames = 10_000
  /// Bytes of the longest name that is kept.
  static let longestName = 128

  private struct Tally: BitwiseCopyable {
    var events = 0
    var shapes: UInt8 = 0

    /// What is known of a member where some of its values were not seen.
    var withUnknown: Tally { Tally(events: events, shapes: shapes | ValueShape.anything.rawValue) }
  }

  private var names = ByteTable<Tally>()
  private var plain = ByteBuffer(capacity: 64)
  /// False once names were dropped.
  private var isComplete = true
  /// Events that were looked at.
  private(set) var events = 0
  /// Members, counted in each event, whose names are too many, too long, or no Unicode.
  private(set) var unnamed = 0
  /// Bytes of the longest line.
  private(set) var longestLine = 0
  /// Events in which a string has half of a surrogate pair.
  private(set) var halfPairs = 0
  /// Events in which a number is beyond any double.
  private(set) var hugeNumbers = 0

  init() {}

  /// Takes a line in; false if it is no object.
  func add(_ line: ByteView) -> Bool {
    longestLine = max(longestLine, line.count)
    events += 1
    var walk = MemberWalk(line)
    var tooMuch = 0
    let isObject = walk.forEachMember { name, shape in
      if !count(name, shape) { tooMuch += 1 }
    }
    unnamed += tooMuch
    if walk.sight.hasHalfPair { halfPairs += 1 }
    if walk.sight.hasHugeNumber { hugeNumbers += 1 }
    return isObject
  }

  private func count(_ name: ByteView, _ shape: ValueShape) -> Bool {
    plain.removeAll()
    guard JSONString.unescape(name, into: &plain), plain.count <= MemberCensus.longestName else {
      return false
    }
    count(plain.view, Tally(events: 1, shapes: shape.rawValue))
    return true
  }

  private func count(_ name: ByteView, _ tally: Tally) {
    guard var known = names.find(name) else {
      if names.count >= MemberCensus.mostNames { dropHalf() }
      names.insert(name, isComplete ? tally : tally.withUnknown)
      return
    }
    known.events += tally.events
    known.shapes |= tally.shapes
    names.update(name, known)
  }

  /// Drops the names that the fewest events have, of equal ones those that came last.
  private func dropHalf() {
    let byCount = (0..<names.count).sorted { left, right in
      let (more, fewer) = (names[left].events, names[right].events)
      return more != fewer ? more > fewer : left < right
    }
    let kept = byCount.prefix(MemberCensus.mostNames / 2).sorted()
    var fewer = ByteTable<Tally>()
    for number in kept { fewer.insert(names.key(number), names[number]) }
    for number in byCount.dropFirst(kept.count) { unnamed += names[number].events }
    names = fewer
    isComplete = false
  }

  /// Takes in what was seen of events behind those that were looked at here.
  func add(_ other: MemberCensus) {
    events += other.events
    unnamed += other.unnamed
    longestLine = max(longestLine, other.longestLine)
    halfPairs += other.halfPairs
    hugeNumbers += other.hugeNumbers
    for number in 0..<other.names.count {
      let tally = other.names[number]
      count(other.names.key(number), tally)
    }
    guard !other.isComplete else { return }
    // What was dropped there may be any of those that are not there.
    isComplete = false
    for number in 0..<names.count where other.names.find(names.key(number)) == nil {
      names.update(names.key(number), names[number].withUnknown)
    }
  }

  /// The members, in the order in which they came.
  var members: [SeenMember] {
    var members: [SeenMember] = []
    for number in 0..<names.count {
      let tally = names[number]
      members.append(
        SeenMember(
          name: String(decoding: names.key(number), as: UTF8.self), events: tally.events,
          shapes: ValueShape(rawValue: tally.shapes)))
    }
    return members
  }
}

/// A member that events have.
struct SeenMember {
  let name: String
  /// Events that have it.
  let events: Int
  let shapes: ValueShape
}
