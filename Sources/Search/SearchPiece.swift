internal import History
internal import Archive
internal import Bytes

/// A piece of a part that may hold answers: one of its members, or all of it.
struct SearchPiece: Sendable {
  /// The number of the part.
  let part: Int
  /// Nil for the whole part.
  let member: IndexedMember?
  /// The number of its first line in the part, from 0.
  let firstLine: Int64
  /// No event in it that has a time is earlier or later, in microseconds since 1970; nil if none has one.
  let times: (earliest: Int64, latest: Int64)?

  fileprivate init(
    part: Int, member: IndexedMember, firstLine: Int64, times: (earliest: Int64, latest: Int64)?
  ) {
    self.part = part
    self.member = member
    self.firstLine = firstLine
    self.times = times
  }

  /// A part without an index that could be trusted.
  init(whole number: Int, _ part: LiveFile) {
    self.part = number
    member = nil
    firstLine = 0
    times =
      if let first = part.row.firstTime, let last = part.row.lastTime {
        (first.microseconds, last.microseconds)
      } else { nil }
  }
}

extension SearchPiece {
  /// A key that comes before those of all its events with a time.
  func firstKey(_ order: EventOrder) -> EventKey {
    let time = order == .newestFirst ? times?.latest : times?.earliest
    return EventKey(
      rank: EventKey.rank(order, time), rankedPart: Int32(clamping: part), rankedLine: firstLine)
  }
}

/// What the index of a part leaves.
struct PartPieces: Sendable {
  /// Members that the part has.
  let members: Int
  /// Those that may hold answers.
  private(set) var pieces: [SearchPiece] = []

  /// Asks the index of part `number`.
  init(_ number: Int, _ index: PartIndex, _ query: SearchQuery, _ terms: [[SearchQuery.Term]]) {
    members = index.count
    var line: Int64 = 0
    for place in 0..<index.count {
      let member = index.member(place)
      defer { line += Int64(member.records) }
      let times = member.earliest <= member.latest ? (member.earliest, member.latest) : nil
      guard query.mayHold(times),
        terms.allSatisfy({ alternatives in
          alternatives.contains {
            $0.isNew && !index.hasEventKeys
              || index.mayContain($0.value, isBlock: $0.isBlock, inMember: place)
          }
        })
      else { continue }
      pieces.append(
        SearchPiece(part: number, member: member, firstLine: line, times: times))
    }
  }
}
