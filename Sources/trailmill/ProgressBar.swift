/// One line on standard error that tells how far a run is: records, speed, and what is left where
/// the input's size is known.
struct ProgressBar {
  private static let interval = 0.1
  private let total: Int?
  private let start = Process.monotonicSeconds
  private var last = 0.0
  private var isShown = false

  init(total: Int?) { self.total = total }

  /// Draws anew, at most ten times a second.
  mutating func update(records: Int, bytes: Int) {
    let now = Process.monotonicSeconds
    guard now - last >= ProgressBar.interval else { return }
    last = now
    isShown = true
    let line = text(records: records, bytes: bytes, seconds: now - start)
    Console.error("\r\u{1B}[K" + line.prefix(max(20, Process.terminalColumns - 1)))
  }

  /// Takes the line away.
  mutating func clear() {
    if isShown { Console.error("\r\u{1B}[K") }
    isShown = false
  }

  private func text(records: Int, bytes: Int, seconds: Double) -> String {
    let speed = seconds > 0 ? Double(bytes) / seconds : 0
    let figures =
      "\(Summary.grouped(records)) records  \(Summary.size(bytes))  \(Summary.size(Int(speed)))/s"
    guard let total, total > 0 else { return figures }
    let share = min(1, Double(bytes) / Double(total))
    let filled = Int(share * 20)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    let left = speed > 0 ? Int((Double(max(0, total - bytes)) / speed).rounded(.up)) : 0
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
