internal import Bytes

/// Answers in memory.
final class AnswersInMemory: SortedAnswers {
  private struct Place {
    var key: EventKey
    var start: Int
    var count: Int
  }

  private var text = ByteBuffer(capacity: 16)
  private var places: [Place] = []
  private var next = 0
  /// Bytes held.
  var size: Int { text.count + places.count * MemoryLayout<Place>.stride }
  var count: Int { places.count }

  func append(_ line: ByteView, _ key: EventKey) {
    places.append(Place(key: key, start: text.count, count: line.count))
    text.append(line)
  }

  func sort() { places.sort { $0.key < $1.key } }

  var key: EventKey? { next < places.count ? places[next].key : nil }

  func take(_ body: (ByteView) throws -> Void) throws {
    let place = places[next]
    next += 1
    try body(ByteView(rebasing: text.view[place.start..<place.start + place.count]))
  }
}
