/// New numbers of names, by dimension and old number. Dimensions that it says nothing of keep theirs.
struct Renumbering {
  private var new: [(dimension: Dimension, numbers: [UInt16])] = []

  /// Gives the names of a dimension new numbers.
  mutating func set(_ dimension: Dimension, _ numbers: [UInt16]) {
    new.append((dimension, numbers))
  }

  /// The new number of a name.
  subscript(dimension: Dimension, number: UInt16) -> UInt16 {
    new.first { $0.dimension == dimension }?.numbers[Int(number)] ?? number
  }

  /// What an event is counted under then.
  func renumbered(_ codes: EventCodes) -> EventCodes {
    var codes = codes
    for (dimension, numbers) in new { codes[dimension] = numbers[Int(codes[dimension])] }
    return codes
  }
}
