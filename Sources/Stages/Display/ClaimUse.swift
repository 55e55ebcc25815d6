internal import Settings
internal import Synchronization
internal import Trail

/// Tells which claims of `show` and `retain` were in no claims at all: such a name may be misspelt.
final class ClaimUse: StageResult, Sendable {
  private let policies: DisplayPolicies
  private let seen: Mutex<SeenClaims>

  init(_ policies: DisplayPolicies) {
    self.policies = policies
    seen = Mutex(SeenClaims(policies))
  }

  /// Takes in what a reader saw. Any worker may call it.
  func add(_ other: SeenClaims) {
    guard other.isAny else { return }
    seen.withLock { $0.add(other) }
  }

  var report: [ReportLine] {
    let seen = seen.withLock { $0 }
    let missing = seen.missing(policies)
    guard seen.isAny, !missing.isEmpty else { return [] }
    let names = missing.map { name in
      nearest(name, in: seen.others).map { "\(name) (did you mean \($0)?)" } ?? name
    }
    return [ReportLine("claims never found", names.joined(separator: ", "))]
  }
}
