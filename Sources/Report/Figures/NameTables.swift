/// The names that events have, of each dimension but the kind.
struct NameTables {
  let actors, keys, actions, accounts, resources, addresses: NameTable
  let froms, matches, flags, signals, candidates: NameTable
  /// By dimension.
  let all: [(dimension: Dimension, table: NameTable)]

  /// Tables as large as a report may have them, or with room for all names of a chunk.
  init(_ limits: ReportLimits, ofChunk: Bool = false) {
    func table(_ limit: Int, _ longest: Int = limits.nameBytes) -> NameTable {
      NameTable(limit: ofChunk ? .max : limit, longest: longest)
    }
    actors = table(limits.names)
    keys = table(limits.names)
    actions = table(limits.names)
    accounts = table(limits.names)
    resources = table(limits.names)
    addresses = table(limits.names)
    froms = table(limits.sets)
    matches = table(limits.sets)
    flags = table(limits.sets)
    signals = table(limits.sets)
    candidates = table(limits.candidateSets, limits.candidateBytes)
    all = [
      (.actor, actors), (.key, keys), (.action, actions), (.account, accounts),
      (.resource, resources), (.address, addresses), (.from, froms), (.match, matches),
      (.flags, flags), (.signals, signals), (.candidates, candidates),
    ]
  }

  /// The names of a dimension; nil for the kind, which has numbers of its own.
  subscript(dimension: Dimension) -> NameTable? {
    all.first { $0.dimension == dimension }?.table
  }

  /// Counts an event.
  func count(_ codes: EventCodes, at time: Int64?) {
    actors.count(codes.actor, at: time)
    keys.count(codes.key, at: time)
    actions.count(codes.action, at: time)
    accounts.count(codes.account, at: time)
    resources.count(codes.resource, at: time)
    addresses.count(codes.address, at: time)
    froms.count(codes.from, at: time)
    matches.count(codes.match, at: time)
    flags.count(codes.flags, at: time)
    signals.count(codes.signals, at: time)
    candidates.count(codes.candidates, at: time)
  }

  /// Takes in names that others have counted, in the order in which they came; returns what numbers they have
  /// here.
  func take(_ others: NameTables) -> Renumbering {
    var numbers = Renumbering()
    for (own, other) in zip(all, others.all) {
      numbers.set(own.dimension, own.table.take(other.table))
    }
    return numbers
  }
}
