internal import Crypto
internal import Bytes
internal import Search

/// The different values that events have at one place, numbered as they come.
///
/// 0 is "nothing there", 1 is "others": what came when the table was full.
final class NameTable {
  static let nothing: UInt16 = 0
  static let others: UInt16 = 1
  private static let firstName: UInt16 = 2

  private let limit: Int
  private let longest: Int
  private var table = ByteKeys()
  private var long = ByteBuffer()
  private var marked = ByteBuffer()
  /// Numbers of what keys are called that could pass for somebody.
  private var imitating: Set<UInt16> = []
  /// By number: events, and the earliest and latest of them in microseconds.
  private(set) var counts: [Int] = [0, 0]
  private(set) var first: [Int64] = [.max, .max]
  private(set) var last: [Int64] = [.min, .min]

  init(limit: Int, longest: Int) {
    // Numbers have 16 bits.
    self.limit = min(limit, 60_000)
    self.longest = longest
  }

  /// How many numbers there are.
  var count: Int { counts.count }

  /// The number of a value. Empty text is nothing.
  func number(_ text: ByteView) -> UInt16 {
    guard !text.isEmpty else { return NameTable.nothing }
    guard text.count > longest else { return numberAsIs(text) }
    shorten(text)
    return numberAsIs(long.view)
  }

  /// The number of what a key is called, which is another than that of somebody who is called so; `imitates`
  /// if it could pass for somebody.
  func number(ofKey name: ByteView, imitates: Bool) -> UInt16 {
    guard !name.isEmpty else { return NameTable.nothing }
    marked.removeAll()
    if name.count > longest {
      shorten(name)
      KeyMark.append(long.view, to: &marked)
    } else {
      KeyMark.append(name, to: &marked)
    }
    let number = numberAsIs(marked.view)
    if imitates, number >= NameTable.firstName { imitating.insert(number) }
    return number
  }

  private func numberAsIs(_ text: ByteView) -> UInt16 {
    if let found = table.find(text) { return UInt16(found) + NameTable.firstName }
    guard table.count < limit else { return NameTable.others }
    counts.append(0)
    first.append(.max)
    last.append(.min)
    return UInt16(table.insert(text)) + NameTable.firstName
  }

  /// Cut, with a digest of the whole behind it: two long names are two names.
  private func shorten(_ text: ByteView) {
    var end = longest - 32
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    long.removeAll()
    long.append(ByteView(rebasing: text[..<end]))
    long.append(utf8: "…~\(SHA256.digest(text).hex.prefix(16))")
  }

  /// Counts an event.
  func count(_ number: UInt16, at time: Int64?) {
    let number = Int(number)
    counts[number] += 1
    guard let time else { return }
    first[number] = min(first[number], time)
    last[number] = max(last[number], time)
  }

  /// Takes in names that another table has counted, in the order in which they came; returns, by their
  /// numbers there, the numbers that they have here.
  func take(_ other: NameTable) -> [UInt16] {
    (0..<other.count).map { old in
      var number = UInt16(old)
      if number >= NameTable.firstName {
        number = numberAsIs(other.table[old - Int(NameTable.firstName)])
      }
      let place = Int(number)
      counts[place] += other.counts[old]
      first[place] = min(first[place], other.first[old])
      last[place] = max(last[place], other.last[old])
      if number >= NameTable.firstName, other.imitating.contains(UInt16(old)) {
        imitating.insert(number)
      }
      return number
    }
  }

  /// The value of that number; empty for what is none. Behind what a key is called it is said that it is one,
  /// where it could pass for somebody.
  func name(_ number: UInt16) -> String {
    guard number >= NameTable.firstName else { return "" }
    let name = table[Int(number - NameTable.firstName)]
    guard let plain = KeyMark.unmarked(name) else { return String(decoding: name, as: UTF8.self) }
    let isToldApart = imitating.contains(number) || table.find(plain) != nil
    return String(decoding: plain, as: UTF8.self) + (isToldApart ? KeyMark.words : "")
  }

  /// The numbers of names, the most frequent first; of equally frequent ones the lower bytes.
  func ranked() -> [UInt16] {
    let names = (NameTable.firstName..<UInt16(counts.count)).map { ($0, self.name($0)) }
    return names.sorted {
      let (left, right) = (counts[Int($0.0)], counts[Int($1.0)])
      return left == right ? precedes($0.1, $1.1) : left > right
    }.map(\.0)
  }

  private func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
