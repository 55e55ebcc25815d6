public import Bytes

// What an event can be found by without being read is a set of terms: hashes of a kind and a text. The
// index of an archive holds them, so they have to come out the same for ever: FNV-1a over the bytes
// (Fowler, Noll, Vo), and the finalizer of MurmurHash3 over the sum. Two texts with the same term cost
// a look at an event in vain, and nothing else.

/// What a search asks about.
public enum SearchField: String, CaseIterable, Sendable {
  /// The display actor, the original actor, or a retained claim.
  case actor
  /// The id or the name of a key.
  case key
  /// What was done.
  case action
  /// What it was done to.
  case resource
  /// The address that it came from.
  case address = "ip"
  /// Whose event it is.
  case account
  /// What the event is a sign of.
  case signal
  /// One of those who it could have been, where nobody is named.
  case candidate
}

/// Terms of events and of questions.
public enum SearchTerm {
  /// Blocks of addresses that have terms of their own: a /16 and a /24 of IPv4, a /32 and a /48 of IPv6.
  public static let blockLengths = [16 + 96, 24 + 96, 32, 48]

  /// The term of events with more candidates than they name; no candidate has an empty name.
  public static let unnamedCandidates = term(.candidate, ByteView(start: nil, count: 0))

  private static let offset: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let prime: UInt64 = 0x0000_0100_0000_01B3

  /// The term of a text.
  public static func term(_ field: SearchField, _ text: ByteView) -> UInt64 {
    var hash = (offset ^ UInt64(field.mark)) &* prime
    for byte in text { hash = (hash ^ UInt64(byte)) &* prime }
    return mixed(hash)
  }

  /// The term of a block of addresses, of one of the lengths above.
  public static func term(_ block: AddressBlock) -> UInt64 {
    var hash = (offset ^ UInt64(block.length)) &* prime
    for word in [block.first.high, block.first.low] {
      for shift in stride(from: 56, through: 0, by: -8) {
        hash = (hash ^ (word >> UInt64(shift) & 0xFF)) &* prime
      }
    }
    return mixed(hash &+ 0x626C_6F63_6B)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var hash = value
    hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return hash ^ hash >> 33
  }

  /// Appends the terms of an event, and to `blocks` those of the blocks that its address lies in, which
  /// stand for the address too.
  public static func append(
    _ event: ArchivedEvent, to terms: inout FlatArray<UInt64>, blocks: inout FlatArray<UInt64>
  ) {
    appendAll(event, &terms, &blocks)
  }

  /// Appends the terms of a record that goes to an archive: those that its line will have.
  public static func append(
    _ event: RecordEvent, to terms: inout FlatArray<UInt64>, blocks: inout FlatArray<UInt64>
  ) {
    appendAll(event, &terms, &blocks)
  }

  private static func appendAll(
    _ event: some SearchedEvent, _ terms: inout FlatArray<UInt64>,
    _ blocks: inout FlatArray<UInt64>
  ) {
    func add(_ field: SearchField, _ text: ByteView?) {
      if let text, text.count > 0 { terms.append(term(field, text)) }
    }
    add(.actor, event.displayActor)
    add(.actor, event.value(.actor))
    _ = event.anyClaim {
      add(.actor, $0)
      return false
    }
    _ = event.anyKeyText {
      add(.key, $0)
      return false
    }
    add(.action, event.value(.action))
    add(.resource, event.value(.resource))
    add(.account, event.value(.account))
    _ = event.anySignal {
      add(.signal, $0)
      return false
    }
    _ = event.anyCandidate {
      add(.candidate, $0)
      return false
    }
    if event.couldBeUnnamed { terms.append(unnamedCandidates) }
    guard let text = event.value(.address) else { return }
    guard let address = AddressBlock.Address(text) else { return add(.address, text) }
    for length in blockLengths where (length > 96) == address.isIPv4 {
      blocks.append(term(AddressBlock(of: address, length: length)))
    }
  }
}

extension SearchField {
  /// Tells the fields apart in terms; never to be changed.
  fileprivate var mark: UInt8 {
    switch self {
    case .actor: 1
    case .key: 2
    case .action: 3
    case .resource: 4
    case .address: 5
    case .account: 6
    case .signal: 7
    case .candidate: 8
    }
  }
}
