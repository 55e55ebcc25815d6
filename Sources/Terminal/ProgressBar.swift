internal import Bytes
internal import Platform
internal import Synchronization

/// One line on standard error that says how far a run is: records, speed, and the time that is left where the
/// size of the input is known. It is drawn anew once a second even where nothing comes, so that what it says
/// is true. Any thread may draw it or end it.
package final class ProgressBar: Sendable {
  private struct State {
    var records = 0
    var bytes = 0
    var speed: ReadingSpeed
    var lastDrawn = 0.0
    var isShown = false
    var isTicking = false
    var hasEnded = false
  }

  private static let interval = 0.1
  private static let longestTime = 359_999.0
  /// Bytes of all inputs; nil where they are not known.
  private let total: Int?
  private let state: Mutex<State>

  package init(total: Int?) {
    self.total = total
    state = Mutex(State(speed: ReadingSpeed(start: MonotonicClock.seconds)))
  }

  /// Takes note of what was read so far, and draws the line anew, at most ten times a second. The first call
  /// starts a thread, and so has to come when the process has settled who gets its signals.
  package func update(records: Int, bytes: Int) {
    let startsTicking = state.withLock { state in
      state.records = records
      state.bytes = bytes
      let now = MonotonicClock.seconds
      if now - state.lastDrawn >= ProgressBar.interval { draw(&state, now) }
      defer { state.isTicking = true }
      return !state.isTicking
    }
    if startsTicking { Ticker.start { [self] in tick() } }
  }

  /// Draws the line; false if it has ended.
  private func tick() -> Bool {
    state.withLock { state in
      draw(&state, MonotonicClock.seconds)
      return !state.hasEnded
    }
  }

  private func draw(_ state: inout State, _ now: Double) {
    guard !state.hasEnded else { return }
    state.lastDrawn = now
    state.isShown = true
    state.speed.take(state.bytes, at: now)
    let line = ProgressBar.text(
      records: state.records, bytes: state.bytes, of: total, speed: state.speed.bytesPerSecond,
      idle: state.speed.idleSeconds(at: now))
    Console.error("\r\u{1B}[K" + line.prefix(max(1, Process.terminalColumns - 1)))
  }

  /// Calls `body`, which writes lines to the terminal, without the line; it is drawn again when more was
  /// read.
  package func whileRemoved(_ body: () throws -> Void) rethrows {
    try state.withLock { state in
      if state.isShown { Console.error("\r\u{1B}[K") }
      state.isShown = false
      try body()
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

  /// The line: where `total` bytes are known with a bar, the share and the time that is left; where nothing
  /// has come for `idle` seconds with these instead of a speed.
  static func text(
    records: Int, bytes: Int, of total: Int?, speed: Double, idle: Int? = nil
  ) -> String {
    let figures = "\(Figures.grouped(records)) records  \(Figures.size(bytes))  "
    let pace = idle.map { "waiting for \(clock($0))" } ?? "\(Figures.size(Int(speed)))/s"
    guard let total, total > 0 else { return figures + pace }
    let share = min(1, Double(bytes) / Double(total))
    let filled = Int(share * 20)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    let line = "\(bar) \(Int(share * 100)) %  \(figures)\(pace)"
    guard idle == nil, speed > 0 else { return line }
    let seconds = (Double(max(0, total - bytes)) / speed).rounded(.up)
    return "\(line)  \(clock(Int(min(seconds, longestTime)))) left"
  }

  private static func clock(_ seconds: Int) -> String {
    let minutes = seconds / 60
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return minutes < 60
      ? "\(minutes):\(two(seconds % 60))"
      : "\(minutes / 60):\(two(minutes % 60)):\(two(seconds % 60))"
  }
}
