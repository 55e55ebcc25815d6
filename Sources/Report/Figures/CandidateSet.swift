internal import Bytes
internal import JSONText
internal import Search
internal import Trail

/// Those who an event could have been made by, as the text that it is counted under: a JSON array of the
/// names that the event has, and behind them a number if it could have been so many others.
struct CandidateSet: ~Copyable {
  private var buffer = ByteBuffer(capacity: 256)

  /// The set of an event, valid until the next; nil if it has none.
  mutating func text(of event: ArchivedEvent) -> ByteView? {
    buffer.removeAll()
    var named = 0
    _ = event.anyCandidate { name in
      buffer.append(named == 0 ? "[" : ",")
      JSONString.append(quoting: name, to: &buffer)
      named += 1
      return false
    }
    guard named > 0 else { return nil }
    let total = max(event.candidatesTotal ?? 0, named)
    if total > named {
      buffer.append(",")
      buffer.append(decimal: total - named)
    }
    buffer.append("]")
    return buffer.view
  }
}
