internal import Bytes

/// An event that a report embeds whole.
struct EventDetail {
  /// What an event is worth beside others: signalled ones more than others, then newer ones. (An event
  /// without a time is the oldest.)
  struct Worth: Comparable {
    var isSignalled: Bool
    var time: Int64
    var part: Int
    var line: Int

    static func < (left: Worth, right: Worth) -> Bool {
      if left.isSignalled != right.isSignalled { return right.isSignalled }
      return (left.time, left.part, left.line) < (right.time, right.part, right.line)
    }
  }

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

  var worth: Worth {
    Worth(
      isSignalled: codes.signals != NameTable.nothing, time: time ?? .min, part: part, line: line)
  }
}

/// The events worth most that fit a budget of bytes: all that are worth more than some event with which they
/// would not. So they are the same in whatever order events come, and from whomever.
///
/// A heap that has the one worth least on top.
struct EventDetails {
  /// What an event costs beside its text.
  private static let overhead = 60

  private let budget: Int
  private let longest: Int
  private var heap: [EventDetail] = []
  /// Bytes in the page of those that are held.
  private(set) var bytes = 0
  /// No event fits that is worth no more; nil as long as all do.
  private(set) var floor: EventDetail.Worth?

  /// Events up to `budget` bytes; of those longer than `longest` without their text. None that is worth no
  /// more than `floor`.
  init(budget: Int, longest: Int, floor: EventDetail.Worth? = nil) {
    self.budget = budget
    self.longest = longest
    self.floor = floor
  }

  /// Takes in an event if it is worth more than what it displaces.
  mutating func add(
    _ codes: EventCodes, time: Int64?, part: Int, line: Int, text: ByteView
  ) {
    guard budget > 0 else { return }
    var detail = EventDetail(
      codes: codes, time: time, part: part, line: line, text: [], cost: EventDetails.overhead)
    let worth = detail.worth
    if let floor, worth <= floor { return }
    if text.count <= min(longest, budget) {
      let cost = detail.cost + EventDetails.escapedCount(text)
      if cost <= budget {
        if bytes + cost > budget, let least = heap.first, worth < least.worth {
          floor = worth
          return
        }
        detail.text = Array(text)
        detail.cost = cost
      }
    }
    push(detail)
    fit()
  }

  /// Takes in what others have of other events, under new numbers.
  mutating func take(_ others: EventDetails, _ numbers: Renumbering) {
    if let theirs = others.floor, floor.map({ $0 < theirs }) ?? true { floor = theirs }
    while let least = heap.first, let floor, least.worth <= floor { pop() }
    for detail in others.heap {
      if let floor, detail.worth <= floor { continue }
      var detail = detail
      detail.codes = numbers.renumbered(detail.codes)
      push(detail)
      fit()
    }
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

  private mutating func fit() {
    while bytes > budget, let least = heap.first {
      floor = least.worth
      pop()
    }
  }

  private mutating func push(_ detail: EventDetail) {
    bytes += detail.cost
    heap.append(detail)
    var at = heap.count - 1
    while at > 0, heap[at].worth < heap[(at - 1) / 2].worth {
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
      where child < heap.count && heap[child].worth < heap[least].worth {
        least = child
      }
      if least == at { return }
      heap.swapAt(at, least)
      at = least
    }
  }
}
