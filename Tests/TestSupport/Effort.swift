import Foundation

/// How much of what is alike a test tries.
package enum Effort {
  /// `TRAILMILL_EXHAUSTIVE=1` asks for all of it, which takes minutes.
  package static let isExhaustive =
    ProcessInfo.processInfo.environment["TRAILMILL_EXHAUSTIVE"] == "1"

  /// Pairs of different elements, in their order: all of them, or those that are the first of their
  /// kind, and one in `share` of the others.
  package static func pairs<Element, Kind: Hashable>(
    of elements: [Element], oneIn share: Int, isExhaustive: Bool = Effort.isExhaustive,
    kind: (Element, Element) -> Kind
  ) -> [(Element, Element)] {
    var kinds: Set<Kind> = []
    var others = 0
    var pairs: [(Element, Element)] = []
    for (index, one) in elements.enumerated() {
      for other in elements[(index + 1)...] {
        if !kinds.insert(kind(one, other)).inserted {
          others += 1
          guard isExhaustive || others % share == 0 else { continue }
        }
        pairs.append((one, other))
      }
    }
    return pairs
  }
}
