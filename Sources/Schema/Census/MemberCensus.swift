internal import Bytes
internal import JSONText

/// Which members the events of an archive have, how many events have each, and what their values are.
///
/// Names are kept in the order in which they came; what is too much is counted, and said.
final class MemberCensus {
  /// Names that are told apart.
  static let mostNames = 10_000
  /// Bytes of the longest name that is kept.
  static let longestName = 128

  private struct Tally: BitwiseCopyable {
    var events = 0
    var shapes: UInt8 = 0
  }

  private var names = ByteTable<Tally>()
  private var plain = ByteBuffer(capacity: 64)
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
    return count(plain.view, Tally(events: 1, shapes: shape.rawValue))
  }

  private func count(_ name: ByteView, _ tally: Tally) -> Bool {
    guard var known = names.find(name) else {
      guard names.count < MemberCensus.mostNames else { return false }
      names.insert(name, tally)
      return true
    }
    known.events += tally.events
    known.shapes |= tally.shapes
    names.update(name, known)
    return true
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
      if !count(other.names.key(number), tally) { unnamed += tally.events }
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
