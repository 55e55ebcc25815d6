internal import Bytes

/// Whether inference is barred at one moment of a timeline: if one of the tokens that count is shown by a
/// policy that infers nothing, or whose claim store does not cover the moment.
struct InferenceBars: ~Copyable {
  private struct Boundary {
    var time: Int64
    var policy: Int
    var isBarred: Bool
  }

  /// By policy, those that no policy shows first.
  private var isBarred: [Bool]
  private var tolerantTokens: [Int]
  private var exactTokens: [Int]
  /// Policies that are barred and of which tokens count.
  private var tolerantBars = 0
  private var exactBars = 0
  private var boundaries: [Boundary] = []
  private var passed = 0

  init(_ inferences: [Inference]) {
    isBarred = inferences.map { !$0.isAllowed || $0.covers.since != nil || $0.covers.isEmpty }
    tolerantTokens = Array(repeating: 0, count: inferences.count)
    exactTokens = tolerantTokens
    for (policy, inference) in inferences.enumerated()
    where inference.isAllowed && !inference.covers.isEmpty {
      if let since = inference.covers.since {
        boundaries.append(Boundary(time: since.microseconds, policy: policy, isBarred: false))
      }
      if let until = inference.covers.until {
        boundaries.append(Boundary(time: until.microseconds, policy: policy, isBarred: true))
      }
    }
    boundaries.sort { $0.time < $1.time }
  }

  /// True if a token that counts bars it, with the tolerance for clocks, and without.
  var isTolerantBarred: Bool { tolerantBars > 0 }
  var isExactBarred: Bool { exactBars > 0 }

  /// When the cover of a policy begins or ends next; nil if none does any more.
  var next: Int64? { passed < boundaries.count ? boundaries[passed].time : nil }

  /// Passes the boundaries at `time`.
  mutating func pass(_ time: Int64) {
    while let next, next == time {
      let boundary = boundaries[passed]
      passed += 1
      guard isBarred[boundary.policy] != boundary.isBarred else { continue }
      isBarred[boundary.policy] = boundary.isBarred
      let step = boundary.isBarred ? 1 : -1
      if tolerantTokens[boundary.policy] > 0 { tolerantBars += step }
      if exactTokens[boundary.policy] > 0 { exactBars += step }
    }
  }

  /// A token that `policy` shows (-1 is none) counts from now on (1), or no longer (-1).
  mutating func change(_ policy: Int, _ sets: Callers.Sets, by step: Int) {
    let policy = policy + 1
    if sets != .exact {
      let before = tolerantTokens[policy]
      tolerantTokens[policy] += step
      if isBarred[policy], min(before, before + step) == 0 { tolerantBars += step }
    }
    if sets != .tolerant {
      let before = exactTokens[policy]
      exactTokens[policy] += step
      if isBarred[policy], min(before, before + step) == 0 { exactBars += step }
    }
  }
}
