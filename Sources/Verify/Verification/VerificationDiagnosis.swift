internal import Bytes
internal import Disk

/// Says what was done to the files: one finding for one thing that was done.
struct VerificationDiagnosis {
  private var discrepancies: [Discrepancy]
  /// Files that no manifest speaks of, and their digests where they were read.
  private var extras: [String: Digest256?]
  private var findings: [VerificationFinding] = []
  /// The files that no manifest speaks of, by what they hold, the first path at the end.
  private var strays: [Digest256: [String]] = [:]
  /// The first covered file that holds what is not its own, by that.
  private var misplaced: [Digest256: String] = [:]

  init(_ discrepancies: [Discrepancy], extras: [String: Digest256?]) {
    self.discrepancies = discrepancies.sorted { precedesInBytes($0.path, $1.path) }
    self.extras = extras
  }

  /// What was done, in no order. `known` names a covered file with a digest.
  mutating func diagnose(known: [Digest256: String]) -> [VerificationFinding] {
    pairSwaps()
    sortByContent()
    var known = known
    for discrepancy in discrepancies {
      if let genuine = discrepancy.genuine { known[genuine] = known[genuine] ?? discrepancy.path }
    }
    for discrepancy in discrepancies { report(discrepancy, known) }
    for (path, digest) in extras {
      let original = digest.flatMap { $0 }.flatMap { known[$0] }
      add(.added, path, "nothing", original.map { "a copy of \($0)" } ?? "a file of no manifest")
    }
    return findings
  }

  private mutating func add(
    _ kind: VerificationFinding.Kind, _ path: String, _ expected: String, _ found: String
  ) {
    findings.append(
      VerificationFinding(kind: kind, path: path, expected: expected, found: found))
  }

  /// Takes out pairs of which each has the other's content.
  private mutating func pairSwaps() {
    var holders: [Digest256: [Int]] = [:]
    for (index, discrepancy) in discrepancies.enumerated() {
      if let actual = discrepancy.actual { holders[actual, default: []].append(index) }
    }
    var paired: Set<Int> = []
    for (index, one) in discrepancies.enumerated() where !paired.contains(index) {
      guard let genuine = one.genuine, let actual = one.actual else { continue }
      let other = holders[genuine]?.first {
        $0 != index && !paired.contains($0) && discrepancies[$0].genuine == actual
      }
      guard let other else { continue }
      paired.formUnion([index, other])
      add(.swapped, one.path, one.expected, "the content of \(discrepancies[other].path)")
    }
    discrepancies = discrepancies.enumerated().filter { !paired.contains($0.offset) }
      .map(\.element)
  }

  private mutating func report(_ discrepancy: Discrepancy, _ known: [Digest256: String]) {
    if discrepancy.kind == .missing, let genuine = discrepancy.genuine,
      let place = place(of: genuine)
    {
      extras[place] = nil
      return add(.moved, discrepancy.path, discrepancy.expected, place)
    }
    var found = discrepancy.found
    if let actual = discrepancy.actual, let original = known[actual], original != discrepancy.path {
      found = "a copy of \(original)"
    }
    add(discrepancy.kind, discrepancy.path, discrepancy.expected, found)
  }

  private mutating func sortByContent() {
    for path in extras.keys.sorted(by: { precedesInBytes($1, $0) }) {
      guard let digest = extras[path] ?? nil else { continue }
      strays[digest, default: []].append(path)
    }
    for discrepancy in discrepancies {
      guard let actual = discrepancy.actual, misplaced[actual] == nil else { continue }
      misplaced[actual] = discrepancy.path
    }
  }

  /// Where content lies that is not where it should be: under a name that no manifest knows, which nothing
  /// else is said to have got, or in the place of something else.
  private mutating func place(of digest: Digest256) -> String? {
    strays[digest]?.popLast() ?? misplaced[digest]
  }
}
