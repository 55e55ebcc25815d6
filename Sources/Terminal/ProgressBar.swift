internal import Bytes
internal import Platform
internal import Synchronization

/// One line on standard error that says how far a run is: records, speed, and the time that is left where the
/// size of the input is known. Any thread may draw it or end it.
package final class ProgressBar: Sendable {
  private struct State {
    var last = 0.0
    var isShown = false
    var hasEnded = false
  }

  private static let interval = 0.1
  private static let longestTime = 359_999.0
  /// Bytes of all inputs; nil where they are not known.
  private let total: Int?
  private let start = MonotonicClock.seconds
  private let state = Mutex(State())

  package init(total: Int?) { self.total = total }

  /// Draws the line anew, at most ten times a second.
  package func update(records: Int, bytes: Int) {
    let now = MonotonicClock.seconds
    state.withLock { state in
      guard !state.hasEnded, now - state.last >= ProgressBar.interval else { return }
      state.last = now
      state.isShown = true
      let line = ProgressBar.text(records: records, bytes: bytes, of: total, seconds: now - start)
      Console.error("\r\u{1B}[K" + line.prefix(max(1, Process.terminalColumns - 1)))
    }
  }

  /// Removes the line, for good.
  package func end() {
    state.withLock { state in
      if state.isShown { Console.error("\r\u{1B}[K") }
      state.isShown = false
      state.hasEnded = true
    }
  }

  /// The line: where `total` bytes are known with a bar, the share and the time that is left.
  static func text(records: Int, bytes: Int, of total: Int?, seconds: Double) -> String {
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
