extension Recovery {
  /// Where the item stands.
  enum Surroundings {
    /// Among values, whatever lies between them.
    case values
    /// In an array behind which lines may follow, if it was torn: longest line that is looked at, and whether
    /// the item begins where a line does.
    case arrayInLines(longest: Int, isAtLine: Bool)
    /// In lines: a line feed ends what cannot be told by brackets. Longest item of several lines.
    case lines(longest: Int)
  }

  /// What the item is.
  enum Kind {
    case value
    /// An object with which nothing is wrong but that the input ends in it: all the rest is its own.
    case cut
    /// No value: brackets in it tell nothing.
    case words
  }

  /// How the item's end is looked for.
  struct Rules {
    var surroundings = Surroundings.values
    var kind = Kind.value
    /// What records before it began with.
    var names = FirstNames()
    /// Bytes that a `ChainProbe` has to look at.
    var reach = 0
    /// Bytes that it looks at, at most.
    var longestChain: Int
    /// The array that has ended before the item.
    var closedArray: ClosedArray?

    var isInLines: Bool { if case .lines = surroundings { true } else { false } }

    /// Line feeds may end the item.
    var looksAtLines: Bool { if case .values = surroundings { false } else { true } }
  }
}
