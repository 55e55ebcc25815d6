internal import Bytes
internal import Pipeline
internal import Platform
internal import Synchronization

/// One line on standard error that tells how far a run is: records, speed, and what is left where
/// the input's size is known. Any thread may draw it or end it.
final class ProgressBar: RunProgress {
  private struct State {
    var last = 0.0
    var isShown = false
    var hasEnded = false
  }

  private static let interval = 0.1
  private static let longestTime = 359_999.0
  private let total: Int?
  private let start = MonotonicClock.seconds
  private let state = Mutex(State())

  init(total: Int?) { self.total = total }

  /// Draws anew, at most ten times a second.
  func update(records: Int, bytes: Int) {
    let now = MonotonicClock.seconds
    state.withLock { state in
      guard !state.hasEnded, now - state.last >= ProgressBar.interval else { return }
      state.last = now
      state.isShown = true
      let line = text(records: records, bytes: bytes, seconds: now - start)
      Console.error("\r\u{1B}[K" + line.prefix(max(1, Process.terminalColumns - 1)))
    }
  }

  /// Takes the line away, for good.
  func end() {
    state.withLock { state in
      if state.isShown { Console.error("\r\u{1B}[K") }
      state.isShown = false
      state.hasEnded = true
    }
  }

  private func text(records: Int, bytes: Int, seconds: Double) -> String {
    let speed = seconds > 0 ? Double(bytes) / seconds : 0
    let figures =
      "\(Figures.grouped(records)) records  \(Figures.size(bytes))  \(Figures.size(Int(speed)))/s"
    guard let total, total > 0 else { return figures }
    let share = min(1, Double(bytes) / Double(total))
    let filled = Int(share * 20)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    let seconds = speed > 0 ? (Double(max(0, total - bytes)) / speed).rounded(.up) : 0
    let left = Int(min(seconds, ProgressBar.longestTime))
    return "\(bar) \(Int(share * 100)) %  \(figures)  \(ProgressBar.clock(left)) left"
  }

  private static func clock(_ seconds: Int) -> String {
    let minutes = seconds / 60
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return minutes < 60
      ? "\(minutes):\(two(seconds % 60))"
      : "\(minutes / 60):\(two(minutes % 60)):\(two(seconds % 60))"
  }
}
