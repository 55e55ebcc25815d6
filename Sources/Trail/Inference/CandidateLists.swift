internal import Bytes
internal import JSONText

/// Those who it could have been, for each moment of a timeline at which tokens differ.
///
/// A list is kept once, however often it comes up: its text, a JSON array of the first few, and how many
/// there are.
struct CandidateLists: ~Copyable {
  struct List: BitwiseCopyable {
    var text: Int
    var count: UInt32
    var total: UInt32
    var flags: UInt32
  }

  /// What is shown, in the order of its text, by rank; each as a JSON string.
  private let texts: [ByteView]
  /// By the number of what is shown, its rank; -1 of what shows nobody.
  private let rankOfShown: [Int]
  private var present: RankSet
  private var lists = FlatArray<List>(capacity: 1)
  private var text = ByteBuffer()
  private var known = ByteKeys()
  private var composed = ByteBuffer()

  /// For things that are shown as the JSON strings `shown`, empty for nobody, which have to stay where they
  /// are.
  init(_ shown: [ByteView]) {
    let plain = shown.map { text in
      var buffer = ByteBuffer()
      if text.count > 2 {
        JSONString.unescape(ByteView(rebasing: text[1..<text.count - 1]), into: &buffer)
      }
      return buffer.bytes
    }
    let order = shown.indices.filter { !shown[$0].isEmpty }.sorted {
      plain[$0].lexicographicallyPrecedes(plain[$1])
    }
    var ranks = Array(repeating: -1, count: shown.count)
    for (rank, number) in order.enumerated() { ranks[number] = rank }
    rankOfShown = ranks
    texts = order.map { shown[$0] }
    present = RankSet(bound: order.count)
  }

  /// A thing that is shown counts from now on.
  mutating func insert(_ number: Int) {
    if rankOfShown[number] >= 0 { present.insert(rankOfShown[number]) }
  }

  /// A thing that is shown counts no longer.
  mutating func remove(_ number: Int) {
    if rankOfShown[number] >= 0 { present.remove(rankOfShown[number]) }
  }

  /// The number of the list of those that count, of whom there are `total`, with what is to be noted of them.
  mutating func current(total: Int, flags: UInt32) -> Int {
    composed.removeAll()
    composed.append(UInt8(ascii: "["))
    var named = 0
    var from = 0
    var last = ByteView(start: nil, count: 0)
    while named < ClaimAnswer.mostNamed, let rank = present.first(from: from) {
      from = rank + 1
      // Two that differ only in what was cleaned away have one text.
      if named > 0, last.elementsEqual(texts[rank]) { continue }
      last = texts[rank]
      if named > 0 { composed.append(UInt8(ascii: ",")) }
      composed.append(last)
      named += 1
    }
    composed.append(UInt8(ascii: "]"))
    let count = composed.count
    let total = UInt32(clamping: total)
    withUnsafeBytes(of: (total, flags)) { composed.append($0.bindMemory(to: UInt8.self)) }
    let number = known.insert(composed.view)
    if number == lists.count {
      lists.append(List(text: text.count, count: UInt32(count), total: total, flags: flags))
      text.append(ByteView(rebasing: composed.view[..<count]))
    }
    return number
  }

  /// Completes an answer by list `number`; valid as long as this is.
  func complete(_ answer: inout ClaimAnswer, _ number: Int) {
    let list = lists[number]
    answer.candidates = ByteView(
      start: UnsafePointer(text.base) + list.text, count: Int(list.count))
    answer.candidatesTotal = Int(list.total)
    answer.flags |= list.flags
  }
}
