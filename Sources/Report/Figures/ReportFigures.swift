/// What is known of a key from the last event that told.
struct KeyFacts {
  var name = ""
  var type = ""
  var owner = ""
  /// A JSON value.
  var scopes = ""
}

/// A part that events came from.
struct ReportedPart {
  var path: String
  /// What the attribution of its events is called; nil if they cannot have one.
  var attribution: String?
}

/// The finished figures of a report, in an order that depends on the events alone.
package struct ReportFigures {
  /// A name, how many events it has and when.
  struct Named {
    var name: String
    var count: Int
    /// Microseconds since 1970.
    var first: Int64?
    var last: Int64?
    /// Not told apart in the counts, where it is one of "others".
    var isFolded = false
  }

  /// A count under new numbers.
  struct Cell {
    var codes: EventCodes
    var count: Int
  }

  let archive: ArchiveFacts
  let limits: ReportLimits
  let events: Int
  /// Events without a usable time.
  let timeless: Int
  let unreadable: Int
  /// Signals that belong to no event, the most frequent first.
  let signalsOfNoEvent: [(name: String, count: Int)]
  /// Microseconds since 1970.
  let first: Int64?
  let last: Int64?
  let filter: String
  /// Seconds of a stretch of time.
  let width: Int64
  /// By dimension: nothing, others, then the names, the most frequent first.
  let names: [Dimension: [Named]]
  /// By the number of a key.
  let keys: [KeyFacts]
  /// In the order of time, then of numbers.
  let cells: [Cell]
  /// The newest first.
  let details: [EventDetail]
  /// Parts that details come from.
  let parts: [ReportedPart]
  /// How many different names there are, listed or not; at most the limit.
  let distinct: [Dimension: Int]

  /// The events of "others", which no filter can tell apart.
  func folded(_ dimension: Dimension) -> Int {
    names[dimension].map { $0.count > 1 ? $0[1].count : 0 } ?? 0
  }
}
