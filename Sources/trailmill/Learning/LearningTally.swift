internal import Trail

/// Counts what could not be learned, and names the first of it.
struct LearningTally {
  /// How many events that cannot be used are named.
  private static let mostNamed = 20

  /// Events that could not be used.
  private(set) var unusable = 0
  /// Events of which something could not be used.
  private(set) var partial = 0
  private var problems = 0
  private var named: [String] = []

  /// Takes in what is wrong with an event; `isUsed` says whether something was learned of it.
  mutating func add(_ found: [LearningProblem], isUsed: Bool, file: String, record: Int) {
    if !isUsed { unusable += 1 }
    if isUsed, !found.isEmpty { partial += 1 }
    for problem in found {
      problems += 1
      guard named.count < Self.mostNamed else { continue }
      let what = problem.isPartial ? "not all of an event was learned" : "an event was not learned"
      named.append("\(what): \(problem.reason): \(file), record \(record)")
    }
  }

  /// What could not be used: the first ones, and how many more there are.
  var messages: [String] {
    let rest = problems - named.count
    return named + (rest > 0 ? ["… and \(rest) more"] : [])
  }
}
