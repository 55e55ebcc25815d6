internal import Bytes
internal import JSONText

/// Which values the claims of some objects have, and which of them all that count at the moment have in
/// common. The objects are those of renderings: the same claims, in the same order, where they are there.
struct ClaimValues: ~Copyable {
  struct Entry: BitwiseCopyable {
    var claim: Int32
    var value: Int32
    var spelling: Int32
  }

  /// Of all objects that count: how many have the claim, in how many different values, and these
  /// values' numbers combined by exclusive or.
  struct Claim: BitwiseCopyable {
    var objects: Int32 = 0
    var distinct: Int32 = 0
    var values: Int32 = 0
  }

  /// A value: how many objects that count have it, and one of the ways in which it is written.
  struct Value: BitwiseCopyable {
    var objects: Int32 = 0
    var spelling: Int32 = -1
  }

  /// A way to write a value: how many objects that count write it so, and another way; -1 if there is none.
  struct Spelling: BitwiseCopyable {
    var objects: Int32 = 0
    var text: UnsafePointer<UInt8>?
    var count: Int
    var next: Int32
  }

  /// `"name":`
  private let leads: [[UInt8]]
  private var objects: Int32 = 0
  private var entries = FlatArray<Entry>()
  /// Where the entries of each object begin, and where the last ones end.
  private var starts = FlatArray<Int32>()
  private var claims: FlatArray<Claim>
  private var values = FlatArray<Value>()
  private var spellings = FlatArray<Spelling>()
  private var numbers = ByteKeys()
  private var meaning = ByteBuffer()

  /// For claims with these names, as JSON strings.
  init(names: [[UInt8]]) {
    leads = names.map { $0 + [UInt8(ascii: ":")] }
    claims = FlatArray(capacity: names.count)
    claims.append(repeating: Claim(), count: names.count)
    starts.append(0)
  }

  /// Takes the next object in, which does not count yet. Its text must stay where it is.
  mutating func append(_ object: ByteView) {
    var at = 1
    for (claim, lead) in leads.enumerated() where ByteSearch.isThere(lead, in: object, at: at) {
      let start = at + lead.count
      let end = ClaimValues.end(ofScalarAt: start, in: object)
      let text = ByteView(rebasing: object[start..<end])
      let value = number(text, ofClaim: claim)
      entries.append(
        Entry(claim: Int32(claim), value: value, spelling: spelling(text, ofValue: Int(value))))
      at = end + 1
    }
    starts.append(Int32(entries.count))
  }

  private static func end(ofScalarAt start: Int, in object: ByteView) -> Int {
    var at = start
    guard object[at] == UInt8(ascii: "\"") else {
      while object[at] != UInt8(ascii: ","), object[at] != UInt8(ascii: "}") { at += 1 }
      return at
    }
    at += 1
    while object[at] != UInt8(ascii: "\"") { at += object[at] == UInt8(ascii: "\\") ? 2 : 1 }
    return at + 1
  }

  /// The number of a claim's value; strings are the same if they say the same, however escaped.
  private mutating func number(_ text: ByteView, ofClaim claim: Int) -> Int32 {
    meaning.removeAll()
    withUnsafeBytes(of: Int32(claim)) { meaning.append($0.bindMemory(to: UInt8.self)) }
    if text.first == UInt8(ascii: "\"") {
      meaning.append(UInt8(ascii: "\""))
      let start = meaning.count
      let content = ByteView(rebasing: text[1..<text.count - 1])
      if !JSONString.unescape(content, into: &meaning) {
        // What no UTF-8 can say is the same only if it is written alike.
        meaning.truncate(to: start - 1)
        meaning.append(UInt8(ascii: "\\"))
        meaning.append(content)
      }
    } else {
      meaning.append(text)
    }
    let number = numbers.insert(meaning.view)
    if number == values.count { values.append(Value()) }
    return Int32(number)
  }

  /// The number of the way in which a value is written.
  private mutating func spelling(_ text: ByteView, ofValue value: Int) -> Int32 {
    var number = values[value].spelling
    while number >= 0 {
      if self.text(ofSpelling: number).elementsEqual(text) { return number }
      number = spellings[Int(number)].next
    }
    spellings.append(
      Spelling(text: text.baseAddress, count: text.count, next: values[value].spelling))
    values[value].spelling = Int32(spellings.count - 1)
    return values[value].spelling
  }

  private func text(ofSpelling number: Int32) -> ByteView {
    ByteView(start: spellings[Int(number)].text, count: spellings[Int(number)].count)
  }

  /// How a value is written: of the ways of the objects that count the one that sorts first, so that neither
  /// the order of the objects nor one of another time matters.
  private func text(ofValue value: Int) -> ByteView {
    var first = ByteView(start: nil, count: 0)
    var number = values[value].spelling
    while number >= 0 {
      let text = text(ofSpelling: number)
      let isFirst = first.isEmpty || text.lexicographicallyPrecedes(first)
      if isFirst, spellings[Int(number)].objects > 0 { first = text }
      number = spellings[Int(number)].next
    }
    return first
  }

  /// Object `number` counts from now on (1), or no longer (-1).
  mutating func change(_ number: Int, by step: Int32) {
    objects += step
    let edge: Int32 = step > 0 ? 1 : 0
    for index in Int(starts[number])..<Int(starts[number + 1]) {
      let (claim, value) = (Int(entries[index].claim), Int(entries[index].value))
      spellings[Int(entries[index].spelling)].objects += step
      claims[claim].objects += step
      values[value].objects += step
      guard values[value].objects == edge else { continue }
      claims[claim].distinct += step
      claims[claim].values ^= Int32(value)
    }
  }

  /// Appends an object of the claims that all have in common; nothing if there is none.
  func appendCommon(to buffer: inout ByteBuffer) {
    var isFirst = true
    for claim in 0..<claims.count
    where claims[claim].objects == objects && claims[claim].distinct == 1 {
      buffer.append(isFirst ? UInt8(ascii: "{") : UInt8(ascii: ","))
      isFirst = false
      buffer.append(leads[claim])
      buffer.append(text(ofValue: Int(claims[claim].values)))
    }
    if !isFirst { buffer.append(UInt8(ascii: "}")) }
  }
}
