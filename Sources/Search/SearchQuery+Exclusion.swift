internal import Bytes
internal import JSONText
internal import Trail

// What a question rules out before an event is read: members by the terms that the index has of their events,
// parts and members by their times, text by bytes that are not in it.

extension SearchQuery {
  typealias Pointers = [Role: [JSONPointer]]

  /// A term that an event has to have.
  struct Term: Sendable {
    var value: UInt64
    var isBlock = false
    /// True if indexes of earlier versions have it only of some events that answer.
    var isNew = false
  }

  /// False if the index can rule out nothing of events whose vendor keeps things at `pointers`, and to which
  /// `added` was added.
  func canUseIndex(_ pointers: Pointers, _ added: AddedMembers) -> Bool {
    window.isBounded || !terms(pointers, added).isEmpty
  }

  /// Terms of each of which every event that answers has one, where the vendor keeps things at `pointers` and
  /// `added` was added. A pattern has none, nor has an empty text, nor what must not hold.
  func terms(_ pointers: Pointers, _ added: AddedMembers) -> [[Term]] {
    conditions.flatMap { condition -> [[Term]] in
      switch condition {
      case .not: []
      case .field(.candidate, let glob): SearchQuery.candidateTerms(glob.literal)
      case .field(let field, let glob): SearchQuery.terms([field], glob.literal)
      case .identity(let glob): SearchQuery.terms([.actor, .key], glob.literal)
      case .address(let block, _): SearchQuery.terms(block)
      case .pointer(let pointer, let glob):
        SearchQuery.terms(pointer, glob.literal, pointers, added)
      case .text(let pointer, let text): SearchQuery.terms(pointer, text, pointers, added)
      }
    }
  }

  private static func terms(_ fields: [SearchField], _ text: String?) -> [[Term]] {
    guard var text, !text.isEmpty else { return [] }
    return [
      fields.map { field in
        // Of keys that events name themselves indexes know only since they have a second format.
        Term(value: text.withUTF8 { SearchTerm.term(field, $0) }, isNew: field == .key)
      }
    ]
  }

  /// Of events that name the candidate, and of those that have more than they name, which are counted.
  private static func candidateTerms(_ text: String?) -> [[Term]] {
    terms([.candidate], text).map { $0 + [Term(value: SearchTerm.unnamedCandidates)] }
  }

  private static func terms(_ block: AddressBlock) -> [[Term]] {
    // A block is inside of those that are larger. IPv4 has its own, and one of IPv6 that all of it lies
    // in has none that all of its addresses have.
    if block.length < 96, block.contains(AddressBlock.firstIPv4) { return [] }
    return SearchTerm.blockLengths
      .filter { $0 <= block.length && ($0 > 96) == block.first.isIPv4 }
      .map { length in
        let larger = AddressBlock(of: block.first, length: length)
        return [Term(value: SearchTerm.term(larger), isBlock: true)]
      }
  }

  /// What stands at a pointer has terms where the index has them of that place: where the vendor keeps a role
  /// first of all, or where it was added.
  private static func terms(
    _ pointer: JSONPointer, _ text: String?, _ pointers: Pointers, _ added: AddedMembers
  ) -> [[Term]] {
    if pointer == added.pointer(to: .displayActor) { return terms([.actor], text) }
    if let key = added.pointer(to: .apiKey),
      pointer == key.appending("id") || pointer == key.appending("name")
    {
      return terms([.key], text)
    }
    for (role, field) in fields where pointers[role]?.first == pointer {
      if field == .address, var text, let address = text.withUTF8({ AddressBlock.Address($0) }) {
        return terms(AddressBlock(of: address, length: 128))
      }
      return terms([field], text)
    }
    return []
  }

  private static let fields: [(Role, SearchField)] = [
    (.actor, .actor), (.action, .action), (.resource, .resource), (.address, .address),
    (.account, .account),
  ]

  /// False if no event between two times can answer; `nil` if no event there has a time.
  func mayHold(_ times: (earliest: Int64, latest: Int64)?) -> Bool {
    guard window.isBounded else { return true }
    return times.map { window.mayMeet($0.earliest, $0.latest) } ?? false
  }

  /// The longest text that every answer has among its strings; nil if there is none.
  var needle: JSONNeedle? {
    let longest = conditions.compactMap(\.literal).max { $0.utf8.count < $1.utf8.count }
    return longest.flatMap { $0.utf8.count >= 3 ? JSONNeedle(Array($0.utf8)) : nil }
  }
}
