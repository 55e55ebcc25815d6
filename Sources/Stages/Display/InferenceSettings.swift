internal import Bytes
internal import Settings
internal import Trail

extension Inference {
  /// What an object says about inference, the stage itself or one of its policies: `infer`, or `session`
  /// alone, which leaves the rest as `standard` has it. Nil if it says nothing.
  init?(_ settings: Settings, otherwise standard: Inference) throws {
    let session = try Inference.session(settings)
    guard let infer = try settings.object("infer") else {
      guard let session else { return nil }
      self = standard
      self.session = session
      return
    }
    if session != nil {
      throw settings.error(
        "session", "stands beside \"infer\": write it inside, infer: { session: … }")
    }
    let covers = try Inference.covers(infer)
    self = .on(session: try Inference.session(infer) ?? 0, covers: covers)
    try infer.finish()
  }

  private static func session(_ settings: Settings) throws -> Int64? {
    guard settings.has("session") else { return nil }
    return Int64(try settings.duration("session", range: 0...Inference.longestSession)) * 1_000_000
  }

  private static func covers(_ infer: Settings) throws -> TimeWindow {
    guard let entry = try infer.object("covers") else { return TimeWindow() }
    let window = TimeWindow(since: try entry.time("since"), until: try entry.time("until"))
    try entry.finish()
    if window.isEmpty { throw infer.error("covers", "ends before it begins") }
    return window
  }
}

/// What becomes of claims whose token does not hold at the event's time.
enum TokenTime: String, CaseIterable {
  /// They are shown, and the event is flagged.
  case flag
  /// They are kept, never shown, and the event is flagged.
  case require
}
