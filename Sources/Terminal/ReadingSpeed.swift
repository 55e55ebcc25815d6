/// How fast something is read: in the last seconds, not since the beginning, for what stands still is not
/// fast.
struct ReadingSpeed {
  /// Seconds that count.
  static let span = 5.0

  /// Bytes that had been read at moments of the last seconds, and at one before them.
  private var samples: [(time: Double, bytes: Int)] = []
  /// When something came last.
  private var lastChange: Double

  /// Nothing is read yet at `time`, in seconds.
  init(start time: Double) {
    samples = [(time, 0)]
    lastChange = time
  }

  /// Takes note that `bytes` have been read in all by `time`.
  mutating func take(_ bytes: Int, at time: Double) {
    if let last = samples.last, bytes > last.bytes { lastChange = time }
    samples.append((time, bytes))
    while samples.count > 2, samples[1].time <= time - ReadingSpeed.span { samples.removeFirst() }
  }

  /// Bytes a second.
  var bytesPerSecond: Double {
    guard let first = samples.first, let last = samples.last, last.time > first.time else {
      return 0
    }
    return Double(last.bytes - first.bytes) / (last.time - first.time)
  }

  /// Seconds for which nothing has come; nil while it is less than two.
  func idleSeconds(at time: Double) -> Int? {
    let idle = time - lastChange
    return idle >= 2 ? Int(min(idle, 359_999)) : nil
  }
}
