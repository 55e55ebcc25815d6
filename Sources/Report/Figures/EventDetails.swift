internal import Bytes

/// An event that a report embeds whole.
struct EventDetail {
  var codes: EventCodes
  /// Microseconds since 1970.
  var time: Int64?
  /// The number of the part, and of the line in it from 1 on.
  var part: Int
  var line: Int
  /// As archived; empty if it is too long to embed.
  var text: [UInt8]
  /// Bytes in the page.
  var cost: Int

  /// Signalled events are kept before others, then newer ones. (An event without a time is the oldest.)
  fileprivate func isWorthLess(than other: EventDetail) -> Bool {
    let isSignalled = codes.signals != NameTable.nothing
    let isOtherSignalled = other.codes.signals != NameTable.nothing
    if isSignalled != isOtherSignalled { return !isSignalled }
    let (mine, theirs) = (time ?? .min, other.time ?? .min)
    if mine != theirs { return mine < theirs }
    return (part, line) < (other.part, other.line)
  }
}

/// The events that fit a budget of bytes: a heap that has the one worth least on top.
struct EventDetails {
  /// What an event costs beside its text.
  private static let overhead = 60

  private let budget: Int
  private let longest: Int
  private var heap: [EventDetail] = []
  private(set) var bytes = 0
  /// Events that were embedded without their text.
  private(set) var cut = 0

  init(budget: Int, longest: Int) {
    self.budget = budget
    self.longest = longest
  }

  /// Takes in an event if it is worth more than what it displaces.
  mutating func add(
    _ codes: EventCodes, time: Int64?, part: Int, line: Int, text: ByteView
  ) {
    guard budget > 0 else { return }
    let isLong = text.count > longest
    var detail = EventDetail(
      codes: codes, time: time, part: part, line: line, text: [], cost: EventDetails.overhead)
    if bytes + text.count > budget, let least = heap.first, detail.isWorthLess(than: least) {
      return
    }
    if !isLong {
      detail.text = Array(text)
      detail.cost += EventDetails.escapedCount(text)
    }
    push(detail)
    while bytes > budget, !heap.isEmpty { pop() }
  }

  /// All of them, the newest first.
  func newestFirst() -> [EventDetail] {
    heap.sorted {
      let (left, right) = ($0.time ?? .min, $1.time ?? .min)
      return left == right ? ($0.part, $0.line) > ($1.part, $1.line) : left > right
    }
  }

  /// Bytes of `text` as a string in a script.
  private static func escapedCount(_ text: ByteView) -> Int {
    var count = text.count
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): count += 1
      case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): count += 5
      default: break
      }
    }
    return count
  }

  private mutating func push(_ detail: EventDetail) {
    bytes += detail.cost
    heap.append(detail)
    var at = heap.count - 1
    while at > 0, heap[at].isWorthLess(than: heap[(at - 1) / 2]) {
      heap.swapAt(at, (at - 1) / 2)
      at = (at - 1) / 2
    }
  }

  private mutating func pop() {
    bytes -= heap[0].cost
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var at = 0
    while true {
      var least = at
      for child in [2 * at + 1, 2 * at + 2]
      where child < heap.count && heap[child].isWorthLess(than: heap[least]) {
        least = child
      }
      if least == at { return }
      heap.swapAt(at, least)
      at = least
    }
  }
}
