extension Recovery.Outcome {
  /// The outcome as it is told when the first `count` bytes are gone.
  func shifted(_ count: Int) -> Recovery.Outcome {
    switch self {
    case .needsMore(let place): .needsMore(place - count)
    case .ends(let place): .ends(place - count)
    case .breaks(let place): .breaks(place - count)
    case .endsLine(let place): .endsLine(place - count)
    case .resumes(let place): .resumes(place - count)
    case .resumesArray(let place): .resumesArray(place - count)
    case .restarts(let place): .restarts(place - count)
    case .rest: .rest
    }
  }

  /// How long the item is, of whose text `count` bytes are there.
  func length(_ count: Int) -> Int {
    switch self {
    case .needsMore(let place), .ends(let place), .breaks(let place), .endsLine(let place),
      .resumes(let place), .resumesArray(let place), .restarts(let place):
      place
    case .rest: count
    }
  }

  /// How far the item reaches, if it leaves in pieces.
  func reach(_ count: Int) -> Reach {
    switch self {
    case .needsMore(let place): Reach(count: place, isEnd: false)
    case .resumes(let place), .resumesArray(let place), .restarts(let place):
      Reach(count: place, isEnd: true, isResumed: true)
    case .ends, .breaks, .endsLine, .rest: Reach(count: length(count), isEnd: true)
    }
  }
}
